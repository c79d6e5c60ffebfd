//! A small set of nodes that parts a graph in two: inertial flow.
//!
//! Schild and Sommer, *On balanced separators in road networks* (2015): nodes at one end of a
//! direction are sources, those at the other end sinks; a smallest set of nodes between them
//! is a maximum flow with a capacity of one per node.

/// Share of the nodes that are sources, and that are sinks.
const ENDS: f64 = 0.25;
/// Directions that are tried, evenly over half a turn.
const DIRECTIONS: usize = 8;

const NONE: u32 = u32::MAX;

/// Finds separators; its memory is of the size of the whole graph and used again.
#[derive(Debug)]
pub(super) struct Separators<'a> {
    first: &'a [u32],
    neighbours: &'a [u32],
    /// East and north of each node, at the same scale.
    place: &'a [[f32; 2]],
    /// Which part each node belongs to, while parts are parted.
    pub part: Vec<u32>,
    role: Vec<Role>,
    used: Vec<bool>,
    from: Vec<u32>,
    to: Vec<u32>,
    /// State that each state was reached from; node `v`: entered `2 v`, left `2 v + 1`.
    reached: Vec<u32>,
    stamp: Vec<u32>,
    round: u32,
    queue: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Between,
    Source,
    Sink,
}

/// Two sides and what parts them.
#[derive(Debug, Default)]
pub(super) struct Parted {
    pub separator: Vec<u32>,
    pub sides: [Vec<u32>; 2],
}

impl Parted {
    /// Nodes of the separator per node of the smaller side.
    fn expansion(&self) -> f64 {
        let smaller = self.sides[0].len().min(self.sides[1].len());
        self.separator.len() as f64 / (smaller as f64).max(0.5)
    }
}

impl<'a> Separators<'a> {
    pub(super) fn new(first: &'a [u32], neighbours: &'a [u32], place: &'a [[f32; 2]]) -> Self {
        let nodes = place.len();
        Self {
            first,
            neighbours,
            place,
            part: vec![0; nodes],
            role: vec![Role::Between; nodes],
            used: vec![false; nodes],
            from: vec![NONE; nodes],
            to: vec![NONE; nodes],
            reached: vec![NONE; 2 * nodes],
            stamp: vec![0; 2 * nodes],
            round: 0,
            queue: Vec::new(),
        }
    }

