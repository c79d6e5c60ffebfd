//! Places of zones, for trips that name zones instead of coordinates.

use super::error::IngestError;
use super::mapping::{Mapping, ZoneTable};
use super::read::Table;
use crate::domain::{InputError, LatLon};
use polars::prelude::*;
use std::collections::HashMap;

/// Which coordinate of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Axis {
    Lat,
    Lon,
}

/// The place that stands for each zone.
#[derive(Debug, Default)]
pub(crate) struct Zones(HashMap<String, LatLon>);

impl Zones {
    /// Reads the table of zones; any fault in it is an error, since it is small and trips hang on it.
    pub fn read(table: &ZoneTable) -> Result<Self, IngestError> {
        let source = table.file.display().to_string();
        let mut rows = Table::open(&table.file, &Mapping::default())?;
        let found: Vec<String> = rows.columns().into_iter().map(|(name, _)| name).collect();
        for (key, name) in [
            ("zone", &table.zone),
            ("lat", &table.lat),
            ("lon", &table.lon),
        ] {
            if !found.contains(name) {
                let remedy = format!(
                    "name it by `{key}` under [zones]; found: {}",
                    found.join(", ")
                );
                let problem = "a required column is missing";
                return Err(InputError::new(source, problem, remedy)
                    .row(1)
                    .field(name)
                    .into());
            }
        }
        let mut places = HashMap::new();
        while let Some(chunk) = rows.next_chunk(1 << 16)? {
            let text = |name: &str| chunk.frame.column(name)?.cast(&DataType::String);
            let (zones, lats, lons) = (text(&table.zone)?, text(&table.lat)?, text(&table.lon)?);
            for (index, row) in chunk.rows.iter().enumerate() {
                let number = |column: &Column, name: &str| {
                    let value = column.str()?.get(index).unwrap_or_default();
                    value.parse::<f64>().map_err(|_| {
                        let error =
                            InputError::new(&source, "not a number", "give degrees (WGS 84)");
                        IngestError::from(error.row(*row).field(name).value(value))
                    })
                };
                let place = LatLon::new(number(&lats, &table.lat)?, number(&lons, &table.lon)?);
                let place = place.map_err(|mut e| {
                    e.source.clone_from(&source);
                    e.row(*row)
                })?;
                if let Some(zone) = zones.str()?.get(index) {
                    places.insert(zone.to_owned(), place);
                }
            }
        }
        Ok(Self(places))
    }

    /// The latitude or longitude of each zone; missing where the zone is not in the table.
    pub fn coordinates(&self, zones: &Column, axis: Axis) -> PolarsResult<Column> {
        let texts = zones.cast(&DataType::String)?;
        let values: Float64Chunked = texts
            .str()?
            .iter()
            .map(|zone| {
                let place = self.0.get(zone?)?;
                Some(if axis == Axis::Lat {
                    place.lat
                } else {
                    place.lon
                })
            })
            .collect();
        Ok(values.into_column())
    }
}
