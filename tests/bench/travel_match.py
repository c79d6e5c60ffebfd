#!/usr/bin/env python3
"""Map matching beside OSRM, on the very traces that the tools' `match_osrm.py` simulates; one run on one core.

    python tests/bench/travel_match.py BINARY --tools TOOLS --bench BENCH --osrm BIN [--town heidelberg] [--out reports/bench]

The tools' script is run as it is; what it asks the server is written down and asked of `routeforce match` too. Recall: share of the
nodes that were driven which are found; precision: share of the found nodes that were driven. Processor time per position is that of
the server for OSRM, and for us that of a whole run less that of a run on three positions, which loads the same network.
Writes travel_match.{csv,md}."""
import argparse, contextlib, csv, io, os, pathlib, re, resource, runpy, shutil, socket, subprocess, sys, tempfile, time, urllib.parse, urllib.request

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("binary", type=pathlib.Path)
parser.add_argument("--tools", required=True, type=pathlib.Path, help="folder with travel/match_osrm.py")
parser.add_argument("--bench", required=True, type=pathlib.Path, help="folder with osm/")
parser.add_argument("--osrm", required=True, type=pathlib.Path, help="folder of OSRM's programs")
parser.add_argument("--town", default="heidelberg")
parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("reports/bench"))
given = parser.parse_args()
os.sched_setaffinity(0, {0})
os.environ.update(RAYON_NUM_THREADS="1")


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def cpu_s(*command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextlib.contextmanager
def server(folder):
    """OSRM on the town's roads: its address and process."""
    extract = folder / f"{given.town}.osm.pbf"
    shutil.copyfile(given.bench / "osm" / extract.name, extract)
    run(given.osrm / "osrm-extract", "-p", given.osrm.parent / "share/profiles/car.lua", extract)
    run(given.osrm / "osrm-contract", folder / f"{given.town}.osrm")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    routed = subprocess.Popen([str(given.osrm / "osrm-routed"), "-i", "127.0.0.1", "-p", str(port), "-t", "1", "--max-matching-size", "1000",
                               str(folder / f"{given.town}.osrm")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", routed.pid
    finally:
        routed.kill()
        routed.wait()


def peer(address, pid):
    """Runs the tools' script; its figures by setting, and the traces with the nodes driven."""
    asked, ask = [], urllib.request.urlopen

    def noted(url, *more, **named):
        if "/match/" in url:
            asked.append(url)
        return ask(url, *more, **named)

    urllib.request.urlopen, argv, said = noted, sys.argv, io.StringIO()
    script = given.tools / "travel/match_osrm.py"
    sys.argv = [str(script), address, str(pid), str(given.bench / f"osm/points/{given.town}_points.csv")]
    try:
        with contextlib.redirect_stdout(said):
            drawn = runpy.run_path(str(script))
    finally:
        urllib.request.urlopen, sys.argv = ask, argv
    rows = re.findall(r"period +(\d+) s sigma +(\d+) m: fixes (\d+) recall ([\d.]+) precision ([\d.]+).*server CPU (\d+)", said.getvalue())
    routes = drawn["rt"]
    if len(asked) != len(rows) * len(routes):
        raise SystemExit(f"{len(asked)} traces for {len(rows)} settings of {len(routes)} routes: some were too short to be asked")
    return rows, [asked[i:i + len(routes)] for i in range(0, len(asked), len(routes))], [nodes for _, _, nodes in routes]


def table(path, traces, sigma):
    count = 0
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["trace_id", "ts", "lat", "lon", "accuracy_m"])
        for trace, url in enumerate(traces):
            parts = urllib.parse.urlsplit(url)
            times = urllib.parse.parse_qs(parts.query)["timestamps"][0].split(";")
            for at, ts in zip(parts.path.rsplit("/", 1)[1].split(";"), times):
                lon, lat = at.split(",")
                writer.writerow([f"t{trace:03}", ts, lat, lon, sigma])
                count += 1
    return count


def ours(folder, network, urls, routes, sigma):
    data, driven = folder / "positions.csv", folder / "driven.csv"
    command = [given.binary.resolve(), "--quiet", "match", "--data", data, "--network", network, "--out", folder / "matched.csv", "--driven", driven]
    table(data, [re.sub(r"/driving/((?:[^;?]+;){2}[^;?]+)[^?]*", r"/driving/\1", urls[0])], sigma)
    loading = cpu_s(*command)
    fixes = table(data, urls, sigma)
    taken = cpu_s(*command) - loading
    found = {f"t{trace:03}": set() for trace in range(len(urls))}
    with open(driven) as file:
        for row in csv.DictReader(file):
            found[row["trace_id"]].update(int(node) for node in row["nodes"].split())
    hits = missed = wrong = 0
    for trace, nodes in enumerate(routes):
        there, truth = found[f"t{trace:03}"], set(nodes)
        hits, missed, wrong = hits + len(there & truth), missed + len(truth - there), wrong + len(there - truth)
    return fixes, hits / (hits + missed), hits / (hits + wrong), 1e6 * taken / fixes


rows = []
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    network = folder / "town.rfroads"
    run(given.binary.resolve(), "--quiet", "network", "build", given.bench / f"osm/{given.town}.osm.pbf", "--profile", "car", "--out", network)
    with server(folder) as (address, pid):
        settings, traces, routes = peer(address, pid)
    for (period, sigma, fixes, recall, precision, us), urls in zip(settings, traces):
        rows.append([period, sigma, "OSRM", fixes, recall, precision, us])
        count, recall, precision, us = ours(folder, network, urls, routes, sigma)
        rows.append([period, sigma, "RouteForce", count, f"{recall:.3f}", f"{precision:.3f}", f"{us:.0f}"])
        print(rows[-2:], file=sys.stderr, flush=True)

given.out.mkdir(parents=True, exist_ok=True)
with open(given.out / "travel_match.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["period_s", "sigma_m", "program", "fixes", "node_recall", "node_precision", "cpu_us_per_fix"])
    writer.writerows(rows)
lines = [f"# Map matching on the roads of {given.town}", "", "60 simulated drives with noise that is independent of fix to fix, the same for both; `tests/bench/travel_match.py`.", "",
         "| a fix every | noise | program | fixes | node recall | node precision | CPU µs per fix |", "|---|---|---|---|---|---|---|"]
lines += [f"| {period} s | {sigma} m | {program} | {fixes} | {recall} | {precision} | {us} |" for period, sigma, program, fixes, recall, precision, us in rows]
(given.out / "travel_match.md").write_text("\n".join(lines) + "\n")
