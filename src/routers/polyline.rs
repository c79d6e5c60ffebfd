//! Lines as text: <https://developers.google.com/maps/documentation/utilities/polylinealgorithm>.

use crate::domain::LatLon;

/// Points of a line with so many digits behind the point; `None` if the text is no line.
pub(super) fn decode(text: &str, digits: i32) -> Option<Vec<LatLon>> {
    let scale = 10_f64.powi(digits);
    let mut bytes = text.bytes();
    let mut line = Vec::new();
    let mut at = [0_i64; 2];
    while bytes.len() > 0 {
        for coordinate in &mut at {
            *coordinate = coordinate.checked_add(step(&mut bytes)?)?;
        }
        let [lat, lon] = at.map(|whole| whole as f64 / scale);
        line.push(LatLon::new(lat, lon).ok()?);
    }
    Some(line)
}

fn step(bytes: &mut impl Iterator<Item = u8>) -> Option<i64> {
    let mut value = 0_i64;
    for shift in (0..60).step_by(5) {
        let five = i64::from(bytes.next()?.checked_sub(63).filter(|five| *five < 64)?);
        value |= (five & 31) << shift;
        if five < 32 {
            return Some(if value & 1 == 1 {
                !(value >> 1)
            } else {
                value >> 1
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_nonsense_is_not() {
        // The example of the description.
        let line = decode("_p~iF~ps|U_ulLnnqC_mqNvxq`@", 5).unwrap();
        let places: Vec<[f64; 2]> = line.iter().map(|place| [place.lat, place.lon]).collect();
        assert_eq!(
            places,
            [[38.5, -120.2], [40.7, -120.95], [43.252, -126.453]]
        );
        assert_eq!(decode("", 6), Some(Vec::new()));
        for bad in [
            "_p~iF",
            "_p~iF~ps|U_",
            "\u{1}\u{1}",
            "~~~~~~~~~~~~~~~~~~~~",
            "é",
        ] {
            assert!(decode(bad, 5).is_none(), "{bad}");
        }
    }
}
