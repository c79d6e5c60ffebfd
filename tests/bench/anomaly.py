#!/usr/bin/env python3
"""Anomaly detection beside its peers, all in one run on one core; writes reports/bench/anomaly.{csv,md}.

    ROUTEFORCE_BENCH=../shared/bench python tests/bench/anomaly.py BINARY --tools TOOLS/anomaly [--peers seasonal_mad,...]

Ours reads the table as any user would: `routeforce detect --data FILE --out SCORES`, with its own threshold and no labels.
Peers are those of the tools' `run_peer.py`; they give scores alone, so their event figures take the best threshold with
hindsight. The Python that runs this needs what the tools need.
"""
import argparse, csv, json, os, pathlib, resource, subprocess, sys, tempfile

SETS = ["nab", "demand_injected"]
PEERS = "seasonal_mad,conformal_ets,windowed_gauss,stl_mad,iforest,sr"
FIELDS = ["set", "detector", "threshold", "VUS_PR", "AUC_PR", "event_F1", "event_P", "event_R", "fa_per_day", "falls_found", "falls",
          "us_per_row", "by_kind"]
FALLS = ("dip", "level_down", "outage")


def score(tools, truth, scores):
    done = subprocess.run([sys.executable, tools / "score.py", "--truth", truth, "--scores", scores], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def row(name, detector, scored, which, us):
    events = scored[which]
    falls = [tuple(map(int, v.split("/"))) for k, v in events["by_kind"].items() if k in FALLS]
    return dict(set=name, detector=detector, threshold="own" if which == "alert" else "hindsight", VUS_PR=scored["VUS_PR"], AUC_PR=scored["AUC_PR"],
                **{k: events[k] for k in ("event_F1", "event_P", "event_R", "fa_per_day")},
                falls_found=sum(a for a, _ in falls) if falls else "", falls=sum(b for _, b in falls) if falls else "", us_per_row=us,
                by_kind=" ".join(f"{k} {v}" for k, v in events["by_kind"].items()))


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    options = argparse.ArgumentParser()
    options.add_argument("binary")
    options.add_argument("--tools", type=pathlib.Path, required=True)
    options.add_argument("--peers", default=PEERS)
    options.add_argument("--core", default="0")
    options.add_argument("--out", type=pathlib.Path, default=pathlib.Path("reports/bench"))
    options = options.parse_args()
    data = pathlib.Path(os.environ.get("ROUTEFORCE_BENCH", "../shared/bench")) / "anomaly"
    if not data.is_dir():
        raise SystemExit(f"no benchmark at {data}; set ROUTEFORCE_BENCH")
    os.sched_setaffinity(0, {int(options.core)})
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in SETS:
            truth, scores = data / f"{name}.parquet", folder / f"{name}.parquet"
            before = cpu_of_children()
            subprocess.run([options.binary, "--quiet", "detect", "--data", truth, "--out", scores], check=True, capture_output=True)
            seconds = cpu_of_children() - before
            scored = score(options.tools, truth, scores)
            us = round(1e6 * seconds / scored["scored_rows"], 2)
            rows += [row(name, "routeforce", scored, "alert", us), row(name, "routeforce", scored, "oracle", us)]
            for peer in filter(None, options.peers.split(",")):
                subprocess.run([sys.executable, options.tools / "run_peer.py", "--name", name, "--model", peer, "--out", folder, "--data", data],
                               check=True, capture_output=True)
                meta = json.loads((folder / f"{name}__{peer}.meta.json").read_text())
                rows.append(row(name, peer, score(options.tools, truth, folder / f"{name}__{peer}.parquet"), "oracle", meta["us_per_row"]))
                print(rows[-1], flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    with open(options.out / "anomaly.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    lines = ["Anomaly detection, `tests/bench/anomaly.py`. `own`: alerts as raised, no labels seen; `hindsight`: the one threshold for all series that is",
             "best on this very set. us/row: CPU microseconds per scored row, ours with reading and writing the files.", "",
             "| set | detector | threshold | VUS-PR | AUC-PR | event F1 | P | R | false alarms per series and day | falls found | us/row |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        falls = f"{r['falls_found']}/{r['falls']}" if r["falls"] else ""
        lines.append(f"| {r['set']} | {r['detector']} | {r['threshold']} | {r['VUS_PR']:.3f} | {r['AUC_PR']:.3f} | {r['event_F1']:.3f} | {r['event_P']:.2f} | "
                     f"{r['event_R']:.2f} | {r['fa_per_day']:.4f} | {falls} | {r['us_per_row']} |")
    (options.out / "anomaly.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
