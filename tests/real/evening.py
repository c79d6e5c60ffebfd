"""One evening of Midtown drop-offs as a day to plan.

evening.py TRIPS.parquet OUT: picks the evening (16 to 23 o'clock) with most drop-offs in Midtown and
writes OUT/history.parquet (all trips before that day), OUT/evening.parquet (that day's trips),
OUT/stops.csv (60 of its drop-offs, with windows of two hours around them), OUT/fleet.csv, OUT/date.
"""
import sys

import pandas as pd

STOPS, VANS = 60, 6
trips, out = pd.read_parquet(sys.argv[1]), sys.argv[2]
arrive = trips.depart + pd.to_timedelta(trips.duration_s, unit="s")
in_midtown = trips.d_lat.between(40.745, 40.77) & trips.d_lon.between(-73.995, -73.965)
in_evening = trips.depart.dt.hour.between(16, 22) & (arrive.dt.date == trips.depart.dt.date)
evening = trips[in_midtown & in_evening]
date = evening.groupby(evening.depart.dt.date).size().idxmax()
day = trips.depart.dt.date
trips[day < date].drop(columns="split").to_parquet(f"{out}/history.parquet", index=False)
trips[day == date].drop(columns="split").to_parquet(f"{out}/evening.parquet", index=False)

chosen = evening[evening.depart.dt.date == date].sample(STOPS, random_state=1).sort_values("depart")
at = chosen.depart + pd.to_timedelta(chosen.duration_s, unit="s")
floor, ceiling = pd.Timestamp("16:00").time(), pd.Timestamp("23:59").time()
opens = (at - pd.Timedelta("1h")).dt.time.where(at.dt.hour >= 17, floor)
closes = (at + pd.Timedelta("1h")).dt.time.where(at.dt.hour < 23, ceiling)
clock = lambda times: [t.strftime("%H:%M") for t in times]
pd.DataFrame({
    "stop_id": [f"drop-{i}" for i in range(STOPS)], "site_id": chosen.trip_id.astype(str).values,
    "lat": chosen.d_lat.values, "lon": chosen.d_lon.values, "qty_parcels": 1, "service_s": 180,
    "window_start": clock(opens), "window_end": clock(closes), "penalty": 40.0,
}).to_csv(f"{out}/stops.csv", index=False)
pd.DataFrame({
    "vehicle_id": [f"van-{i}" for i in range(VANS)], "profile": "van", "depot_id": "hudson-yards",
    "depot_lat": 40.7540, "depot_lon": -74.0020, "cap_parcels": 20, "shift_start": "15:30",
    "shift_end": "23:59", "fixed_cost": 30.0, "cost_per_km": 0.4, "cost_per_hour": 25.0,
}).to_csv(f"{out}/fleet.csv", index=False)
open(f"{out}/date", "w").write(str(date))
print(f"{date}: {len(evening[evening.depart.dt.date == date])} Midtown drop-offs, {STOPS} of them planned, "
      f"{(day < date).sum()} trips of history")
