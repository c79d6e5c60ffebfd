//! Arrival as a piecewise-linear function of the departure, pair by pair, with breakpoints of its
//! own (the form of the MAMUT benchmarks; Visser & Spliet 2020 call them ready-time functions).

/// Breakpoints looked at around a guess before all are searched.
const NEAR: usize = 4;

/// Why arrival functions cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FunctionsError {
    /// Not one function per pair of places.
    #[error("{found} arrival functions for {places} places, expected {}", places * places)]
    WrongShape {
        /// Number of places.
        places: usize,
        /// Functions given.
        found: usize,
    },
    /// A function without breakpoints, or whose breakpoints do not ascend.
    #[error(
        "arrival function from place {from} to {to}: {problem} at breakpoint {index} \
         (departure {depart_s}, arrival {arrive_s})"
    )]
    Breakpoint {
        /// Place of departure.
        from: usize,
        /// Place of arrival.
        to: usize,
        /// What is wrong.
        problem: &'static str,
        /// Index of the breakpoint.
        index: usize,
        /// Its departure.
        depart_s: i64,
        /// Its arrival.
        arrive_s: i64,
    },
}

/// A breakpoint: leaving at `depart_s` arrives at `arrive_s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breakpoint {
    /// Departure.
    pub depart_s: i64,
    /// Arrival, not before the departure.
    pub arrive_s: i64,
}

/// Arrival functions between all places, and static distances. One profile.
///
/// Between breakpoints arrival is interpolated linearly and rounded down, which keeps FIFO; before
/// the first and after the last the duration is held.
#[derive(Debug, Clone)]
pub struct ArrivalFunctions {
    places: usize,
    /// `[from][to]`: first breakpoint; one more entry at the end.
    first: Vec<u32>,
    breakpoints: Vec<Breakpoint>,
    /// `[from][to]`: breakpoints per second, to guess where a departure lies.
    density: Vec<f32>,
    distances: Vec<u32>,
}

impl ArrivalFunctions {
    /// Takes the functions row by row (`[from][to]`; those from a place to itself may be a single
    /// breakpoint) and distances in the same order.
    ///
    /// # Errors
    /// Wrong number of functions or distances; breakpoints that do not ascend, arrive before they
    /// depart, or arrive earlier for a later departure.
    pub fn new(
        places: usize,
        functions: Vec<Vec<Breakpoint>>,
        distances: Vec<u32>,
    ) -> Result<Self, FunctionsError> {
        for found in [functions.len(), distances.len()] {
            if found != places * places {
                return Err(FunctionsError::WrongShape { places, found });
            }
        }
        let mut first = vec![0];
        let mut breakpoints = Vec::new();
        for (pair, function) in functions.iter().enumerate() {
            check(function).map_err(|(index, problem)| {
                let none = Breakpoint {
                    depart_s: 0,
                    arrive_s: 0,
                };
                let Breakpoint { depart_s, arrive_s } =
                    function.get(index).copied().unwrap_or(none);
                FunctionsError::Breakpoint {
                    from: pair / places,
                    to: pair % places,
                    problem,
                    index,
                    depart_s,
                    arrive_s,
                }
            })?;
            breakpoints.extend_from_slice(function);
            first.push(breakpoints.len() as u32);
        }
        let density = functions.iter().map(|f| density(f)).collect();
        Ok(Self {
            places,
            first,
            breakpoints,
            density,
            distances,
        })
    }

    /// Number of places.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Distance of a trip.
    #[inline]
    pub fn distance(&self, from: usize, to: usize) -> u32 {
        self.distances[from * self.places + to]
    }

    /// The function of a pair, at least one breakpoint, ascending.
    #[inline]
    pub fn function(&self, from: usize, to: usize) -> &[Breakpoint] {
        let pair = from * self.places + to;
        &self.breakpoints[self.first[pair] as usize..self.first[pair + 1] as usize]
    }

