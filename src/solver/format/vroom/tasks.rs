//! Jobs and shipments made into stops.

use super::document::{Document, ShipmentStep};
use super::fleet::{Fleet, per_second, windows};
use crate::domain::InputError;
use crate::solver::problem::{Shipment, Stop};
use std::collections::{BTreeMap, HashSet};

/// Highest priority of a task.
const MOST_PRIORITY: u32 = 100;

/// Largest amount.
const MOST_GOODS: i64 = 1_000_000_000_000;

/// What a stop is in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TaskKind {
    Job,
    Pickup,
    Delivery,
}

impl TaskKind {
    /// The name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Pickup => "pickup",
            Self::Delivery => "delivery",
        }
    }
}

/// A stop as the document has it.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub kind: TaskKind,
    pub id: u64,
    pub description: Option<String>,
    pub location: Option<[f64; 2]>,
    pub location_index: usize,
    pub priority: u32,
    /// Delivered and picked up, as answers sum them.
    pub delivery: Vec<i64>,
    pub pickup: Vec<i64>,
}

/// All tasks; `stops` and `tasks` go in step.
pub(super) struct Tasks {
    pub stops: Vec<Stop>,
    pub tasks: Vec<Task>,
    pub shipments: Vec<Shipment>,
}

/// What jobs and ends of shipments share.
struct Parts<'d> {
    path: String,
    kind: TaskKind,
    step: &'d ShipmentStep,
    skills: &'d [u32],
    skills_path: &'d str,
    priority: u32,
}

pub(super) fn read(
    source: &str,
    document: &Document,
    fleet: &Fleet,
    places: usize,
) -> Result<Tasks, InputError> {
    let reader = Reader {
        source,
        document,
        fleet,
        places,
    };
    let mut all = Tasks {
        stops: Vec::new(),
        tasks: Vec::new(),
        shipments: Vec::new(),
    };
    reader.jobs(&mut all)?;
    reader.shipments(&mut all)?;
    if all.stops.is_empty() {
        let error = InputError::new(source, "nothing to do", "give jobs or shipments");
        return Err(error.field("jobs"));
    }
    let mut seen = HashSet::new();
    match all
        .tasks
        .iter()
        .find(|task| !seen.insert((task.kind, task.id)))
    {
        None => Ok(all),
        Some(task) => Err(InputError::new(source, "given twice", "give each id once")
            .field(format!("{}.id", task.kind.name()))
            .value(task.id)),
    }
}

struct Reader<'d> {
    source: &'d str,
    document: &'d Document,
    fleet: &'d Fleet,
    places: usize,
}

