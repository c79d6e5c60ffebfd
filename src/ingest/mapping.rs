//! The TOML file that makes a foreign table look like one of ours.
//!
//! ```toml
//! time_zone = "America/New_York"             # zone of local times
//! datetime_format = "%m/%d/%Y %H:%M"         # strftime, where times are not ISO 8601
//! date_format = "%d.%m.%Y"
//! decimal_comma = true
//! delimiter = ";"
//! missing = ["NA", "NULL"]                   # texts that mean "no value"
//! max_speed_kmh = 200
//! [zones]                                    # trips: places of zones, beside the map
//! file = "zones.csv"                         # columns zone, lat, lon; other names by zone = …
//! [columns]                                  # ours = theirs
//! depart = "tpep_pickup_datetime"
//! [factors]                                  # ours = theirs × factor
//! duration_s = 60
//! [constants]                                # ours = the same in every row
//! service_s = "300"
//! ```

use crate::domain::InputError;
use chrono_tz::Tz;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Great-circle speed above which a trip cannot have been driven.
const MAX_SPEED_KMH: f64 = 200.0;

/// How a foreign table is read; see the module for the file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// IANA zone of local times.
    pub time_zone: Option<Tz>,
    /// strftime format of points in time, where they are not ISO 8601.
    pub datetime_format: Option<String>,
    /// strftime format of dates, where they are not ISO 8601.
    pub date_format: Option<String>,
    /// Numbers have a decimal comma.
    pub decimal_comma: bool,
    /// Delimiter of CSV; found by itself where absent.
    pub delimiter: Option<char>,
    /// Texts that mean "no value", beside the empty one.
    pub missing: Vec<String>,
    /// Great-circle speed above which a trip or fix is rejected; 200 where absent.
    pub max_speed_kmh: Option<f64>,
    /// Trips: where the places of `o_zone` and `d_zone` are, if trips have no coordinates.
    pub zones: Option<ZoneTable>,
    /// Our column name to theirs.
    pub columns: BTreeMap<String, String>,
    /// Our column name to the factor that turns their unit into ours.
    pub factors: BTreeMap<String, f64>,
    /// Our column name to the value of every row.
    pub constants: BTreeMap<String, String>,
    /// Where it was read from, for messages.
    #[serde(skip)]
    pub source: String,
}

/// A table that gives each zone a place.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneTable {
    /// CSV, Parquet or XLSX file; relative to the folder of the map.
    pub file: PathBuf,
    /// Column with the zone's name.
    #[serde(default = "zone_column")]
    pub zone: String,
    /// Column with its latitude in degrees.
    #[serde(default = "lat_column")]
    pub lat: String,
    /// Column with its longitude in degrees.
    #[serde(default = "lon_column")]
    pub lon: String,
}

fn zone_column() -> String {
    "zone".to_owned()
}

fn lat_column() -> String {
    "lat".to_owned()
}

fn lon_column() -> String {
    "lon".to_owned()
}

impl Mapping {
    /// Reads a mapping from a TOML file.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        let source = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|e| InputError::new(&source, e.to_string(), "give a readable TOML file"))?;
        let mut mapping = Self::parse(&source, &text)?;
        if let (Some(zones), Some(folder)) = (&mut mapping.zones, path.parent()) {
            zones.file = folder.join(&zones.file);
        }
        Ok(mapping)
    }

    /// Reads a mapping from TOML text; `source` names it in errors.
    pub fn parse(source: &str, text: &str) -> Result<Self, InputError> {
        let mut mapping: Self = toml::from_str(text).map_err(|e| {
            let error = InputError::new(
                source,
                e.message().trim().to_owned(),
                "known keys: time_zone, datetime_format, date_format, decimal_comma, delimiter, \
                 missing, max_speed_kmh, [zones], [columns], [factors], [constants]",
            );
            match e.span() {
                Some(span) => {
                    let before = text.get(..span.start).unwrap_or(text);
                    let error = error.row(1 + before.matches('\n').count() as u64);
                    error.value(text.get(span).unwrap_or_default())
                }
                None => error,
            }
        })?;
        source.clone_into(&mut mapping.source);
        mapping.check()?;
        Ok(mapping)
    }

    fn check(&self) -> Result<(), InputError> {
        let fault = |field: String, value: String, problem: &str, remedy: &str| {
            Err(InputError::new(&self.source, problem, remedy)
                .field(field)
                .value(value))
        };
        for (name, factor) in &self.factors {
            if !factor.is_finite() || *factor == 0.0 {
                let field = format!("factors.{name}");
                return fault(
                    field,
                    factor.to_string(),
                    "not a factor",
                    "give a number other than 0",
                );
            }
        }
        for name in self.constants.keys() {
            if self.columns.contains_key(name) {
                let field = format!("constants.{name}");
                return fault(
                    field,
                    name.clone(),
                    "also in [columns]",
                    "keep one of the two",
                );
            }
        }
        if let Some(speed) = self.max_speed_kmh
            && !(speed.is_finite() && speed > 0.0)
        {
            let field = "max_speed_kmh".to_owned();
            return fault(field, speed.to_string(), "not a speed", "give km/h above 0");
        }
        if let Some(delimiter) = self.delimiter
            && (!delimiter.is_ascii() || matches!(delimiter, '"' | '\n' | '\r'))
        {
            let field = "delimiter".to_owned();
            return fault(
                field,
                delimiter.to_string(),
                "not a delimiter",
                "give one ASCII character",
            );
        }
        for (field, format) in [
            ("datetime_format", &self.datetime_format),
            ("date_format", &self.date_format),
        ] {
            if let Some(format) = format
                && chrono::format::StrftimeItems::new(format)
                    .any(|item| item == chrono::format::Item::Error)
            {
                let remedy = "give a strftime format, such as %d.%m.%Y %H:%M";
                return fault(field.to_owned(), format.clone(), "not a format", remedy);
            }
        }
        Ok(())
    }

    /// Great-circle speed above which a trip or fix is rejected, in km/h.
    pub fn speed_limit_kmh(&self) -> f64 {
        self.max_speed_kmh.unwrap_or(MAX_SPEED_KMH)
    }
}
