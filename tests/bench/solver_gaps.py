#!/usr/bin/env python3
"""Gaps of `routeforce solve` to the best known solutions, by family, into reports/bench/.

    ROUTEFORCE_BENCH=../shared/bench python3 tests/bench/solver_gaps.py target/release/routeforce [--limits 10,30] [--seed 1]

Wall limits, one thread. `routeforce solve` checks every solution independently before it writes it. The share of a core that each
run got is recorded, for on a busy machine gaps say little without it.
"""
import argparse, csv, os, pathlib, platform, resource, statistics, subprocess, tempfile, time

FAMILIES = {
    "CVRP X, n <= 200": [f"X/X-{q}.vrp" for q in ("n101-k25", "n157-k13", "n200-k36")],
    "CVRP X, 250-550": [f"X/X-{q}.vrp" for q in ("n256-k16", "n331-k15", "n420-k130", "n513-k21")],
    "CVRP X, n >= 700": [f"X/X-{q}.vrp" for q in ("n701-k44", "n856-k95", "n1001-k43")],
    "CVRP XXL Leuven1 (3000)": ["XXL/Leuven1.vrp"],
    "VRPTW Solomon (100)": [f"Solomon/{q}.txt" for q in ("R104", "R112", "RC108", "R208")],
    "VRPTW Homberger 200-600": [f"Homberger/{q}.txt" for q in ("RC2_2_4", "R1_4_6", "RC1_6_5")],
    "VRPTW Homberger 800-1000": [f"Homberger/{q}.txt" for q in ("R2_8_3", "R1_10_5", "RC2_10_4")],
}
KINDS = {"CVRP-X", "CVRP-XXL", "VRPTW-Solomon", "VRPTW-Homberger"}


def best_known(folder):
    with open(folder / "bks.csv", newline="") as file:
        return {row["instance"]: float(row["bks_cost"]) for row in csv.DictReader(file) if row["kind"] in KINDS}


def solve(binary, instance, limit, seed):
    """Cost, customers left out, wall seconds and share of a core."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out.sol"
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        run = subprocess.run(
            [binary, "--quiet", "solve", instance, "--time-limit", f"{limit:g}", "--seed", str(seed), "--out", out],
            capture_output=True, text=True, check=True)
        wall = time.perf_counter() - start
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        cost = next(float(line.split()[1]) for line in out.read_text().splitlines() if line.startswith("Cost"))
        left_out = int(run.stderr.split(" customers left out")[0].split()[-1])
        return cost, left_out, wall, cpu / wall


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary")
    arguments.add_argument("--limits", default="10")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--out", default="reports/bench/solver.csv")
    options = arguments.parse_args()
    folder = pathlib.Path(os.environ.get("ROUTEFORCE_BENCH", "../shared/bench")) / "vrp"
    if not folder.is_dir():
        raise SystemExit(f"no benchmark at {folder}; set ROUTEFORCE_BENCH")
    known, rows = best_known(folder), []
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    for limit in (float(text) for text in options.limits.split(",")):
        for family, instances in FAMILIES.items():
            gaps = []
            for instance in instances:
                cost, left_out, wall, share = solve(options.binary, folder / instance, limit, options.seed)
                gap = 100 * (cost / known[instance] - 1)
                gaps.append(gap)
                rows.append(dict(family=family, instance=instance, limit_s=limit, seed=options.seed, cost=cost, gap_percent=round(gap, 3),
                                 customers_left_out=left_out, wall_s=round(wall, 2), core_share=round(share, 2), machine=machine))
            print(f"{family:28} {limit:g} s: median {statistics.median(gaps):.2f} %, mean {statistics.mean(gaps):.2f} %", flush=True)
    out = pathlib.Path(options.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_suffix(".part")
    with open(aside, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    aside.replace(out)


if __name__ == "__main__":
    main()
