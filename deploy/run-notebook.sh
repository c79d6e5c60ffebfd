#!/usr/bin/env bash
# Runs a small demo into a temporary folder, executes all notebooks on it, those that ask the service
# beside a running one, and looks at the day live:
#
#   deploy/run-notebook.sh PATH-OF-ROUTEFORCE [--in-place]
#
# With --in-place the full demo is run into reports/demo and the outputs of first_look are kept in it.
set -euo pipefail
program=$1
cd "$(dirname "$0")/.."
readonly environment="${XDG_CACHE_HOME:-$HOME/.cache}/routeforce/notebook"
[ -x "$environment/bin/python" ] || { echo "error: the notebook's environment is missing: run make setup-tests" >&2; exit 1; }

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
in_place=()
size=(--small)
if [ "${2:-}" = --in-place ]; then
  export ROUTEFORCE_DEMO_DIR="$PWD/reports/demo"
  in_place=(--in-place)
  size=()
else
  export ROUTEFORCE_DEMO_DIR="$folder/demo"
fi
export MPLBACKEND=agg
execute() { "$environment/bin/python" notebooks/execute.py "$@"; }

"$program" --quiet demo "${size[@]}" --dir "$ROUTEFORCE_DEMO_DIR"
execute notebooks/first_look.ipynb "${in_place[@]}"
deploy/notebook-data.sh "$program" "$ROUTEFORCE_DEMO_DIR"
execute notebooks/explore_demand.ipynb
execute notebooks/judge_a_model.ipynb

"$program" serve --demo "$ROUTEFORCE_DEMO_DIR" --data "$folder" --addr 127.0.0.1:0 > "$folder/address" 2> "$folder/log" &
server=$!
for _ in $(seq 300); do
  grep -q 'RouteForce is at' "$folder/address" && break
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.1
done
ROUTEFORCE_URL=$(sed -n 's/^RouteForce is at //p' "$folder/address") execute notebooks/explain_an_alert.ipynb
kill -TERM "$server"
wait "$server"
server=

deploy/check-live.sh "$program" "$ROUTEFORCE_DEMO_DIR"
