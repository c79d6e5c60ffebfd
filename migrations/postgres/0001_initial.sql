-- The first schema. Instants are microseconds since 1970-01-01T00:00:00Z in columns `*_us`, days are
-- `YYYY-MM-DD`, ids are lower-case text: the same in both engines, so that they share their SQL.
-- Every table, key and index holds the tenant. The SQLite file of this number says the same; keys
-- have collation "C" so that pages come in the same order as there.

CREATE TABLE tenants (
    tenant_id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    created_us BIGINT NOT NULL
);

INSERT INTO tenants (tenant_id, name, created_us)
VALUES ('00000000-0000-0000-0000-000000000001', 'default', 0);

-- The last fix of each vehicle.
CREATE TABLE vehicles (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    vehicle_id TEXT COLLATE "C" NOT NULL,
    ts_us BIGINT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    speed_kmh DOUBLE PRECISION NOT NULL,
    heading_deg DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant_id, vehicle_id)
);

CREATE TABLE positions (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    vehicle_id TEXT COLLATE "C" NOT NULL,
    ts_us BIGINT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    speed_kmh DOUBLE PRECISION NOT NULL,
    heading_deg DOUBLE PRECISION NOT NULL,
    received_us BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, vehicle_id, ts_us)
);

CREATE TABLE plans (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    plan_id TEXT COLLATE "C" NOT NULL,
    plan_date TEXT COLLATE "C" NOT NULL,
    time_zone TEXT NOT NULL,
    basis TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    routes BIGINT NOT NULL,
    stops BIGINT NOT NULL,
    unplanned BIGINT NOT NULL,
    cost_total DOUBLE PRECISION NOT NULL,
    document TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant_id, plan_id)
);
CREATE INDEX plans_by_age ON plans (tenant_id, created_us, plan_id);
CREATE INDEX plans_by_date ON plans (tenant_id, plan_date, created_us, plan_id);

-- The queue. A running job belongs to `worker_id` until `lease_until_us`.
CREATE TABLE jobs (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    job_id TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    payload_sha256 TEXT NOT NULL,
    idempotency_key TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    stage TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    cancel_requested BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL,
    worker_id TEXT,
    lease_until_us BIGINT,
    created_us BIGINT NOT NULL,
    started_us BIGINT,
    finished_us BIGINT,
    error TEXT,
    result_id TEXT,
    PRIMARY KEY (tenant_id, job_id),
    UNIQUE (tenant_id, idempotency_key)
);
CREATE INDEX jobs_by_age ON jobs (tenant_id, created_us, job_id);
-- A worker serves all tenants, so its search starts with the state.
CREATE INDEX jobs_to_claim ON jobs (state, created_us, tenant_id, job_id);

CREATE TABLE demand_forecasts (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    series_id TEXT COLLATE "C" NOT NULL,
    ts TEXT COLLATE "C" NOT NULL,
    p10 DOUBLE PRECISION NOT NULL,
    p50 DOUBLE PRECISION NOT NULL,
    p90 DOUBLE PRECISION NOT NULL,
    mean DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant_id, series_id, ts)
);

CREATE TABLE alerts (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    alert_id TEXT COLLATE "C" NOT NULL,
    detected_us BIGINT NOT NULL,
    document TEXT NOT NULL,
    acknowledged_us BIGINT,
    acknowledged_by TEXT,
    PRIMARY KEY (tenant_id, alert_id)
);
CREATE INDEX alerts_by_age ON alerts (tenant_id, detected_us, alert_id);

CREATE TABLE day_records (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    day TEXT COLLATE "C" NOT NULL,
    plan_id TEXT COLLATE "C" NOT NULL,
    routes BIGINT NOT NULL,
    stops BIGINT NOT NULL,
    cost_total DOUBLE PRECISION NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, day)
);

CREATE TABLE kpi_reports (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    day TEXT COLLATE "C" NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, day)
);

CREATE TABLE report_files (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    day TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, day, name)
);

-- GeoJSON drawn under the routes, such as the roads.
CREATE TABLE map_layers (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    name TEXT COLLATE "C" NOT NULL,
    geojson TEXT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

-- Which model versions answered, and since when.
CREATE TABLE model_versions (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    name TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    first_used_us BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name, version)
);
