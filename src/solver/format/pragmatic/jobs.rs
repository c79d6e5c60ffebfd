//! Jobs made into stops, shipments and groups of alternatives.

use super::clock::span_s;
use super::document::{Document, Job, Task};
use super::fleet::{Fleet, Setting};
use super::ties::{part_incompatible, tie_groups, tie_vehicles};
use crate::domain::InputError;
use crate::solver::format::skills::Skills;
use crate::solver::problem::{Group, Relation, Shipment, Stop};
use std::collections::HashMap;

/// Largest amount.
const MOST_GOODS: i64 = 1_000_000_000_000;

/// A stop as the document has it.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    pub job: String,
    /// `pickup`, `delivery`, `replacement` or `service`.
    pub kind: &'static str,
    pub tag: Option<String>,
}

/// All jobs; `stops` and `activities` go in step.
#[derive(Default)]
pub(super) struct Jobs {
    pub stops: Vec<Stop>,
    pub activities: Vec<Activity>,
    pub shipments: Vec<Shipment>,
    pub groups: Vec<Group>,
    pub relations: Vec<Relation>,
}

/// Reads all jobs; sets the skills of the fleet's types that they need.
pub(super) fn read(
    setting: &Setting,
    document: &Document,
    fleet: &mut Fleet,
) -> Result<Jobs, InputError> {
    let mut jobs = Jobs::default();
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut skills = Skills::default();
    let priorities = priorities(setting, document)?;
    for (index, job) in document.plan.jobs.iter().enumerate() {
        let path = format!("plan.jobs[{index}]");
        let reader = Reader {
            setting,
            path: &path,
            job,
        };
        let first = jobs.stops.len();
        reader.tasks(&mut jobs)?;
        let required = reader.required(&mut skills)?;
        let types = reader.types(fleet);
        for stop in &mut jobs.stops[first..] {
            stop.priority = priorities[index];
            stop.required_skills = required;
            stop.vehicle_types.clone_from(&types);
        }
        let own = (first..jobs.stops.len()).collect();
        if by_id.insert(&job.id, own).is_some() {
            let error = InputError::new(setting.source, "given twice", "give each id once");
            return Err(error.field(format!("{path}.id")).value(&job.id));
        }
    }
    if jobs.stops.is_empty() {
        let error = InputError::new(setting.source, "nothing to do", "give jobs");
        return Err(error.field("plan.jobs"));
    }
    for (made, own) in fleet.types.iter_mut().zip(&fleet.skills) {
        made.skills = skills.mask(own.iter().cloned());
    }
    tie_vehicles(setting, document, fleet, &by_id, &mut jobs)?;
    tie_groups(document, &by_id, &mut jobs);
    part_incompatible(setting, document, &by_id, &mut jobs)?;
    Ok(jobs)
}

/// Priorities from values: whole values as they are, others in hundredths.
fn priorities(setting: &Setting, document: &Document) -> Result<Vec<u32>, InputError> {
    let values = document
        .plan
        .jobs
        .iter()
        .map(|job| job.value.unwrap_or(0.0));
    let whole = values.clone().all(|value| value.fract() == 0.0);
    let scale = if whole { 1.0 } else { 100.0 };
    values
        .enumerate()
        .map(|(index, value)| match (0.0..=1e6).contains(&value) {
            true => Ok((value * scale).round() as u32),
            false => {
                let error = InputError::new(setting.source, "not usable", "give 0 to 1000000");
                Err(error
                    .field(format!("plan.jobs[{index}].value"))
                    .value(value))
            }
        })
        .collect()
}

/// Reads one job.
struct Reader<'a> {
    setting: &'a Setting<'a>,
    path: &'a str,
    job: &'a Job,
}

