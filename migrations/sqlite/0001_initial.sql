-- The first schema. Instants are microseconds since 1970-01-01T00:00:00Z in columns `*_us`, days are
-- `YYYY-MM-DD`, ids are lower-case text: the same in both engines, so that they share their SQL.
-- Every table, key and index holds the tenant. The PostgreSQL file of this number says the same.

CREATE TABLE tenants (
    tenant_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;

INSERT INTO tenants (tenant_id, name, created_us)
VALUES ('00000000-0000-0000-0000-000000000001', 'default', 0);

-- The last fix of each vehicle.
CREATE TABLE vehicles (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    vehicle_id TEXT NOT NULL,
    ts_us INTEGER NOT NULL,
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    speed_kmh REAL NOT NULL,
    heading_deg REAL NOT NULL,
    PRIMARY KEY (tenant_id, vehicle_id)
) STRICT;

CREATE TABLE positions (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    vehicle_id TEXT NOT NULL,
    ts_us INTEGER NOT NULL,
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    speed_kmh REAL NOT NULL,
    heading_deg REAL NOT NULL,
    received_us INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, vehicle_id, ts_us)
) STRICT;

CREATE TABLE plans (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    plan_id TEXT NOT NULL,
    plan_date TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    basis TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    routes INTEGER NOT NULL,
    stops INTEGER NOT NULL,
    unplanned INTEGER NOT NULL,
    cost_total REAL NOT NULL,
    document TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant_id, plan_id)
) STRICT;
CREATE INDEX plans_by_age ON plans (tenant_id, created_us, plan_id);
CREATE INDEX plans_by_date ON plans (tenant_id, plan_date, created_us, plan_id);

-- The queue. A running job belongs to `worker_id` until `lease_until_us`.
CREATE TABLE jobs (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    job_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    payload_sha256 TEXT NOT NULL,
    idempotency_key TEXT,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    stage TEXT NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    cancel_requested INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    worker_id TEXT,
    lease_until_us INTEGER,
    created_us INTEGER NOT NULL,
    started_us INTEGER,
    finished_us INTEGER,
    error TEXT,
    result_id TEXT,
    PRIMARY KEY (tenant_id, job_id),
    UNIQUE (tenant_id, idempotency_key)
) STRICT;
CREATE INDEX jobs_by_age ON jobs (tenant_id, created_us, job_id);
-- A worker serves all tenants, so its search starts with the state.
CREATE INDEX jobs_to_claim ON jobs (state, created_us, tenant_id, job_id);

CREATE TABLE demand_forecasts (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    series_id TEXT NOT NULL,
    ts TEXT NOT NULL,
    p10 REAL NOT NULL,
    p50 REAL NOT NULL,
    p90 REAL NOT NULL,
    mean REAL NOT NULL,
    PRIMARY KEY (tenant_id, series_id, ts)
) STRICT;

CREATE TABLE alerts (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    alert_id TEXT NOT NULL,
    detected_us INTEGER NOT NULL,
    document TEXT NOT NULL,
    acknowledged_us INTEGER,
    acknowledged_by TEXT,
    PRIMARY KEY (tenant_id, alert_id)
) STRICT;
CREATE INDEX alerts_by_age ON alerts (tenant_id, detected_us, alert_id);

CREATE TABLE day_records (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    day TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    routes INTEGER NOT NULL,
    stops INTEGER NOT NULL,
    cost_total REAL NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, day)
) STRICT;

CREATE TABLE kpi_reports (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    day TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, day)
) STRICT;

CREATE TABLE report_files (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (tenant_id, day, name)
) STRICT;

-- GeoJSON drawn under the routes, such as the roads.
CREATE TABLE map_layers (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    name TEXT NOT NULL,
    geojson TEXT NOT NULL,
    PRIMARY KEY (tenant_id, name)
) STRICT;

-- Which model versions answered, and since when.
CREATE TABLE model_versions (
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    first_used_us INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name, version)
) STRICT;
