//! Opening the files of one table: their columns, the clean table's columns, where places lie.

use super::Options;
use super::error::IngestError;
use super::kind::Kind;
use super::layout::{self, Holds, Layout, Slot, Source};
use super::mapping::Mapping;
use super::places::Bulk;
use super::read::Table;
use super::schema::{ColumnType, TableSchema};
use super::zones::Zones;
use crate::domain::InputError;
use chrono_tz::Tz;
use polars::prelude::*;
use std::path::{Path, PathBuf};

/// Rows of each file that are looked at before it is read: for the types of covariates, whether
/// local times are whole days, and where places lie. Fixed, so that chunks do not matter.
const SAMPLE_ROWS: usize = 10_000;

/// One file of the table.
#[derive(Debug)]
pub(crate) struct FileInput {
    pub path: PathBuf,
    pub name: String,
    pub layout: Layout,
}

/// A column of the clean table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutColumn {
    pub name: String,
    pub holds: Holds,
}

/// All that is known before the rows are read.
#[derive(Debug)]
pub(crate) struct Intake {
    pub kind: Kind,
    pub schema: TableSchema,
    pub files: Vec<FileInput>,
    /// Columns of the clean table.
    pub out: Vec<OutColumn>,
    /// Columns of the files as they are named there.
    pub raw_columns: Vec<String>,
    /// Zone of local times, if given.
    pub zone: Option<Tz>,
    /// Zone in which instants are written.
    pub zone_out: Tz,
    /// Local times are whole days.
    pub whole_days: bool,
    /// Where most places lie, per pair of coordinates.
    pub bulks: Vec<Option<Bulk>>,
    /// Places of zones, for trips without coordinates.
    pub zones: Zones,
    pub warnings: Vec<String>,
}

impl Intake {
    /// Opens every file, reads its header and its first rows.
    pub fn open(kind: Kind, paths: &[PathBuf], options: &Options) -> Result<Self, IngestError> {
        let schema = TableSchema::of(kind);
        let mut intake = Self {
            kind,
            files: Vec::new(),
            out: Vec::new(),
            raw_columns: Vec::new(),
            zone: options.time_zone.or(options.mapping.time_zone),
            zone_out: Tz::UTC,
            whole_days: true,
            bulks: Vec::new(),
            zones: match &options.mapping.zones {
                Some(table) if kind == Kind::Trips => Zones::read(table)?,
                _ => Zones::default(),
            },
            warnings: Vec::new(),
            schema,
        };
        if paths.is_empty() {
            return Err(
                InputError::new("command line", "no file", "name at least one file")
                    .field("FILE")
                    .into(),
            );
        }
        let mut samples = Vec::new();
        let mut zone_of_columns = None;
        for path in paths {
            let Opened {
                file,
                sample,
                columns,
            } = open_file(kind, path, options)?;
            zone_of_columns = zone_of_columns.or_else(|| first_zone(&file.layout, &columns));
            intake.add_columns(&file, &columns);
            samples.push(sample);
            intake.files.push(file);
        }
        if kind != Kind::Positions {
            intake.zone_out = intake.zone.or(zone_of_columns).unwrap_or(Tz::UTC);
        }
        intake.whole_days = intake.whole_days(&options.mapping, &samples);
        intake.bulks = intake.bulks(&samples);
        Ok(intake)
    }

    fn add_columns(&mut self, file: &FileInput, columns: &[(String, DataType)]) {
        for Slot { name, holds, .. } in &file.layout.slots {
            match self.out.iter_mut().find(|c| c.name == *name) {
                // A covariate that is a number in one file and text in another is text.
                Some(known) => {
                    if known.holds != *holds && matches!(holds, Holds::Extra(DataType::String)) {
                        known.holds = holds.clone();
                    }
                }
                None => {
                    let (name, holds) = (name.clone(), holds.clone());
                    self.out.push(OutColumn { name, holds });
                }
            }
        }
        for (name, _) in columns {
            if !self.raw_columns.contains(name) {
                self.raw_columns.push(name.clone());
            }
        }
        self.warnings.extend(
            file.layout
                .warnings
                .iter()
                .map(|w| format!("{}: {w}", file.name)),
        );
    }

