//! Whether a figure is beyond those that came before it.

/// Least spread, as a natural logarithm, that figures are believed to have.
const LEAST_SPREAD: f64 = 0.1;

/// Probability that chance makes a figure at least as great as `off` after the figures `before`:
/// the one-sided prediction interval of a log-normal distribution with estimated parameters. Each
/// figure shares all but one of its `overlap` windows with the next, so that only so many of them
/// count as one; 1 if there are too few.
pub(super) fn p_value(off: f64, before: &[f64], overlap: usize) -> f64 {
    let log = |value: f64| value.max(1e-6).ln();
    let count = before.len() as f64;
    let apart = (before.len() + overlap.max(1) - 1) as f64 / overlap.max(1) as f64;
    if apart <= 2.0 {
        return 1.0;
    }
    let mean = before.iter().map(|v| log(*v)).sum::<f64>() / count;
    let squares: f64 = before.iter().map(|v| (log(*v) - mean).powi(2)).sum();
    let variance = (squares / count) * apart / (apart - 1.0);
    let spread = variance.sqrt().max(LEAST_SPREAD);
    let t = (log(off) - mean) / (spread * (1.0 + 1.0 / apart).sqrt());
    student_tail(t, apart - 1.0)
}

/// Upper tail of Student's distribution, by the normal approximation of Wallace (1959).
fn student_tail(t: f64, degrees: f64) -> f64 {
    let z = (degrees * (t * t / degrees).ln_1p()).sqrt();
    let z = z * (8.0 * degrees + 1.0) / (8.0 * degrees + 3.0) * t.signum();
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::random;
    use rand::Rng;

    #[test]
    fn the_tail_matches_tables() {
        for (t, degrees, expected) in [
            (3.143, 6.0, 0.01),
            (1.812, 10.0, 0.05),
            (2.764, 10.0, 0.01),
            (2.060, 25.0, 0.025),
        ] {
            let tail = student_tail(t, degrees);
            assert!((tail / expected - 1.0).abs() < 0.03, "{t}: {tail}");
        }
    }

    #[test]
    fn p_values_are_those_of_chance_and_fall_with_distance() {
        const RUNS: u64 = 4_000;
        let below = (0..RUNS).filter(|seed| {
            let mut draw = random::generator(*seed, "p");
            let mut figure = || (0..12).map(|_| draw.random::<f64>()).sum::<f64>().exp();
            let before: Vec<f64> = (0..15).map(|_| figure()).collect();
            p_value(figure(), &before, 1) < 0.05
        });
        let share = below.count() as f64 / RUNS as f64;
        assert!((0.04..0.06).contains(&share), "{share}");
        let before: Vec<f64> = (1..=20).map(f64::from).collect();
        let p = |off: f64| p_value(off, &before, 4);
        assert!(p(5.0) > p(20.0) && p(20.0) > p(200.0) && p(200.0) > 0.0);
        assert_eq!(p_value(9.0, &before[..5], 4), 1.0);
    }
}
