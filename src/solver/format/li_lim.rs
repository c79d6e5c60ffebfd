//! Li & Lim text: vehicles, capacity and speed, then a row per node with nine columns; the last two
//! name the pickup of a delivery and the delivery of a pickup.
//!
//! Results are stated in real numbers, fewest vehicles first. Distances are counted in
//! ten-thousandths, durations rounded up and windows inwards
//! ([`DistanceRule::Doubles`]), so that a plan that is feasible here is so in real numbers. A speed
//! other than 1 is refused.

use super::distance_rule::DistanceRule;
use super::instance::{Dialect, Instance, ReadOptions};
use super::single_depot::{Node, SingleDepot};
use super::text::{Line, exactly, lines, whole};
use crate::domain::InputError;
use crate::solver::problem::Shipment;

/// A node's partners: pickup of this delivery, delivery of this pickup; 0 for none.
struct Partners {
    row: u64,
    pickup: usize,
    delivery: usize,
}

pub(super) fn parse(
    source: &str,
    content: &str,
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    let rule = options.rounding.unwrap_or(DistanceRule::Doubles);
    let mut rest = lines(content);
    let first = rest
        .next()
        .ok_or_else(|| InputError::new(source, "empty", "give the whole file"))?;
    let fields = exactly(source, "vehicles, capacity, speed", &first, 3)?;
    let vehicles = whole(source, first.row, "vehicles", fields[0], 1, 1_000_000)?;
    let capacity = whole(source, first.row, "capacity", fields[1], 0, 1_000_000_000)?;
    whole(source, first.row, "speed", fields[2], 1, 1)?;
    let (mut nodes, mut partners) = (Vec::new(), Vec::new());
    for line in rest {
        exactly(source, "nodes", &line, 9)?;
        nodes.push(Node::read(source, &line, nodes.len(), i64::MIN, rule)?);
        partners.push(partners_of(source, &line)?);
    }
    let shipments = shipments(source, &nodes, &partners)?;
    if shipments.is_empty() {
        let remedy = "pair pickups and deliveries in the last two columns";
        return Err(InputError::new(source, "no shipments", remedy));
    }
    SingleDepot {
        source,
        name: super::file_stem(source),
        dialect: Dialect::LiLim,
        rule,
        nodes,
        vehicles: vehicles as usize,
        capacity,
        shipments,
        vehicles_first: true,
    }
    .into_instance(options)
}

fn partners_of(source: &str, line: &Line) -> Result<Partners, InputError> {
    let partner = |name, index: usize| {
        let value = line.fields.get(index).copied().unwrap_or_default();
        whole(source, line.row, name, value, 0, 1_000_000_000).map(|node| node as usize)
    };
    Ok(Partners {
        row: line.row,
        pickup: partner("PICKUP", 7)?,
        delivery: partner("DELIVERY", 8)?,
    })
}

/// The shipments; every customer must be an end of one.
fn shipments(
    source: &str,
    nodes: &[Node],
    partners: &[Partners],
) -> Result<Vec<Shipment>, InputError> {
    let mut shipments = Vec::new();
    for (node, own) in partners.iter().enumerate() {
        let wrong = |problem: &str, field: &str, value: i64| {
            let remedy = "pair each pickup with one delivery of the opposite demand";
            Err(InputError::new(source, problem, remedy)
                .row(own.row)
                .field(field)
                .value(value))
        };
        match (node, own.pickup, own.delivery) {
            (0, 0, 0) => {}
            (0, pickup, _) => return wrong("the depot is no customer", "PICKUP", pickup as i64),
            (_, 0, delivery) if delivery > 0 => {
                let amount = nodes[node].demand;
                let mutual = partners
                    .get(delivery)
                    .is_some_and(|other| other.pickup == node);
                if !mutual {
                    return wrong(
                        "the delivery names another pickup",
                        "DELIVERY",
                        delivery as i64,
                    );
                }
                if amount < 0 || nodes[delivery].demand != -amount {
                    return wrong("demand differs from its delivery's", "DEMAND", amount);
                }
                shipments.push(Shipment {
                    pickup: node - 1,
                    delivery: delivery - 1,
                    amount: vec![amount],
                });
            }
            (_, pickup, 0) if pickup > 0 => {
                let mutual = partners
                    .get(pickup)
                    .is_some_and(|other| other.delivery == node);
                if !mutual {
                    return wrong("the pickup names another delivery", "PICKUP", pickup as i64);
                }
            }
            (_, pickup, _) => {
                return wrong("neither pickup nor delivery", "PICKUP", pickup as i64);
            }
        }
    }
    Ok(shipments)
}
