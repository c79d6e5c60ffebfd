#!/usr/bin/env python3
"""Travel times beside LightGBM, both in one run on one core; writes reports/bench/travel_time.{csv,md,png}.

    ROUTEFORCE_BENCH=../shared/bench python tests/bench/travel_time.py BINARY --tools TOOLS/travel [--osrm BIN] [--sets yellow,green,green_old] [--out FOLDER]

Every set is forecast before the trip by `routeforce backtest travel-time` and by the tools' `peers.py` (LightGBM, three quantile
models), and with live correction by `--live-out` and by the correction of the tools' `live_correction.py` (its choices made on the
last tenth of the training trips, by LightGBM models that have not seen them). `green_old` trains on January and February 2021 and is
tested on January to March 2023. With `--osrm`, the folder of OSRM's programs, the yellow trips with both ends in Midtown are forecast
with a road network too (`--network`), beside LightGBM and OSRM x ratio by two hours and weekend of the tools' `osrm_eta.py`. Scores are those of the tools' `score.py`; LightGBM has no mean, so its sums are those of medians.
The Python that runs this needs what the tools need.
"""
import argparse, csv, os, pathlib, re, resource, shutil, socket, subprocess, sys, tempfile, time

import matplotlib
import numpy as np
import pandas as pd

matplotlib.use("Agg")
import matplotlib.pyplot as plt

SETS = {"yellow": "nyc_yellow_latlon", "green": "nyc_green", "green_old": "nyc_green"}
FIELDS = ["set", "model", "n", "pinball", "MAE", "cov80", "width80", "wink80", "BIAS", "mean_bias_percent", "cpu_s"]


