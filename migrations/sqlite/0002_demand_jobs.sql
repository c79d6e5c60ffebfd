-- What series add up to, forecasts of the sums, and what jobs tell besides their end. The PostgreSQL file
-- of this number says the same.

-- Which group a series belongs to, by level; levels in the order of `level_position`.
CREATE TABLE hierarchy (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    series_id TEXT NOT NULL,
    level TEXT NOT NULL,
    level_position INTEGER NOT NULL,
    group_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, series_id, level)
) STRICT;

-- The mean is the sum over the series of the group in `demand_forecasts`.
CREATE TABLE group_forecasts (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    level TEXT NOT NULL,
    group_id TEXT NOT NULL,
    ts TEXT NOT NULL,
    p10 REAL NOT NULL,
    p50 REAL NOT NULL,
    p90 REAL NOT NULL,
    mean REAL NOT NULL,
    PRIMARY KEY (tenant_id, level, group_id, ts)
) STRICT;

CREATE TABLE job_reports (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    job_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, job_id)
) STRICT;