    /// Arrival of a trip that leaves at `depart_s`.
    #[inline]
    pub fn arrival_s(&self, from: usize, to: usize, depart_s: i64) -> i64 {
        let pair = from * self.places + to;
        let function = &self.breakpoints[self.first[pair] as usize..self.first[pair + 1] as usize];
        if depart_s < function[0].depart_s {
            return depart_s + function[0].arrive_s - function[0].depart_s;
        }
        let at = piece(function, self.density[pair], depart_s);
        let low = function[at];
        let passed_s = depart_s - low.depart_s;
        let Some(high) = function.get(at + 1) else {
            return low.arrive_s + passed_s;
        };
        let (rise, run) = (high.arrive_s - low.arrive_s, high.depart_s - low.depart_s);
        // Most pieces hold either the duration or the arrival, and a division is slow.
        if rise == run {
            return low.arrive_s + passed_s;
        }
        if rise == 0 {
            return low.arrive_s;
        }
        low.arrive_s + rise * passed_s / run
    }

    /// The latest departure that arrives by `arrive_by_s`.
    pub fn latest_departure_s(&self, from: usize, to: usize, arrive_by_s: i64) -> i64 {
        let function = self.function(from, to);
        let after = function.partition_point(|b| b.arrive_s <= arrive_by_s);
        if after == 0 || after == function.len() {
            let held = function[after.min(function.len() - 1)];
            return arrive_by_s - (held.arrive_s - held.depart_s);
        }
        let (low, high) = (function[after - 1], function[after]);
        // The latest `x` with `floor(rise * x / run) <= slack`; `rise` is positive here.
        let (rise, run) = (high.arrive_s - low.arrive_s, high.depart_s - low.depart_s);
        let slack = arrive_by_s - low.arrive_s;
        low.depart_s + ((slack + 1) * run - 1) / rise
    }

    /// Shortest and longest duration of a trip at any time.
    pub fn extremes_s(&self, from: usize, to: usize) -> (i64, i64) {
        let durations = self.function(from, to).iter();
        let durations = durations.map(|b| b.arrive_s - b.depart_s);
        let (low, high) = (durations.clone().min(), durations.max());
        // Rounding down can take a second off between breakpoints.
        ((low.unwrap_or(0) - 1).max(0), high.unwrap_or(0))
    }

    /// Last departure at which anything changes.
    pub(super) fn last_change_s(&self) -> i64 {
        self.breakpoints
            .iter()
            .map(|b| b.depart_s)
            .max()
            .unwrap_or(0)
    }

    /// Mean seconds between two breakpoints of a function, at least 1.
    pub(in crate::solver) fn mean_spacing_s(&self) -> i64 {
        let mut spans = (0, 0);
        for pair in self.first.windows(2) {
            let function = &self.breakpoints[pair[0] as usize..pair[1] as usize];
            if let [first, .., last] = function {
                spans.0 += last.depart_s - first.depart_s;
                spans.1 += function.len() as i64 - 1;
            }
        }
        (spans.0 / spans.1.max(1)).max(1)
    }

    /// Longest distance and longest duration.
    pub(super) fn longest(&self) -> (i64, i64) {
        let distance = self.distances.iter().copied().max().unwrap_or(0);
        let durations = self.breakpoints.iter().map(|b| b.arrive_s - b.depart_s);
        (i64::from(distance), durations.max().unwrap_or(0))
    }
}

/// Index of the last breakpoint up to a departure that is not before the first. Breakpoints mostly
/// lie about evenly, so a guess is often right or nearly so.
#[inline]
fn piece(function: &[Breakpoint], density: f32, depart_s: i64) -> usize {
    let passed_s = (depart_s - function[0].depart_s) as f32;
    let mut at = ((passed_s * density) as usize).min(function.len() - 1);
    for _ in 0..NEAR {
        if function[at].depart_s > depart_s {
            at -= 1;
        } else if function.get(at + 1).is_some_and(|b| b.depart_s <= depart_s) {
            at += 1;
        } else {
            return at;
        }
    }
    function.partition_point(|b| b.depart_s <= depart_s) - 1
}

