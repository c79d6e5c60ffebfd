//! Small problems to be changed one rule at a time, and plans for them.

use routeforce::solver::check::{FaultKind, check};
use routeforce::solver::{
    Pause, PauseKind, PlaneTravel, Problem, Rounding, Route, Rules, Solution, Stop, Travel,
    VehicleType,
};

/// The parts of a problem. Place 0 is the depot; stop `i` starts out at place `i + 1` with one unit
/// of demand; one vehicle of capacity 10 pays one unit per unit of distance, which is a second.
#[derive(Clone)]
pub struct Draft {
    pub travel: Travel,
    pub vehicles: Vec<VehicleType>,
    pub stops: Vec<Stop>,
    pub rules: Rules,
}

impl Draft {
    /// Places at points of the plane.
    pub fn plane(points: &[(i32, i32)]) -> Self {
        let points: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (x.into(), y.into())).collect();
        Self {
            vehicles: vec![VehicleType::at_depot(0, 1, vec![10])],
            stops: (1..points.len()).map(|p| Stop::at(p, vec![1])).collect(),
            rules: Rules::default(),
            travel: Travel::Plane(PlaneTravel::new(points, Rounding::Nearest(1)).into()),
        }
    }

    /// Places on a line.
    pub fn line(positions: &[i32]) -> Self {
        let points: Vec<(i32, i32)> = positions.iter().map(|&x| (x, 0)).collect();
        Self::plane(&points)
    }

    /// A changed copy.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }

    pub fn problem(&self) -> Problem {
        let (vehicles, stops) = (self.vehicles.clone(), self.stops.clone());
        Problem::with_rules(self.travel.clone(), vehicles, stops, self.rules.clone()).unwrap()
    }
}

/// The first vehicle of a type, departing at `departure_s`.
pub fn route(vehicle_type: usize, departure_s: i64, stops: &[usize]) -> Route {
    Route {
        vehicle_type,
        departure_s,
        stops: stops.to_vec(),
        ..Route::default()
    }
}

/// The same with pauses.
pub fn paused(mut route: Route, pauses: &[(usize, PauseKind)]) -> Route {
    let pause = |&(before, kind)| Pause { before, kind };
    route.pauses = pauses.iter().map(pause).collect();
    route
}

/// The routes with the stops they leave out and their true cost.
pub fn plan(problem: &Problem, routes: Vec<Route>) -> Solution {
    let served = |stop: &usize| routes.iter().any(|r| r.stops.contains(stop));
    let replaced = |stop: &usize| {
        let mut groups = problem.rules().groups.iter();
        groups.any(|g| g.stops.contains(stop) && g.stops.iter().any(&served))
    };
    let left_out = |stop: &usize| !served(stop) && !replaced(stop);
    let solution = Solution {
        unplanned: (0..problem.stops().len()).filter(left_out).collect(),
        routes,
        cost: 0,
    };
    restate(problem, solution)
}

/// The same solution with its true cost.
pub fn restate(problem: &Problem, mut solution: Solution) -> Solution {
    solution.cost = i64::try_from(check(problem, &solution).cost).unwrap();
    solution
}

/// What is wrong with a solution.
pub fn faults(problem: &Problem, solution: &Solution) -> Vec<FaultKind> {
    let report = check(problem, solution);
    report.faults.into_iter().map(|fault| fault.kind).collect()
}

/// Judges a plan that keeps every rule of the draft, and again after one change of the draft: the
/// fault that the change makes must be the only one.
pub fn only_fault(draft: &Draft, routes: Vec<Route>, change: impl FnOnce(&mut Draft)) -> FaultKind {
    let good = plan(&draft.problem(), routes);
    let report = check(&draft.problem(), &good);
    assert!(report.is_feasible(), "{report:?}");
    let changed = draft.with(change).problem();
    let mut found = faults(&changed, &restate(&changed, good));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// Judges a plan that keeps every rule, and again after one change of the plan.
pub fn only_fault_of(
    draft: &Draft,
    routes: Vec<Route>,
    spoil: impl FnOnce(&mut Solution),
) -> FaultKind {
    let problem = draft.problem();
    let mut plan = plan(&problem, routes);
    let report = check(&problem, &plan);
    assert!(report.is_feasible(), "{report:?}");
    spoil(&mut plan);
    let mut found = faults(&problem, &restate(&problem, plan));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}
