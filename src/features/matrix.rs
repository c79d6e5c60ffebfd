//! The one shape in which features reach a model.

/// Rows of features, `f32` because ONNX tree ensembles compare `f32`: training on anything wider
/// would send rows down other branches than serving does. A missing value is NaN.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeatureMatrix {
    /// One name per column.
    pub names: Vec<String>,
    /// Number of rows.
    pub rows: usize,
    /// Values, row-major, `rows * names.len()` of them.
    pub data: Vec<f32>,
}

impl FeatureMatrix {
    /// An empty matrix with room for `rows` rows.
    pub fn with_capacity(names: Vec<String>, rows: usize) -> Self {
        let data = Vec::with_capacity(rows * names.len());
        Self {
            names,
            rows: 0,
            data,
        }
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// Appends a row of [`columns`](Self::columns) values.
    pub fn push_row(&mut self, row: &[f32]) {
        debug_assert_eq!(row.len(), self.columns());
        self.data.extend_from_slice(row);
        self.rows += 1;
    }

    /// Row `index`; empty if there is none.
    pub fn row(&self, index: usize) -> &[f32] {
        let columns = self.columns();
        self.data
            .get(index * columns..(index + 1) * columns)
            .unwrap_or(&[])
    }

    /// Whether the values fill rows and columns exactly.
    pub fn is_consistent(&self) -> bool {
        self.data.len() == self.rows * self.columns()
    }

    /// The rows at `indices`, in that order; indices past the end are left out.
    pub fn select(&self, indices: &[usize]) -> Self {
        let mut picked = Self::with_capacity(self.names.clone(), indices.len());
        for &index in indices.iter().filter(|i| **i < self.rows) {
            picked.push_row(self.row(index));
        }
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went_in() {
        let mut matrix = FeatureMatrix::with_capacity(vec!["a".into(), "b".into()], 2);
        matrix.push_row(&[1.0, 2.0]);
        matrix.push_row(&[3.0, 4.0]);
        assert!(matrix.is_consistent());
        assert_eq!(matrix.row(1), &[3.0, 4.0]);
        assert!(matrix.row(2).is_empty());
        assert_eq!(matrix.select(&[1, 9]).data, vec![3.0, 4.0]);
    }
}
