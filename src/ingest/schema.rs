//! What columns each kind of table has.

use super::kind::Kind;

/// What a column holds after ingestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// Any text; numbers become text.
    Text,
    /// f64.
    Number(Limit),
    /// i32.
    Integer(Limit),
    /// Truth value.
    Flag,
    /// Calendar day.
    Date,
    /// Point in time with a zone.
    Instant,
    /// Local date or date and time without a zone.
    LocalTime,
    /// `HH:MM` text.
    TimeOfDay,
    /// `HH:MM` or RFC 3339 text.
    WindowBound,
    /// `HH:MM-HH:MM;…` text.
    Windows,
    /// One of the words.
    Word(&'static [&'static str]),
}

/// Which numbers are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Any finite number.
    Any,
    /// Zero or more.
    NonNegative,
    /// More than zero.
    Positive,
    /// Degrees, -90 to 90.
    Latitude,
    /// Degrees, -180 to 180.
    Longitude,
}

/// A column of a table schema.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub name: String,
    pub holds: ColumnType,
    pub required: bool,
}

/// The columns of a kind of table.
#[derive(Debug, Clone)]
pub(crate) struct TableSchema {
    /// Named columns in order of output.
    pub columns: Vec<Column>,
    /// Columns whose names start so are quantities: numbers, zero or more, required to be filled.
    pub quantity_prefix: Option<&'static str>,
    /// Whether there must be at least one such column.
    pub needs_quantity: bool,
    /// Pairs of latitude and longitude.
    pub places: &'static [(&'static str, &'static str)],
    /// Columns that tell two rows apart.
    pub key: &'static [&'static str],
}

impl TableSchema {
    /// The columns of `kind`.
    pub fn of(kind: Kind) -> Self {
        let (columns, quantity_prefix, places, key) = match kind {
            Kind::Orders => (orders(), Some("qty_"), SITE, &["order_id"] as &[_]),
            Kind::Trips => (trips(), None, TRIP, &["trip_id"] as &[_]),
            Kind::Visits => (visits(), Some("qty_"), &[] as &[_], &["visit_id"] as &[_]),
            Kind::Positions => (positions(), None, SITE, &["vehicle_id", "ts"] as &[_]),
            Kind::Fleet => (fleet(), Some("cap_"), DEPOTS, &["vehicle_id"] as &[_]),
            Kind::Stops => (stops(), Some("qty_"), SITE, &["stop_id"] as &[_]),
            Kind::Calendar => (calendar(), None, &[] as &[_], &["date", "site_id"] as &[_]),
            Kind::Demand => (demand(), None, &[] as &[_], &["series_id", "ts"] as &[_]),
        };
        Self {
            columns,
            quantity_prefix,
            needs_quantity: kind != Kind::Visits,
            places,
            key,
        }
    }

    /// The column of that name, a quantity included.
    pub fn column(&self, name: &str) -> Option<Column> {
        let named = self.columns.iter().find(|c| c.name == name).cloned();
        named.or_else(|| {
            let prefix = self.quantity_prefix?;
            let dimension = name.strip_prefix(prefix)?;
            (!dimension.is_empty()).then(|| required(name, ColumnType::Number(Limit::NonNegative)))
        })
    }
}

const SITE: &[(&str, &str)] = &[("lat", "lon")];
const TRIP: &[(&str, &str)] = &[("o_lat", "o_lon"), ("d_lat", "d_lon")];
const DEPOTS: &[(&str, &str)] = &[
    ("depot_lat", "depot_lon"),
    ("end_depot_lat", "end_depot_lon"),
];

const LAT: ColumnType = ColumnType::Number(Limit::Latitude);
const LON: ColumnType = ColumnType::Number(Limit::Longitude);
const ANY: ColumnType = ColumnType::Number(Limit::Any);
const COUNT: ColumnType = ColumnType::Integer(Limit::NonNegative);
const AMOUNT: ColumnType = ColumnType::Number(Limit::NonNegative);
const ABOVE_ZERO: ColumnType = ColumnType::Number(Limit::Positive);

fn required(name: &str, holds: ColumnType) -> Column {
    Column {
        name: name.to_owned(),
        holds,
        required: true,
    }
}