impl Reader<'_> {
    fn wrong(&self, field: &str, value: impl ToString, problem: &str, remedy: &str) -> InputError {
        InputError::new(self.setting.source, problem, remedy)
            .field(format!("{}.{field}", self.path))
            .value(value.to_string())
    }

    /// One task, or a pickup and its delivery.
    fn tasks(&self, jobs: &mut Jobs) -> Result<(), InputError> {
        let tasks: Vec<(&str, usize, &Task)> = self.job.tasks().collect();
        let first = jobs.stops.len();
        match tasks.as_slice() {
            [(list, _, task)] => {
                let amount = self.demand(list, task)?;
                for place in 0..task.places.len() {
                    self.add(list, task, place, &amount, jobs)?;
                }
                match task.places.len() {
                    0 => Err(self.wrong(&format!("{list}[0].places"), 0, "no place", "give one")),
                    1 => Ok(()),
                    _ => {
                        jobs.groups.push(Group {
                            stops: (first..jobs.stops.len()).collect(),
                            penalty: None,
                        });
                        Ok(())
                    }
                }
            }
            [("pickups", 0, pickup), ("deliveries", 0, delivery)] => {
                let amount = self.demand("pickups", pickup)?;
                if self.demand("deliveries", delivery)? != amount {
                    let shown = format!("{:?}", delivery.demand);
                    let remedy = "deliver what is picked up";
                    let field = "deliveries[0].demand";
                    return Err(self.wrong(field, shown, "differs from the pickup", remedy));
                }
                for (list, task) in [("pickups", pickup), ("deliveries", delivery)] {
                    if task.places.len() != 1 {
                        let field = format!("{list}[0].places");
                        let problem = "not supported in a pickup with delivery";
                        let count = task.places.len();
                        return Err(self.wrong(&field, count, problem, "give one place"));
                    }
                    self.add(list, task, 0, &amount, jobs)?;
                }
                jobs.shipments.push(Shipment {
                    pickup: first,
                    delivery: first + 1,
                    amount,
                });
                Ok(())
            }
            [] => Err(self.wrong("id", &self.job.id, "no task", "give the job a task")),
            [_, second, ..] => {
                let (list, number, _) = second;
                let remedy = "give one task, or one pickup and one delivery; make jobs of others";
                let field = format!("{list}[{number}]");
                Err(self.wrong(&field, "task", "several tasks are not supported", remedy))
            }
        }
    }

    /// The amount of a task by dimension; services have none.
    fn demand(&self, list: &str, task: &Task) -> Result<Vec<i64>, InputError> {
        let dimensions = self.setting.dimensions;
        let field = format!("{list}[0].demand");
        match (&task.demand, list) {
            (None, "services") => Ok(vec![0; dimensions]),
            (Some(demand), "services") => {
                let shown = format!("{demand:?}");
                Err(self.wrong(&field, shown, "a service has no demand", "leave it out"))
            }
            (None, _) => Err(self.wrong(&field, "none", "missing", "give the demand")),
            (Some(demand), _) => {
                if demand
                    .iter()
                    .any(|amount| !(0..=MOST_GOODS).contains(amount))
                {
                    let shown = format!("{demand:?}");
                    return Err(self.wrong(&field, shown, "not usable", "give 0 or more"));
                }
                let mut amount = demand.clone();
                amount.resize(dimensions, 0);
                Ok(amount)
            }
        }
    }

    fn add(
        &self,
        list: &str,
        task: &Task,
        number: usize,
        amount: &[i64],
        jobs: &mut Jobs,
    ) -> Result<(), InputError> {
        let place = &task.places[number];
        let path = format!("{}.{list}[0].places[{number}]", self.path);
        let shipped = !self.job.pickups.is_empty() && !self.job.deliveries.is_empty();
        let of = |yes: bool| match yes {
            true => amount.to_vec(),
            false => vec![0; amount.len()],
        };
        let both = list == "replacements";
        jobs.stops.push(Stop {
            place: self.setting.locations.place(&place.location).unwrap_or(0),
            demand: of(!shipped && (list == "deliveries" || both)),
            pickup: of(!shipped && (list == "pickups" || both)),
            service_s: span_s(
                self.setting.source,
                &format!("{path}.duration"),
                place.duration,
            )?,
            windows: self.setting.windows(&path, &place.times)?,
            ..Stop::default()
        });
        jobs.activities.push(Activity {
            job: self.job.id.clone(),
            kind: match list {
                "pickups" => "pickup",
                "deliveries" => "delivery",
                "replacements" => "replacement",
                _ => "service",
            },
            tag: place.tag.clone(),
        });
        Ok(())
    }

    /// Bits of the skills that are all needed.
    fn required(&self, skills: &mut Skills) -> Result<u64, InputError> {
        let needed = self.job.skills.iter().flat_map(|s| &s.all_of);
        let path = format!("{}.skills.allOf", self.path);
        needed.into_iter().try_fold(0, |mask, skill| {
            Ok(mask | skills.learn(self.setting.source, &path, skill)?)
        })
    }

    /// The types that have one of `oneOf` and none of `noneOf`.
    fn types(&self, fleet: &Fleet) -> Option<Vec<usize>> {
        let wanted = self.job.skills.as_ref()?;
        if wanted.one_of.is_empty() && wanted.none_of.is_empty() {
            return None;
        }
        let fits = |own: &std::collections::HashSet<String>| {
            let one = wanted.one_of.is_empty() || wanted.one_of.iter().any(|s| own.contains(s));
            one && !wanted.none_of.iter().any(|s| own.contains(s))
        };
        let types = fleet.skills.iter().enumerate();
        Some(
            types
                .filter(|(_, own)| fits(own))
                .map(|(kind, _)| kind)
                .collect(),
        )
    }
}
