//! How uncertain an arrival is: the moments of a sum of legs, with waiting in between.
//!
//! Quantiles do not add; means and variances do. Each leg brings its mean and a standard deviation
//! derived from its p90. Legs that depart in the same clock hour share traffic, so their durations
//! are correlated by the tensor's `leg_correlation`; legs of different hours are taken as
//! independent. Service times bring mean and variance too, independent of the legs. Waiting for a
//! window cuts the early part of the distribution off: the moments of `max(arrival, opening)` follow
//! Clark (1961), "The greatest of a finite set of random variables", with the sum treated as normal.

use crate::domain::forecast::Z90;

/// Standard deviations beyond which nothing is expected: one time in a billion.
const SURE: f64 = 6.0;

/// Moments of a point in time along a route, in seconds since the tensor's origin.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrivalMoments {
    mean_s: f64,
    variance_s2: f64,
    /// Clock hour that the running sum below belongs to.
    hour: i64,
    /// Sum of the standard deviations of this hour's legs, as far as they still matter.
    hour_sd_sum_s: f64,
}

impl ArrivalMoments {
    /// A departure that is certain.
    pub fn certain(at_s: i64) -> Self {
        Self {
            mean_s: at_s as f64,
            variance_s2: 0.0,
            hour: i64::MIN,
            hour_sd_sum_s: 0.0,
        }
    }

    /// Expected time in seconds.
    pub fn mean_s(&self) -> f64 {
        self.mean_s
    }

    /// Drives a leg of the given mean and p90 that departs in clock hour `hour`.
    pub fn drive(&mut self, mean_s: f64, p90_s: f64, hour: i64, correlation: f64) {
        let sd = ((p90_s - mean_s) / Z90).max(0.0);
        if hour != self.hour {
            self.hour = hour;
            self.hour_sd_sum_s = 0.0;
        }
        self.mean_s += mean_s;
        self.variance_s2 += sd * sd + 2.0 * correlation * sd * self.hour_sd_sum_s;
        self.hour_sd_sum_s += sd;
    }

    /// Waits until `opening_s` where the time is earlier.
    pub fn wait_until(&mut self, opening_s: f64) {
        let sd = self.variance_s2.sqrt();
        if sd < 1e-9 {
            self.mean_s = self.mean_s.max(opening_s);
            return;
        }
        let alpha = (self.mean_s - opening_s) / sd;
        if alpha > SURE {
            return;
        }
        if alpha < -SURE {
            *self = Self::certain(0);
            self.mean_s = opening_s;
            return;
        }
        let (density, below) = (normal_density(alpha), normal_cdf(alpha));
        let mean = self.mean_s * below + opening_s * (1.0 - below) + sd * density;
        let square = (self.mean_s.powi(2) + self.variance_s2) * below
            + opening_s.powi(2) * (1.0 - below)
            + (self.mean_s + opening_s) * sd * density;
        let variance = (square - mean * mean).clamp(0.0, self.variance_s2);
        // What waiting absorbed no longer correlates with the next leg of the hour.
        self.hour_sd_sum_s *= (variance / self.variance_s2).sqrt();
        self.mean_s = mean;
        self.variance_s2 = variance;
    }

    /// Serves for a time of the given mean and standard deviation, independent of all legs and of
    /// other stops.
    pub fn serve(&mut self, service_s: f64, sd_s: f64) {
        self.mean_s += service_s;
        self.variance_s2 += sd_s * sd_s;
    }

    /// Time not exceeded with probability 90 %.
    pub fn p90_s(&self) -> f64 {
        self.mean_s + Z90 * self.variance_s2.sqrt()
    }

    /// Expected seconds later than `limit_s`, with the time as normal: its first-order loss function.
    pub fn expected_after(&self, limit_s: f64) -> f64 {
        let (ahead_s, sd) = (self.mean_s - limit_s, self.variance_s2.sqrt());
        if sd < 1e-9 {
            return ahead_s.max(0.0);
        }
        let alpha = ahead_s / sd;
        (ahead_s * normal_cdf(alpha) + sd * normal_density(alpha)).max(0.0)
    }

    /// Probability of being later than `limit_s`, 0 to 1.
    pub fn probability_after(&self, limit_s: f64) -> f64 {
        let sd = self.variance_s2.sqrt();
        if sd < 1e-9 {
            return if self.mean_s > limit_s { 1.0 } else { 0.0 };
        }
        1.0 - normal_cdf((limit_s - self.mean_s) / sd)
    }
}

fn normal_density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;
    use rand_distr::StandardNormal;

    /// Two legs of one hour, a window between them: moments against 200,000 draws.
    #[test]
    fn agrees_with_simulation() {
        let (correlation, opening) = (0.4, 1_250.0);
        let mut moments = ArrivalMoments::certain(0);
        moments.drive(1_200.0, 1_200.0 + 200.0 * Z90, 0, correlation);
        moments.wait_until(opening);
        moments.serve(300.0, 90.0);
        moments.drive(900.0, 900.0 + 150.0 * Z90, 0, correlation);

        let mut random = crate::runtime::random::generator(1, "uncertainty");
        let mut draw = || random.sample::<f64, _>(StandardNormal);
        let mut arrivals: Vec<f64> = (0..200_000)
            .map(|_| {
                let (shared, a, b, served) = (draw(), draw(), draw(), draw());
                let noise =
                    |own: f64| correlation.sqrt() * shared + (1.0 - correlation).sqrt() * own;
                (1_200.0 + 200.0 * noise(a)).max(opening)
                    + 300.0
                    + 90.0 * served
                    + 900.0
                    + 150.0 * noise(b)
            })
            .collect();
        arrivals.sort_by(f64::total_cmp);
        let mean = arrivals.iter().sum::<f64>() / arrivals.len() as f64;
        let p90 = arrivals[arrivals.len() * 9 / 10];
        let late = arrivals.iter().filter(|t| **t > 2_700.0).count() as f64 / 200_000.0;
        assert!(
            (moments.mean_s() - mean).abs() < 3.0,
            "{} {mean}",
            moments.mean_s()
        );
        assert!(
            (moments.p90_s() - p90).abs() < 25.0,
            "{} {p90}",
            moments.p90_s()
        );
        let probability = moments.probability_after(2_700.0);
        assert!((probability - late).abs() < 0.02, "{probability} {late}");
    }

    #[test]
    fn a_certain_time_is_late_or_not() {
        let moments = ArrivalMoments::certain(100);
        assert_eq!(moments.probability_after(99.0), 1.0);
        assert_eq!(moments.probability_after(100.0), 0.0);
    }
}
