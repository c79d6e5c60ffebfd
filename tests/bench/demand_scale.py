#!/usr/bin/env python3
"""The peer of `demand.py` at scale: tiled daily series, LightGBM through mlforecast for four outputs, table to table, one thread.

    python demand_scale.py --n 10000 --data retail_daily.parquet --table TABLE.parquet [--only-table | --out FORECASTS.parquet]

Series are tiled as the tools' `scale.py` does: histories of the set with a random circular shift and a factor.
"""
import os
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[name] = "1"
os.environ["NIXTLA_ID_AS_COL"] = "1"
import argparse, warnings
warnings.filterwarnings("ignore")
import numpy as np
import polars as pl

DAYS, HORIZON = 730, 28


def tile(data, count):
    table = pl.read_parquet(data).sort("series_id", "ts")
    draw = np.random.default_rng(1)
    histories = [group["y"].to_numpy() for _, group in table.group_by("series_id", maintain_order=True) if len(group) >= 365]
    y = np.empty((count, DAYS), np.float32)
    for i in range(count):
        history = histories[i % len(histories)]
        shift = draw.integers(0, len(history) // 7) * 7
        y[i] = np.round(np.tile(np.roll(history, -shift), 3)[:DAYS] * draw.uniform(0.7, 1.4))
    days = np.arange(np.datetime64("2023-01-01"), np.datetime64("2023-01-01") + DAYS)
    return pl.DataFrame({"series_id": np.repeat(np.arange(count), DAYS).astype(str), "ts": np.tile(days, count).astype("datetime64[ms]"), "y": y.ravel()})


def forecast(table, out):
    import lightgbm as lgb
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean, RollingStd
    settings = dict(n_estimators=100, learning_rate=0.1, num_leaves=63, n_jobs=1, verbose=-1)
    models = {"mean": lgb.LGBMRegressor(objective="tweedie", **settings)}
    models |= {f"p{level}": lgb.LGBMRegressor(objective="quantile", alpha=level / 100, **settings) for level in (10, 50, 90)}
    model = MLForecast(models=models, freq="1d", lags=[28, 29, 30, 31, 32, 33, 34, 35, 42, 49, 56],
                       lag_transforms={28: [RollingMean(7), RollingMean(28), RollingMean(56), RollingStd(28)]},
                       date_features=["weekday", "day", "month", "week"], num_threads=1)
    frame = pl.read_parquet(table)
    rows = model.preprocess(frame, id_col="series_id", time_col="ts", target_col="y", static_features=[], dropna=True)
    model.fit_models(rows.drop("series_id", "ts", "y").to_pandas(), rows["y"].to_numpy())
    del rows
    model.predict(HORIZON).write_parquet(out)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--n", type=int, required=True)
    options.add_argument("--data", required=True)
    options.add_argument("--table", required=True)
    options.add_argument("--only-table", action="store_true")
    options.add_argument("--out")
    options = options.parse_args()
    if options.only_table:
        tile(options.data, options.n).write_parquet(options.table)
    else:
        forecast(options.table, options.out)


if __name__ == "__main__":
    main()
