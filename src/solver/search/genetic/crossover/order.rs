//! Order crossover (OX) of giant tours: a piece of one, the rest in the order of the other.

use rand::Rng;

/// A tour with a random piece of the first parent in its place, filled up from the second.
pub(in crate::solver::search::genetic) fn cross(
    first: &[u32],
    second: &[u32],
    random: &mut impl Rng,
) -> Vec<u32> {
    let size = first.len();
    let from = random.random_range(0..size);
    let kept = random.random_range(1..=size);
    let most = first.iter().chain(second).copied().max().unwrap_or(0);
    let mut taken = vec![false; most as usize + 1];
    let mut tour = vec![0; size];
    for place in (from..from + kept).map(|p| p % size) {
        tour[place] = first[place];
        taken[first[place] as usize] = true;
    }
    let rest = (from + kept..from + kept + size).map(|p| second[p % size]);
    let rest = rest.filter(|&node| !taken[node as usize]);
    for (place, node) in (from + kept..).zip(rest) {
        tour[place % size] = node;
    }
    tour
}
