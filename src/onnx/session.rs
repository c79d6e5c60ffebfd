//! Predictions from a model file through ONNX Runtime.

use super::error::OnnxError;
use super::graph::{INPUT, OUTPUTS};
use super::library;
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::FeatureMatrix;
use ort::value::{TensorElementType, TensorRef, ValueType};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Rows handed to ONNX Runtime at once; bounds the memory of intermediate values.
const BATCH_ROWS: usize = 65_536;

/// A loaded model. Shareable between threads; predictions of one session run one after another,
/// each on the session's own threads.
pub struct Session {
    inner: Mutex<ort::session::Session>,
    columns: usize,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({} columns)", self.columns)
    }
}

impl Session {
    /// Loads a model file.
    pub fn load(path: &Path) -> Result<Self, OnnxError> {
        let source = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|e| {
            InputError::new(&source, e.to_string(), "give a readable model.onnx file")
        })?;
        Self::from_bytes(&source, &bytes)
    }

    /// Loads a model from its bytes; `source` names it in errors.
    pub fn from_bytes(source: &str, bytes: &[u8]) -> Result<Self, OnnxError> {
        let environment = library::environment()?;
        let failed = |e: ort::Error| OnnxError::Runtime(e.to_string());
        // Prediction runs beside training, planning and serving: all threads of the machine, but
        // none that spin while idle.
        let mut builder = ort::session::Session::builder(environment)
            .map_err(failed)?
            .with_intra_op_spinning(false)
            .map_err(|e| OnnxError::Runtime(e.to_string()))?;
        let inner = builder.commit_from_memory(bytes).map_err(|e| {
            InputError::new(
                source,
                format!("not a usable ONNX model: {e}"),
                "train the model again (routeforce train), or restore the file",
            )
        })?;
        let columns = columns_of(source, &inner)?;
        Ok(Self {
            inner: Mutex::new(inner),
            columns,
        })
    }

    /// Features per row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Predicts one value per row of the matrix, in its order. Missing features are NaN.
    ///
    /// # Errors
    /// The matrix does not fit the model, or the model gives a value that is not finite.
    pub fn predict(&self, matrix: &FeatureMatrix) -> Result<Vec<Quantiles>, OnnxError> {
        if matrix.columns() != self.columns {
            return Err(OnnxError::Columns {
                expected: self.columns,
                found: matrix.columns(),
            });
        }
        if !matrix.is_consistent() {
            return Err(OnnxError::Inconsistent {
                values: matrix.data.len(),
                rows: matrix.rows,
                columns: matrix.columns(),
            });
        }
        let mut predictions = Vec::with_capacity(matrix.rows);
        for batch in matrix.data.chunks(BATCH_ROWS * self.columns.max(1)) {
            self.predict_batch(batch, &mut predictions)?;
        }
        Ok(predictions)
    }

    /// Predicts one row.
    pub fn predict_row(&self, row: &[f32]) -> Result<Quantiles, OnnxError> {
        if row.len() != self.columns {
            return Err(OnnxError::Columns {
                expected: self.columns,
                found: row.len(),
            });
        }
        let mut predictions = Vec::with_capacity(1);
        self.predict_batch(row, &mut predictions)?;
        predictions
            .pop()
            .ok_or_else(|| OnnxError::Runtime("no row in the answer".into()))
    }

    fn predict_batch(&self, batch: &[f32], into: &mut Vec<Quantiles>) -> Result<(), OnnxError> {
        let failed = |e: ort::Error| OnnxError::Runtime(e.to_string());
        let rows = batch.len() / self.columns.max(1);
        let tensor = TensorRef::from_array_view(([rows, self.columns], batch)).map_err(failed)?;
        let mut session = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session.run(ort::inputs![INPUT => tensor]).map_err(failed)?;
        let start = into.len();
        into.resize(start + rows, Quantiles::default());
        for (position, name) in OUTPUTS.into_iter().enumerate() {
            let output = outputs
                .get(name)
                .ok_or_else(|| OnnxError::Runtime(format!("no output `{name}`")))?;
            let (_, values) = output.try_extract_tensor::<f32>().map_err(failed)?;
            if values.len() != rows {
                return Err(OnnxError::Runtime(format!(
                    "output `{name}` has {} values for {rows} rows",
                    values.len()
                )));
            }
            for (row, (value, target)) in values.iter().zip(into.iter_mut().skip(start)).enumerate()
            {
                if !value.is_finite() {
                    return Err(OnnxError::NotFinite { output: name, row });
                }
                let value = f64::from(*value);
                match position {
                    0 => target.p10 = value,
                    1 => target.p50 = value,
                    2 => target.p90 = value,
                    _ => target.mean = value,
                }
            }
        }
        Ok(())
    }
}

/// Checks that a model speaks this program's inputs and outputs; gives its number of columns.
fn columns_of(source: &str, session: &ort::session::Session) -> Result<usize, InputError> {
    let foreign = |problem: String| {
        InputError::new(
            source,
            problem,
            "give a model written by routeforce train (input `features`, outputs p10, p50, p90, mean)",
        )
    };
    let [input] = session.inputs() else {
        return Err(foreign(format!(
            "a foreign model: {} inputs",
            session.inputs().len()
        )));
    };
    let columns = match input.dtype() {
        ValueType::Tensor {
            ty: TensorElementType::Float32,
            shape,
            ..
        } if input.name() == INPUT => match shape[..] {
            [_, columns] => usize::try_from(columns).ok(),
            _ => None,
        },
        _ => None,
    };
    let columns = columns.ok_or_else(|| {
        foreign(format!(
            "a foreign model: input `{}` is {:?}",
            input.name(),
            input.dtype()
        ))
    })?;
    for name in OUTPUTS {
        if !session.outputs().iter().any(|o| o.name() == name) {
            return Err(foreign(format!("a foreign model: no output `{name}`")));
        }
    }
    Ok(columns)
}