impl Reader<'_> {
    fn jobs(&self, all: &mut Tasks) -> Result<(), InputError> {
        for (index, job) in self.document.jobs.iter().enumerate() {
            let path = format!("jobs[{index}]");
            if job.amount.is_some() && job.delivery.is_some() {
                let error = InputError::new(self.source, "beside delivery", "give one of them");
                return Err(error.field(format!("{path}.amount")));
            }
            let delivered = match &job.amount {
                Some(amount) => ("amount", Some(amount)),
                None => ("delivery", job.delivery.as_ref()),
            };
            let delivery = self.amounts(&path, delivered.0, delivered.1)?;
            let pickup = self.amounts(&path, "pickup", job.pickup.as_ref())?;
            let step = ShipmentStep {
                id: job.id,
                description: job.description.clone(),
                location: job.location,
                location_index: job.location_index,
                setup: job.setup,
                service: job.service,
                setup_per_type: job.setup_per_type.clone(),
                service_per_type: job.service_per_type.clone(),
                time_windows: job.time_windows.clone(),
            };
            let parts = Parts {
                skills_path: &format!("{path}.skills"),
                path,
                kind: TaskKind::Job,
                step: &step,
                skills: &job.skills,
                priority: job.priority,
            };
            self.add(parts, delivery, pickup, all)?;
        }
        Ok(())
    }

    fn shipments(&self, all: &mut Tasks) -> Result<(), InputError> {
        for (index, shipment) in self.document.shipments.iter().enumerate() {
            let path = format!("shipments[{index}]");
            let amount = self.amounts(&path, "amount", shipment.amount.as_ref())?;
            let none = vec![0; amount.len()];
            let first = all.stops.len();
            for (kind, step) in [
                (TaskKind::Pickup, &shipment.pickup),
                (TaskKind::Delivery, &shipment.delivery),
            ] {
                let parts = Parts {
                    path: format!("{path}.{}", kind.name()),
                    kind,
                    step,
                    skills: &shipment.skills,
                    skills_path: &format!("{path}.skills"),
                    priority: shipment.priority,
                };
                self.add(parts, none.clone(), none.clone(), all)?;
            }
            for task in &mut all.tasks[first..] {
                // Answers sum goods of shipments at both ends.
                let goods = match task.kind {
                    TaskKind::Pickup => &mut task.pickup,
                    _ => &mut task.delivery,
                };
                goods.clone_from(&amount);
            }
            all.shipments.push(Shipment {
                pickup: first,
                delivery: first + 1,
                amount,
            });
        }
        Ok(())
    }

    fn add(
        &self,
        parts: Parts,
        delivery: Vec<i64>,
        pickup: Vec<i64>,
        all: &mut Tasks,
    ) -> Result<(), InputError> {
        let Parts { path, step, .. } = &parts;
        let place = self.place(path, step.location_index)?;
        self.refuse_setup(path, step)?;
        if parts.priority > MOST_PRIORITY {
            return Err(InputError::new(self.source, "not usable", "give 0 to 100")
                .field(format!(
                    "{}.priority",
                    parts.skills_path.trim_end_matches(".skills")
                ))
                .value(parts.priority));
        }
        let service = |model: usize| {
            let kind = self.document.vehicles[model].kind.as_ref();
            let own = kind.and_then(|kind| step.service_per_type.get(kind));
            i64::from(own.copied().unwrap_or(step.service))
        };
        let by_type = self.fleet.models.iter();
        let service_by_type_s: Vec<i64> = by_type.clone().map(|&m| service(m)).collect();
        let cost_by_type: Vec<i64> = by_type
            .map(|&m| {
                let price = self.document.vehicles[m].costs.per_task_hour;
                service(m) * per_second(price)
            })
            .collect();
        let same = step.service_per_type.is_empty();
        let free = cost_by_type.iter().all(|cost| *cost == 0);
        all.stops.push(Stop {
            place,
            demand: delivery.clone(),
            pickup: pickup.clone(),
            service_s: i64::from(step.service),
            service_by_type_s: if same { Vec::new() } else { service_by_type_s },
            windows: windows(self.source, path, &step.time_windows)?,
            required_skills: self
                .fleet
                .skills
                .mask(parts.skills.iter().map(ToString::to_string)),
            cost_by_type: if free { Vec::new() } else { cost_by_type },
            priority: parts.priority,
            ..Stop::default()
        });
        all.tasks.push(Task {
            kind: parts.kind,
            id: step.id,
            description: step.description.clone(),
            location: step.location,
            location_index: place,
            priority: parts.priority,
            delivery,
            pickup,
        });
        Ok(())
    }

    fn place(&self, path: &str, index: Option<usize>) -> Result<usize, InputError> {
        index.filter(|place| *place < self.places).ok_or_else(|| {
            let most = self.places.saturating_sub(1);
            let remedy = format!("give a row of the matrices, 0 to {most}");
            InputError::new(self.source, "not a location", remedy)
                .field(format!("{path}.location_index"))
                .value(index.map_or("none".into(), |i| i.to_string()))
        })
    }

    fn refuse_setup(&self, path: &str, step: &ShipmentStep) -> Result<(), InputError> {
        let by_type = |all: &BTreeMap<String, u32>| all.values().copied().find(|s| *s > 0);
        let given = [
            ("setup", Some(step.setup).filter(|s| *s > 0)),
            ("setup_per_type", by_type(&step.setup_per_type)),
        ];
        for (field, value) in given {
            if let Some(value) = value {
                let remedy = "add it to service, or leave it out";
                return Err(InputError::new(self.source, "not supported", remedy)
                    .field(format!("{path}.{field}"))
                    .value(value));
            }
        }
        Ok(())
    }

    /// Amounts, as many as vehicles have capacities; none is nothing.
    fn amounts(
        &self,
        path: &str,
        field: &str,
        given: Option<&Vec<i64>>,
    ) -> Result<Vec<i64>, InputError> {
        let dimensions = self.fleet.types.first().map_or(0, |t| t.capacity.len());
        let Some(given) = given else {
            return Ok(vec![0; dimensions]);
        };
        let wrong = |remedy: String| {
            Err(InputError::new(self.source, "not usable", remedy)
                .field(format!("{path}.{field}"))
                .value(format!("{given:?}")))
        };
        if given.len() != dimensions {
            return wrong(format!("give {dimensions}, as many as capacity has"));
        }
        if given
            .iter()
            .any(|amount| !(0..=MOST_GOODS).contains(amount))
        {
            return wrong(format!("give 0 to {MOST_GOODS}"));
        }
        Ok(given.clone())
    }
}