    /// Whether all local times of the samples are dates.
    fn whole_days(&self, mapping: &Mapping, samples: &[DataFrame]) -> bool {
        let dates_only = mapping.date_format.is_some() && mapping.datetime_format.is_none();
        let local = |c: &&OutColumn| {
            matches!(
                c.holds,
                Holds::Known {
                    holds: ColumnType::LocalTime,
                    ..
                }
            )
        };
        let Some(column) = self.out.iter().find(local) else {
            return true;
        };
        self.files.iter().zip(samples).all(|(file, sample)| {
            read_from(&file.layout, &column.name)
                .and_then(|theirs| sample.column(theirs).ok())
                .is_none_or(|values| match values.dtype() {
                    DataType::Datetime(..) => false,
                    DataType::String => {
                        let is_date = |text: &str| dates_only || text.len() <= 10;
                        values
                            .str()
                            .is_ok_and(|texts| texts.iter().flatten().all(is_date))
                    }
                    _ => true,
                })
        })
    }

    fn bulks(&self, samples: &[DataFrame]) -> Vec<Option<Bulk>> {
        let bulk = |lat: &str, lon: &str| {
            let (mut lats, mut lons) = (Vec::new(), Vec::new());
            for (file, sample) in self.files.iter().zip(samples) {
                let values = |ours: &str| {
                    let theirs = read_from(&file.layout, ours)?;
                    let column = sample.column(theirs).ok()?.cast(&DataType::Float64).ok()?;
                    Some(
                        column
                            .f64()
                            .ok()?
                            .iter()
                            .map(|v| v.unwrap_or(f64::NAN))
                            .collect::<Vec<_>>(),
                    )
                };
                lats.extend(values(lat).unwrap_or_default());
                lons.extend(values(lon).unwrap_or_default());
            }
            Bulk::of(&lats, &lons)
        };
        self.schema
            .places
            .iter()
            .map(|(lat, lon)| bulk(lat, lon))
            .collect()
    }
}

/// A file with its first rows and the names and types of its columns.
struct Opened {
    file: FileInput,
    sample: DataFrame,
    columns: Vec<(String, DataType)>,
}

fn open_file(kind: Kind, path: &Path, options: &Options) -> Result<Opened, IngestError> {
    let name = path.display().to_string();
    let mut table = Table::open(path, &options.mapping)?;
    let columns = table.columns();
    let Some(sample) = table.next_chunk(SAMPLE_ROWS)? else {
        let remedy = "give at least one row below the header";
        return Err(InputError::new(name, "a table without rows", remedy).into());
    };
    let layout = layout::of_file(&name, kind, &options.mapping, &columns, &sample.frame)?;
    let path = path.to_owned();
    Ok(Opened {
        file: FileInput { path, name, layout },
        sample: sample.frame,
        columns,
    })
}

fn read_from<'a>(layout: &'a Layout, ours: &str) -> Option<&'a str> {
    match &layout.slot(ours)?.source {
        Source::Read(theirs) => Some(theirs),
        _ => None,
    }
}

/// The zone of the first column of instants that has one.
fn first_zone(layout: &Layout, columns: &[(String, DataType)]) -> Option<Tz> {
    layout.slots.iter().find_map(|slot| {
        let Holds::Known {
            holds: ColumnType::Instant,
            ..
        } = slot.holds
        else {
            return None;
        };
        let Source::Read(theirs) = &slot.source else {
            return None;
        };
        match columns.iter().find(|(name, _)| name == theirs) {
            Some((_, DataType::Datetime(_, Some(zone)))) => zone.parse().ok(),
            _ => None,
        }
    })
}
