#!/usr/bin/env python3
"""All measurements of travel times in one run, ours beside the peers; writes reports/bench/travel.{csv,md} and travel_map.png.

    python tests/bench/travel.py BINARY --tools TOOLS --bench BENCH --osrm BIN [--parts time,match,...] [--out reports/bench]

Runs `travel_time.py`, `travel_match.py`, `travel_matrix.py`, the benches cost_tensor, road_tensor, road_speeds and travel_serving,
and `routeforce value`, each on one core, and sets their figures beside the targets. Parts that are left out keep their last
results; the table is made of what is there. Needs what the tools need, osmium, routingkit_cch, scipy and matplotlib."""
import argparse, csv, os, pathlib, re, subprocess, sys, tempfile

PARTS = ["time", "match", "matrix", "tensor", "serving", "speeds", "value", "map"]
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("binary", type=pathlib.Path)
parser.add_argument("--tools", required=True, type=pathlib.Path)
parser.add_argument("--bench", required=True, type=pathlib.Path)
parser.add_argument("--osrm", required=True, type=pathlib.Path, help="folder of OSRM's programs")
parser.add_argument("--parts", default=",".join(PARTS))
parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("reports/bench"))
given = parser.parse_args()
repository = pathlib.Path(__file__).resolve().parents[2]
bench, tools, out, binary, osrm = (path.resolve() for path in (given.bench, given.tools, given.out, given.binary, given.osrm))
one_core = ["taskset", "-c", "0"]
environment = dict(os.environ, ROUTEFORCE_BENCH=str(bench), RAYON_NUM_THREADS="1", OMP_NUM_THREADS="1")
folder = pathlib.Path(tempfile.mkdtemp())


def run(*command, to=None):
    print("$", " ".join(map(str, command)), file=sys.stderr, flush=True)
    said = subprocess.run([str(part) for part in command], check=True, cwd=repository, env=environment, stdout=subprocess.PIPE, text=True).stdout
    if to:
        (out / to).write_text(said)
    return said


def script(name, *more):
    run(sys.executable, repository / "tests/bench" / name, *more)


def cargo_bench(name, *more):
    return run(*one_core, "cargo", "bench", "--locked", "--bench", name, "--", *more)


def network(town):
    path = folder / f"{town}.rfroads"
    if not path.exists():
        run(binary, "--quiet", "network", "build", bench / f"osm/{town}.osm.pbf", "--profile", "car", "--out", path)
    return path


def tensor():
    peer = f"{sys.executable} {tools / 'travel/tensor.py'}"
    said = cargo_bench("cost_tensor", "--peer", peer)
    (out / "travel_tensor.csv").write_text(said)
    rows = []
    for by in ("roads", "factors"):
        rows += cargo_bench("road_tensor", bench / "osm/heidelberg.osm.pbf", bench / "osm/points/heidelberg_points.csv", by).splitlines()
    (out / "road_tensor.csv").write_text("\n".join([rows[0]] + [row for row in rows if row != rows[0]]) + "\n")


def speeds():
    said = cargo_bench("road_speeds", network("manhattan_midtown"), bench / "travel/nyc_yellow_latlon.parquet")
    (out / "road_speeds.csv").write_text(said)


def town_map():
    """How much slower than at free flow the ways from the middle of Midtown are, over a learned day."""
    import matplotlib
    import pandas as pd

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    roads, learned = network("manhattan_midtown"), folder / "midtown.rfspeeds"
    trips = pd.read_parquet(bench / "travel/nyc_yellow_latlon.parquet")
    trips[trips.split == "train"].to_parquet(folder / "trips.parquet", index=False)
    run(binary, "--quiet", "network", "learn", roads, "--trips", folder / "trips.parquet", "--out", learned)
    places = pd.read_csv(bench / "osm/points/manhattan_midtown_points.csv").head(250)
    middle = ((places.lat - places.lat.mean()).abs() + (places.lon - places.lon.mean()).abs()).idxmin()
    places.to_csv(folder / "places.csv", index=False)

    def durations(*time):
        table = folder / "matrix.csv"
        run(binary, "--quiet", "network", "matrix", roads, folder / "places.csv", "--out", table, *time)
        rows = pd.read_csv(table)
        start, end = rows.columns[:2]
        name = places.id[middle]
        rows = rows[(rows[start].astype(str) == str(name)) & (rows[end].astype(str) != str(name))]
        return rows.set_index(rows[end].astype(str))[rows.columns[2]]

    free = durations()
    figure, axes = plt.subplots(1, 4, figsize=(15, 3.9), sharey=True)
    at = places.assign(key=places.id.astype(str)).set_index("key")
    for axis, hour in zip(axes, ("05:00", "08:30", "13:00", "18:00")):
        slower = durations("--speeds", learned, "--depart", f"2016-04-20T{hour}") / free
        some = at.loc[slower.index]
        drawn = axis.scatter(some.lon, some.lat, c=slower, s=14, cmap="viridis", vmin=1, vmax=3.5)
        axis.plot(places.lon[middle], places.lat[middle], "r*", ms=12)
        axis.set(title=f"{hour}: {slower.median():.2f} x free flow", xlabel="longitude")
    axes[0].set_ylabel("latitude")
    figure.colorbar(drawn, ax=axes, label="duration / free flow")
    figure.suptitle("Ways from the star over a learned Wednesday; © OpenStreetMap contributors, trips: NYC TLC", fontsize=9)
    figure.savefig(out / "travel_map.png", dpi=75, bbox_inches="tight")


