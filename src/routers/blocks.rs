//! Large matrices in blocks that a server takes.

use super::error::RouterError;
use crate::domain::LatLon;
use crate::network::RoadMatrix;
use crate::network::hierarchy::{DurationAndLength, Weight};
use crate::runtime::{Cancel, Progress};
use serde::Deserialize;
use std::ops::Range;

/// What became of a block.
pub(super) enum Block {
    /// Its cells, row by row.
    Cells(Vec<DurationAndLength>),
    /// The server takes no block so large; its own words.
    TooLarge(RouterError),
}

/// Asks for a matrix block by block, none larger than `block` by `block`; halves blocks while the
/// server finds them too large.
pub(super) fn in_blocks(
    (sources, targets): (&[LatLon], &[LatLon]),
    block: usize,
    (cancel, progress): (&Cancel, &Progress),
    ask: impl Fn(&[LatLon], &[LatLon]) -> Result<Block, RouterError>,
) -> Result<RoadMatrix, RouterError> {
    let columns = targets.len();
    let mut weight = vec![DurationAndLength::UNREACHABLE; sources.len() * columns];
    let mut most = block.max(1);
    let mut open = vec![(0..sources.len(), 0..columns)];
    let (mut done, all) = (0, weight.len() as u64);
    while let Some((rows, cols)) = open.pop() {
        cancel.check()?;
        if rows.is_empty() || cols.is_empty() {
            continue;
        }
        if rows.len() > most || cols.len() > most {
            let parts = |range: &Range<usize>| pieces(range.clone(), most);
            let cut = parts(&rows).into_iter().rev();
            open.extend(
                cut.flat_map(|r| parts(&cols).into_iter().rev().map(move |c| (r.clone(), c))),
            );
            continue;
        }
        match ask(&sources[rows.clone()], &targets[cols.clone()])? {
            Block::Cells(cells) => {
                for (row, cells) in rows.clone().zip(cells.chunks(cols.len())) {
                    weight[row * columns + cols.start..][..cells.len()].copy_from_slice(cells);
                }
                done += (rows.len() * cols.len()) as u64;
                progress.report("matrix of a router", done, all);
            }
            Block::TooLarge(error) => {
                let largest = rows.len().max(cols.len());
                if largest == 1 {
                    return Err(error);
                }
                most = largest.div_ceil(2);
                open.push((rows, cols));
            }
        }
    }
    Ok(RoadMatrix { weight, columns })
}

/// A range in pieces of nearly the same length, none longer than `most`.
fn pieces(range: Range<usize>, most: usize) -> Vec<Range<usize>> {
    let count = range.len().div_ceil(most).max(1);
    let cut = |k: usize| range.start + range.len() * k / count;
    (0..count).map(|k| cut(k)..cut(k + 1)).collect()
}

/// Seconds and lengths of a matrix, row by row, as routers write them.
#[derive(Deserialize)]
pub(super) struct Table {
    durations: Vec<Vec<Option<f64>>>,
    distances: Vec<Vec<Option<f64>>>,
}

/// A duration and a length of each column.
pub(super) type Row = Vec<(Option<f64>, Option<f64>)>;

impl Table {
    /// Pairs of both; no rows if they are not of the same shape.
    pub(super) fn rows(self) -> Vec<Row> {
        let pairs = self.durations.iter().zip(&self.distances);
        let same = self.durations.len() == self.distances.len()
            && pairs.clone().all(|(a, b)| a.len() == b.len());
        if !same {
            return Vec::new();
        }
        let pairs = self.durations.into_iter().zip(self.distances);
        pairs.map(|(a, b)| a.into_iter().zip(b).collect()).collect()
    }
}

impl Block {
    /// A block of rows of seconds and lengths, so many metres in each unit of these; an error says why
    /// it is none.
    pub(super) fn of(
        rows: &[Row],
        (sources, targets): (&[LatLon], &[LatLon]),
        metres: f64,
    ) -> Result<Self, String> {
        let (height, width) = (sources.len(), targets.len());
        if rows.len() != height || rows.iter().any(|row| row.len() != width) {
            return Err(format!("not {height} rows of {width} columns"));
        }
        let cells = rows.iter().flatten();
        let cells = cells.map(|&(s, length)| cell(s, length.map(|length| length * metres)));
        Ok(Self::Cells(cells.collect::<Result<_, _>>()?))
    }

