//! What passing a node takes.

use super::access::{Access, said};
use super::profile::Profile;
use super::tags::Tags;

/// Seconds that passing a node takes, along and against the way it lies on. The figures are those
/// of OSRM's car profile: what signals take on average, and gates that must be opened.
pub(super) fn delay_s(profile: Profile, tags: &Tags) -> [u8; 2] {
    let gate = matches!(tags.get("barrier"), Some("gate" | "lift_gate"));
    // Who expressly may pass finds it open.
    if gate && profile.is_motor() && said(profile, tags) != Some(Access::Yes) {
        return [60; 2];
    }
    let delay = match tags.get("highway") {
        Some("traffic_signals") => 2,
        // Who is on the major road does not stop.
        Some("stop") if profile != Profile::Foot && !tags.is("stop", "minor") => 2,
        Some("give_way") if profile != Profile::Foot => 1,
        _ => return [0; 2],
    };
    match tags.first(&["traffic_signals:direction", "direction"]) {
        Some("forward") => [delay, 0],
        Some("backward") => [0, delay],
        _ => [delay; 2],
    }
}
