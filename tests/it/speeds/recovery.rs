//! Speeds that are known are found again.

use super::world::{ZONE, factor, learned, options, town, traces, trips};
use chrono::TimeZone;
use routeforce::features::travel::Trips;
use routeforce::network::matching::MatchOptions;
use routeforce::network::osm::RoadClass;
use routeforce::runtime::{Cancel, Progress};
use routeforce::speeds::{RoadSpeeds, TripWays, from_positions, from_trips, slot};

/// Mean and greatest error of the factors, as a share, over hours in which one drives.
fn errors(speeds: &RoadSpeeds) -> (f64, f64) {
    let (mut sum, mut count, mut most) = (0.0, 0.0, 0.0_f64);
    // A Tuesday and a Sunday.
    for day in [5, 10] {
        for hour in 6..22 {
            let local = ZONE.with_ymd_and_hms(2026, 5, day, hour, 20, 0).unwrap();
            let slot = slot(local, &Default::default());
            for class in [RoadClass::Primary, RoadClass::Street] {
                let off = (learned(speeds, class, slot) / factor(class, local))
                    .ln()
                    .abs();
                (sum, count, most) = (sum + off, count + 1.0, most.max(off));
            }
        }
    }
    (sum / count, most)
}

#[test]
fn from_trips_that_tell_only_their_ends() {
    let network = town();
    let made = trips(&network, 2_000, 0.15, 1);
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let ways = TripWays::default();
    let speeds = from_trips(&network, &made, ways, &options(), &cancel, &silent).unwrap();
    let (mean, most) = errors(&speeds);
    assert!(mean < 0.07 && most < 0.22, "{mean} {most}");
    assert_eq!((speeds.drives, speeds.left_out), (2_000, 0));
    // The noise that was put in: 0.15, one in ten beyond 1.28 times that.
    assert!((speeds.drive.p90 / speeds.drive.p50 / (1.2816_f64 * 0.15).exp() - 1.0).abs() < 0.05);
    assert!(speeds.leg_correlation < 0.05);
}

#[test]
fn from_positions_with_noise() {
    let network = town();
    let made = traces(&network, 500, 2);
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let matching = MatchOptions::default();
    let speeds = from_positions(&network, &made, matching, &options(), &cancel, &silent).unwrap();
    let (mean, most) = errors(&speeds);
    assert!(mean < 0.06 && most < 0.25, "{mean} {most}");
    assert!(speeds.observations > 1_000);
}

#[test]
fn too_little_is_refused_and_a_test_split_not_looked_at() {
    let network = town();
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let mut made = trips(&network, 120, 0.1, 3);
    let learn = |trips: &Trips| {
        from_trips(
            &network,
            trips,
            TripWays::default(),
            &options(),
            &cancel,
            &silent,
        )
    };
    assert!(learn(&made).is_ok());
    let mark = |i: usize| if i.is_multiple_of(2) { "test" } else { "train" };
    made.split = Some((0..120).map(|i| mark(i).to_owned()).collect());
    let refused = learn(&made).unwrap_err().to_string();
    assert!(
        refused.contains("60 stretches") && refused.contains("at least 100"),
        "{refused}"
    );
    let cancelled = Cancel::new();
    cancelled.cancel();
    let ways = TripWays::default();
    assert!(from_trips(&network, &made, ways, &options(), &cancelled, &silent).is_err());
}