    /// A block without any way.
    pub(super) fn without_ways((sources, targets): (&[LatLon], &[LatLon])) -> Self {
        Self::Cells(vec![
            DurationAndLength::UNREACHABLE;
            sources.len() * targets.len()
        ])
    }
}

/// A cell of seconds and metres; `None` where there is no way, an error if they are no such numbers.
fn cell(duration_s: Option<f64>, length_m: Option<f64>) -> Result<DurationAndLength, String> {
    let (Some(duration_s), Some(length_m)) = (duration_s, length_m) else {
        return match duration_s.or(length_m) {
            None => Ok(DurationAndLength::UNREACHABLE),
            Some(_) => Err("a duration without a length, or the other way round".to_owned()),
        };
    };
    let whole = |number: f64, per_unit: f64| {
        let number = (number * per_unit).round();
        let sound = (0.0..f64::from(u32::INFINITY)).contains(&number);
        sound.then_some(number as u32)
    };
    match whole(duration_s, 1e3).zip(whole(length_m, 1e2)) {
        Some((duration_ms, length_cm)) => Ok(DurationAndLength::new(duration_ms, length_cm)),
        None => Err(format!("{duration_s} seconds and {length_m} metres")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// Cells that tell their source and target, from a server that takes so many pairs.
    fn server(limit: usize, asked: &RefCell<Vec<[usize; 2]>>, a: &[LatLon], b: &[LatLon]) -> Block {
        asked.borrow_mut().push([a.len(), b.len()]);
        if a.len() * b.len() > limit {
            return Block::TooLarge(RouterError::Answer {
                server: String::new(),
                problem: "too large".to_owned(),
            });
        }
        let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a.lat, b.lat)));
        Block::Cells(
            pairs
                .map(|(a, b)| DurationAndLength::new(a as u32, b as u32))
                .collect(),
        )
    }

    #[test]
    fn blocks_make_up_the_matrix_whatever_the_limit() {
        let places = |count: usize| -> Vec<LatLon> {
            (0..count)
                .map(|k| LatLon {
                    lat: k as f64,
                    lon: 0.0,
                })
                .collect()
        };
        for (rows, columns, block, limit) in [
            (1, 1, 100, 1),
            (7, 13, 5, 100),
            (30, 3, 100, 4),
            (250, 110, 100, 10_000),
            (9, 9, 4, 1),
            (0, 3, 5, 9),
        ] {
            let asked = RefCell::default();
            let (sources, targets) = (places(rows), places(columns));
            let watch = (&Cancel::new(), &Progress::silent());
            let ask = |a: &[LatLon], b: &[LatLon]| Ok(server(limit, &asked, a, b));
            let found = in_blocks((&sources, &targets), block, watch, ask).unwrap();
            let right = (0..rows).flat_map(|a| (0..columns).map(move |b| (a, b)));
            let right = right.map(|(a, b)| DurationAndLength::new(a as u32, b as u32));
            assert_eq!(found.weight, right.collect::<Vec<_>>());
            assert!(
                asked
                    .borrow()
                    .iter()
                    .all(|size| size.iter().all(|&n| n <= block))
            );
        }
        let ask = |a: &[LatLon], b: &[LatLon]| Ok(server(0, &RefCell::default(), a, b));
        let watch = (&Cancel::new(), &Progress::silent());
        assert!(in_blocks((&places(8), &places(8)), 4, watch, ask).is_err());
    }

    #[test]
    fn cells_are_numbers_or_nothing() {
        assert_eq!(
            cell(Some(1.5), Some(2.25)),
            Ok(DurationAndLength::new(1_500, 225))
        );
        assert_eq!(cell(None, None), Ok(DurationAndLength::UNREACHABLE));
        for (a, b) in [
            (Some(1.0), None),
            (None, Some(1.0)),
            (Some(-1.0), Some(1.0)),
            (Some(f64::NAN), Some(1.0)),
            (Some(1.0), Some(1e12)),
        ] {
            assert!(cell(a, b).is_err());
        }
    }
}
