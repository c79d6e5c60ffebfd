//! Build a road network, and ask it.

mod ask;
mod learn;
mod time;

use super::Context;
use crate::network::osm::{Profile, Vehicle};
use crate::network::{self, CREDIT, Network};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Read an OpenStreetMap extract as a vehicle may use it, and prepare it for routing.
    Build(Build),
    /// Tell what a network holds, and what of the extract was not understood.
    Info {
        /// Network file.
        network: PathBuf,
    },
    /// The quickest way, in words or as a file for other programs.
    Route(ask::Route),
    /// Durations and lengths between all places of a table, at free flow or by learned speeds.
    Matrix(ask::Matrix),
    /// Learn speeds of its roads by hour of the week from trips or positions.
    Learn(learn::Args),
}

#[derive(Debug, clap::Args)]
struct Build {
    /// Extract in PBF format.
    extract: PathBuf,
    /// Who drives: car, van, truck, bicycle or foot.
    #[arg(long, default_value = "car", value_parser = profile)]
    profile: Profile,
    /// Height of the vehicle in metres.
    #[arg(long)]
    height_m: Option<f64>,
    /// Width of the vehicle in metres.
    #[arg(long)]
    width_m: Option<f64>,
    /// Length of the vehicle in metres.
    #[arg(long)]
    length_m: Option<f64>,
    /// Weight of the vehicle in tonnes.
    #[arg(long)]
    weight_t: Option<f64>,
    /// Weight of an axle in tonnes.
    #[arg(long)]
    axle_load_t: Option<f64>,
    /// It carries dangerous goods.
    #[arg(long)]
    hazmat: bool,
    /// Network file to write.
    #[arg(long)]
    out: PathBuf,
}

fn profile(name: &str) -> Result<Profile, String> {
    let names = || Profile::ALL.map(Profile::name).join(", ");
    Profile::of(name).ok_or_else(|| format!("give one of {}", names()))
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    match args.action {
        Action::Build(args) => build(&args, context),
        Action::Info { network } => info(&network),
        Action::Route(args) => ask::route(&args, context),
        Action::Matrix(args) => ask::matrix(&args, context),
        Action::Learn(args) => learn::run(&args, context),
    }
}

fn build(args: &Build, context: &Context) -> anyhow::Result<()> {
    let vehicle = Vehicle {
        height_m: args.height_m,
        width_m: args.width_m,
        length_m: args.length_m,
        weight_t: args.weight_t,
        axle_load_t: args.axle_load_t,
        hazmat: args.hazmat,
    };
    let (cancel, progress) = (&context.cancel, &context.progress);
    let network = Network::build(&args.extract, args.profile, &vehicle, cancel, progress)?;
    network::save(&network, &args.out)?;
    print_info(&network);
    println!("{}", args.out.display());
    Ok(())
}

fn info(path: &Path) -> anyhow::Result<()> {
    print_info(&network::load(path)?);
    Ok(())
}

fn print_info(network: &Network) {
    let (graph, info) = (network.graph(), network.info());
    let edges = 0..graph.edges() as u32;
    let main = edges.filter(|&edge| graph.is_main(edge)).count();
    let km: f64 = graph.length_cm.iter().map(|&cm| f64::from(cm)).sum::<f64>() / 1e5;
    println!("{} of {}, {CREDIT}", info.profile.name(), info.source);
    println!(
        "{} junctions, {} directed edges ({:.0} km), {} of them in the main part, {} turns",
        graph.junctions(),
        graph.edges(),
        km,
        main,
        network.turns().into.len()
    );
    let report = &info.report;
    println!(
        "{} of {} ways are roads, {} turn restrictions, {} roads copied for those over ways",
        report.roads,
        report.ways,
        report.restrictions,
        network.turns().copies.len()
    );
    for (why, count) in &report.skipped {
        println!("left out: {count} x {why}");
        for example in report.examples.get(why).into_iter().flatten().take(3) {
            println!("  {}: {}", example.element, example.what);
        }
    }
}
