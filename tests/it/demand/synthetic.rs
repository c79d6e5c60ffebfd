//! Made-up demand with a known shape.

use rand::Rng;
use routeforce::features::demand::Frequency;
use routeforce::features::demand::panel::{Covariate, Panel, Series};
use routeforce::runtime::random;

/// Daily series with a weekly shape, a level of their own, promotions that double demand and
/// Sundays closed. Covariates reach `ahead` days beyond the values.
pub fn shops(seed: u64, series: usize, days: i64, ahead: i64) -> Panel {
    let start = Frequency::Daily
        .index("2024-01-01T00:00:00".parse().unwrap())
        .unwrap();
    let series = (0..series).map(|s| {
        let mut draw = random::generator(seed, &format!("shop {s}"));
        let level = draw.random_range(5.0..200.0_f32);
        let mut values = Vec::new();
        let (mut open, mut promotion) = (Vec::new(), Vec::new());
        for day in 0..days + ahead {
            let is_open = day % 7 != 6;
            let promoted = (day / 7) % 3 == 0;
            open.push(f32::from(u8::from(is_open)));
            promotion.push(f32::from(u8::from(promoted)));
            if day < days {
                let shape = [1.0, 0.8, 0.9, 1.2, 1.6, 2.0, 0.0][(day % 7) as usize];
                let lift = if promoted { 2.0 } else { 1.0 };
                values.push(level * shape * lift * draw.random_range(0.7..1.3));
            }
        }
        Series {
            id: format!("shop-{s:03}"),
            start,
            values,
            covariates: vec![open, promotion],
            last_row: start + days + ahead - 1,
        }
    });
    Panel {
        source: "synthetic".into(),
        frequency: Frequency::Daily,
        weekday: 0,
        covariates: ["open", "promotion"]
            .map(|name| Covariate {
                name: name.into(),
                binary: true,
            })
            .to_vec(),
        series: series.collect(),
    }
}
