#!/usr/bin/env python3
"""travel_matrix.py --tools TOOLS --bench BENCH [--town heidelberg] [--osrm BIN] [--out reports/bench]

Matrices of 1,000 fixed points on one core, ours beside RoutingKit's customizable contraction hierarchies on the same graph, and,
with turn costs and over HTTP, our service beside OSRM's /table (--osrm: the folder of its programs). Builds our program first.
Needs osmium, routingkit_cch, scipy and pandas."""
import argparse, csv, http.client, json, os, pathlib, re, subprocess, sys, tempfile

import numpy

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument('--tools', required=True, type=pathlib.Path, help="folder with travel/graph.py and travel/matrix_py.py")
arguments.add_argument('--bench', required=True, type=pathlib.Path, help='folder with osm/')
arguments.add_argument('--town', default='heidelberg')
arguments.add_argument('--osrm', type=pathlib.Path)
arguments.add_argument('--out', default='reports/bench', type=pathlib.Path)
given = arguments.parse_args()
extract = (given.bench / f'osm/{given.town}.osm.pbf').resolve()
points = (given.bench / f'osm/points/{given.town}_points.csv').resolve()
tools = given.tools.resolve()
repository = pathlib.Path(__file__).resolve().parents[2]
one_core = ['taskset', '-c', '0']


def run(command, **more):
    print('$', ' '.join(map(str, command)), file=sys.stderr)
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **more).stdout


def processor_s(process):
    """Processor seconds of a process so far, to a hundredth."""
    fields = pathlib.Path(f'/proc/{process}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def service(folder, places):
    """Our service: sizes, processor seconds of a request, and the sum of its durations."""
    target = pathlib.Path(os.environ.get('CARGO_TARGET_DIR', repository / 'target'))
    run(['cargo', 'build', '--release', '--locked'], cwd=repository)
    program = target / 'release/routeforce'
    run([program, 'network', 'build', extract, '--out', folder / 'town.rfroads'])
    command = one_core + [str(program), 'serve', '--addr', '127.0.0.1:0', '--data', str(folder), '--network', str(folder / 'town.rfroads')]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              env=dict(os.environ, RAYON_NUM_THREADS='1'))
    try:
        address = re.search(r'http://(\S+)', server.stdout.readline()).group(1)
        connection = http.client.HTTPConnection(address)
        for size in (100, 500, 1000):
            for lengths in (False, True):
                body = json.dumps({'places': places[:size], 'lengths': lengths})
                before = processor_s(server.pid)
                for _ in range(REQUESTS):
                    connection.request('POST', '/api/v1/roads/matrix', body, {'content-type': 'application/json'})
                    answer = connection.getresponse()
                    text = answer.read()
                    if answer.status != 200:
                        sys.exit(f'{answer.status}: {text[:300]}')
                spent = (processor_s(server.pid) - before) / REQUESTS
                found = json.loads(text)['durations_s']
                total = sum(value for row in found for value in row if value is not None)
                yield size, lengths, f'{spent:.4f}', f'{1000 * total:.0f}'
    finally:
        server.terminate()
        server.wait()


# Requests of each size: the clock of a process has ticks of a hundredth of a second.
REQUESTS = 20
rows = []
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    run([sys.executable, tools / 'travel/graph.py', extract, folder / 'town'])
    graph = numpy.load(folder / 'town.npz')
    numpy.savetxt(folder / 'nodes.txt', numpy.column_stack([graph['lat'], graph['lon']]), fmt='%.7f')
    peer = run(one_core + [sys.executable, tools / 'travel/matrix_py.py', folder / 'town.npz', points])
    order, customise = re.search(r'order ([\d.]+) s.*customise ([\d.]+) s', peer).groups()
    rows += [('RoutingKit', 'order and contraction', '', order, ''), ('RoutingKit', 'customisation', '', customise, '')]
    for size, cpu_s, total in re.findall(r'one-to-many (\d+)x\d+ ([\d.]+) s  sum (\d+)', peer):
        rows.append(('RoutingKit', 'matrix', size, cpu_s, total))
    ours = run(one_core + ['cargo', 'bench', '--locked', '--bench', 'road_matrix', '--', folder / 'town.edges.txt', folder / 'nodes.txt',
                           points, extract], cwd=repository, env=dict(os.environ, RAYON_NUM_THREADS='1'))
    for row in csv.DictReader(line for line in ours.splitlines() if line.count(',') == 3):
        rows.append(('RouteForce', row['part'], row['size'], row['cpu_s'], row['sum']))
    with open(points) as file:
        places = [{'lat': float(row['lat']), 'lon': float(row['lon'])} for row in csv.DictReader(file)]
    for size, lengths, spent, total in service(folder, places):
        part = 'table and lengths over HTTP with turns' if lengths else 'table over HTTP with turns'
        rows.append(('RouteForce', part, size, spent, total))
    if given.osrm:
        (folder / extract.name).symlink_to(extract)
        profile = given.osrm.resolve().parent / 'share/profiles/car.lua'
        run([given.osrm.resolve() / 'osrm-extract', '-p', profile, folder / extract.name])
        prepared = folder / f'{given.town}.osrm'
        run([given.osrm.resolve() / 'osrm-contract', prepared])
        table = run(one_core + ['bash', tools / 'travel/matrix_osrm.sh', prepared, points, 'ch'],
                    env=dict(os.environ, OSRM_BIN=str(given.osrm.resolve())))
        sizes = re.findall(r'osrm-ch (\d+) x', table)
        for size, cpu_s in zip(sizes, re.findall(r'server CPU per request ([\d.]+) s', table)):
            rows.append(('OSRM', 'table over HTTP with turns', size, cpu_s, ''))

given.out.mkdir(parents=True, exist_ok=True)
with open(given.out / 'travel_matrix.csv', 'w', newline='') as file:
    writer = csv.writer(file, lineterminator='\n')
    writer.writerow(['program', 'part', 'size', 'cpu_s', 'sum_ms'])
    writer.writerows(rows)
with open(given.out / 'travel_matrix.md', 'w') as file:
    print(f'# Matrices on the roads of {given.town}\n\nProcessor seconds on one core, one run of `tests/bench/travel_matrix.py`.', file=file)
    print('Sums of RoutingKit and ours on the same graph must be equal.\n', file=file)
    print('| program | part | size | CPU s | sum, ms |\n|---|---|---|---|---|', file=file)
    for row in rows:
        print('| ' + ' | '.join(str(value) for value in row) + ' |', file=file)
sums = {(program, size): total for program, part, size, _, total in rows if part == 'matrix'}
differ = [size for (program, size), total in sums.items() if program == 'RouteForce' and total != sums[('RoutingKit', size)]]
sys.exit(f'other distances than RoutingKit at {differ}' if differ else 0)
