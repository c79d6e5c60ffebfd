//! A report replaces a report, and nothing else.

use super::fixture;
use routeforce::report::{self, ReportError};
use std::fs;

#[test]
fn replaces_a_report_and_leaves_nothing_beside() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("day");
    report::write(&fixture::report_data(1), &folder).unwrap();
    fs::write(folder.join("charts/stale.svg"), "old").unwrap();
    let mut data = fixture::report_data(1);
    data.operator = "Another operator".into();
    let files = report::write(&data, &folder).unwrap();
    assert!(!folder.join("charts/stale.svg").exists());
    assert!(
        fs::read_to_string(files.html)
            .unwrap()
            .contains("Another operator")
    );
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
}

#[test]
fn refuses_a_folder_of_other_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), "precious").unwrap();
    let error = report::write(&fixture::report_data(1), folder.path()).unwrap_err();
    assert!(matches!(error, ReportError::Input(_)), "{error}");
    assert_eq!(
        fs::read_to_string(folder.path().join("thesis.txt")).unwrap(),
        "precious"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_unknown_time_zone_is_named_and_nothing_is_written() {
    let parent = tempfile::tempdir().unwrap();
    let mut data = fixture::report_data(1);
    data.plan.time_zone = "Europe/Bielefeld".into();
    let error = report::write(&data, &parent.path().join("day")).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("time_zone") && text.contains("Europe/Bielefeld"),
        "{text}"
    );
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
}
