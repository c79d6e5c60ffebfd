//! Inverse of a symmetric positive definite matrix by Cholesky's decomposition.

/// The inverse of a matrix of `n` rows, row by row; `None` if it is not positive definite.
pub(super) fn inverse(matrix: &[f64], n: usize) -> Option<Vec<f64>> {
    // Lower triangle, row by row.
    let mut lower = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let (row_i, row_j) = (&lower[i * n..i * n + j], &lower[j * n..j * n + j]);
            let dot: f64 = row_i.iter().zip(row_j).map(|(a, b)| a * b).sum();
            let rest = matrix[i * n + j] - dot;
            if i == j {
                if !(rest > 0.0 && rest.is_finite()) {
                    return None;
                }
                lower[i * n + i] = rest.sqrt();
            } else {
                lower[i * n + j] = rest / lower[j * n + j];
            }
        }
    }
    // Columns of the triangle's inverse as rows: row j of `columns` begins at its diagonal.
    let mut columns = vec![0.0; n * n];
    for j in 0..n {
        columns[j * n + j] = 1.0 / lower[j * n + j];
        for i in j + 1..n {
            let (row, column) = (&lower[i * n + j..i * n + i], &columns[j * n + j..j * n + i]);
            let dot: f64 = row.iter().zip(column).map(|(a, b)| a * b).sum();
            columns[j * n + i] = -dot / lower[i * n + i];
        }
    }
    let mut inverse = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let (a, b) = (
                &columns[i * n + i..(i + 1) * n],
                &columns[j * n + i..(j + 1) * n],
            );
            let dot: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            inverse[i * n + j] = dot;
            inverse[j * n + i] = dot;
        }
    }
    Some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::random;
    use rand::Rng;

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        let mut draw = random::generator(1, "matrix");
        let n = 17;
        let root: Vec<f64> = (0..n * n).map(|_| draw.random_range(-1.0..1.0)).collect();
        let product = |a: &[f64], b: &[f64], i: usize, j: usize| -> f64 {
            (0..n).map(|k| a[i * n + k] * b[k * n + j]).sum()
        };
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                let dot: f64 = (0..n).map(|k| root[i * n + k] * root[j * n + k]).sum();
                matrix[i * n + j] = dot + f64::from(u8::from(i == j));
            }
        }
        let inverse = inverse(&matrix, n).expect("positive definite");
        for i in 0..n {
            for j in 0..n {
                let expected = f64::from(u8::from(i == j));
                assert!((product(&matrix, &inverse, i, j) - expected).abs() < 1e-9);
            }
        }
        assert!(super::inverse(&[1.0, 2.0, 2.0, 1.0], 2).is_none());
    }
}
