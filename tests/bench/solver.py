#!/usr/bin/env python3
"""Compares `routeforce solve` with the peers that are installed, in one run, and writes reports/bench/solver.{csv,md,svg}.

    ROUTEFORCE_BENCH=../shared/bench python3 tests/bench/solver.py target/release/routeforce --tools ../shared/tools/vrp
        [--python PYTHON] [--peers pyvrp,hgs,kayros] [--seeds 1,2,3] [--families "Solomon,HFVRP"] [--pin 0,1] [--threads 1]

PYTHON is the interpreter of an environment with the tools' requirements (PyVRP, hygese, kayros, mamut-routing-lib). Runs go family by
family and instance by instance; --pin A,B runs our solver on core A while the peers run on core B, else all runs follow each other.
Costs are recomputed from the routes by the tools' checker where it knows the variant, else by `routeforce check` and PyVRP's own cost.
A run that is in reports/bench/solver.jsonl already is not repeated, so that an interrupted campaign goes on where it stopped.
The share of a core that every run got is recorded: on a busy machine gaps say little without it.
"""
import argparse, collections, csv, json, os, pathlib, platform, statistics, subprocess, sys, tempfile, threading, time

FAMILIES = {  # name: (folder, names or None for all, seconds, most or least stops for the choice, target gap in %)
    "CVRP X, n <= 200": ("X", lambda n: n <= 200, 10, 0.02),
    "CVRP X, n 250-600": ("X", lambda n: 200 < n <= 600, 30, 0.20),
    "CVRP X, n 650-1001": ("X", lambda n: n > 600, 60, 0.45),
    "CVRP XXL": ("XXL", lambda n: True, 60, 0.40),
    "VRPTW Solomon": ("Solomon", lambda n: True, 10, 0.05),
    "VRPTW Homberger 200-600": ("Homberger", lambda n: n <= 600, 30, 0.8),
    "VRPTW Homberger 800-1000": ("Homberger", lambda n: n > 600, 60, 1.5),
    "TDVRPTW Rifki": ("TD-Rifki2020", lambda n: True, 10, 0.4),
    "TDVRPTW Arigliano": ("TD-Ari2018", lambda n: True, 10, 0.4),
    "HFVRP": ("HFVRP", lambda n: True, 30, None),
    "MDVRPTW": ("MDVRPTW", lambda n: True, 30, None),
    "SDVRPTW": ("SDVRPTW", lambda n: True, 30, None),
    "MTVRPTWR": ("MTVRPTWR", lambda n: True, 30, None),
    "PCVRPTW": ("PCVRPTW", lambda n: True, 30, None),
    "VRPB": ("VRPB", lambda n: True, 30, None),
    "PDPTW Li & Lim": ("LiLim", lambda n: True, 30, 1.0),
}
PLAIN = ("X", "XXL", "Solomon", "Homberger")
ROUNDING = {"HFVRP": "exact", "MDVRPTW": "exact", "SDVRPTW": "exact", "MTVRPTWR": "dimacs", "PCVRPTW": "dimacs", "VRPB": "round"}
PYVRP_VARIANT = """
import sys, pyvrp, pyvrp.stop
data = pyvrp.read(sys.argv[1], round_func=sys.argv[2])
found = pyvrp.solve(data, pyvrp.stop.MaxRuntime(float(sys.argv[3])), seed=int(sys.argv[4]), display=False)
print(found.cost() if found.is_feasible() else "infeasible")
"""


def size(path):
    if path.name.endswith(".vrp.json"):
        return json.loads(path.read_text())["num_customers"]
    if path.suffix == ".vrp":
        return next(int(line.split(":")[1]) for line in path.read_text().splitlines() if line.startswith("DIMENSION"))
    rows = [line for line in path.read_text().splitlines() if line.strip() and line.split()[0].isdigit()]
    return len(rows) - 2


def best_known(folder):
    known = {}
    with open(folder / "bks.csv", newline="") as file:
        for row in csv.DictReader(file):
            if "hierarchical" in row["kind"] and not row["kind"].startswith("PDPTW"):
                continue
            known[row["instance"]] = (float(row["bks_cost"]), row["vehicles"])
    return known


