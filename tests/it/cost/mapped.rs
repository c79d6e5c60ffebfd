//! Tensors mapped from their files.

use super::tensor;
use routeforce::cost::{CostError, file};

#[test]
fn a_mapped_tensor_is_the_one_that_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("costs.rfcost");
    for (places, most) in [(1, 10), (3, 3_000), (4, 60_000), (3, 300_000)] {
        let tensor = tensor(7, places, most);
        let hash = file::write(&path, &tensor).unwrap();
        let mapped = file::map(&path).unwrap();
        assert_eq!(mapped, tensor);
        assert_eq!(file::digest(&mapped).unwrap(), hash);
        let [van, truck] = mapped.profiles() else {
            panic!("two profiles");
        };
        assert!(van.mean_s.is_shared_with(&truck.mean_s));
    }
}

#[test]
fn shared_layers_are_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("costs.rfcost");
    let tensor = tensor(7, 20, 20_000);
    file::write(&path, &tensor).unwrap();
    let layer = 20 * 20 * tensor.axis().slices as u64 * 2;
    let size = std::fs::metadata(&path).unwrap().len();
    assert!((2 * layer..2 * layer + 4_000).contains(&size), "{size}");
}

#[test]
fn updating_a_mapped_tensor_leaves_the_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("costs.rfcost");
    let (written, new) = (tensor(8, 3, 3_000), vec![7_000; 9]);
    file::write(&path, &written).unwrap();
    let mut mapped = file::map(&path).unwrap();
    mapped.update_slice(0, 30, &new, &new).unwrap();
    assert_eq!(mapped.duration_s(0, 0, 1, 30 * 900), 7_000);
    assert_eq!(file::read(&path).unwrap(), written);
}

#[test]
fn every_cut_and_every_altered_byte_is_noticed_by_mapping_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("costs.rfcost");
    file::write(&path, &tensor(9, 2, 3_000)).unwrap();
    let good = std::fs::read(&path).unwrap();
    let refused = |bytes: &[u8]| {
        let other = folder.path().join("other.rfcost");
        std::fs::write(&other, bytes).unwrap();
        assert!(matches!(file::map(&other), Err(CostError::Input(_))));
    };
    for length in (0..good.len()).step_by(29) {
        refused(&good[..length]);
    }
    for at in (0..good.len()).step_by(7) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x04;
        refused(&bytes);
    }
    refused(&[good.as_slice(), b"12345678"].concat());
    assert!(file::map(&folder.path().join("absent")).is_err());
}
