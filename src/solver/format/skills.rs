//! Skills by name as bits.

use crate::domain::InputError;
use std::collections::BTreeMap;

/// Bits of the skills that tasks need; others do not matter.
#[derive(Debug, Clone, Default)]
pub(super) struct Skills {
    bits: BTreeMap<String, u32>,
}

impl Skills {
    /// Gives a skill a bit, and returns its mask.
    pub fn learn(&mut self, source: &str, path: &str, skill: &str) -> Result<u64, InputError> {
        let next = self.bits.len() as u32;
        if let Some(bit) = self.bits.get(skill) {
            return Ok(1 << bit);
        }
        if next >= u64::BITS {
            let remedy = "use at most 64 different skills in jobs";
            return Err(InputError::new(source, "too many skills", remedy)
                .field(path)
                .value(skill));
        }
        self.bits.insert(skill.to_owned(), next);
        Ok(1 << next)
    }

    /// The mask of those among some skills that tasks need.
    pub fn mask(&self, skills: impl Iterator<Item = String>) -> u64 {
        let bits = skills.filter_map(|skill| self.bits.get(&skill));
        bits.fold(0, |mask, bit| mask | 1 << bit)
    }
}
