//! Groups of places that lie together (k-means by linfa).

use super::error::CostError;
use crate::domain::LatLon;
use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::Array2;

/// The cluster of each place, counted from 0 without gaps; at most `most` of them, and each place
/// its own while that is enough. Starts from places far from each other (Gonzalez 1985) instead of
/// random ones, so the same places always give the same clusters.
pub(super) fn clusters(places: &[LatLon], most: usize) -> Result<Vec<usize>, CostError> {
    if places.len() <= most.max(1) {
        return Ok((0..places.len()).collect());
    }
    let failed = |e: String| CostError::Clustering(e);
    let middle = places.iter().map(|p| p.lat).sum::<f64>() / places.len() as f64;
    let squeeze = middle.to_radians().cos();
    let points = Array2::from_shape_fn((places.len(), 2), |(i, axis)| match axis {
        0 => places[i].lat,
        _ => places[i].lon * squeeze,
    });
    let starts = spread_out(places, most.max(1));
    let starts = Array2::from_shape_fn((starts.len(), 2), |(i, axis)| points[(starts[i], axis)]);
    let data = DatasetBase::from(points);
    let model = KMeans::params(starts.nrows())
        .init_method(KMeansInit::Precomputed(starts))
        .n_runs(1)
        .max_n_iterations(100)
        .tolerance(1e-6)
        .fit(&data)
        .map_err(|e| failed(e.to_string()))?;
    let found = model.predict(data.records());
    Ok(without_gaps(found.iter().copied()))
}

/// Indices of places, each as far as can be from those before it; fewer than `most` if the rest
/// stand where others do.
fn spread_out(places: &[LatLon], most: usize) -> Vec<usize> {
    let mut chosen = vec![0];
    let mut nearest: Vec<f64> = places.iter().map(|p| p.great_circle_m(places[0])).collect();
    while chosen.len() < most {
        let farthest = (0..places.len()).max_by(|&a, &b| nearest[a].total_cmp(&nearest[b]));
        let Some(next) = farthest.filter(|&i| nearest[i] > 0.0) else {
            break;
        };
        chosen.push(next);
        for (distance, place) in nearest.iter_mut().zip(places) {
            *distance = distance.min(place.great_circle_m(places[next]));
        }
    }
    chosen
}

fn without_gaps(found: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut names = Vec::new();
    found
        .map(|name| match names.iter().position(|n| *n == name) {
            Some(at) => at,
            None => {
                names.push(name);
                names.len() - 1
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_lie_together_share_a_cluster() {
        let place = |lat: f64, lon: f64| LatLon { lat, lon };
        let mut places = Vec::new();
        for i in 0..30 {
            let jitter = f64::from(i) * 1e-4;
            places.push(place(48.0 + jitter, 11.0));
            places.push(place(48.5, 11.5 + jitter));
            places.push(place(48.0, 12.0 - jitter));
        }
        let found = clusters(&places, 3).unwrap();
        for (i, cluster) in found.iter().enumerate() {
            assert_eq!(*cluster, found[i % 3]);
        }
        assert_eq!(found.iter().max(), Some(&2));
        assert_eq!(clusters(&places, 3).unwrap(), found);
        assert_eq!(clusters(&places, 200).unwrap().len(), 90);
    }
}
