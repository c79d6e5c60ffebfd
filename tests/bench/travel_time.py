#!/usr/bin/env python3
"""Travel times beside LightGBM, both in one run on one core; writes reports/bench/travel_time.{csv,md}.

    ROUTEFORCE_BENCH=../shared/bench python tests/bench/travel_time.py BINARY --tools TOOLS/travel [--sets yellow,green,green_old] [--out FOLDER]

Every set is forecast before the trip by `routeforce backtest travel-time` and by the tools' `peers.py` (LightGBM, three quantile
models), and with live correction by `--live-out` and by the correction of the tools' `live_correction.py` (its choices made on the
last tenth of the training trips, by LightGBM models that have not seen them). `green_old` trains on January and February 2021 and is
tested on January to March 2023. Scores are those of the tools' `score.py`; LightGBM has no mean, so its sums are those of medians.
The Python that runs this needs what the tools need.
"""
import argparse, csv, os, pathlib, resource, subprocess, sys, tempfile

import pandas as pd

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


def write(rows, out):
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "travel_time.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()} for row in rows)
    lines = ["Travel times, `tests/bench/travel_time.py`: seconds; ratio: pinball (MAE) over that of LightGBM with the same knowledge; coverage of",
             "p10 to p90 in percent; CPU: fit and prediction, both tracks in one for us. `green_old`: trained on two months of 2021, tested on 2023.", "",
             "| set | model | trips | pinball | ratio | MAE | ratio | coverage | bias of the mean % | CPU s |", "|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        rival = next(r for r in rows if r["set"] == row["set"] and r["model"] == ("LightGBM, live" if "live" in row["model"] else "LightGBM"))
        bias = f"{row['mean_bias_percent']:.1f}" if "mean_bias_percent" in row else ""
        lines.append(f"| {row['set']} | {row['model']} | {row['n']} | {row['pinball']:.1f} | {row['pinball'] / rival['pinball']:.3f} | {row['MAE']:.1f} | "
                     f"{row['MAE'] / rival['MAE']:.3f} | {row['cov80']:.1f} | {bias} | {row['cpu_s']:.1f} |")
    (out / "travel_time.md").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--tools", type=pathlib.Path, required=True)
    parser.add_argument("--sets", default=",".join(SETS))
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
        for name in options.sets.split(","):
            rows += run_set(name, options, data, pathlib.Path(folder), metrics)
    write(rows, options.out)


if __name__ == "__main__":
    main()
