//! States and transitions of a piece: the likeliest sequence, and how sure each state is.

/// States of each step with the logarithms of their likelihoods, and of the transitions into them.
#[derive(Debug, Default)]
pub(super) struct Lattice {
    likelihood: Vec<Vec<f64>>,
    /// By step from the second on: from each state before (rows) to each state.
    transition: Vec<Vec<f64>>,
    /// Likeliest sum up to each state.
    best: Vec<Vec<f64>>,
    before: Vec<Vec<usize>>,
}

impl Lattice {
    pub(super) fn steps(&self) -> usize {
        self.likelihood.len()
    }

    /// Begins with the states of the first step.
    pub(super) fn begin(likelihood: Vec<f64>) -> Self {
        Self {
            best: vec![likelihood.clone()],
            before: vec![Vec::new()],
            likelihood: vec![likelihood],
            transition: Vec::new(),
        }
    }

    /// Adds a step; `false`, and nothing is added, if no transition leads into it.
    pub(super) fn push(&mut self, likelihood: Vec<f64>, transition: Vec<f64>) -> bool {
        let width = likelihood.len();
        let Some(reached) = self.best.last() else {
            return false;
        };
        let mut best = vec![f64::NEG_INFINITY; width];
        let mut before = vec![0; width];
        for (from, &so_far) in reached.iter().enumerate() {
            for to in 0..width {
                let sum = so_far + transition[from * width + to];
                if sum > best[to] {
                    best[to] = sum;
                    before[to] = from;
                }
            }
        }
        for (best, own) in best.iter_mut().zip(&likelihood) {
            *best += own;
        }
        if best.iter().all(|b| *b == f64::NEG_INFINITY) {
            return false;
        }
        self.best.push(best);
        self.before.push(before);
        self.likelihood.push(likelihood);
        self.transition.push(transition);
        true
    }

    /// The likeliest state of each step. Viterbi (1967).
    pub(super) fn likeliest(&self) -> Vec<usize> {
        let Some(last) = self.best.last() else {
            return Vec::new();
        };
        let state = (0..last.len()).max_by(|&a, &b| last[a].total_cmp(&last[b]).then(b.cmp(&a)));
        let mut states = vec![state.unwrap_or_default()];
        for before in self.before.iter().skip(1).rev() {
            let at = states.last().copied().unwrap_or_default();
            states.push(before[at]);
        }
        states.reverse();
        states
    }

    /// Probability of each state of each step, given all steps: forward and backward sums.
    pub(super) fn probabilities(&self) -> Vec<Vec<f64>> {
        let steps = self.steps();
        let mut forward = vec![normed(&self.likelihood[0])];
        for step in 1..steps {
            let width = self.likelihood[step].len();
            let transition = &self.transition[step - 1];
            let sums = (0..width).map(|to| {
                let from = forward[step - 1].iter().enumerate();
                let terms = from.map(|(from, f)| f + transition[from * width + to]);
                log_sum(terms) + self.likelihood[step][to]
            });
            forward.push(normed(&sums.collect::<Vec<_>>()));
        }
        let mut backward = vec![Vec::new(); steps];
        backward[steps - 1] = vec![0.0; self.likelihood[steps - 1].len()];
        for step in (0..steps - 1).rev() {
            let next = &self.likelihood[step + 1];
            let transition = &self.transition[step];
            let sums = (0..self.likelihood[step].len()).map(|from| {
                let to = next.iter().zip(&backward[step + 1]).enumerate();
                log_sum(to.map(|(to, (own, b))| transition[from * next.len() + to] + own + b))
            });
            backward[step] = normed(&sums.collect::<Vec<_>>());
        }
        let both = forward.iter().zip(&backward).map(|(forward, backward)| {
            let sums: Vec<f64> = forward.iter().zip(backward).map(|(f, b)| f + b).collect();
            normed(&sums).into_iter().map(f64::exp).collect()
        });
        both.collect()
    }
}

fn log_sum(terms: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = terms.clone().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    most + terms.map(|t| (t - most).exp()).sum::<f64>().ln()
}

/// Logarithms that sum up to one.
fn normed(logs: &[f64]) -> Vec<f64> {
    let sum = log_sum(logs.iter().copied());
    match sum.is_finite() {
        true => logs.iter().map(|l| l - sum).collect(),
        false => vec![f64::NEG_INFINITY; logs.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_and_probabilities_are_those_of_all_sequences_together() {
        let likelihood = [vec![-1.0, -0.3], vec![-0.2, -2.0, -0.7], vec![-0.5, -0.4]];
        let transition = [
            vec![-0.1, -3.0, f64::NEG_INFINITY, -1.0, -0.2, -0.9],
            vec![-2.0, -0.1, -0.3, f64::NEG_INFINITY, -0.8, -0.6],
        ];
        let mut lattice = Lattice::begin(likelihood[0].clone());
        assert!(lattice.push(likelihood[1].clone(), transition[0].clone()));
        assert!(lattice.push(likelihood[2].clone(), transition[1].clone()));
        let mut all = Vec::new();
        for a in 0..2 {
            for b in 0..3 {
                for c in 0..2 {
                    let sum = likelihood[0][a] + likelihood[1][b] + likelihood[2][c];
                    let moved = transition[0][a * 3 + b] + transition[1][b * 2 + c];
                    all.push(([a, b, c], (sum + moved).exp()));
                }
            }
        }
        let best = all.iter().max_by(|x, y| x.1.total_cmp(&y.1)).unwrap();
        assert_eq!(lattice.likeliest(), best.0);
        let total: f64 = all.iter().map(|(_, p)| p).sum();
        for (step, found) in lattice.probabilities().iter().enumerate() {
            for (state, found) in found.iter().enumerate() {
                let with = all.iter().filter(|(states, _)| states[step] == state);
                let right = with.map(|(_, p)| p).sum::<f64>() / total;
                assert!((found - right).abs() < 1e-9);
            }
        }
        let nowhere = vec![f64::NEG_INFINITY; 4];
        assert!(!lattice.push(vec![0.0, 0.0], nowhere));
        assert_eq!(lattice.steps(), 3);
    }
}
