//! Recompute a plan, or a solution of an instance, independently.

use super::instance::InstanceArgs;
use super::{Context, plan};
use crate::cost::file;
use crate::domain::plan::Plan;
use crate::domain::{Document, InputError};
use crate::planning;
use crate::solver::check::check;
use crate::solver::format::read_solution;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A plan (`.json`), or the instance that a solution solves.
    file: PathBuf,
    /// The solution: text, or the JSON of the instance's format.
    solution: Option<PathBuf>,
    #[command(flatten)]
    reading: InstanceArgs,
    /// The plan's cost tensor; without it, the file beside the plan.
    #[arg(long, conflicts_with = "solution")]
    costs: Option<PathBuf>,
}

pub(crate) fn run(args: Args, _context: &Context) -> anyhow::Result<()> {
    let (faults, summary) = match &args.solution {
        Some(solution) => check_solution(&args, solution)?,
        None if args.file.extension().is_some_and(|e| e == "sol") => {
            let remedy = "give the instance first, then the solution";
            let error = InputError::new("command line", "no instance", remedy);
            return Err(error.value(args.file.display()).into());
        }
        None => check_plan(&args)?,
    };
    println!(
        "{}: {summary}",
        args.solution.as_ref().unwrap_or(&args.file).display()
    );
    if faults.is_empty() {
        println!("no fault found");
        return Ok(());
    }
    for fault in &faults {
        println!("  {fault}");
    }
    anyhow::bail!("{} faults", faults.len())
}

fn check_plan(args: &Args) -> anyhow::Result<(Vec<String>, String)> {
    let document = Plan::read(&args.file)?;
    let costs = args
        .costs
        .clone()
        .unwrap_or_else(|| plan::costs_path(&args.file));
    let costs = file::read(&costs)?;
    let faults = planning::check::check(&document, &costs)?;
    let summary = format!(
        "{} stops, {} routes, cost {:.2}",
        document.stops.len(),
        document.routes.len(),
        document.cost.total()
    );
    Ok((faults, summary))
}

fn check_solution(args: &Args, solution: &Path) -> anyhow::Result<(Vec<String>, String)> {
    let instance = args.reading.read(&args.file)?;
    let solution = read_solution(solution, &instance)?;
    let report = check(&instance.problem, &solution);
    let faults = report.faults.iter().map(|fault| {
        let stop = fault.stop.and_then(|stop| instance.stop_ids.get(stop));
        match stop {
            Some(id) => format!("{fault} (stop `{id}` of the instance)"),
            None => fault.to_string(),
        }
    });
    // Other planners may leave out what does not fit; benchmarks must be served.
    let left_out = report
        .unplanned_mandatory
        .iter()
        .filter(|_| !instance.may_leave_out());
    let left_out = left_out.filter_map(|stop| instance.stop_ids.get(*stop));
    let faults = faults.chain(left_out.map(|id| format!("stop `{id}` is not served")));
    let cost = i64::try_from(report.cost).unwrap_or(i64::MAX);
    let summary = format!(
        "{}: {} routes, {} stops left out, cost {}",
        instance.name,
        solution.routes.len(),
        solution.unplanned.len(),
        instance.show_cost(cost)
    );
    Ok((faults.collect(), summary))
}
