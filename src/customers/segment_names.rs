//! Names of segments, from what their customers do.

use std::collections::BTreeMap;

/// What a segment is named by: medians of its customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Portrait {
    pub interval_days: f64,
    pub regularity: f64,
    /// Its usual order as a multiple of the usual order of all customers.
    pub relative_order: f64,
    /// Spread of an order as a share of its mean.
    pub relative_spread: f64,
}

/// A name for each segment, none twice. Segments with the same words are told apart by the spread
/// of their orders, then by number.
pub(super) fn names(portraits: &[Portrait]) -> Vec<String> {
    let plain: Vec<String> = portraits.iter().map(words).collect();
    let mut names = Vec::with_capacity(plain.len());
    let mut used: BTreeMap<String, u32> = BTreeMap::new();
    for (portrait, name) in portraits.iter().zip(&plain) {
        let alike: Vec<&Portrait> = portraits
            .iter()
            .zip(&plain)
            .filter(|(_, other)| *other == name)
            .map(|(p, _)| p)
            .collect();
        let mean = alike.iter().map(|p| p.relative_spread).sum::<f64>() / alike.len() as f64;
        let full = match alike.len() {
            1 => name.clone(),
            _ if portrait.relative_spread > mean => format!("{name} of varying size"),
            _ => format!("{name} of steady size"),
        };
        let count = used.entry(full.clone()).or_default();
        *count += 1;
        names.push(match *count {
            1 => full,
            again => format!("{full} ({again})"),
        });
    }
    names
}

fn words(portrait: &Portrait) -> String {
    let often = match portrait.interval_days {
        d if d < 1.6 => "daily",
        d if d < 5.0 => "several times a week",
        d if d < 10.0 => "weekly",
        d if d < 21.0 => "every other week",
        d if d < 45.0 => "monthly",
        _ => "rare",
    };
    // By chance (a constant probability each day) is 0.5.
    let regular = match portrait.regularity {
        r if r >= 0.7 => "regular",
        r if r >= 0.55 => "fairly regular",
        _ => "irregular",
    };
    let size = match portrait.relative_order {
        s if s >= 1.3 => "large",
        s if s <= 0.75 => "small",
        _ => "medium",
    };
    format!("{often} and {regular}, {size} orders")
}
