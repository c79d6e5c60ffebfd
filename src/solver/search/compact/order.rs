//! Numbers stops so that near ones lie near each other in memory.

use crate::solver::problem::Problem;
use crate::solver::travel::{PlaneTravel, Travel};

/// Cells of the space-filling curve along one side, as a power of two.
const CURVE_BITS: u32 = 12;

/// The stops in the order in which an engine shall number them.
pub(super) fn by_nearness(problem: &Problem) -> Vec<u32> {
    match problem.travel() {
        Travel::Plane(plane) => along_curve(problem, plane),
        _ => along_chain(problem),
    }
}

/// Each stop after the nearest that is not numbered yet.
fn along_chain(problem: &Problem) -> Vec<u32> {
    let stops = problem.stops();
    let mut left: Vec<u32> = (1..stops.len() as u32).collect();
    let mut order: Vec<u32> = (0..stops.len().min(1) as u32).collect();
    while let (Some(&last), false) = (order.last(), left.is_empty()) {
        let from = stops[last as usize].place;
        let distance = |&at: &usize| {
            let to = stops[left[at] as usize].place;
            problem.travel().distance(0, from, to)
        };
        let nearest = (0..left.len()).min_by_key(distance).unwrap_or(0);
        order.push(left.swap_remove(nearest));
    }
    order
}

/// Along a Hilbert curve.
fn along_curve(problem: &Problem, plane: &PlaneTravel) -> Vec<u32> {
    let point = |stop: u32| plane.points()[problem.stops()[stop as usize].place];
    let mut order: Vec<u32> = (0..problem.stops().len() as u32).collect();
    let span = |of: fn((f64, f64)) -> f64| {
        let all = order.iter().map(|&stop| of(point(stop)));
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        })
    };
    let (x, y) = (span(|p| p.0), span(|p| p.1));
    let cells = f64::from(1 << CURVE_BITS) - 1.0;
    let cell = |value: f64, (low, high): (f64, f64)| {
        ((value - low) / (high - low).max(1e-9) * cells) as u32
    };
    order.sort_by_key(|&stop| {
        (
            hilbert(cell(point(stop).0, x), cell(point(stop).1, y)),
            stop,
        )
    });
    order
}

/// Position of a cell on the Hilbert curve.
fn hilbert(mut x: u32, mut y: u32) -> u64 {
    let mut position = 0;
    for level in (0..CURVE_BITS).rev() {
        let side = 1 << level;
        let (right, up) = (u32::from(x & side > 0), u32::from(y & side > 0));
        position += u64::from(side) * u64::from(side) * u64::from((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                x = (side - 1).wrapping_sub(x) & (2 * side - 1);
                y = (side - 1).wrapping_sub(y) & (2 * side - 1);
            }
            std::mem::swap(&mut x, &mut y);
        }
    }
    position
}