def rows_of(name):
    path = out / name
    if not path.exists():
        return []
    with open(path) as file:
        return list(csv.DictReader(line for line in file if "," in line))


def only(rows, **wanted):
    return next((row for row in rows if all(row.get(key, "").startswith(value) for key, value in wanted.items())), None)


def table():
    """The figures beside the targets: what, target, ours, peer, ratio."""
    lines = []

    def add(what, target, ours, peer="", figure="", met=None):
        lines.append([what, target, ours, peer, figure, {True: "met", False: "missed", None: ""}[met]])

    time = rows_of("travel_time.csv")
    number = lambda row, key: float(row[key])
    for name in ("yellow", "green", "green_old"):
        for live, most in (("", 0.97), (", live", 0.95)):
            ours, peer = only(time, set=name, model=f"routeforce{live}"), only(time, set=name, model=f"LightGBM{live}")
            if not live:
                ours, peer = [next((r for r in time if r["set"] == name and r["model"] == m), None) for m in ("routeforce", "LightGBM")]
            if not ours or not peer:
                continue
            track = "with live correction" if live else "before the trip"
            for key, what, limit in (("pinball", "mean pinball, s", most), ("MAE", "MAE, s", 0.98)):
                ratio = number(ours, key) / number(peer, key)
                add(f"{name}, {track}: {what} / LightGBM's", f"<= {limit}", f"{number(ours, key):.1f}", f"{number(peer, key):.1f}", f"{ratio:.3f}", ratio <= limit)
            cover, bias = 1 * number(ours, "cov80"), number(ours, "mean_bias_percent")
            add(f"{name}, {track}: inside p10 to p90, %", "77 to 83", f"{cover:.1f}", f"{number(peer, 'cov80'):.1f}", "", 77 <= cover <= 83)
            add(f"{name}, {track}: bias of the mean, %", "<= 2", f"{bias:.1f}", "", "", abs(bias) <= 2)
    town = [row for row in time if row["set"] == "midtown"]
    ours = next((row for row in town if row["model"] == "routeforce"), None)
    if ours:
        peers = [row for row in town if row["model"] in ("LightGBM", "OSRM x period")]
        best = min(peers, key=lambda row: number(row, "MAE"))
        ratio = number(ours, "MAE") / number(best, "MAE")
        add("Midtown with the network: MAE / best of LightGBM and OSRM x period", "<= 0.92", f"{number(ours, 'MAE'):.1f}", f"{number(best, 'MAE'):.1f} ({best['model']})", f"{ratio:.3f}", ratio <= 0.92)
    matrix = rows_of("travel_matrix.csv")
    found = lambda program, part, size: only(matrix, program=program, part=part, size=size)
    ours, peer = found("RouteForce", "matrix", "1000"), found("RoutingKit", "matrix", "1000")
    if ours and peer:
        ratio = number(ours, "cpu_s") / number(peer, "cpu_s")
        add("1,000 x 1,000 on the same graph, equal sums, CPU s / RoutingKit's", "<= 1.0, 0.5", ours["cpu_s"], peer["cpu_s"], f"{ratio:.3f}", ratio <= 1)
        slices, customise = found("RouteForce", "96 slices", "1000"), found("RoutingKit", "customisation", "")
        whole = 96 * (number(peer, "cpu_s") + number(customise, "cpu_s"))
        ratio = number(slices, "cpu_s") / whole
        add("durations of 96 slices, true routing, CPU s / 96 x RoutingKit's (computed)", "<= 0.4", slices["cpu_s"], f"{whole:.1f}", f"{ratio:.3f}", ratio <= 0.4)
    ours, peer = found("RouteForce", "table over HTTP", "1000"), found("OSRM", "table over HTTP", "1000")
    if ours and peer:
        ratio = number(ours, "cpu_s") / number(peer, "cpu_s")
        add("the same with turn costs over HTTP, server CPU s / OSRM's", "<= 0.5", ours["cpu_s"], peer["cpu_s"], f"{ratio:.3f}", ratio <= 0.5)
    for row in rows_of("road_tensor.csv"):
        if row["by"] == "roads":
            whole = 96 * (number(found("RoutingKit", "matrix", "1000"), "cpu_s") + number(found("RoutingKit", "customisation", ""), "cpu_s")) if matrix else float("nan")
            ratio = number(row, "tensor_cpu_s") / whole
            add("tensor 1,000 x 1,000 x 96, mean and p90, true routing with turns, FIFO included; with its file: CPU s / 96 x RoutingKit's (computed)", "<= 0.4",
                f"{row['tensor_cpu_s']}; {row['with_file_cpu_s']}", f"{whole:.1f}", f"{ratio:.3f}", ratio <= 0.4)
    for row in rows_of("travel_tensor.csv"):
        if row["who"] == "routeforce" and row["what"].startswith("factors"):
            add(f"tensor 1,000 x 1,000 x 96, mean and p90, {row['what']}, FIFO included: CPU s, MiB", "<= 0.5 s, 600 MB", f"{row['cpu_s']}, {row['peak_mib']}", "", "", number(row, "cpu_s") <= 0.5 and number(row, "peak_mib") <= 572)
    match = rows_of("travel_match.csv")
    for period, sigma, least in (("5", "5", 0.985), ("15", "20", 0.955)):
        ours, peer = [next((r for r in match if r["period_s"] == period and r["sigma_m"] == sigma and r["program"] == who), None) for who in ("RouteForce", "OSRM")]
        if ours:
            add(f"map matching, node recall at {period} s / {sigma} m", f">= {least}", ours["node_recall"], peer["node_recall"], "", number(ours, "node_recall") >= least)
            add(f"map matching at {period} s / {sigma} m, CPU us per fix", "<= 100", ours["cpu_us_per_fix"], peer["cpu_us_per_fix"], "", number(ours, "cpu_us_per_fix") <= 100)
    serving = rows_of("travel_serving.csv")
    many, single = only(serving, part="questions at once"), only(serving, part="questions one by one")
    onnx = only(serving, part="ONNX alone")
    if many:
        add("ONNX serving, three quantiles and mean, rows per CPU s in batches", ">= 200,000", f"{float(onnx['per_s']):,.0f}; with feature rows {float(many['per_s']):,.0f}", "", "", float(onnx["per_s"]) >= 200_000)
        add("one question, feature row included, ms", "<= 0.2", f"{1e3 / float(single['per_s']):.3f}", "", "", float(single["per_s"]) >= 5_000)
    return lines


