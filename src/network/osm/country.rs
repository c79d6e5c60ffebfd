//! Speed limits that a country's law sets: `DE:rural`, `GB:nsl_dual`.

const KMH_PER_MPH: f64 = 1.609_344;

/// Limit in km/h of a kind of road in a country (ISO 3166); what holds in most countries where
/// this one is not known to differ. Infinite: there is none. `None`: no such kind.
///
/// As in OSRM's car profile, after
/// <https://wiki.openstreetmap.org/wiki/Key:source:maxspeed>.
pub(super) fn limit_kmh(country: &str, kind: &str) -> Option<f64> {
    let country = country.trim().to_ascii_uppercase();
    let exception = match (country.as_str(), kind) {
        ("DE", "motorway") => f64::INFINITY,
        ("GB" | "UK", "nsl_single") => 60.0 * KMH_PER_MPH,
        ("GB" | "UK", "nsl_dual" | "motorway") => 70.0 * KMH_PER_MPH,
        ("GB" | "UK", "nsl_restricted" | "urban") => 30.0 * KMH_PER_MPH,
        ("BE-BRU", "urban") => 30.0,
        ("AR" | "PH", "urban") => 40.0,
        ("BY" | "RU" | "ZA", "urban") => 60.0,
        ("BE-BRU" | "BE-VLG", "rural") => 70.0,
        ("CA-ON" | "CH" | "DK" | "FR" | "NL" | "NO" | "PH", "rural") => 80.0,
        ("AT" | "DE" | "PL" | "ZA", "rural") => 100.0,
        ("AR", "rural") => 110.0,
        ("ES", "trunk") => 90.0,
        ("AT" | "CH" | "NL" | "RO", "trunk") => 100.0,
        ("PH", "motorway") => 100.0,
        ("BY" | "NO" | "RU", "motorway") => 110.0,
        ("BE" | "CH" | "ES", "motorway") => 120.0,
        ("BG" | "PL", "motorway") => 140.0,
        ("PL", "expressway") => 120.0,
        ("LV" | "RU", "living_street") => 20.0,
        _ => return anywhere(kind),
    };
    Some(exception)
}

fn anywhere(kind: &str) -> Option<f64> {
    Some(match kind {
        "living_street" | "walk" => 7.0,
        "bicycle_road" => 30.0,
        "urban" => 50.0,
        "rural" => 90.0,
        "trunk" | "expressway" => 110.0,
        "motorway" => 130.0,
        _ => return None,
    })
}
