//! Faults of real exports: rows twice, coordinates swapped, values missing or impossible.

use super::SimulationError;
use super::csv_gz::Rows;
use crate::runtime::random::generator;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Where the columns are that faults happen to.
pub(super) struct Columns {
    /// Pairs of latitude and longitude that may be swapped.
    pub(super) places: &'static [(usize, usize)],
    /// Numbers that may get the wrong sign.
    pub(super) amounts: &'static [usize],
    /// Values that may be missing.
    pub(super) needed: &'static [usize],
    /// Durations that may be far too short, as after a lost connection.
    pub(super) durations: &'static [usize],
}

/// Writes rows, a small share of them with a fault.
pub(super) struct Faulty<'a, 'b> {
    rows: &'a mut Rows<'b>,
    columns: Columns,
    random: ChaCha8Rng,
    share: f64,
}

impl<'a, 'b> Faulty<'a, 'b> {
    /// `share` of the rows get a fault; `stream` names the file.
    pub(super) fn new(
        rows: &'a mut Rows<'b>,
        columns: Columns,
        seed: u64,
        stream: &str,
        share: f64,
    ) -> Self {
        let random = generator(seed, &format!("faults/{stream}"));
        Self {
            rows,
            columns,
            random,
            share,
        }
    }

    /// Writes a row, or what a faulty export makes of it.
    pub(super) fn row(&mut self, mut fields: Vec<String>) -> Result<(), SimulationError> {
        if self.random.random_bool(self.share) {
            self.spoil(&mut fields)?;
        }
        Ok(self.rows.row(&fields)?)
    }

    fn spoil(&mut self, fields: &mut [String]) -> Result<(), SimulationError> {
        let mut pick = |list: &[usize]| match list.len() {
            0 => None,
            n => Some(list[self.random.random_range(0..n)]),
        };
        let (amount, needed, duration) = (
            pick(self.columns.amounts),
            pick(self.columns.needed),
            pick(self.columns.durations),
        );
        match self.random.random_range(0..5) {
            0 => self.rows.row(fields)?,
            1 => {
                if let Some(&(lat, lon)) = self.columns.places.first() {
                    fields.swap(lat, lon);
                }
            }
            2 => {
                if let Some(at) = amount {
                    fields[at].insert(0, '-');
                }
            }
            3 => {
                if let Some(at) = needed {
                    fields[at].clear();
                }
            }
            _ => {
                if let Some(at) = duration {
                    fields[at] = "4".to_owned();
                }
            }
        }
        Ok(())
    }
}
