//! Li & Lim text.

use super::{read, refusal, there_and_back};
use routeforce::solver::Shipment;
use routeforce::solver::format::Dialect;

/// Two pairs; the second node 3 to 4.
const PAIRS: &str = "2\t10\t1
0 0 0 0 0 100 0 0 0
1 3 4 6 0 50 5 0 2
2 6 8 -6 0 60 5 1 0
3 1 1 7 0 80 1 0 4
4 -2.5 1 -7 10 90.5 1 3 0
";

#[test]
fn pickups_and_deliveries_become_shipments() {
    let instance = read("pairs.txt", PAIRS);
    assert_eq!(
        (instance.dialect, instance.name.as_str()),
        (Dialect::LiLim, "pairs")
    );
    let rules = instance.problem.rules();
    let shipment = |pickup, delivery, amount| Shipment {
        pickup,
        delivery,
        amount: vec![amount],
    };
    assert_eq!(rules.shipments, [shipment(0, 1, 6), shipment(2, 3, 7)]);
    assert!(rules.objective.vehicles_first);
    assert_eq!(instance.problem.stops()[3].windows[0].close_s, 905_000);
    let (solution, report) = there_and_back(&instance, 500);
    assert_eq!((solution.routes.len(), report.is_feasible()), (1, true));
}

#[test]
fn durations_are_never_too_short_nor_distances_off() {
    let travel = read("pairs.txt", PAIRS).problem.travel().clone();
    // From the origin to (1, 1): 1.41421356…
    assert_eq!(travel.distance(0, 0, 3), 14_142);
    assert_eq!(travel.duration_s(0, 0, 3, 0), 14_143);
    assert_eq!(travel.duration_s(0, 0, 1, 0), 50_000);
}

#[test]
fn pairs_that_do_not_fit_are_named_with_their_row() {
    for (good, bad, row, word) in [
        ("2\t10\t1", "2\t10\t2", 1, "speed"),
        ("6 0 50 5 0 2", "6 0 50 5 0 4", 3, "DELIVERY"),
        ("-6 0 60 5 1 0", "-5 0 60 5 1 0", 3, "DEMAND"),
        ("-6 0 60 5 1 0", "-6 0 60 5 3 0", 3, "DELIVERY"),
        ("7 0 80 1 0 4", "7 0 80 1 0 0", 5, "neither"),
        ("7 0 80 1 0 4", "7 0 80 1 0 9", 5, "DELIVERY"),
        ("0 0 100 0 0 0", "0 0 100 0 1 0", 2, "depot"),
        ("0 0 100 0 0 0", "0 0 100 0 0 0 0", 2, "10 fields"),
        ("10 90.5", "91 90.5", 6, "90.5"),
    ] {
        let content = PAIRS.replacen(good, bad, 1);
        assert_ne!(content, PAIRS, "{good}");
        let message = refusal("bad.txt", &content);
        assert!(
            message.starts_with(&format!("bad.txt, row {row},")),
            "{bad}: {message}"
        );
        assert!(message.contains(word), "{bad}: {message}");
    }
    let message = refusal("bad.txt", "1 5 1\n0 0 0 0 0 9 0 0 0\n");
    assert!(message.contains("shipments"), "{message}");
}
