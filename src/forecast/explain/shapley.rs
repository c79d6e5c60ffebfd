//! Shapley values of few players, exactly.

/// The Shapley value of every player of a game: its marginal contribution, averaged over all orders
/// in which players can join (Shapley 1953; for predictions Lundberg and Lee 2017, for groups of
/// features Owen 1977). `worth` gives the worth of a set of players, whose bits are set.
///
/// The values add up to the worth of all less that of none. `players` are at most 16.
pub fn values(players: usize, worth: &[f64]) -> Vec<f64> {
    let players = players.min(16);
    let of = |set: usize| worth.get(set).copied().unwrap_or(0.0);
    let weights = weights(players);
    let player = |player: usize| {
        let without = (0..1_usize << players).filter(|set| set >> player & 1 == 0);
        let marginal = |set: usize| of(set | 1 << player) - of(set);
        let weight = |set: usize| weights.get(set.count_ones() as usize).copied();
        without
            .map(|set| weight(set).unwrap_or(0.0) * marginal(set))
            .sum()
    };
    (0..players).map(player).collect()
}

/// Share of all orders in which exactly a given set of each size comes before a player:
/// size! (players - size - 1)! / players!.
fn weights(players: usize) -> Vec<f64> {
    let mut weights = Vec::with_capacity(players);
    let mut weight = 1.0 / players.max(1) as f64;
    for size in 0..players {
        weights.push(weight);
        let left = players - size - 1;
        weight *= (size + 1) as f64 / left.max(1) as f64;
    }
    weights
}
