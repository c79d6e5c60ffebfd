//! A hierarchy as plain numbers, for a file.

use super::chordal::Upward;
use super::{Hierarchy, NONE};
use crate::domain::InputError;

/// What a hierarchy is saved as; the rest follows from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sections {
    /// Nodes in order of contraction.
    pub order: Vec<u32>,
    /// First upward arc of each node in that order, and the number of all.
    pub first: Vec<u32>,
    /// Position in the order that each upward arc leads to.
    pub head: Vec<u32>,
    /// For each arc of the graph twice the upward arc that it is part of, plus one if it leads
    /// down; `u32::MAX` for a loop.
    pub slot: Vec<u32>,
}

impl Hierarchy {
    /// As it is saved.
    pub fn to_sections(&self) -> Sections {
        Sections {
            order: self.order.clone(),
            first: self.upward.first.clone(),
            head: self.upward.head.clone(),
            slot: self.slot.clone(),
        }
    }

    /// As it was saved.
    ///
    /// # Errors
    /// Numbers that are not those of a hierarchy; `source` is where they come from.
    pub fn from_sections(source: &str, sections: Sections) -> Result<Self, InputError> {
        let fault = |field: &str, problem: &str| {
            let remedy = "build the network again: routeforce network build";
            InputError::new(source, problem, remedy).field(field)
        };
        let Sections {
            order,
            first,
            head,
            slot,
        } = sections;
        let mut seen = vec![false; order.len()];
        for &v in &order {
            match seen.get_mut(v as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(fault("order", "not each node once")),
            }
        }
        let ascending = first.windows(2).all(|pair| pair[0] <= pair[1]);
        let ends = (first.first().copied(), first.last().copied());
        let whole = ends == (Some(0), u32::try_from(head.len()).ok());
        if first.len() != order.len() + 1 || !ascending || !whole {
            return Err(fault("first", "not the first arc of each node"));
        }
        let upward = Upward { first, head };
        if !(0..order.len() as u32).all(|v| is_contracted(&upward, v)) {
            return Err(fault("head", "arcs that contraction does not give"));
        }
        let slots = 2 * upward.head.len() as u64;
        if slot.iter().any(|&s| s != NONE && u64::from(s) >= slots) {
            return Err(fault("slot", "an arc that is part of none"));
        }
        Ok(Self::of(order, upward, slot))
    }
}

/// Whether the arcs of a node lead up, and all that they lead to is joined to the node's parent.
fn is_contracted(upward: &Upward, v: u32) -> bool {
    let heads = &upward.head[upward.arcs(v)];
    let up = heads.first().is_none_or(|&head| head > v);
    let ascending = heads.windows(2).all(|pair| pair[0] < pair[1]);
    let nodes = upward.first.len() as u32 - 1;
    if !up || !ascending || heads.iter().any(|&head| head >= nodes) {
        return false;
    }
    let [parent, rest @ ..] = heads else {
        return true;
    };
    let mut there = upward.head[upward.arcs(*parent)].iter();
    rest.iter().all(|head| there.any(|other| other == head))
}
