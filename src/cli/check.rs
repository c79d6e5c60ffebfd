//! Recompute a plan or a solution independently.

use super::{Context, plan};
use crate::cost::file;
use crate::domain::plan::Plan;
use crate::domain::{Document, InputError};
use crate::planning;
use crate::solver::check::check;
use crate::solver::format;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A plan (`.json`) or a solution (`.sol`).
    file: PathBuf,
    /// The plan's cost tensor; without it, the file beside the plan.
    #[arg(long)]
    costs: Option<PathBuf>,
    /// The instance that a solution solves.
    #[arg(long)]
    instance: Option<PathBuf>,
}

pub(crate) fn run(args: Args, _context: &Context) -> anyhow::Result<()> {
    let is_solution = args.file.extension().is_some_and(|e| e == "sol");
    let (faults, summary) = if is_solution {
        check_solution(&args)?
    } else {
        check_plan(&args)?
    };
    println!("{}: {summary}", args.file.display());
    if faults.is_empty() {
        println!("no fault found");
        return Ok(());
    }
    for fault in &faults {
        println!("  {fault}");
    }
    anyhow::bail!("{} faults in {}", faults.len(), args.file.display())
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

fn check_solution(args: &Args) -> anyhow::Result<(Vec<String>, String)> {
    let instance: &Path = args.instance.as_deref().ok_or_else(|| {
        InputError::new(
            "command line",
            "missing",
            "name the instance that the solution solves",
        )
        .field("--instance")
    })?;
    let instance = format::read_instance(instance)?;
    let solution = format::read_solution(&args.file, &instance)?;
    let report = check(&instance.problem, &solution);
    let left_out = report.unplanned_mandatory.iter();
    let faults = report.faults.iter().map(ToString::to_string);
    let faults = faults.chain(left_out.map(|stop| format!("customer {} is not served", stop + 1)));
    let cost = i64::try_from(report.cost).unwrap_or(i64::MAX);
    let summary = format!(
        "{}: {} routes, cost {}",
        instance.name,
        solution.routes.len(),
        instance.show_cost(cost)
    );
    Ok((faults.collect(), summary))
}
