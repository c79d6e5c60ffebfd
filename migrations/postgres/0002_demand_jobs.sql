-- What series add up to, forecasts of the sums, and what jobs tell besides their end. The SQLite file
-- of this number says the same.

-- Which group a series belongs to, by level; levels in the order of `level_position`.
CREATE TABLE hierarchy (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    series_id TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    level_position BIGINT NOT NULL,
    group_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, series_id, level)
);

-- The mean is the sum over the series of the group in `demand_forecasts`.
CREATE TABLE group_forecasts (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    level TEXT COLLATE "C" NOT NULL,
    group_id TEXT COLLATE "C" NOT NULL,
    ts TEXT COLLATE "C" NOT NULL,
    p10 DOUBLE PRECISION NOT NULL,
    p50 DOUBLE PRECISION NOT NULL,
    p90 DOUBLE PRECISION NOT NULL,
    mean DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant_id, level, group_id, ts)
);

CREATE TABLE job_reports (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    job_id TEXT COLLATE "C" NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, job_id)
);
