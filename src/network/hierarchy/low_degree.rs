//! Nodes that are best contracted first: ends and middles of chains.

/// Contracts nodes with at most two neighbours, round by round, no two neighbours in one round, so
/// that a chain of `k` nodes is as deep as `log k`. Gives them in order of contraction, and what
/// is left: its nodes, and the neighbours of each by position among them.
pub(super) fn contract(first: &[u32], neighbours: &[u32]) -> (Vec<u32>, Vec<u32>, Vec<Vec<u32>>) {
    let nodes = first.len().saturating_sub(1);
    let mut near: Vec<Vec<u32>> = (0..nodes)
        .map(|v| neighbours[first[v] as usize..first[v + 1] as usize].to_vec())
        .collect();
    let mut order = Vec::new();
    let mut gone = vec![false; nodes];
    let mut touched = vec![0_u32; nodes];
    let mut round = 0;
    let mut list: Vec<u32> = (0..nodes as u32)
        .filter(|&v| near[v as usize].len() <= 2)
        .collect();
    while !list.is_empty() {
        round += 1;
        let mut later = Vec::new();
        for &v in &list {
            let at = v as usize;
            if gone[at] || near[at].len() > 2 {
                continue;
            }
            if touched[at] == round {
                later.push(v);
                continue;
            }
            gone[at] = true;
            order.push(v);
            let around = std::mem::take(&mut near[at]);
            for &u in &around {
                touched[u as usize] = round;
                near[u as usize].retain(|&w| w != v);
            }
            if let [a, b] = around[..]
                && !near[a as usize].contains(&b)
            {
                near[a as usize].push(b);
                near[b as usize].push(a);
            }
            later.extend(around.iter().filter(|&&u| near[u as usize].len() <= 2));
        }
        later.sort_unstable();
        later.dedup();
        list = later;
    }
    let left: Vec<u32> = (0..nodes as u32).filter(|&v| !gone[v as usize]).collect();
    let mut position = vec![u32::MAX; nodes];
    for (at, &v) in left.iter().enumerate() {
        position[v as usize] = at as u32;
    }
    let renumbered = left.iter().map(|&v| {
        let around = std::mem::take(&mut near[v as usize]);
        around.into_iter().map(|u| position[u as usize]).collect()
    });
    let renumbered = renumbered.collect();
    (order, left, renumbered)
}
