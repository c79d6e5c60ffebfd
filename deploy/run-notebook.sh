#!/usr/bin/env bash
# Runs the demo into a temporary folder, executes the notebook on it, and looks at the day live:
#
#   deploy/run-notebook.sh PATH-OF-ROUTEFORCE [--in-place]
#
# With --in-place the demo is run into reports/demo and the notebook's outputs are kept in it.
set -euo pipefail
program=$1
cd "$(dirname "$0")/.."
readonly environment="${XDG_CACHE_HOME:-$HOME/.cache}/routeforce/notebook"
[ -x "$environment/bin/python" ] || { echo "error: the notebook's environment is missing: run make setup-tests" >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
in_place=()
if [ "${2:-}" = --in-place ]; then
  export ROUTEFORCE_DEMO_DIR="$PWD/reports/demo"
  in_place=(--in-place)
else
  export ROUTEFORCE_DEMO_DIR="$folder/demo"
fi
"$program" --quiet demo --dir "$ROUTEFORCE_DEMO_DIR"
MPLBACKEND=agg "$environment/bin/python" notebooks/execute.py notebooks/first_look.ipynb "${in_place[@]}"
deploy/check-live.sh "$program" "$ROUTEFORCE_DEMO_DIR"
