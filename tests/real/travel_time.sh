#!/usr/bin/env bash
# Travel times on real trips: trained on the past, scored on later trips, beside the baseline.
source "$(dirname "$0")/environment.sh.inc"
for set in nyc_yellow_latlon nyc_green; do
  data="$ROUTEFORCE_BENCH/travel/$set.parquet"
  for model in baseline auto; do
    "$ROUTEFORCE" --quiet backtest travel-time --data "$data" --model "$model" --out "$folder/$set.$model.csv"
    "$python" "$tools/travel/score.py" "$data" "$folder/$set.$model.csv" --json > "$folder/$set.$model.json"
    echo "travel-time $set $model $(cat "$folder/$set.$model.json")"
  done
  require_less "$(figure "$folder/$set.auto.json" pinball)" "$(figure "$folder/$set.baseline.json" pinball)" "pinball on $set"
done
