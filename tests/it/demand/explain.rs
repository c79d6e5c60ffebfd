//! Explanations: Shapley values by their axioms, and contributions that add up to the forecast.

use super::synthetic::shops;
use proptest::prelude::*;
use routeforce::features::demand::explanation_table::Explanation;
use routeforce::features::demand::{DemandSpec, Frequency, Group, Panel, RowBuilder};
use routeforce::forecast::explain::shapley_values;
use routeforce::forecast::{Choice, TrainOptions, explain, predict, train};
use routeforce::onnx::{Model, Session};
use routeforce::runtime::{Cancel, Progress};

fn model(panel: &Panel, choice: Choice) -> Model {
    let options = TrainOptions {
        choice,
        ..TrainOptions::default()
    };
    let trained = train(panel, "x", &options, &Cancel::new(), &Progress::silent()).unwrap();
    Model {
        session: Session::from_bytes("test", &trained.onnx).unwrap(),
        manifest: trained.manifest,
    }
}

fn explained(model: &Model, panel: &Panel, horizon: u32) -> Vec<Explanation> {
    explain(model, panel, horizon, &Cancel::new(), &Progress::silent()).unwrap()
}

fn of(explanation: &Explanation, group: Group) -> f64 {
    let position = Group::ALL.iter().position(|g| *g == group).unwrap();
    explanation.contributions[position]
}

/// Marginal contributions averaged over all orders, one by one.
fn by_orders(players: usize, worth: &[f64]) -> Vec<f64> {
    fn orders(players: usize) -> Vec<Vec<usize>> {
        if players == 0 {
            return vec![Vec::new()];
        }
        let shorter = orders(players - 1);
        let insert = |order: &Vec<usize>| {
            let order = order.clone();
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, players - 1);
                longer
            })
        };
        shorter.iter().flat_map(insert).collect()
    }
    let all = orders(players);
    let mut values = vec![0.0; players];
    for order in &all {
        let mut set = 0_usize;
        for &player in order {
            values[player] += worth[set | 1 << player] - worth[set];
            set |= 1 << player;
        }
    }
    values.iter().map(|v| v / all.len() as f64).collect()
}

proptest! {
    #[test]
    fn shapley_values_are_those_of_all_orders(worth in prop::collection::vec(-100.0..100.0_f64, 32)) {
        let (values, expected) = (shapley_values(5, &worth), by_orders(5, &worth));
        for (value, expected) in values.iter().zip(&expected) {
            prop_assert!((value - expected).abs() < 1e-9, "{values:?} {expected:?}");
        }
        prop_assert!((values.iter().sum::<f64>() - (worth[31] - worth[0])).abs() < 1e-9);
    }

    #[test]
    fn an_idle_player_gets_nothing_and_equals_get_the_same(
        worth in prop::collection::vec(-100.0..100.0_f64, 8),
    ) {
        // Player 3 changes nothing; players 0 and 1 count by how many of them there are.
        let game: Vec<f64> = (0..16_usize)
            .map(|set| {
                let pair = (set & 1) + (set >> 1 & 1);
                worth[pair * 2 + (set >> 2 & 1)]
            })
            .collect();
        let values = shapley_values(4, &game);
        prop_assert!(values[3].abs() < 1e-9, "{values:?}");
        prop_assert!((values[0] - values[1]).abs() < 1e-9, "{values:?}");
    }
}

#[test]
fn contributions_add_up_to_the_forecast() {
    let panel = shops(2, 5, 300, 14);
    for choice in [Choice::Boosted, Choice::Linear] {
        let model = model(&panel, choice);
        let forecasts = predict(&model, &panel, 14, &[]).unwrap();
        let explained = explained(&model, &panel, 14);
        assert_eq!(explained.len(), forecasts.len());
        for (explanation, forecast) in explained.iter().zip(&forecasts) {
            assert_eq!(explanation.series_id, forecast.series_id);
            assert_eq!(explanation.ts, forecast.ts);
            let mean = forecast.quantiles.mean;
            assert_eq!(explanation.mean, mean);
            let sum = explanation.typical + explanation.contributions.iter().sum::<f64>();
            let size = mean.abs().max(explanation.typical.abs());
            assert!((sum - mean).abs() <= 1e-4 * size, "{explanation:?}");
        }
    }
}

#[test]
fn promotions_and_closures_are_what_is_known_ahead() {
    let panel = shops(3, 6, 406, 14);
    let explained = explained(&model(&panel, Choice::Boosted), &panel, 14);
    let known = |day: usize| -> f64 {
        let of_day = explained.iter().skip(day).step_by(14);
        of_day.map(|e| of(e, Group::Known) / e.typical).sum::<f64>() / 6.0
    };
    // Day 406 is a Monday of week 58, which is not promoted; week 59 is not, 60 would be.
    let (open, closed) = (known(2), known(6));
    assert!(closed < open - 0.3, "{open} {closed}");
    // With promotions throughout, what is known ahead raises every open day.
    let mut promoted = panel.clone();
    for series in &mut promoted.series {
        for value in series.covariates[1].iter_mut().skip(406) {
            *value = 1.0;
        }
    }
    let again = self::explained(&model(&panel, Choice::Boosted), &promoted, 14);
    let raised = of(&again[2], Group::Known) / again[2].typical;
    assert!(raised > open + 0.2, "{raised} {open}");
}

#[test]
fn a_group_that_the_model_does_not_use_adds_nothing() {
    let panel = shops(4, 4, 300, 14).with_covariates(&[]);
    let explained = explained(&model(&panel, Choice::Baseline), &panel, 7);
    let mut seasonal = 0.0;
    for explanation in &explained {
        for idle in [Group::Known, Group::Local, Group::Series] {
            assert_eq!(of(explanation, idle), 0.0, "{explanation:?}");
        }
        seasonal += of(explanation, Group::Season).abs();
    }
    assert!(seasonal > 1.0);
}

#[test]
fn a_series_without_a_past_is_like_the_others() {
    let mut panel = shops(5, 4, 200, 14);
    panel.series[2].values.clear();
    let explained = explained(&model(&shops(5, 4, 200, 14), Choice::Local), &panel, 3);
    for explanation in explained.iter().filter(|e| e.series_id == "shop-002") {
        assert_eq!(explanation.typical, explanation.mean);
        assert!(explanation.contributions.iter().all(|c| *c == 0.0));
    }
    assert!(explained.iter().any(|e| e.typical != e.mean));
}

#[test]
fn every_column_has_a_group_that_its_name_tells() {
    let panel = shops(6, 2, 30, 2);
    for frequency in Frequency::ALL {
        let spec = DemandSpec {
            frequency,
            ..DemandSpec::of(&panel, 3)
        };
        let builder = RowBuilder::new(&spec);
        let count = |group: Group| {
            let names = builder.names().iter();
            names.filter(|name| Group::of(name) == group).count()
        };
        // Target, before and after of two, and two means under like circumstances.
        assert_eq!(count(Group::Known), 8);
        assert_eq!(count(Group::Local), 6);
        assert_eq!(count(Group::Series), 4);
        // Three latest values, four means, deviation, zeros, trend.
        assert_eq!(count(Group::Recent), 10, "{:?}", builder.names());
        assert!(count(Group::Season) > 8);
    }
}
