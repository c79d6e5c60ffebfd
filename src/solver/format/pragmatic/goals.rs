//! Objectives that can be honoured.

use super::document::{Document, Goal};
use crate::domain::InputError;

/// What tours are priced by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Price {
    /// The costs of the vehicles.
    Costs,
    /// Distance alone.
    Distance,
    /// Duration alone.
    Duration,
}

/// The objectives of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Goals {
    /// Whether one tour less is worth any price.
    pub vehicles_first: bool,
    pub price: Price,
}

/// Reads the objectives: jobs served first (by number or value), then perhaps few tours, then a
/// price. Without any, pragmatic asks for few tours.
pub(super) fn read(source: &str, document: &Document) -> Result<Goals, InputError> {
    let Some(goals) = &document.objectives else {
        return Ok(Goals {
            vehicles_first: true,
            price: Price::Costs,
        });
    };
    let wrong = |index: usize, goal: &Goal, problem: &str, remedy: &str| {
        let error = InputError::new(source, problem, remedy);
        error
            .field(format!("objectives[{index}].type"))
            .value(&goal.kind)
    };
    let mut read = Goals {
        vehicles_first: false,
        price: Price::Costs,
    };
    // Later objectives must not come before earlier ones in this order.
    let mut rank = 0;
    for (index, goal) in goals.iter().enumerate() {
        let own = match goal.kind.as_str() {
            "maximize-value" | "minimize-unassigned" => 1,
            "minimize-tours" => {
                read.vehicles_first = true;
                2
            }
            "minimize-cost" => 3,
            "minimize-distance" => {
                read.price = Price::Distance;
                3
            }
            "minimize-duration" => {
                read.price = Price::Duration;
                3
            }
            _ => {
                let remedy = "use maximize-value or minimize-unassigned, minimize-tours, then \
                              minimize-cost, minimize-distance or minimize-duration";
                return Err(wrong(index, goal, "not supported", remedy));
            }
        };
        if own < rank || (own == rank && own != 1) {
            let remedy = "put jobs served before tours, and tours before one price";
            return Err(wrong(index, goal, "not supported in this place", remedy));
        }
        rank = own;
    }
    match rank {
        3 => Ok(read),
        _ => {
            let remedy = "end with minimize-cost, minimize-distance or minimize-duration";
            let error = InputError::new(source, "no price to minimise", remedy);
            Err(error.field("objectives"))
        }
    }
}
