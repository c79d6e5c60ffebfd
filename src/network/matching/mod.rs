//! Traces of positions to the roads that were driven.
//!
//! In: [`Fix`]es in order of time. Out: [`Matched`] pieces: for each fix a point on a road with its
//! probability, and the edges in between.
//! Never does: drops a fix silently; invents a way where none fits.
//!
//! Newson and Krumm, *Hidden Markov map matching through noise and sparseness* (2009): roads near a
//! fix are states, the noise of the fix is normal, and the way between two fixes is seldom much
//! longer than the distance between them. Ways are the quickest ones at free flow.

mod candidates;
mod lattice;
mod matcher;

pub use matcher::Matcher;

use crate::domain::LatLon;

/// A position at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Where.
    pub at: LatLon,
    /// When, in seconds of any clock.
    pub time_s: f64,
    /// Standard deviation of the noise in metres, if it is known.
    pub accuracy_m: Option<f64>,
    /// Direction of travel in degrees clockwise from north, if it is known.
    pub heading_deg: Option<f64>,
}

/// How traces are matched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchOptions {
    /// Noise where a fix does not say, in metres.
    pub accuracy_m: f64,
    /// Longest time between two fixes of one piece, in seconds.
    pub longest_gap_s: f64,
    /// Roads near a fix that are looked at.
    pub roads: usize,
}

impl Default for MatchOptions {
    fn default() -> Self {
        Self {
            accuracy_m: 10.0,
            longest_gap_s: 300.0,
            roads: 8,
        }
    }
}

/// Where a fix was on the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchedFix {
    /// Position in the trace.
    pub fix: usize,
    /// Edge that was driven.
    pub edge: u32,
    /// Share of the edge that lies before it.
    pub share: f64,
    /// How far the fix is from the road, in metres.
    pub distance_m: f64,
    /// Probability that it is this edge, given the whole trace.
    pub probability: f64,
}

/// A part of a trace without a break.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matched {
    /// Its fixes.
    pub fixes: Vec<MatchedFix>,
    /// Edges driven, in order; a way that turns round on a road has the edge of each direction.
    pub edges: Vec<u32>,
}

/// What became of a trace.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MatchedTrace {
    /// Parts without a break, in order.
    pub pieces: Vec<Matched>,
    /// Fixes that are near no road.
    pub off_road: Vec<usize>,
}
