//! The large model that the exported one is distilled from.

use super::boosting::Trees;
use super::error::TravelTimeError;
use super::log_model::{TREE_OUTPUTS, linear as value_of};
use super::pool::{Pool, pick};
use crate::features::FeatureMatrix;
use crate::onnx::graph::Linear;

/// Bagged locations and the quantiles of their errors.
pub(super) struct Teacher {
    pub base: Linear,
    /// Bagged; each the rest of the location.
    pub locations: Vec<Trees>,
    /// Quantiles of the honest errors: 10 %, 50 %, 90 %.
    pub spread: Option<[Trees; 3]>,
}

impl Teacher {
    /// Trees of each location.
    pub fn rounds(&self) -> usize {
        self.locations.first().map_or(1, Trees::rounds)
    }

    /// Mean of the bagged locations, without the linear part.
    fn location(
        &self,
        matrix: &FeatureMatrix,
        rows: &[usize],
    ) -> Result<Vec<f64>, TravelTimeError> {
        let mut means = vec![0.0; rows.len()];
        for trees in &self.locations {
            for (mean, value) in means.iter_mut().zip(trees.evaluate(matrix, rows)?) {
                *mean += value / self.locations.len() as f64;
            }
        }
        Ok(means)
    }

    /// What linear part and location leave.
    pub fn errors(&self, pool: &Pool, rows: &[usize]) -> Result<Vec<f64>, TravelTimeError> {
        let rest = rest(pool, rows, &self.base);
        let pairs = rest.iter().zip(self.location(&pool.matrix, rows)?);
        Ok(pairs.map(|(rest, tree)| rest - tree).collect())
    }

    /// What is to be distilled: location without the linear part, and spread.
    pub fn answers(
        &self,
        asked: &FeatureMatrix,
    ) -> Result<Vec<[f64; TREE_OUTPUTS]>, TravelTimeError> {
        let rows: Vec<usize> = (0..asked.rows).collect();
        let location = self.location(asked, &rows)?;
        let mut answers: Vec<_> = location.into_iter().map(|v| [v, 0.0, 0.0, 0.0]).collect();
        for (quantile, trees) in self.spread.iter().flatten().enumerate() {
            let values = trees.evaluate(asked, &rows)?;
            for (answer, value) in answers.iter_mut().zip(values) {
                answer[quantile + 1] = value;
            }
        }
        Ok(answers)
    }
}

/// What the linear part leaves.
pub(super) fn rest(pool: &Pool, rows: &[usize], base: &Linear) -> Vec<f64> {
    let lines = rows.iter().map(|&i| value_of(base, pool.matrix.row(i)));
    let targets = pick(&pool.log_y, rows);
    lines.zip(targets).map(|(line, y)| y - line).collect()
}
