#!/usr/bin/env python3
"""Demand forecasts beside their peers, all in one run on one core; writes reports/bench/demand.{csv,md}.

    ROUTEFORCE_BENCH=../shared/bench python tests/bench/demand.py BINARY --tools TOOLS/demand [--sets store_daily,...] [--scale 1000,10000]

Accuracy: `routeforce backtest demand` on every set, all folds, scored by the tools' `table.py` beside the peers of `run_peer.py`
(LightGBM and seasonal naive on all series, the local models on the fixed subset); `--forecasts FOLDER` keeps the forecasts and takes
up those that are there. Scale: daily series of 730 days tiled from the retail set, table to table, `routeforce forecast` against
LightGBM with the settings of the tools' `scale.py`, but for the same four outputs.
The Python that runs this needs what the tools need.
"""
import argparse, csv, json, os, pathlib, resource, subprocess, sys, tempfile

ALL = ["lgbm_direct", "snaive"]
LOCAL = {"retail_daily": ["tsb", "autoets", "autotheta"], "store_daily": ["autoets", "autotheta"], "hourly_bus": ["mstl168"],
         "hourly_m4": ["mstl168"], "monthly_stallion": ["autoets", "autotheta"]}
EVERYWHERE = {"tsb"}  # local models that are cheap enough for all series
FIELDS = ["dataset", "scope", "model", "n_series", "WQL", "SPL", "RMSSE", "MASE", "WAPE", "bias", "cov80", "below10", "above90", "cpu_s", "rss"]
HERE = pathlib.Path(__file__).resolve().parent


def measured(command, environment=None):
    """Runs a command in a process of its own; CPU seconds and peak memory of it."""
    child = os.fork()
    if child == 0:
        with open(os.devnull, "w") as nothing:
            os.dup2(nothing.fileno(), 1)
        os.execvpe(str(command[0]), [str(part) for part in command], {**os.environ, **(environment or {})})
    _, status, used = os.wait4(child, 0)
    if status != 0:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def accuracy(options, data, folder):
    splits = json.loads((data / "splits.json").read_text())
    names = [n for n in (options.sets.split(",") if options.sets else splits) if n in splits]
    for name in names:
        ours = folder / f"{name}__routeforce.csv"
        if not ours.exists():
            cpu_s, rss_mb = measured([options.binary, "--quiet", "backtest", "demand", "--data", data / f"{name}.parquet",
                                      "--splits", data / "splits.json", "--out", ours])
            ours.with_suffix(".meta.json").write_text(json.dumps(dict(dataset=name, model="routeforce", cpu_s=cpu_s, peak_rss_mb=rss_mb)))
        for peer in ALL + LOCAL.get(name, []):
            if (folder / f"{name}__{peer}.parquet").exists():
                continue
            few = [] if peer in ALL or peer in EVERYWHERE else ["--subset", data / f"{name}.subset.txt"]
            subprocess.run([sys.executable, options.tools / "run_peer.py", "--name", name, "--model", peer, "--out", folder, "--data", data, *few],
                           check=True, stdout=subprocess.DEVNULL)
        print(f"{name}: forecast", file=sys.stderr, flush=True)
    scores = folder / "scores.json"
    subprocess.run([sys.executable, options.tools / "table.py", "--fc", folder, "--data", data, "--json", scores], check=True, stdout=subprocess.DEVNULL)
    return [{field: row[field] for field in FIELDS} for row in json.loads(scores.read_text()) if row["dataset"] in names]


def scale(options, data, folder):
    rows = []
    for count in filter(None, options.scale.split(",")):
        table = folder / f"scale_{count}.parquet"
        tiled = [sys.executable, HERE / "demand_scale.py", "--n", count, "--data", data / "retail_daily.parquet", "--table", table]
        subprocess.run([*tiled, "--only-table"], check=True)
        one = {"RAYON_NUM_THREADS": "1"}
        cpu_s, rss_mb = measured([options.binary, "--quiet", "forecast", "--data", table, "--horizon", "28", "--out", folder / "ours.parquet"], one)
        rows.append(dict(series=count, tool="routeforce", cpu_s=cpu_s, rss_mb=rss_mb))
        if int(count) <= options.peer_most:
            cpu_s, rss_mb = measured([*tiled, "--out", folder / "peer.parquet"])
            rows.append(dict(series=count, tool="lightgbm", cpu_s=cpu_s, rss_mb=rss_mb))
        print(rows[-2:], file=sys.stderr, flush=True)
        table.unlink()
    return rows


