#!/usr/bin/env bash
# Makes what the notebooks read beside a demo's own files, in DEMO_DIR/notebooks: a backtest of the
# demand model and of seasonal naive on the same cut-offs, and scores and alerts of every series.
#
#   deploy/notebook-data.sh PATH-OF-ROUTEFORCE DEMO_DIR
set -euo pipefail
program=$1
demo=$2
# False alarms per series and day: more than by default, since a small demo has few series to show.
readonly false_alarms=0.05
readonly python="${XDG_CACHE_HOME:-$HOME/.cache}/routeforce/notebook/bin/python"
[ -x "$python" ] || { echo "error: the notebook's environment is missing: run make setup-tests" >&2; exit 1; }
table="$demo/clean/demand.parquet"
out="$demo/notebooks"
mkdir -p "$out"
"$python" - "$table" "$out" "$false_alarms" <<'PYTHON'
import datetime, json, pathlib, sys
import polars as pl

table, out = pl.read_parquet(sys.argv[1]), pathlib.Path(sys.argv[2])
last = table.filter(pl.col("y").is_not_null())["ts"].cast(pl.Datetime("us")).max()
known = [name for name in table.columns if name not in ("series_id", "ts", "y")]
cutoffs = [str(last - datetime.timedelta(days=14 * fold)) for fold in (2, 1)]
split = {"demand": {"horizon": 14, "cutoffs": cutoffs, "known_covariates": known}}
(out / "splits.json").write_text(json.dumps(split))
(out / "detect.json").write_text(json.dumps({"false_alarms_per_day": float(sys.argv[3])}))
PYTHON
split=(--data "$table" --splits "$out/splits.json")
"$program" --quiet backtest demand "${split[@]}" --out "$out/backtest.csv"
"$program" --quiet backtest demand "${split[@]}" --model baseline --out "$out/baseline.csv"
"$program" --quiet detect --data "$table" --false-alarms "$false_alarms" \
  --out "$out/scores.parquet" --alerts "$out/anomalies.json"
