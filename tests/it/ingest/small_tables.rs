//! Fleet, stops and calendar as domain types; one bad row fails the table.

use super::tables::{CALENDAR, FLEET, STOPS, file, with};
use chrono::{NaiveDate, NaiveTime};
use routeforce::domain::InputError;
use routeforce::ingest::{load_calendar, load_fleet, load_stops};
use std::path::Path;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 3, 31).unwrap()
}

fn stops(path: &Path) -> Result<usize, InputError> {
    load_stops(path, day(), chrono_tz::Europe::Berlin).map(|stops| stops.len())
}

fn fleet(path: &Path) -> Result<usize, InputError> {
    load_fleet(path).map(|fleet| fleet.vehicles.len())
}

fn calendar(path: &Path) -> Result<usize, InputError> {
    load_calendar(path).map(|days| days.len())
}

#[test]
fn right_tables_load() {
    let folder = tempfile::tempdir().unwrap();
    let fleet = load_fleet(&file(folder.path(), "f.csv", FLEET)).unwrap();
    assert_eq!((fleet.depots.len(), fleet.vehicles.len()), (1, 2));
    assert_eq!(fleet.vehicles[0].capacity["kg"], 1000.0);
    assert_eq!(fleet.vehicles[0].end_depot.as_deref(), Some("north"));
    assert_eq!(
        fleet.vehicles[1].shift_end,
        NaiveTime::from_hms_opt(6, 0, 0).unwrap()
    );
    let stops = load_stops(
        &file(folder.path(), "s.csv", STOPS),
        day(),
        chrono_tz::Europe::Berlin,
    )
    .unwrap();
    assert_eq!(
        stops[0].windows[0].start.to_rfc3339(),
        "2024-03-31T06:00:00+00:00",
        "after the clocks changed"
    );
    assert!(stops[1].windows.is_empty() && stops[1].penalty.is_none());
    let days = load_calendar(&file(folder.path(), "c.csv", CALENDAR)).unwrap();
    assert!(days[0].closed && days[0].site_id.is_none());
    assert_eq!(
        (days[1].holiday.as_deref(), days[1].promotion),
        (Some("Sunday"), true)
    );
}

#[test]
fn several_windows_skills_and_end_depots() {
    let folder = tempfile::tempdir().unwrap();
    let table = "stop_id,site_id,lat,lon,qty_kg,service_s,windows,skills,penalty,origin\n\
                 s,a,52.5,13.4,1,60,14:00-16:00;8:00-10:00,cold; tail-lift,12.5,forecast\n";
    let stops = load_stops(
        &file(folder.path(), "s.csv", table),
        day(),
        chrono_tz::Europe::Berlin,
    )
    .unwrap();
    let starts: Vec<_> = stops[0]
        .windows
        .iter()
        .map(|w| w.start.to_rfc3339())
        .collect();
    assert_eq!(
        starts,
        ["2024-03-31T06:00:00+00:00", "2024-03-31T12:00:00+00:00"]
    );
    assert_eq!(
        (stops[0].skills.join(" "), stops[0].penalty),
        ("cold tail-lift".to_owned(), Some(12.5))
    );
    let table = with(
        FLEET,
        "cap_kg",
        "end_depot_id,end_depot_lat,end_depot_lon,cap_kg",
    );
    let table = table
        .replace("13.40,1000", "13.40,south,52.3,13.3,1000")
        .replace("13.40,4000", "13.40,south,,,4000");
    let fleet = load_fleet(&file(folder.path(), "f.csv", table)).unwrap();
    assert_eq!(
        fleet
            .depots
            .iter()
            .map(|d| d.id.as_str())
            .collect::<Vec<_>>(),
        ["north", "south"]
    );
    assert_eq!(fleet.vehicles[1].end_depot.as_deref(), Some("south"));
}

#[test]
fn any_bad_row_is_an_error() {
    type Load = fn(&Path) -> Result<usize, InputError>;
    let windows = "stop_id,site_id,lat,lon,qty_kg,service_s,windows\ns,a,52.5,13.4,1,60,WINDOWS\n";
    let end_depot = with(FLEET, "cap_kg", "end_depot_id,cap_kg").replace("13.40,", "13.40,south,");
    let cases: Vec<(Load, String, &str)> = vec![
        (
            fleet,
            with(FLEET, "v2", "v1"),
            ", row 3, field `vehicle_id`, value `v1`: the same key as a row before",
        ),
        (
            fleet,
            with(FLEET, "4000", ""),
            ", row 3, field `cap_kg`: missing",
        ),
        (
            fleet,
            with(FLEET, "90,", "-90,"),
            ", row 3, field `fixed_cost`, value `-90`: negative",
        ),
        (
            fleet,
            with(FLEET, "22:00", "06:00"),
            ", row 3, field `shift_end`, value `06:00`: a shift that ends when it starts",
        ),
        (
            fleet,
            with(FLEET, "52.50,13.40,4", "52.60,13.40,4"),
            ", row 3, field `depot_id`, value `north`: a depot at another place",
        ),
        (
            fleet,
            end_depot,
            ", row 2, field `end_depot_id`, value `south`: a depot without a place",
        ),
        (
            fleet,
            FLEET.replace("0.3", "x").replace("0.5", "y"),
            ", row 2, field `cost_per_km`, value `x`: not a number (and one further row is at fault)",
        ),
        (
            stops,
            with(STOPS, "s2", "s1"),
            ", row 3, field `stop_id`, value `s1`: the same key as a row before",
        ),
        (
            stops,
            with(STOPS, "10:00", ""),
            ", row 2, field `window_end`: missing",
        ),
        (
            stops,
            with(STOPS, "08:00", "11:00"),
            ", row 2, field `window_end`, value `10:00`: a time window that ends before it starts",
        ),
        (
            stops,
            with(STOPS, "08:00", "02:30"),
            ", row 2, field `window_end`, value `10:00`: a local time that the clocks skip",
        ),
        (stops, with(STOPS, "52.50,13.40", "13.40,152.50"), ""),
        (
            stops,
            with(STOPS, "240", "-240"),
            ", row 3, field `service_s`, value `-240`: negative",
        ),
        (
            stops,
            windows.replace("WINDOWS", "08:00-10:00;10:00-11:00"),
            ", row 2, field `windows`, value `08:00-10:00;10:00-11:00`: time windows that overlap",
        ),
        (
            stops,
            windows.replace("WINDOWS", "noon"),
            ", row 2, field `windows`, value `noon`: not a time of day",
        ),
        (
            stops,
            format!("{STOPS}s3,c,52.5\n"),
            ", row 4, field `row`, value `3 fields`: not as many fields",
        ),
        (
            calendar,
            with(CALENDAR, "2024-03-03", "3.3.24"),
            ", row 3, field `date`, value `3.3.24`: not a date",
        ),
        (
            calendar,
            CALENDAR.replace("2024-03-03,b", "2024-03-02,"),
            ", row 3, field `date`, value `2024-03-02`: the same key",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (load, table, says) in cases {
        let path = file(folder.path(), "t.csv", &table);
        let result = load(&path);
        if says.is_empty() {
            // Far away, but on the map and not swapped: allowed.
            assert_eq!(result, Ok(2));
            continue;
        }
        let error = result.unwrap_err().to_string();
        let expected = format!("{}{says}", path.display());
        assert!(
            error.starts_with(&expected),
            "\nexpected {expected}\n   found {error}"
        );
    }
}
