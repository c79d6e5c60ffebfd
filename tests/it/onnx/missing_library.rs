//! A machine without ONNX Runtime is told the command that gets it.

use routeforce::onnx::OnnxError;
use routeforce::onnx::library::Places;

#[test]
fn an_empty_machine_names_make_setup() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places {
        named: None,
        folders: vec![folder.path().to_owned(), folder.path().join("absent")],
    };
    let error = places.find().unwrap_err();
    assert!(matches!(error, OnnxError::LibraryMissing { .. }));
    let text = error.to_string();
    assert!(
        text.contains("make setup") && text.contains("absent"),
        "{text}"
    );
}

#[test]
fn a_wrongly_named_library_is_not_replaced_by_another() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("libonnxruntime.so"), "").unwrap();
    let places = Places {
        named: Some(folder.path().join("elsewhere.so")),
        folders: vec![folder.path().to_owned()],
    };
    let text = places.find().unwrap_err().to_string();
    assert!(
        text.contains("elsewhere.so") && text.contains("make setup"),
        "{text}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn the_plain_name_comes_first_then_the_last_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places {
        named: None,
        folders: vec![folder.path().to_owned()],
    };
    for name in [
        "libonnxruntime.so.1.9",
        "libonnxruntime.so.1.32.0",
        "libother.so",
    ] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    assert!(places.find().unwrap().ends_with("libonnxruntime.so.1.9"));
    std::fs::write(folder.path().join("libonnxruntime.so"), "").unwrap();
    assert!(places.find().unwrap().ends_with("libonnxruntime.so"));
}