def geometric(ratios):
    product = 1.0
    for ratio in ratios:
        product *= ratio
    return product ** (1 / len(ratios)) if ratios else float("nan")


def report(options, rows, scaled):
    options.out.mkdir(parents=True, exist_ok=True)
    with open(options.out / "demand.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: round(v, 5) if isinstance(v, float) else v for k, v in row.items()} for row in rows)
    lines = ["Demand forecasts, `tests/bench/demand.py`. `ratio`: ours to the best single peer of that scope; ensembles are shown, not counted.",
             "CPU seconds are of the whole process for ours (reading, all candidates, all folds), of fit and predict alone for peers.", ""]
    for scope in ("all", "subset"):
        ratios = {"WQL": [], "RMSSE": []}
        lines += [f"## {scope}", "", "| set | model | WQL | ratio | RMSSE | ratio | bias | in 80 % | below p10 | above p90 | CPU s | MB |",
                  "|---|---|---|---|---|---|---|---|---|---|---|---|"]
        for name in dict.fromkeys(row["dataset"] for row in rows):
            here = [row for row in rows if row["dataset"] == name and row["scope"] == scope]
            single = [row for row in here if row["model"] != "routeforce" and not row["model"].startswith("ensemble")]
            for row in sorted(here, key=lambda row: row["WQL"]):
                shown = {"WQL": "", "RMSSE": ""}
                if row["model"] == "routeforce" and single:
                    for figure in shown:
                        ratio = row[figure] / min(peer[figure] for peer in single)
                        ratios[figure].append(ratio)
                        shown[figure] = f"{ratio:.3f}"
                cost = [f"{row[k]:.{d}f}" if row[k] else "" for k, d in (("cpu_s", 1), ("rss", 0))]
                lines.append(f"| {name} | {row['model']} | {row['WQL']:.4f} | {shown['WQL']} | {row['RMSSE']:.3f} | {shown['RMSSE']} | {row['bias']:+.3f} | "
                             f"{row['cov80']:.3f} | {row['below10']:.3f} | {row['above90']:.3f} | {cost[0]} | {cost[1]} |")
        means = ", ".join(f"{figure} {geometric(values):.3f}" for figure, values in ratios.items())
        lines += ["", f"Geometric mean of the ratios: {means}.", ""]
    if scaled:
        lines += ["## Scale", "", "Daily series of 730 days, one core, table to table: p10, p50, p90 and mean of 28 days. LightGBM with the settings of the",
                  "tools' `scale.py` (100 trees of 63 leaves, 19 features) for each of the four.", "",
                  "| series | tool | CPU s | MB |", "|---|---|---|---|"]
        lines += [f"| {row['series']} | {row['tool']} | {row['cpu_s']:.1f} | {row['rss_mb']:.0f} |" for row in scaled]
    (options.out / "demand.md").write_text("\n".join(lines).rstrip() + "\n")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("binary")
    options.add_argument("--tools", type=pathlib.Path, required=True)
    options.add_argument("--sets", default="")
    options.add_argument("--scale", default="1000,10000")
    options.add_argument("--peer-most", type=int, default=10_000, help="most series that LightGBM is run on")
    options.add_argument("--forecasts", type=pathlib.Path)
    options.add_argument("--core", default="0")
    options.add_argument("--out", type=pathlib.Path, default=pathlib.Path("reports/bench"))
    options = options.parse_args()
    data = pathlib.Path(os.environ.get("ROUTEFORCE_BENCH", "../shared/bench")) / "demand"
    if not data.is_dir():
        raise SystemExit(f"no benchmark at {data}; set ROUTEFORCE_BENCH")
    os.sched_setaffinity(0, {int(options.core)})
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.forecasts or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        rows = accuracy(options, data, folder)
        report(options, rows, [])
        report(options, rows, scale(options, data, pathlib.Path(temporary)))


if __name__ == "__main__":
    main()