class Bench:
    def __init__(self, options):
        self.options, self.lock = options, threading.Lock()
        self.folder = pathlib.Path(os.environ.get("ROUTEFORCE_BENCH", "../shared/bench")) / "vrp"
        if not self.folder.is_dir():
            raise SystemExit(f"no benchmark at {self.folder}; set ROUTEFORCE_BENCH")
        self.known = best_known(self.folder)
        self.log = pathlib.Path(options.out) / "solver.jsonl"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.rows = [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def instances(self, family):
        folder, chosen = FAMILIES[family][:2]
        for path in sorted((self.folder / folder).rglob("*")):
            only = self.options.instances and path.name.split(".vrp")[0].split(".txt")[0] not in self.options.instances.split(",")
            if path.name.endswith((".vrp", ".txt", ".vrp.json")) and chosen(size(path)) and not only:
                yield path

    def keep(self, row):
        with self.lock:
            self.rows.append(row)
            with open(self.log, "a") as file:
                file.write(json.dumps(row) + "\n")

    def has(self, **key):
        with self.lock:
            return any(all(row.get(k) == v for k, v in key.items()) for row in self.rows)

    def run(self, command, core, most_s=None):
        """Standard output and error, wall seconds, share of a core. What has not ended after `most_s` seconds is killed."""
        pin = ["taskset", "-c", core] if core else []
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
            start = time.perf_counter()
            child = subprocess.Popen([*pin, *map(str, command)], stdout=out, stderr=errors)
            killer = threading.Timer(most_s or 1e6, child.kill)
            killer.daemon = True
            killer.start()
            # The usage of this child alone: others may run beside it.
            _, status, used = os.wait4(child.pid, 0)
            killer.cancel()
            child.returncode = os.waitstatus_to_exitcode(status)
            wall = time.perf_counter() - start
            out.seek(0), errors.seek(0)
            said, complained = out.read(), errors.read()
        if child.returncode:
            print(f"failed: {' '.join(map(str, command))}\n{complained[-500:]}", file=sys.stderr)
        return said, complained, wall, (used.ru_utime + used.ru_stime) / wall

    def ours(self, family, path, limit, seed, core):
        """Our solver at one limit; its routes go through `routeforce check` and, where it knows the variant, the tools' checker."""
        options, name = self.options, str(path.relative_to(self.folder))
        key = dict(peer="routeforce" if options.threads == 1 else f"routeforce x{options.threads}", instance=name, limit_s=limit, seed=seed)
        if self.has(**key):
            return
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out.sol"
            command = [options.binary, "--quiet", "solve", path, "--time-limit", f"{limit:g}", "--seed", seed, "--threads", options.threads, "--out", out]
            if family.startswith("PDPTW"):
                command += ["--objective", "vehicles-first"]
            _, _, wall, share = self.run(command, core)
            cost, vehicles, feasible = None, None, False
            if out.exists():
                text = out.read_text()
                cost = next((float(line.split()[1]) for line in text.splitlines() if line.startswith("Cost")), None)
                vehicles = sum(line.startswith("Route") and bool(line.split(":")[1].strip()) for line in text.splitlines() if ":" in line)
                judged, _, _, _ = self.run([options.binary, "check", path, out], None)
                feasible = "infeasible" not in judged.lower() and cost is not None
                if options.tools and (path.parts[-2] in PLAIN or path.name.endswith(".vrp.json")):
                    judged, _, _, _ = self.run([options.python, pathlib.Path(options.tools) / "check.py", path, out], None)
                    verdict = json.loads(judged or "{}")
                    cost, feasible = verdict.get("cost"), bool(verdict.get("feasible"))
        self.keep(dict(family=family, **key, cost=cost, vehicles=vehicles, feasible=feasible, wall_s=round(wall, 2), core_share=round(share, 2)))

    def peer(self, family, peer, path, limits, seed, core):
        options, name = self.options, str(path.relative_to(self.folder))
        if self.has(peer=peer, instance=name, limit_s=max(limits), seed=seed):
            return
        if path.parts[-2] in PLAIN or path.name.endswith(".vrp.json"):
            command = [options.python, pathlib.Path(options.tools) / "run_peer.py", "--peer", peer, "--instance", path, "--time", max(limits),
                       "--checkpoints", ",".join(map(str, limits)), "--seed", seed]
            out, _, _, share = self.run(command, core, 2 * max(limits) + 60)
            for line in filter(lambda l: l.startswith("{"), out.splitlines()):
                row = json.loads(line)
                self.keep(dict(family=family, peer=peer, instance=name, limit_s=row.get("limit"), seed=seed, cost=row.get("cost"),
                               feasible=bool(row.get("feasible")), wall_s=row.get("seconds"), core_share=round(share, 2), version=row.get("version")))
        elif peer == "pyvrp" and path.parts[-2] in ROUNDING:
            rounding = ROUNDING[path.parts[-2]]
            out, _, wall, share = self.run([options.python, "-c", PYVRP_VARIANT, path, rounding, max(limits), seed], core, 2 * max(limits) + 60)
            text = out.strip() or "infeasible"
            feasible = text != "infeasible"
            cost = float(text) if feasible else None
            self.keep(dict(family=family, peer=peer, instance=name, limit_s=max(limits), seed=seed, cost=cost, feasible=feasible,
                           wall_s=round(wall, 2), core_share=round(share, 2)))

    def solves(self, peer, path):
        kind = path.parts[-2]
        if path.name.endswith(".vrp.json"):
            return peer == "kayros"
        return {"hgs": kind in ("X", "XXL"), "kayros": False, "pyvrp": kind in PLAIN or kind in ROUNDING}.get(peer, kind in PLAIN)

    def family(self, family, side, core):
        limit = FAMILIES[family][2]
        limits = [l for l in (10, 30, 60) if l <= limit] if self.options.curves else [limit]
        for path in self.instances(family):
            for seed in map(int, self.options.seeds.split(",")):
                if side != "peers":
                    for one in limits:
                        self.ours(family, path, one, seed, core)
                if side != "ours" and self.options.tools:
                    for peer in filter(None, self.options.peers.split(",")):
                        if self.solves(peer, path):
                            self.peer(family, peer, path, limits, seed, core)

    def measure(self):
        families = [f for f in FAMILIES if not self.options.families or any(part in f for part in self.options.families.split(","))]
        if not self.options.pin:
            for family in families:
                self.family(family, "both", None)
                self.write()
            return
        cores = self.options.pin.split(",")
        sides = [threading.Thread(target=lambda s=s, c=c: [self.family(f, s, c) for f in families]) for s, c in zip(("ours", "peers"), cores)]
        [side.start() for side in sides]
        [side.join() for side in sides]

    def gap(self, row):
        known = self.known.get(row["instance"])
        if known and row["family"].startswith("PDPTW") and str(row["vehicles"]) != known[1]:
            return None  # distances compare only at the same number of vehicles
        return None if known is None or row["cost"] is None or not row["feasible"] else 100 * (row["cost"] / known[0] - 1)

    def table(self):
        """(family, limit) -> peer -> (mean gap, feasible runs, runs)"""
        cells = collections.defaultdict(lambda: collections.defaultdict(list))
        for row in self.rows:
            cells[row["family"], row["limit_s"]][row["peer"]].append(self.gap(row))
        shown = {}
        for key, by_peer in cells.items():
            shown[key] = {}
            for peer, gaps in by_peer.items():
                good = [gap for gap in gaps if gap is not None]
                shown[key][peer] = (statistics.mean(good) if good else None, len(good), len(gaps))
        return shown

    def write(self):
        out = pathlib.Path(self.options.out)
        fields = ["family", "instance", "peer", "version", "limit_s", "seed", "cost", "vehicles", "gap_percent", "feasible", "wall_s", "core_share"]
        with open(out / "solver.csv.part", "w", newline="") as file:
            writer = csv.DictWriter(file, fields, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            for row in sorted(self.rows, key=lambda r: (list(FAMILIES).index(r["family"]), r["instance"], r["peer"], r["limit_s"] or 0, r["seed"])):
                gap = self.gap(row)
                writer.writerow({**row, "gap_percent": None if gap is None else round(gap, 3)})
        (out / "solver.csv.part").replace(out / "solver.csv")
        (out / "solver.md").write_text(self.markdown())
        if self.options.curves:
            (out / "solver.svg").write_text(self.curves())

    def markdown(self):
        table = self.table()
        peers = sorted({peer for by_peer in table.values() for peer in by_peer}, key=lambda p: (not p.startswith("routeforce"), p))
        lines = [f"Mean gap to the best known solution in % (feasible / runs). {platform.system()} {platform.machine()}, {os.cpu_count()} cores; "
                 "one thread each unless a peer's name says otherwise; `tests/bench/solver.py`.", "",
                 "| family | limit | target | " + " | ".join(peers) + " |", "|---|---|---|" + "---|" * len(peers)]
        for family, (_, _, limit, target) in FAMILIES.items():
            for (name, seconds), by_peer in sorted(table.items(), key=lambda item: item[0][1] or 0):
                if name != family:
                    continue
                cell = lambda p: "" if p not in by_peer else (f"{by_peer[p][0]:.2f}" if by_peer[p][0] is not None else "none") + f" ({by_peer[p][1]}/{by_peer[p][2]})"
                shown = f"{target:g}" if target is not None and seconds == limit else ""
                lines.append(f"| {family} | {seconds:g} s | {shown} | " + " | ".join(map(cell, peers)) + " |")
        shares = collections.defaultdict(list)
        [shares[row["peer"]].append(row["core_share"]) for row in self.rows if row.get("core_share")]
        lines += ["", "Median share of a core that the runs got: " + ", ".join(f"{p} {statistics.median(s):.2f}" for p, s in sorted(shares.items())) + ".", ""]
        vehicles = [(r["instance"], r["vehicles"], self.known[r["instance"]][1], self.gap(r)) for r in self.rows if r["family"].startswith("PDPTW") and r["feasible"]]
        if vehicles:
            lines += ["Li & Lim, vehicles first: " + "; ".join(f"{i.split('/')[1]} {v} vehicles (best known {b}), distance " + ("not compared" if g is None else f"{g:+.2f} %") for i, v, b, g in vehicles) + ".", ""]
        return "\n".join(lines)

    def curves(self):
        """Mean gap over the limits measured, one panel per family with more than one limit."""
        table, panels = self.table(), []
        for family in FAMILIES:
            series = collections.defaultdict(list)
            for (name, seconds), by_peer in table.items():
                if name == family and seconds:
                    [series[peer].append((seconds, cell[0])) for peer, cell in by_peer.items() if cell[0] is not None]
            if any(len(points) > 1 for points in series.values()):
                panels.append((family, series))
        colours = ["#0b6e4f", "#c1440e", "#3a6ea5", "#8a6d00", "#7a3b8f", "#555555"]
        width, height, parts = 320, 220, []
        peers = sorted({peer for _, series in panels for peer in series}, key=lambda p: (not p.startswith("routeforce"), p))
        for k, (family, series) in enumerate(panels):
            x0, y0 = 50 + (k % 3) * width, 50 + (k // 3) * height
            most = max(gap for points in series.values() for _, gap in points) or 1
            place = lambda s, g: (x0 + (s / 60) * (width - 80), y0 + (1 - g / most) * (height - 80))
            parts.append(f'<text x="{x0}" y="{y0 - 12}" font-weight="bold">{family.replace("&", "&amp;").replace("<", "&lt;")}</text>')
            parts.append(f'<path d="M{x0},{y0} V{y0 + height - 80} H{x0 + width - 80}" fill="none" stroke="#999"/>')
            parts += [f'<text x="{x0 - 6}" y="{place(0, g)[1] + 4:.1f}" text-anchor="end">{g:.1f}</text>' for g in (0, most / 2, most)]
            parts += [f'<text x="{place(s, 0)[0]:.1f}" y="{y0 + height - 64}" text-anchor="middle">{s} s</text>' for s in (10, 30, 60)]
            for peer, points in series.items():
                path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(s, g) for s, g in sorted(points)))
                colour = colours[peers.index(peer) % len(colours)]
                parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        legend = "".join(f'<tspan dx="16" fill="{colours[k % len(colours)]}">&#9632; {peer}</tspan>' for k, peer in enumerate(peers))
        rows = (len(panels) + 2) // 3
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {3 * width + 40} {rows * height + 60}" font-family="sans-serif" font-size="11">'
                f'<text x="40" y="18">Mean gap to the best known solution (%) over wall time{legend}</text>{"".join(parts)}</svg>\n')


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary")
    arguments.add_argument("--tools", help="folder of run_peer.py and check.py; without it only our solver runs")
    arguments.add_argument("--python", default=sys.executable)
    arguments.add_argument("--peers", default="pyvrp,hgs,kayros")
    arguments.add_argument("--seeds", default="1")
    arguments.add_argument("--families", help="parts of family names, separated by commas")
    arguments.add_argument("--instances", help="names, separated by commas")
    arguments.add_argument("--curves", action="store_true", help="measure at 10, 30 and 60 s up to the family's limit")
    arguments.add_argument("--pin", help="cores for our solver and for the peers, e.g. 0,1")
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--out", default="reports/bench")
    bench = Bench(arguments.parse_args())
    bench.measure()
    bench.write()
    print(bench.markdown())


if __name__ == "__main__":
    main()
