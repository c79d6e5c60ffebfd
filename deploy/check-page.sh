#!/usr/bin/env bash
# Loads the dashboard page in Chromium, served by web/mock/server.py with its strict policy, and
# checks that scripts ran and the plan is shown. Tries again with more time on a slow machine.
set -euo pipefail
cd "$(dirname "$0")/.."

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  { echo "error: Chromium is missing: run make setup-tests" >&2; exit 1; }
folder=$(mktemp -d)
python3 -u web/mock/server.py --port 0 > "$folder/address" &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 50); do [ -s "$folder/address" ] && break; sleep 0.1; done
address=$(cat "$folder/address")

sandbox=()
# Chromium's sandbox does not work for root, as in containers.
[ "$(id -u)" -ne 0 ] || sandbox=(--no-sandbox)
for seconds in 5 15 45; do
  timeout $((seconds + 60)) "$browser" --headless "${sandbox[@]}" --disable-gpu --disable-dev-shm-usage \
    --user-data-dir="$folder/profile" --virtual-time-budget=$((seconds * 1000)) --dump-dom "$address" \
    > "$folder/page.html" 2> "$folder/browser.log" || true
  missing=
  for text in 'van-09' '14 stops' 'likely to be late' 'report.xlsx' 'Europe/Berlin'; do
    grep -qF "$text" "$folder/page.html" || missing="$missing '$text'"
  done
  [ -n "$missing" ] || { echo "the page shows plan, alerts and reports"; exit 0; }
done
grep -i console "$folder/browser.log" >&2 || true
echo "error: the page does not show:$missing" >&2
exit 1
