#!/usr/bin/env bash
# Runs the scripts of tests/real where the benchmark is: ROUTEFORCE_BENCH, or ../shared/bench.
set -euo pipefail
cd "$(dirname "$0")/.."
export ROUTEFORCE=$1
export ROUTEFORCE_BENCH="${ROUTEFORCE_BENCH:-$PWD/../shared/bench}"
if [ ! -d "$ROUTEFORCE_BENCH" ]; then
  echo "skipped: no benchmark at $ROUTEFORCE_BENCH (set ROUTEFORCE_BENCH to its folder)"
  exit 0
fi
shopt -s nullglob
for script in tests/real/*.sh; do
  echo "== $script"
  bash "$script"
done