for part in given.parts.split(","):
    if part == "time":
        script("travel_time.py", binary, "--tools", tools / "travel", "--osrm", osrm, "--out", out)
    elif part == "match":
        script("travel_match.py", binary, "--tools", tools, "--bench", bench, "--osrm", osrm, "--out", out)
    elif part == "matrix":
        script("travel_matrix.py", "--tools", tools, "--bench", bench, "--osrm", osrm, "--out", out)
    elif part == "tensor":
        tensor()
    elif part == "serving":
        (out / "travel_serving.csv").write_text(cargo_bench("travel_serving", bench / "travel/nyc_green.parquet"))
    elif part == "speeds":
        speeds()
    elif part == "value":
        run("make", "value", f"BIN={binary}")
    elif part == "map":
        town_map()
    elif part:
        sys.exit(f"no part {part}: give some of {', '.join(PARTS)}")

lines = table()
with open(out / "travel.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["what", "target", "ours", "peer", "ratio", "verdict"])
    writer.writerows(lines)
text = ["# Travel times against their targets", "", "Processor time on one core. Ours and the peers of a row were measured in one run of their part of `tests/bench/travel.py`; parts may", "be of different days (`--parts`).", "",
        "| what | target | ours | peer | ratio | |", "|---|---|---|---|---|---|"]
text += ["| " + " | ".join(line) + " |" for line in lines]
text += ["", "Calibration and error by hour: `travel_time.png`. Slices of a learned day on a map: `travel_map.png`. What the forecast is worth, and arrivals on",
         "chained real trips: `travel_value.md`."]
(out / "travel.md").write_text("\n".join(text) + "\n")
print("\n".join(text))