def measured(command):
    """Runs a command on this process's core; CPU seconds of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def table_of(name, data, folder):
    trips = pd.read_parquet(data / "travel" / f"{SETS[name]}.parquet")
    if name == "green_old":
        old = trips.split == "history"
        trips = trips[old | (trips.depart >= "2023-01-01")].copy()
        trips["split"] = ["train" if s == "history" else "test" for s in trips.split]
    path = folder / f"{name}.parquet"
    trips.to_parquet(path, index=False)
    return path, trips


def held_back(trips, folder, name):
    """The training trips with their last tenth in time as the ones to predict."""
    train = trips[trips.split == "train"].sort_values("depart").copy()
    first = int(len(train) * 0.9)
    train["split"] = ["train"] * first + ["test"] * (len(train) - first)
    path = folder / f"{name}_held_back.parquet"
    train.to_parquet(path, index=False)
    return path, train[train.split == "test"]


def live_peer(tools, table, tail, tail_predictions, predictions, folder):
    """`live_correction.py` prints figures only; its own code is run, its figures of the test are taken."""
    both = pd.concat([tail.assign(split="valid"), pd.read_parquet(table).query("split == 'test'")])
    truth = folder / "live_truth.parquet"
    both.to_parquet(truth, index=False)
    command = [sys.executable, tools / "live_correction.py", truth, tail_predictions, predictions]
    said = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    line = next(line for line in said.splitlines() if line.startswith("test corrected"))
    figures = dict(part.split("=") for part in line.split() if "=" in part)
    return {key: float(value) for key, value in figures.items()}


def midtown(options, data, folder):
    """The yellow trips in Midtown with a road network: figures by model, of the tools' script, which asks a real OSRM."""
    extract = folder / "midtown.osm.pbf"
    shutil.copyfile(data / "osm/manhattan_midtown.osm.pbf", extract)
    quietly = lambda *command: subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    quietly(options.osrm / "osrm-extract", "-p", options.osrm.parent / "share/profiles/car.lua", extract)
    quietly(options.osrm / "osrm-contract", folder / "midtown.osrm")
    network, ours = folder / "midtown.rfroads", folder / "yellow_network.csv"
    quietly(options.binary, "--quiet", "network", "build", extract, "--profile", "car", "--out", network)
    table = folder / "yellow.parquet"
    cpu_s = measured([options.binary, "--quiet", "backtest", "travel-time", "--data", table, "--network", network, "--out", ours])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([str(options.osrm / "osrm-routed"), "-i", "127.0.0.1", "-p", str(port), "-t", "1", str(folder / "midtown.osrm")],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rows = {}
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        for model, predictions in [("routeforce", ours), ("routeforce, no network", folder / "yellow.csv"), ("LightGBM", folder / "pred-yellow-test-lgbm.csv")]:
            command = [sys.executable, options.tools / "osrm_eta.py", f"http://127.0.0.1:{port}", "-74.0136,40.736,-73.963,40.759", predictions, table]
            said = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
            for line in said.splitlines():
                figures = {key: float(value) for key, value in re.findall(r"(\w+)=([-\d.e+]+)", line)}
                if figures:
                    name = "OSRM x period" if line.startswith("osrm x") else "OSRM" if line.startswith("osrm raw") else model
                    rows[name] = dict(set="midtown", model=name, cpu_s=cpu_s if name == "routeforce" else float("nan"), **figures)
                    rows[name]["n"] = int(rows[name]["n"])
    finally:
        server.kill()
        server.wait()
    return list(rows.values())


def run_set(name, options, data, folder, metrics):
    table, trips = table_of(name, data, folder)
    test = trips[trips.split == "test"]
    rows = []

    def add(model, predictions, cpu_s):
        merged = test.merge(pd.read_csv(predictions), on="trip_id", validate="one_to_one")
        if len(merged) != len(test):
            raise SystemExit(f"{name}: {model} left trips out")
        scores = metrics(merged.duration_s, merged[["p10", "p50", "p90"]].to_numpy())
        if "mean" in merged:
            scores["mean_bias_percent"] = 100 * (merged["mean"].sum() / merged.duration_s.sum() - 1)
        rows.append(dict(set=name, model=model, cpu_s=cpu_s, **scores))
        print(rows[-1], file=sys.stderr, flush=True)

    ours, live = folder / f"{name}.csv", folder / f"{name}_live.csv"
    command = [options.binary, "--quiet", "backtest", "travel-time", "--data", table, "--out", ours, "--live-out", live]
    cpu_s = measured(command)
    add("routeforce", ours, cpu_s)
    add("routeforce, live", live, cpu_s)
    peer = lambda source, tag: [sys.executable, options.tools / "peers.py", source, folder, tag, "--only", "lgbm", "--tests", "test"]
    cpu_s = measured(peer(table, name))
    predictions = folder / f"pred-{name}-test-lgbm.csv"
    add("LightGBM", predictions, cpu_s)
    tail_table, tail = held_back(trips, folder, name)
    cpu_s += measured(peer(tail_table, f"{name}_tail"))
    figures = live_peer(options.tools, table, tail, folder / f"pred-{name}_tail-test-lgbm.csv", predictions, folder)
    rows.append(dict(set=name, model="LightGBM, live", n=len(test), cpu_s=cpu_s, **figures))
    return rows


PLOTTED = [("routeforce", "", "C0"), ("routeforce, live", "_live", "C2"), ("LightGBM", None, "C1")]


def plots(names, data, folder, out):
    """Calibration by set, and error and coverage by local hour of departure."""
    names = [name for name in names if (folder / f"{name}.csv").exists()]
    figure, axes = plt.subplots(len(names), 3, figsize=(13, 3.2 * len(names)), squeeze=False)
    for row, name in zip(axes, names):
        trips = pd.read_parquet(folder / f"{name}.parquet")
        test = trips[trips.split == "test"]
        hour = test.depart.dt.hour
        for model, tag, colour in PLOTTED:
            path = folder / (f"pred-{name}-test-lgbm.csv" if tag is None else f"{name}{tag}.csv")
            both = test.merge(pd.read_csv(path), on="trip_id")
            of_hour = both.depart.dt.hour
            levels = [0.1, 0.5, 0.9]
            below = [(both.duration_s <= both[p]).mean() for p in ("p10", "p50", "p90")]
            row[0].plot(levels, np.array(below) - levels, "o-", color=colour, label=model)
            row[1].plot((both.p50 - both.duration_s).abs().groupby(of_hour).mean(), color=colour)
            inside = (both.duration_s >= both.p10) & (both.duration_s <= both.p90)
            row[2].plot(100 * inside.groupby(of_hour).mean(), color=colour)
        row[0].axhline(0, color="grey", lw=0.5)
        row[0].set(title=f"{name}: calibration", xlabel="forecast probability", ylabel="observed share - forecast", ylim=(-0.15, 0.15))
        row[1].set(title="mean absolute error by hour, s", xlabel="local hour of departure", ylim=(0, None))
        row[2].axhline(80, color="grey", lw=0.5)
        row[2].set(title="inside p10 to p90, %", xlabel="local hour of departure", ylim=(50, 100))
        print(f"{name}: {hour.size} trips drawn", file=sys.stderr)
    axes[0][0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(out / "travel_time.png", dpi=80)


def write(rows, out):
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "travel_time.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()} for row in rows)
    lines = ["Travel times, `tests/bench/travel_time.py`: seconds; ratio: pinball (MAE) over that of LightGBM with the same knowledge; coverage of",
             "p10 to p90 in percent; CPU: fit and prediction, both tracks in one for us. `green_old`: trained on two months of 2021, tested on 2023.",
             "`midtown`: yellow trips with both ends in Midtown, with a road network; ratio over the better of LightGBM and OSRM x period.", "",
             "| set | model | trips | pinball | ratio | MAE | ratio | coverage | bias of the mean % | CPU s |", "|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        rivals = [r for r in rows if r["set"] == row["set"] and r["model"] == ("LightGBM, live" if "live" in row["model"] else "LightGBM")]
        rivals += [r for r in rows if r["set"] == row["set"] == "midtown" and r["model"] == "OSRM x period"]
        rival = min(rivals, key=lambda r: r["MAE"])
        bias = f"{row['mean_bias_percent']:.1f}" if "mean_bias_percent" in row else ""
        lines.append(f"| {row['set']} | {row['model']} | {row['n']} | {row['pinball']:.1f} | {row['pinball'] / rival['pinball']:.3f} | {row['MAE']:.1f} | "
                     f"{row['MAE'] / rival['MAE']:.3f} | {row['cov80']:.1f} | {bias} | {row['cpu_s']:.1f} |")
    (out / "travel_time.md").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--tools", type=pathlib.Path, required=True)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--osrm", type=pathlib.Path, help="folder of OSRM's programs")
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("reports/bench"))
    options = parser.parse_args()
    os.sched_setaffinity(0, {options.core})
    os.environ.update(OMP_NUM_THREADS="1", RAYON_NUM_THREADS="1")
    sys.path.insert(0, str(options.tools))
    from score import metrics

    data = pathlib.Path(os.environ.get("ROUTEFORCE_BENCH", "../shared/bench"))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        folder, names = pathlib.Path(folder), options.sets.split(",")
        for name in names:
            rows += run_set(name, options, data, folder, metrics)
        if options.osrm and "yellow" in names:
            rows += midtown(options, data, folder)
        write(rows, options.out)
        plots(names, data, folder, options.out)


if __name__ == "__main__":
    main()
