//! Contraction that does not depend on weights: every node's neighbours that come later.

/// Upward arcs by node, in order of contraction: `head[first[v]..first[v + 1]]`, ascending. The
/// first one is the node's parent in the elimination tree.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Upward {
    pub first: Vec<u32>,
    pub head: Vec<u32>,
}

impl Upward {
    /// Joins all later neighbours of each node, in order. `rank` is the position of each node in
    /// that order.
    pub(super) fn contract(first: &[u32], neighbours: &[u32], order: &[u32], rank: &[u32]) -> Self {
        let mut later: Vec<Vec<u32>> = order
            .iter()
            .map(|&v| {
                let (begin, end) = (first[v as usize], first[v as usize + 1]);
                let around = &neighbours[begin as usize..end as usize];
                let ranks = around.iter().map(|&u| rank[u as usize]);
                let mut up: Vec<u32> = ranks.filter(|&r| r > rank[v as usize]).collect();
                up.sort_unstable();
                up
            })
            .collect();
        let mut merged = Vec::new();
        for v in 0..later.len() {
            let [parent, rest @ ..] = &later[v][..] else {
                continue;
            };
            let parent = *parent as usize;
            merge(rest, &later[parent], &mut merged);
            std::mem::swap(&mut later[parent], &mut merged);
        }
        let mut upward = Self {
            first: vec![0],
            head: Vec::new(),
        };
        for up in later {
            upward.head.extend(up);
            upward.first.push(upward.head.len() as u32);
        }
        upward
    }

    /// Arcs of a node, as positions.
    pub(super) fn arcs(&self, v: u32) -> std::ops::Range<usize> {
        self.first[v as usize] as usize..self.first[v as usize + 1] as usize
    }

    /// Where the arc from `v` up to `head` is.
    pub(super) fn find(&self, v: u32, head: u32) -> Option<usize> {
        let arcs = self.arcs(v);
        let at = self.head[arcs.clone()].binary_search(&head).ok()?;
        Some(arcs.start + at)
    }

    /// The next node up the elimination tree.
    pub(super) fn parent(&self, v: u32) -> Option<u32> {
        self.head[self.arcs(v)].first().copied()
    }

    /// Positions of nodes in an order that contracts every subtree of the elimination tree in one
    /// go. It joins the same nodes, and what is searched together lies together.
    pub(super) fn postorder(&self) -> Vec<u32> {
        let nodes = self.first.len() - 1;
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); nodes];
        let mut roots = Vec::new();
        for v in (0..nodes as u32).rev() {
            match self.parent(v) {
                Some(parent) => children[parent as usize].push(v),
                None => roots.push(v),
            }
        }
        let mut backwards = Vec::with_capacity(nodes);
        let mut open = roots;
        open.reverse();
        while let Some(v) = open.pop() {
            backwards.push(v);
            open.extend(children[v as usize].iter().rev());
        }
        backwards.reverse();
        backwards
    }
}

/// Both ascending lists as one, each number once.
fn merge(a: &[u32], b: &[u32], into: &mut Vec<u32>) {
    into.clear();
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        into.push(x.min(y));
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    into.extend(&a[i..]);
    into.extend(&b[j..]);
}
