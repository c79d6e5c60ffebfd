//! A matrix as JSON text. A million numbers are what such an answer costs, so they are written as
//! whole tenths straight into the body.

use crate::app::road_matrix::{OffRoad, RoadCells, RoadMatrixAnswer};
use crate::app::road_routes::CREDIT;
use schemars::JsonSchema;
use serde::Serialize;

/// What surrounds the cells.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoadMatrixHead {
    /// Whose network it is.
    profile: &'static str,
    /// Places that are on no road; their cells are null.
    off_road: Vec<OffRoad>,
    /// Credit of the map.
    attribution: &'static str,
}

/// Most bytes that a cell usually takes.
const CELL_BYTES: usize = 8;

/// The body of an answer.
pub fn body(answer: RoadMatrixAnswer) -> Vec<u8> {
    let RoadMatrixAnswer {
        profile,
        cells,
        off_road,
    } = answer;
    let head = RoadMatrixHead {
        profile: profile.name(),
        off_road,
        attribution: CREDIT,
    };
    let mut into = serde_json::to_vec(&head).unwrap_or_default();
    // The cells go in before the brace that closes the object.
    into.pop();
    match &cells {
        RoadCells::Durations(matrix) => {
            let tenths = matrix.duration_ms.iter().map(|&ms| tenths(ms, 100));
            rows(&mut into, "durations_s", tenths, matrix.columns);
        }
        RoadCells::WithLengths(matrix) => {
            // Both parts of a pair without a way are the largest number.
            let duration = matrix
                .weight
                .iter()
                .map(|cell| tenths(cell.duration(), 100));
            rows(&mut into, "durations_s", duration, matrix.columns);
            let length = matrix.weight.iter().map(|cell| tenths(cell.length(), 10));
            rows(&mut into, "lengths_m", length, matrix.columns);
        }
    }
    into.push(b'}');
    into
}

/// A number of small units as tenths, `None` where there is no way.
fn tenths(value: u32, per_tenth: u32) -> Option<u32> {
    (value != u32::MAX).then(|| value / per_tenth + u32::from(value % per_tenth >= per_tenth / 2))
}

fn rows(
    into: &mut Vec<u8>,
    name: &str,
    cells: impl ExactSizeIterator<Item = Option<u32>>,
    columns: usize,
) {
    into.reserve(cells.len() * CELL_BYTES);
    into.extend_from_slice(b",\"");
    into.extend_from_slice(name.as_bytes());
    into.extend_from_slice(b"\":[");
    let mut column = 0;
    for cell in cells {
        into.extend_from_slice(match column {
            0 => b"[",
            _ => b",",
        });
        match cell {
            Some(tenths) => number(into, tenths),
            None => into.extend_from_slice(b"null"),
        }
        column += 1;
        if column == columns {
            into.extend_from_slice(b"],");
            column = 0;
        }
    }
    if into.ends_with(b"],") {
        into.pop();
    }
    into.push(b']');
}

/// Writes tenths as a decimal number, whole ones without a point.
fn number(into: &mut Vec<u8>, tenths: u32) {
    let mut digits = [0_u8; 12];
    let mut at = digits.len();
    let (mut whole, part) = (tenths / 10, tenths % 10);
    let mut put = |digit: u32| {
        at -= 1;
        digits[at] = digit as u8;
        at
    };
    if part > 0 {
        put(u32::from(b'0') + part);
        put(u32::from(b'.'));
    }
    let first = loop {
        let first = put(u32::from(b'0') + whole % 10);
        whole /= 10;
        if whole == 0 {
            break first;
        }
    };
    into.extend_from_slice(&digits[first..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::road_routes::Profile;
    use serde_json::{Value, json};

    #[test]
    fn cells_are_read_as_they_were() {
        let values = [
            0_u32,
            49,
            50,
            149,
            99_949,
            123_456_789,
            u32::MAX - 1,
            u32::MAX,
        ];
        let answer = RoadMatrixAnswer {
            profile: Profile::Car,
            cells: RoadCells::Durations(crate::app::road_matrix::DurationMatrix {
                duration_ms: values.to_vec(),
                columns: 4,
            }),
            off_road: vec![OffRoad {
                list: "targets",
                index: 3,
            }],
        };
        let json: Value = serde_json::from_slice(&body(answer)).unwrap();
        assert_eq!(json["off_road"], json!([{ "list": "targets", "index": 3 }]));
        for (at, &ms) in values.iter().enumerate() {
            let cell = &json["durations_s"][at / 4][at % 4];
            match cell.as_f64() {
                Some(seconds) => {
                    assert!(
                        (seconds - f64::from(ms) / 1e3).abs() <= 0.050_001,
                        "{ms} {cell}"
                    );
                    assert_eq!((seconds * 10.0).round() / 10.0, seconds);
                }
                None => assert_eq!(ms, u32::MAX),
            }
        }
    }
}
