//! Where a profile may go.

use super::profile::{Profile, Vehicle};
use super::speed::measure;
use super::tags::Tags;

/// Whether something may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Yes,
    /// By those who live or deliver there: not a through road.
    Restricted,
    No,
}

fn of_value(value: &str) -> Option<Access> {
    match value {
        "yes" | "permissive" | "designated" | "official" | "use_sidepath" | "discouraged" => {
            Some(Access::Yes)
        }
        "destination" | "delivery" | "customers" | "private" | "residents" | "permit" => {
            Some(Access::Restricted)
        }
        "no"
        | "agricultural"
        | "forestry"
        | "agricultural;forestry"
        | "military"
        | "emergency"
        | "psv"
        | "dismount" => Some(Access::No),
        _ => None,
    }
}

/// By the most special key that says something; `None` if none does.
pub(super) fn said(profile: Profile, tags: &Tags) -> Option<Access> {
    let keys = profile.access_keys().iter();
    keys.filter_map(|key| tags.get(key)).find_map(of_value)
}

/// The same in one direction of a way: what a key says of the direction counts before what it
/// says of both.
pub(super) fn said_along(profile: Profile, tags: &Tags, backwards: bool) -> Option<Access> {
    let side = if backwards { "backward" } else { "forward" };
    profile.access_keys().iter().find_map(|key| {
        let directed = tags.get(&format!("{key}:{side}")).and_then(of_value);
        directed.or_else(|| tags.get(key).and_then(of_value))
    })
}

/// Whether a vehicle is too large, heavy or dangerous for a road.
pub(super) fn is_too_large(vehicle: &Vehicle, tags: &Tags) -> bool {
    let limits = [
        (vehicle.height_m, &["maxheight", "maxheight:physical"][..]),
        (vehicle.width_m, &["maxwidth", "maxwidth:physical"][..]),
        (vehicle.length_m, &["maxlength"][..]),
        (
            vehicle.weight_t,
            &["maxweight", "maxweightrating", "maxweight:hgv"][..],
        ),
        (vehicle.axle_load_t, &["maxaxleload"][..]),
    ];
    let over = limits.into_iter().any(|(own, keys)| {
        let Some(own) = own else { return false };
        let limits = keys.iter().filter_map(|key| tags.get(key));
        limits.filter_map(measure).any(|limit| own > limit)
    });
    over || vehicle.hazmat && tags.is("hazmat", "no")
}

/// Whether a node in the way stops a profile.
pub(super) fn is_blocked(profile: Profile, vehicle: &Vehicle, tags: &Tags) -> bool {
    match said(profile, tags) {
        Some(Access::No) => return true,
        Some(_) => return is_too_large(vehicle, tags),
        None => {}
    }
    let by_barrier = match tags.get("barrier") {
        None => false,
        Some(
            "gate" | "lift_gate" | "swing_gate" | "toll_booth" | "border_control" | "entrance"
            | "cattle_grid" | "sally_port" | "kerb" | "no" | "height_restrictor" | "bump_gate",
        ) => false,
        Some("bollard") if tags.is("bollard", "rising") => false,
        Some("bollard" | "cycle_barrier" | "block" | "planter" | "chain" | "log") => {
            profile.is_motor()
        }
        Some("stile" | "turnstile" | "kissing_gate") => profile != Profile::Foot,
        Some("bus_trap" | "debris" | "jersey_barrier" | "sump_buster") => profile.is_motor(),
        Some("wall" | "fence" | "hedge") => true,
        Some(_) => profile.is_motor(),
    };
    by_barrier || is_too_large(vehicle, tags)
}
