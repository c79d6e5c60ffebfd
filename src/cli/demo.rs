//! The whole chain on a simulated operator.

use super::Context;
use crate::domain::stop::StopOrigin;
use crate::pipeline::demo::{self, DemoOptions, DemoOutcome};
use crate::pipeline::value::BASES;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder that everything is written to.
    #[arg(long, default_value = "reports/demo")]
    dir: PathBuf,
    /// Seed of the simulated operator, the models and the searches.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A small operator: the same chain in seconds.
    #[arg(long)]
    small: bool,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let options = if args.small {
        DemoOptions::small(&args.dir, args.seed)
    } else {
        DemoOptions::full(&args.dir, args.seed)
    };
    let outcome = demo::run(&options, &context.cancel, &context.progress)?;
    print_plan(&outcome);
    print_value(&outcome);
    print_where(&outcome, &args.dir);
    Ok(())
}

fn print_plan(outcome: &DemoOutcome) {
    let plan = &outcome.plan;
    let expected = plan
        .stops
        .iter()
        .filter(|s| s.origin == StopOrigin::Forecast)
        .count();
    println!();
    println!(
        "{}: {} stops planned ({expected} of {} known only from the forecast), {} routes, {} left out, expected cost EUR {:.0}",
        outcome.date,
        plan.routes.iter().map(|r| r.visits.len()).sum::<usize>(),
        plan.stops.len(),
        plan.routes.len(),
        plan.unplanned.len(),
        plan.cost.total()
    );
    let events = || outcome.day.routes.iter().flat_map(|r| &r.events);
    println!(
        "played: {} stops visited, {} late, realised cost EUR {:.0}, {} alerts",
        events().count(),
        events().filter(|e| e.late_s > 0).count(),
        outcome.day.cost.total(),
        outcome.alerts
    );
}

/// Realised cost by basis, per day and in all.
fn print_value(outcome: &DemoOutcome) {
    let bases = BASES;
    println!();
    println!(
        "What the forecast is worth: realised cost in EUR (late stops), by what the plan knew"
    );
    println!(
        "{:<12}{:>18}{:>18}{:>18}{:>18}",
        "day", "averages", "predictions", "with caution", "everything"
    );
    let mut sums = [(0.0, 0_u32); BASES.len()];
    for day in &outcome.value.days {
        let mut line = format!("{:<12}", day.date.to_string());
        for (sum, basis) in sums.iter_mut().zip(bases) {
            if let Some(result) = day.of(basis) {
                sum.0 += result.total();
                sum.1 += result.late_stops;
                line += &format!(
                    "{:>12.0} {:>5}",
                    result.total(),
                    format!("({})", result.late_stops)
                );
            }
        }
        println!("{line}");
    }
    let total = sums.map(|(cost, late)| format!("{cost:>12.0} {:>5}", format!("({late})")));
    println!("{:<12}{}", "all", total.concat());
}

/// Where the report is, and how to look at the day, with the program's own path: it need not be on
/// the search path.
fn print_where(outcome: &DemoOutcome, dir: &Path) {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("routeforce"));
    println!();
    println!("report:    {}", outcome.report.html.display());
    println!("program:   {}", program.display());
    println!("look at the day live:");
    println!("  {} serve --demo {}", program.display(), dir.display());
    println!("  then open http://127.0.0.1:8080");
}
