//! Turn restrictions: <https://wiki.openstreetmap.org/wiki/Relation:restriction>.

use super::profile::Profile;
use super::report::OsmReport;
use super::tags::Tags;

/// What lies between the two ways of a restriction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// The node where they meet.
    Node(i64),
    /// Ways between them, in order.
    Ways(Vec<i64>),
}

/// A turn that is forbidden, or the only one allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// Number of the relation.
    pub id: i64,
    /// Way one comes from.
    pub from: i64,
    /// Where.
    pub via: Via,
    /// Way one goes to.
    pub to: i64,
    /// Whether this is the only way to go.
    pub only: bool,
}

/// A member of a relation: role, whether it is a way, number.
pub(super) type Member = (String, bool, i64);

/// The restrictions of a relation that hold for a profile: one for each pair of ways.
pub(super) fn of(
    id: i64,
    tags: &Tags,
    members: &[Member],
    profile: Profile,
    report: &mut OsmReport,
) -> Vec<Restriction> {
    if profile == Profile::Foot {
        return Vec::new();
    }
    let special: &[&str] = match profile {
        Profile::Truck => &[
            "restriction:hgv",
            "restriction:motor_vehicle",
            "restriction",
        ],
        Profile::Bicycle => &["restriction:bicycle", "restriction"],
        _ => &[
            "restriction:motorcar",
            "restriction:motor_vehicle",
            "restriction",
        ],
    };
    let Some(value) = tags.first(special) else {
        return Vec::new();
    };
    let except = tags.get("except").unwrap_or_default();
    let exempt = except.split(';').map(str::trim);
    if exempt
        .into_iter()
        .any(|who| profile.access_keys().contains(&who))
    {
        return Vec::new();
    }
    let only = value.starts_with("only_");
    if !only && !value.starts_with("no_") {
        report.skip(
            "restriction not understood",
            format!("relation {id}"),
            value,
        );
        return Vec::new();
    }
    let ways = |role: &str| -> Vec<i64> {
        let found = members.iter().filter(|(r, way, _)| *way && r == role);
        found.map(|(_, _, id)| *id).collect()
    };
    let node = members.iter().find(|(role, way, _)| !way && role == "via");
    let via = match (node, ways("via")) {
        (Some((_, _, node)), _) => Via::Node(*node),
        (None, ways) if !ways.is_empty() => Via::Ways(ways),
        _ => {
            report.skip("restriction without via", format!("relation {id}"), value);
            return Vec::new();
        }
    };
    let (from, to) = (ways("from"), ways("to"));
    if from.is_empty() || to.is_empty() {
        let what = format!("{value}: no way from or to");
        report.skip("restriction without ends", format!("relation {id}"), what);
    }
    let pairs = from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b)));
    pairs
        .map(|(from, to)| Restriction {
            id,
            from,
            via: via.clone(),
            to,
            only,
        })
        .collect()
}