/// Breakpoints per second.
fn density(function: &[Breakpoint]) -> f32 {
    match function {
        [first, .., last] => (function.len() - 1) as f32 / (last.depart_s - first.depart_s) as f32,
        _ => 0.0,
    }
}

fn check(function: &[Breakpoint]) -> Result<(), (usize, &'static str)> {
    if function.is_empty() {
        return Err((0, "it has none"));
    }
    for (index, point) in function.iter().enumerate() {
        if point.arrive_s < point.depart_s {
            return Err((index, "arrives before it departs"));
        }
        if index > 0 && point.depart_s <= function[index - 1].depart_s {
            return Err((index, "departures do not ascend"));
        }
        if index > 0 && point.arrive_s < function[index - 1].arrive_s {
            return Err((index, "leaving later arrives earlier"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Spaces between breakpoints and rises of the arrival, even or not.
    fn steps() -> impl Strategy<Value = Vec<(i64, i64)>> {
        let even = prop::collection::vec((Just(600_i64), 0_i64..1_500), 0..60);
        let uneven = prop::collection::vec((1_i64..9_000, 0_i64..3_000), 0..60);
        let one_far = (even.clone(), 1_i64..1_000_000).prop_map(|(mut steps, far_s)| {
            steps.push((far_s, 5));
            steps
        });
        prop_oneof![even, uneven, one_far]
    }

    fn functions(steps: &[(i64, i64)], first_s: i64) -> ArrivalFunctions {
        let mut at = Breakpoint {
            depart_s: first_s,
            arrive_s: first_s + 300,
        };
        let mut function = vec![at];
        for &(run, rise) in steps {
            at.depart_s += run;
            at.arrive_s = (at.arrive_s + rise).max(at.depart_s);
            function.push(at);
        }
        ArrivalFunctions::new(1, vec![function], vec![0]).unwrap()
    }

    /// Arrival found by going through the breakpoints one by one.
    fn by_plain_search(function: &[Breakpoint], depart_s: i64) -> i64 {
        let Some(low) = function.iter().rev().find(|b| b.depart_s <= depart_s) else {
            return depart_s + function[0].arrive_s - function[0].depart_s;
        };
        let passed_s = depart_s - low.depart_s;
        match function.iter().find(|b| b.depart_s > depart_s) {
            Some(high) => {
                let (rise, run) = (high.arrive_s - low.arrive_s, high.depart_s - low.depart_s);
                low.arrive_s + rise * passed_s / run
            }
            None => low.arrive_s + passed_s,
        }
    }

    proptest! {
        #[test]
        fn arrivals_are_those_of_a_plain_search(
            steps in steps(),
            first_s in -5_000_i64..50_000,
            share in -0.2_f64..1.2,
        ) {
            let functions = functions(&steps, first_s);
            let function = functions.function(0, 0);
            let span_s = function[function.len() - 1].depart_s - first_s;
            let between_s = first_s + (span_s as f64 * share) as i64;
            let at = function.iter().flat_map(|b| [b.depart_s - 1, b.depart_s, b.depart_s + 1]);
            for depart_s in at.chain([between_s, first_s - 10_000, first_s + span_s + 10_000]) {
                let arrival_s = functions.arrival_s(0, 0, depart_s);
                prop_assert_eq!(arrival_s, by_plain_search(function, depart_s), "{}", depart_s);
            }
        }

        #[test]
        fn the_latest_departure_arrives_in_time_and_a_later_one_does_not(
            steps in steps(),
            arrive_by_s in -10_000_i64..200_000,
        ) {
            let functions = functions(&steps, 0);
            let depart_s = functions.latest_departure_s(0, 0, arrive_by_s);
            prop_assert!(functions.arrival_s(0, 0, depart_s) <= arrive_by_s);
            prop_assert!(functions.arrival_s(0, 0, depart_s + 1) > arrive_by_s);
        }
    }
}
