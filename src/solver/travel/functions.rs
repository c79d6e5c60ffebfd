//! Arrival as a piecewise-linear function of the departure, pair by pair, with breakpoints of its
//! own (the form of the MAMUT benchmarks; Visser & Spliet 2020 call them ready-time functions).

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
        Ok(Self {
            places,
            first,
            breakpoints,
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
    pub fn arrival_s(&self, from: usize, to: usize, depart_s: i64) -> i64 {
        let function = self.function(from, to);
        let after = function.partition_point(|b| b.depart_s <= depart_s);
        if after == 0 || after == function.len() {
            let held = function[after.min(function.len() - 1)];
            return depart_s + held.arrive_s - held.depart_s;
        }
        let (low, high) = (function[after - 1], function[after]);
        let rise = high.arrive_s - low.arrive_s;
        low.arrive_s + rise * (depart_s - low.depart_s) / (high.depart_s - low.depart_s)
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
