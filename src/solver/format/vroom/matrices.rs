//! The travel table: a profile of it for every profile and speed factor that vehicles have.

use super::document::{Document, Matrices};
use crate::domain::InputError;
use crate::solver::travel::{StaticProfile, StaticTravel, Travel};
use std::sync::Arc;

/// Most cells of all matrices together.
const MOST_CELLS: usize = 250_000_000;

/// Matrices of one profile and speed factor.
#[derive(Debug, Clone)]
struct Table {
    profile: String,
    /// Hundredths.
    speed: i64,
    distances: Option<Arc<[u32]>>,
    priced: bool,
}

/// All matrices that vehicles use.
#[derive(Debug, Clone)]
pub(super) struct Tables {
    tables: Vec<Table>,
    travel: Arc<StaticTravel>,
    places: usize,
}

impl Tables {
    /// Takes the matrices out of the document.
    pub fn build(source: &str, document: &mut Document) -> Result<Self, InputError> {
        take_old_matrix(source, document)?;
        let mut places = None;
        let (mut tables, mut profiles) = (Vec::<Table>::new(), Vec::new());
        for (index, vehicle) in document.vehicles.iter().enumerate() {
            let speed = speed(source, index, vehicle.speed_factor)?;
            let known = |t: &Table| t.profile == vehicle.profile && t.speed == speed;
            if tables.iter().any(known) {
                continue;
            }
            let path = format!("matrices.{}", vehicle.profile);
            let matrices = document.matrices.get(&vehicle.profile);
            let durations = matrices.and_then(|m| m.durations.as_ref());
            let Some((matrices, durations)) = matrices.zip(durations) else {
                let remedy = "give durations between all locations; no routing engine is asked";
                return Err(InputError::new(source, "missing", remedy)
                    .field(format!("{path}.durations"))
                    .value(&vehicle.profile));
            };
            let size = *places.get_or_insert(durations.len());
            if (tables.len() + 1).saturating_mul(size.saturating_mul(size)) > MOST_CELLS {
                let remedy = "use fewer locations, profiles or speed factors";
                return Err(InputError::new(source, "too large together", remedy).field(path));
            }
            let flat = |part: &str, rows: &Vec<Vec<u32>>| {
                flatten(source, &format!("{path}.{part}"), rows, size)
            };
            let durations = flat("durations", durations)?;
            let distances = matrices.distances.as_ref();
            let distances = distances.map(|rows| flat("distances", rows)).transpose()?;
            let costs = matrices.costs.as_ref();
            let costs = costs.map(|rows| flat("costs", rows)).transpose()?;
            tables.push(Table {
                profile: vehicle.profile.clone(),
                speed,
                distances: distances.clone(),
                priced: costs.is_some(),
            });
            let none = || Arc::from(vec![0; size * size]);
            profiles.push(StaticProfile {
                durations: slowed(source, &path, &durations, speed)?,
                distances: costs.or(distances).unwrap_or_else(none),
            });
        }
        document.matrices.clear();
        let places = places.unwrap_or(0);
        let travel = StaticTravel::new(places, profiles).map_err(|_| {
            InputError::new(source, "no vehicles", "give at least one").field("vehicles")
        })?;
        Ok(Self {
            tables,
            travel: Arc::new(travel),
            places,
        })
    }

    /// Number of rows of every matrix.
    pub fn places(&self) -> usize {
        self.places
    }

    /// The travel table.
    pub fn travel(&self) -> Travel {
        Travel::Static(self.travel.clone())
    }

    /// The profile of the travel table, which has one for each pair.
    pub fn profile(&self, profile: &str, speed_factor: Option<f64>) -> usize {
        let speed = (speed_factor.unwrap_or(1.0) * 100.0).round() as i64;
        let same = |t: &Table| t.profile == profile && t.speed == speed;
        self.tables.iter().position(same).unwrap_or(0)
    }

    /// Whether trips of a profile have prices of their own in place of distances.
    pub fn priced(&self, profile: usize) -> bool {
        self.tables.get(profile).is_some_and(|table| table.priced)
    }

    /// Whether the file has distances of a profile.
    pub fn has_distances(&self, profile: usize) -> bool {
        self.distances(profile).is_some()
    }

    fn distances(&self, profile: usize) -> Option<&Arc<[u32]>> {
        self.tables
            .get(profile)
            .and_then(|table| table.distances.as_ref())
    }

    /// Metres, if the file has them.
    pub fn distance(&self, profile: usize, from: usize, to: usize) -> Option<i64> {
        let cells = self.distances(profile)?;
        cells.get(from * self.places + to).copied().map(i64::from)
    }
}

/// Files the old form of one matrix under `car`.
fn take_old_matrix(source: &str, document: &mut Document) -> Result<(), InputError> {
    let Some(durations) = document.matrix.take() else {
        return Ok(());
    };
    let old = Matrices {
        durations: Some(durations),
        distances: None,
        costs: None,
    };
    match document.matrices.insert("car".into(), old) {
        None => Ok(()),
        Some(_) => {
            let error = InputError::new(source, "given twice", "give matrices only");
            Err(error.field("matrix"))
        }
    }
}

/// Durations at a speed in hundredths, rounded up.
fn slowed(
    source: &str,
    path: &str,
    durations: &[u32],
    speed: i64,
) -> Result<Arc<[u32]>, InputError> {
    let slowed = durations
        .iter()
        .map(|&duration| u32::try_from((i64::from(duration) * 100 + speed - 1) / speed));
    slowed.collect::<Result<_, _>>().map_err(|_| {
        let error = InputError::new(source, "too long when slowed", "give seconds");
        error.field(format!("{path}.durations"))
    })
}

/// The speed factor in hundredths.
fn speed(source: &str, vehicle: usize, factor: Option<f64>) -> Result<i64, InputError> {
    let factor = factor.unwrap_or(1.0);
    match (0.01..=5.0).contains(&factor) {
        true => Ok((factor * 100.0).round() as i64),
        false => Err(InputError::new(source, "not usable", "give 0.01 to 5")
            .field(format!("vehicles[{vehicle}].speed_factor"))
            .value(factor)),
    }
}

fn flatten(
    source: &str,
    path: &str,
    rows: &[Vec<u32>],
    size: usize,
) -> Result<Arc<[u32]>, InputError> {
    let wrong = |field: String, value: usize| {
        let remedy = format!("give {size}, as in all matrices");
        let error = InputError::new(source, "not square, or of another size", remedy);
        Err(error.field(field).value(value))
    };
    if rows.len() != size || size == 0 {
        return wrong(path.to_owned(), rows.len());
    }
    for (index, row) in rows.iter().enumerate() {
        if row.len() != size {
            return wrong(format!("{path}[{index}]"), row.len());
        }
    }
    Ok(rows.iter().flatten().copied().collect())
}
