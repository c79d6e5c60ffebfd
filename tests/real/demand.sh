#!/usr/bin/env bash
# Demand on real series: rolling origins, scored beside the seasonal naive baseline.
source "$(dirname "$0")/environment.sh.inc"
for set in store_daily retail_daily; do
  data="$ROUTEFORCE_BENCH/demand/$set.parquet"
  for model in baseline auto; do
    "$ROUTEFORCE" --quiet backtest demand --data "$data" --splits "$ROUTEFORCE_BENCH/demand/splits.json" \
      --model "$model" --out "$folder/$set.$model.csv"
    "$python" "$tools/demand/score.py" --truth "$data" --forecast "$folder/$set.$model.csv" > "$folder/$set.$model.json"
    echo "demand $set $model $(cat "$folder/$set.$model.json")"
  done
  require_less "$(figure "$folder/$set.auto.json" WQL)" "$(figure "$folder/$set.baseline.json" WQL)" "WQL on $set"
done
