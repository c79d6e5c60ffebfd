//! Solutions as MAMUT JSON: routes of customers, without times.

use crate::domain::InputError;
use crate::solver::format::instance::Instance;
use crate::solver::format::{json, route_text};
use crate::solver::solution::Solution;
use serde::Deserialize;
use serde_json::{Value, json};

/// A solution or a best-known solution.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    instance_name: String,
    routes: Vec<Vec<usize>>,
    cost: Option<f64>,
    #[serde(default, rename = "metadata")]
    _metadata: Value,
    objective_function: Option<String>,
}

/// The text of a solution. `cost` is left to the benchmark's judge, which takes only its own
/// rounding of real numbers; what it costs here, never less, is in the metadata.
pub(in crate::solver::format) fn write(
    instance: &Instance,
    solution: &Solution,
) -> Result<String, InputError> {
    let routes = solution.routes.iter();
    let routes = routes.map(|route| route_text::numbers(instance, route));
    let routes = routes.collect::<Result<Vec<_>, _>>()?;
    let document = json!({
        "instance_name": instance.name,
        "routes": routes,
        "cost": null,
        "metadata": { "cost_at_most": solution.cost as f64 / instance.cost_scale as f64 },
    });
    Ok(format!("{document:#}\n"))
}

/// Parses a solution.
pub(in crate::solver::format) fn parse_solution(
    source: &str,
    content: &str,
    instance: &Instance,
) -> Result<Solution, InputError> {
    let file: File = json::parse(source, content)?;
    let wrong = |field: &str, value: &str, remedy: &str| {
        let error = InputError::new(source, "not of this instance", remedy);
        Err(error.field(field).value(value))
    };
    if file.instance_name != instance.name {
        return wrong(
            "instance_name",
            &file.instance_name,
            &format!("give one of {}", instance.name),
        );
    }
    let fixed = instance.problem.vehicle_types()[0].fixed_cost > 0;
    let objective = if fixed {
        "FleetCostDuration"
    } else {
        "Duration"
    };
    if let Some(other) = file.objective_function.filter(|o| o != objective) {
        return wrong("objective_function", &other, &format!("give {objective}"));
    }
    let mut solution = Solution::default();
    let places = instance.problem.travel().places();
    for (index, visits) in file.routes.iter().enumerate() {
        if let Some(unknown) = visits.iter().find(|place| **place >= places) {
            let field = format!("routes[{index}]");
            return wrong(
                &field,
                &unknown.to_string(),
                "name customers of the instance",
            );
        }
        if !visits.is_empty() {
            let vehicle = solution.routes.len();
            let route = route_text::route(source, 1, vehicle, visits, instance)?;
            solution.routes.push(route);
        }
    }
    route_text::finish(instance, &mut solution, file.cost.map(|cost| (cost, true)));
    Ok(solution)
}
