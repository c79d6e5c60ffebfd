#!/usr/bin/env bash
# A real evening: drop-offs in Midtown planned on costs learned from the trips before it, and played
# with the durations that trips of that evening really took.
source "$(dirname "$0")/environment.sh.inc"
zone=America/New_York
"$python" "$here/evening.py" "$ROUTEFORCE_BENCH/travel/nyc_yellow_latlon.parquet" "$folder"
"$ROUTEFORCE" --quiet ingest trips "$folder/history.parquet" --time-zone $zone --out "$folder/clean"
"$ROUTEFORCE" --quiet train travel-time --data "$folder/clean/trips.parquet" --models "$folder/models"
for basis in static predicted; do
  "$ROUTEFORCE" --quiet plan --stops "$folder/stops.csv" --fleet "$folder/fleet.csv" --date "$(cat "$folder/date")" \
    --time-zone $zone --models "$folder/models" --basis $basis --time-limit 5 --out "$folder/$basis.json"
  "$ROUTEFORCE" check "$folder/$basis.json"
  "$ROUTEFORCE" --quiet play --plan "$folder/$basis.json" --trips "$folder/evening.parquet" \
    --models "$folder/models" --out "$folder/$basis.day.json"
done
"$ROUTEFORCE" --quiet report --plan "$folder/predicted.json" --day "$folder/predicted.day.json" \
  --operator "Midtown, a real evening" --currency USD --out "$folder/report"
test -s "$folder/report/report.html"