    /// Neighbours of a node in the same part.
    pub(super) fn around(&self, v: u32) -> impl Iterator<Item = u32> + '_ {
        let (begin, end) = (self.first[v as usize], self.first[v as usize + 1]);
        let part = self.part[v as usize];
        let all = &self.neighbours[begin as usize..end as usize];
        all.iter()
            .copied()
            .filter(move |&u| self.part[u as usize] == part)
    }

    /// Parts the nodes of one part, of which there are at least two.
    pub(super) fn part(&mut self, nodes: &[u32]) -> Parted {
        let mut best: Option<Parted> = None;
        let mut sorted = nodes.to_vec();
        for direction in 0..DIRECTIONS {
            let angle = std::f32::consts::PI * direction as f32 / DIRECTIONS as f32;
            let (sin, cos) = angle.sin_cos();
            let along = |v: u32| {
                let [x, y] = self.place[v as usize];
                x * cos + y * sin
            };
            let ends = ((nodes.len() as f64 * ENDS) as usize).max(1);
            let by = |a: &u32, b: &u32| along(*a).total_cmp(&along(*b)).then(a.cmp(b));
            sorted.select_nth_unstable_by(ends - 1, by);
            let between = sorted.len() - 2 * ends;
            sorted[ends..].select_nth_unstable_by(between, by);
            let limit = best
                .as_ref()
                .map_or(f64::INFINITY, |b| b.expansion() * nodes.len() as f64 / 2.0);
            if let Some(parted) = self.flow(&sorted, ends, limit)
                && best
                    .as_ref()
                    .is_none_or(|b| parted.expansion() < b.expansion())
            {
                best = Some(parted);
            }
        }
        best.unwrap_or_default()
    }

    /// Parts the nodes with the first `ends` as sources and the last as sinks; `None` if more than
    /// `limit` nodes are needed.
    fn flow(&mut self, sorted: &[u32], ends: usize, limit: f64) -> Option<Parted> {
        let last = sorted.len() - ends;
        for (at, &v) in sorted.iter().enumerate() {
            self.used[v as usize] = false;
            self.role[v as usize] = match at {
                at if at < ends => Role::Source,
                at if at >= last => Role::Sink,
                _ => Role::Between,
            };
        }
        let mut flow = 0.0;
        while let Some(end) = self.search(&sorted[..ends]) {
            flow += 1.0;
            if flow >= limit {
                return None;
            }
            self.augment(end);
        }
        let near_sources = self.cut(sorted, |s, v| {
            (s.is_reached(2 * v), s.is_reached(2 * v + 1))
        });
        self.search_back(&sorted[last..]);
        let near_sinks = self.cut(sorted, |s, v| {
            (!s.is_reached(2 * v), !s.is_reached(2 * v + 1))
        });
        match near_sources.expansion() <= near_sinks.expansion() {
            true => Some(near_sources),
            false => Some(near_sinks),
        }
    }

    /// Whether entering and leaving a node are on the side of the sources; a node between is cut.
    fn cut(&self, nodes: &[u32], sides: impl Fn(&Self, u32) -> (bool, bool)) -> Parted {
        let mut parted = Parted::default();
        for &v in nodes {
            match sides(self, v) {
                (_, true) => parted.sides[0].push(v),
                (true, false) => parted.separator.push(v),
                (false, false) => parted.sides[1].push(v),
            }
        }
        parted
    }

    fn is_reached(&self, state: u32) -> bool {
        self.stamp[state as usize] == self.round
    }

    fn reach(&mut self, state: u32, before: u32) {
        if self.stamp[state as usize] != self.round {
            self.stamp[state as usize] = self.round;
            self.reached[state as usize] = before;
            self.queue.push(state);
        }
    }

    /// Breadth first through what capacity is left; gives the sink that was left.
    fn search(&mut self, sources: &[u32]) -> Option<u32> {
        self.round += 1;
        self.queue.clear();
        for &v in sources {
            self.reach(2 * v, NONE);
        }
        let mut next = 0;
        while let Some(&state) = self.queue.get(next) {
            next += 1;
            let v = state / 2;
            let at = v as usize;
            if state % 2 == 0 {
                if !self.used[at] {
                    self.reach(state + 1, state);
                } else if self.from[at] != NONE {
                    self.reach(2 * self.from[at] + 1, state);
                }
                continue;
            }
            if self.role[at] == Role::Sink {
                return Some(state);
            }
            if self.used[at] {
                self.reach(state - 1, state);
            }
            for place in self.first[at]..self.first[at + 1] {
                let u = self.neighbours[place as usize];
                if self.part[u as usize] == self.part[at] {
                    self.reach(2 * u, state);
                }
            }
        }
        None
    }

    /// The same against all arcs, from the sinks.
    fn search_back(&mut self, sinks: &[u32]) {
        self.round += 1;
        self.queue.clear();
        for &v in sinks {
            self.reach(2 * v + 1, NONE);
        }
        let mut next = 0;
        while let Some(&state) = self.queue.get(next) {
            next += 1;
            let v = state / 2;
            let at = v as usize;
            if state % 2 == 1 {
                if !self.used[at] {
                    self.reach(state - 1, state);
                } else if self.to[at] != NONE {
                    self.reach(2 * self.to[at], state);
                }
                continue;
            }
            if self.used[at] {
                self.reach(state + 1, state);
            }
            for place in self.first[at]..self.first[at + 1] {
                let u = self.neighbours[place as usize];
                if self.part[u as usize] == self.part[at] {
                    self.reach(2 * u + 1, state);
                }
            }
        }
    }

    /// Sends one more unit along the way to a state that leaves a sink.
    fn augment(&mut self, end: u32) {
        let mut way = vec![end];
        let mut state = end;
        while self.reached[state as usize] != NONE {
            state = self.reached[state as usize];
            way.push(state);
        }
        way.reverse();
        self.from[(way[0] / 2) as usize] = NONE;
        for pair in way.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let (v, u) = ((a / 2) as usize, (b / 2) as usize);
            match (a % 2, b % 2) {
                (0, 1) if v == u => self.used[v] = true,
                (1, 0) if v == u => self.used[v] = false,
                (1, 0) => {
                    self.to[v] = u as u32;
                    self.from[u] = v as u32;
                }
                // Takes a unit back that entered `v` from `u`; both ends are set by their neighbours on the way.
                _ => {}
            }
        }
        self.to[(end / 2) as usize] = NONE;
    }
}
