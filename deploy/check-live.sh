#!/usr/bin/env bash
# Serves a demo folder with the real program and looks at it as a newcomer does: the page in Chromium
# must show the plan and its alerts, vans must move, and the service must stop when asked.
#
#   deploy/check-live.sh PATH-OF-ROUTEFORCE DEMO_DIR
set -euo pipefail
program=$1
demo=$2
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  { echo "error: Chromium is missing: run make setup-tests" >&2; exit 1; }
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
address="http://127.0.0.1:$port"
"$program" serve --demo "$demo" --data "$folder" --addr "127.0.0.1:$port" --speed 300 > "$folder/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 - "$address" <<'PYTHON'
import json, sys, time, urllib.request

def get(path):
    return json.load(urllib.request.urlopen(sys.argv[1] + path, timeout=10))

for attempt in range(60):
    try:
        get("/readyz")
        break
    except OSError:
        time.sleep(0.5)
plan = get("/api/v1/plans")["items"][0]
assert plan["routes"] > 0, plan
places = set()
for attempt in range(40):
    vehicles = get("/api/v1/vehicles")["items"]
    places |= {(v["vehicle_id"], v["position"]["lat"], v["position"]["lon"]) for v in vehicles}
    if len(places) > 3 * max(1, len(vehicles)):
        break
    time.sleep(0.5)
else:
    sys.exit(f"error: vans do not move: {places}")
print(f"{plan['routes']} routes, vans move ({len(places)} positions seen)")
PYTHON
sandbox=()
# Chromium's sandbox does not work for root, as in containers.
[ "$(id -u)" -ne 0 ] || sandbox=(--no-sandbox)
for seconds in 5 15 45; do
  timeout $((seconds + 60)) "$browser" --headless "${sandbox[@]}" --disable-gpu --disable-dev-shm-usage \
    --user-data-dir="$folder/profile" --virtual-time-budget=$((seconds * 1000)) --dump-dom "$address" \
    > "$folder/page.html" 2> "$folder/browser.log" || true
  missing=
  for text in 'Replayed day' 'Europe/Berlin' 'report.html' 'stops' 'Acknowledge'; do
    grep -qF "$text" "$folder/page.html" || missing="$missing '$text'"
  done
  [ -n "$missing" ] || break
done
[ -z "$missing" ] || { echo "error: the page does not show:$missing" >&2; exit 1; }
echo "the page shows the plan, its alerts and its reports"
kill -TERM $server
for _ in $(seq 100); do kill -0 $server 2>/dev/null || break; sleep 0.1; done
! kill -0 $server 2>/dev/null || { echo "error: the service did not stop within 10 s" >&2; exit 1; }
echo "the service stopped when asked"
