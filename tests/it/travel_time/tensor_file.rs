//! Cost tensors as files.

use chrono::NaiveDate;
use proptest::prelude::*;
use routeforce::cost::{CostError, CostTensor, ProfileCosts, SliceAxis, file};

fn tensor(places: usize, durations: &[u32]) -> CostTensor {
    let date = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
    let axis = SliceAxis::for_day(date, chrono_tz::Europe::Berlin, 3600).unwrap();
    let cell = |i: usize| durations[i % durations.len()];
    let cells: Vec<u32> = (0..places * places * axis.slices).map(cell).collect();
    let profile = |name: &str| ProfileCosts {
        name: name.into(),
        p90_s: cells.iter().map(|v| v + 60).collect(),
        mean_s: cells.clone(),
        distance_m: (0..places * places).map(|i| i as u32 * 7).collect(),
    };
    CostTensor::new(axis, places, vec![profile("van"), profile("truck")], 0.25).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_is_written_is_read(
        places in 0_usize..5,
        durations in prop::collection::vec(0_u32..20_000, 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("costs.rfcost");
        let tensor = tensor(places, &durations);
        let hash = file::write(&path, &tensor).unwrap();
        prop_assert_eq!(file::read(&path).unwrap(), tensor);
        prop_assert_eq!(file::sha256(&path).unwrap(), hash);
    }
}

#[test]
fn every_cut_and_every_altered_byte_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("costs.rfcost");
    file::write(&path, &tensor(2, &[100, 9_000, 50])).unwrap();
    let good = std::fs::read(&path).unwrap();
    let refused = |bytes: &[u8], what: &str| {
        std::fs::write(&path, bytes).unwrap();
        match file::read(&path) {
            Err(CostError::Input(error)) => assert!(error.source.contains("costs.rfcost")),
            other => panic!("{what}: {other:?}"),
        }
    };
    for length in (0..good.len()).step_by(17).chain([good.len() - 1]) {
        refused(&good[..length], "cut");
    }
    for at in (0..good.len()).step_by(5) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        refused(&bytes, "altered");
    }
    refused(&[good.as_slice(), b"more"].concat(), "longer");
    refused(b"", "empty");
    assert!(matches!(
        file::read(&folder.path().join("absent")),
        Err(CostError::Input(_))
    ));
}
