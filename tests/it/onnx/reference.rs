//! The committed reference model: what an older version wrote still loads and predicts.

use routeforce::features::FeatureMatrix;
use routeforce::onnx::registry;
use std::path::Path;

#[test]
fn the_reference_model_loads_and_predicts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/reference");
    let model = registry::load_latest(&folder, "demand").unwrap();
    let names = model.manifest.features.columns.clone();
    let rows = 3;
    let data = (0..rows * names.len()).map(|i| (i % 7) as f32).collect();
    let matrix = FeatureMatrix { names, rows, data };
    let predictions = model.session.predict(&matrix).unwrap();
    assert_eq!(predictions.len(), rows);
    for q in predictions {
        assert!(
            q.p10 <= q.p50 && q.p50 <= q.p90 && q.mean.is_finite(),
            "{q:?}"
        );
    }
}