fn optional(name: &str, holds: ColumnType) -> Column {
    Column {
        required: false,
        ..required(name, holds)
    }
}

fn orders() -> Vec<Column> {
    vec![
        required("order_id", ColumnType::Text),
        required("site_id", ColumnType::Text),
        required("lat", LAT),
        required("lon", LON),
        required("due_date", ColumnType::Date),
        required("service_s", COUNT),
        optional("ordered_at", ColumnType::Instant),
        optional("product_class", ColumnType::Text),
        optional("price", ANY),
        optional("promotion", ColumnType::Flag),
        optional("window_start", ColumnType::TimeOfDay),
        optional("window_end", ColumnType::TimeOfDay),
    ]
}

fn trips() -> Vec<Column> {
    vec![
        optional("trip_id", ColumnType::Text),
        optional("vehicle_id", ColumnType::Text),
        optional("profile", ColumnType::Text),
        required("o_lat", LAT),
        required("o_lon", LON),
        required("d_lat", LAT),
        required("d_lon", LON),
        optional("o_zone", ColumnType::Text),
        optional("d_zone", ColumnType::Text),
        required("depart", ColumnType::Instant),
        optional("arrive", ColumnType::Instant),
        required("duration_s", ABOVE_ZERO),
        optional("distance_m", AMOUNT),
        optional("split", ColumnType::Text),
    ]
}

fn visits() -> Vec<Column> {
    vec![
        optional("visit_id", ColumnType::Text),
        required("site_id", ColumnType::Text),
        optional("vehicle_id", ColumnType::Text),
        optional("driver_id", ColumnType::Text),
        optional("arrive", ColumnType::Instant),
        required("service_start", ColumnType::Instant),
        optional("service_end", ColumnType::Instant),
        required("service_s", ABOVE_ZERO),
        optional("window_start", ColumnType::TimeOfDay),
        optional("window_end", ColumnType::TimeOfDay),
        optional("split", ColumnType::Text),
    ]
}

fn positions() -> Vec<Column> {
    vec![
        required("vehicle_id", ColumnType::Text),
        required("ts", ColumnType::Instant),
        required("lat", LAT),
        required("lon", LON),
        optional("speed_kmh", AMOUNT),
        optional("heading_deg", ANY),
    ]
}

fn fleet() -> Vec<Column> {
    vec![
        required("vehicle_id", ColumnType::Text),
        required("profile", ColumnType::Text),
        required("depot_id", ColumnType::Text),
        required("depot_lat", LAT),
        required("depot_lon", LON),
        optional("end_depot_id", ColumnType::Text),
        optional("end_depot_lat", LAT),
        optional("end_depot_lon", LON),
        required("shift_start", ColumnType::TimeOfDay),
        required("shift_end", ColumnType::TimeOfDay),
        required("fixed_cost", AMOUNT),
        required("cost_per_km", AMOUNT),
        required("cost_per_hour", AMOUNT),
        optional("skills", ColumnType::Text),
        optional("max_distance_km", ABOVE_ZERO),
        optional("max_duration_h", ABOVE_ZERO),
        optional("max_stops", ColumnType::Integer(Limit::Positive)),
        optional("service_factor", ABOVE_ZERO),
    ]
}

fn stops() -> Vec<Column> {
    vec![
        required("stop_id", ColumnType::Text),
        required("site_id", ColumnType::Text),
        required("lat", LAT),
        required("lon", LON),
        optional("service_s", COUNT),
        optional("window_start", ColumnType::WindowBound),
        optional("window_end", ColumnType::WindowBound),
        optional("windows", ColumnType::Windows),
        optional("skills", ColumnType::Text),
        optional("penalty", AMOUNT),
        optional("origin", ColumnType::Word(&["ordered", "forecast"])),
    ]
}

fn calendar() -> Vec<Column> {
    vec![
        required("date", ColumnType::Date),
        optional("site_id", ColumnType::Text),
        optional("closed", ColumnType::Flag),
        optional("holiday", ColumnType::Text),
        optional("promotion", ColumnType::Flag),
    ]
}

fn demand() -> Vec<Column> {
    vec![
        required("series_id", ColumnType::Text),
        required("ts", ColumnType::LocalTime),
        required("y", ANY),
    ]
}
