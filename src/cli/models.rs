//! Look at trained models, and say which version serves.

use super::Context;
use crate::domain::{Document, InputError};
use crate::features::demand::table;
use crate::forecast::{MODEL_NAME, drift};
use crate::onnx::stages;
use crate::pipeline::model_card;
use crate::runtime::atomic_file;
use chrono::{NaiveDateTime, Utc};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder of models.
    #[arg(long, default_value = "models", global = true)]
    models: PathBuf,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List all versions with their stage and how they did on steps held back.
    List,
    /// Make a version the one that serves, if it is better than the one that does.
    Promote {
        /// NAME/VERSION, such as demand/20260301T120000Z-1a2b3c4d.
        model: String,
        /// Even if it is no better.
        #[arg(long)]
        force: bool,
        /// Why, for the record.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Go back to the version that served before.
    Rollback {
        /// Name of the model, such as demand.
        name: String,
        /// Why, for the record.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Compare newer data with what the demand model that serves was trained on: inputs and errors.
    Drift {
        /// Name of the model: demand.
        #[arg(value_parser = [MODEL_NAME])]
        name: String,
        /// Demand table with newer steps, and the history before them.
        #[arg(long)]
        data: PathBuf,
        /// Verdicts by group of inputs and figure of the errors, as JSON.
        #[arg(long, default_value = "drift.json")]
        out: PathBuf,
    },
    /// Write what there is to know about a version as Markdown, with a picture.
    Card {
        /// NAME, for the version that serves, or NAME/VERSION.
        model: String,
        /// The card; its picture stands beside it.
        #[arg(long, default_value = "model-card.md")]
        out: PathBuf,
    },
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let models = args.models.as_path();
    match args.action {
        Action::List => list(models),
        Action::Promote {
            model,
            force,
            reason,
        } => {
            let (name, version) = split(&model)?;
            stages::promote(models, name, version, &reason, !force, Utc::now())?;
            println!("{model} serves");
            Ok(())
        }
        Action::Rollback { name, reason } => {
            let stages = stages::roll_back(models, &name, &reason, Utc::now())?;
            println!("{name}/{} serves", stages.champion().unwrap_or_default());
            Ok(())
        }
        Action::Drift { name, data, out } => drift(models, &name, &data, &out, context),
        Action::Card { model, out } => card(models, &model, &out),
    }
}

fn list(models: &Path) -> anyhow::Result<()> {
    println!(
        "{:<12} {:<30} {:<10} {:<6} {:<16} {:>14}",
        "model", "version", "stage", "serves", "kind", "loss/baseline"
    );
    for listed in stages::list(models)? {
        let manifest = listed.manifest;
        let skill = stages::skill(&manifest);
        let serves = if listed.serves { "yes" } else { "-" };
        let skill = match skill.is_finite() {
            true => format!("{skill:.4}"),
            false => "-".into(),
        };
        println!(
            "{:<12} {:<30} {:<10} {:<6} {:<16} {skill:>14}",
            manifest.name, manifest.version, listed.stage, serves, manifest.kind
        );
    }
    Ok(())
}

fn drift(
    models: &Path,
    name: &str,
    data: &Path,
    out: &Path,
    context: &Context,
) -> anyhow::Result<()> {
    let model = stages::load_serving(models, name)?;
    let found = drift::watch(&model, &table::read(data)?, &context.cancel)?;
    found.write(out)?;
    println!(
        "{} {} .. {}: {}",
        found.model, found.first, found.last, found.verdict
    );
    let since = |since: Option<NaiveDateTime>| {
        since.map_or(String::new(), |since| format!("  since {since}"))
    };
    for input in &found.inputs {
        let column = input.columns.first();
        let worst = column.map_or(String::new(), |c| format!("{} PSI {:.2}", c.column, c.psi));
        let (group, since) = (&input.group, since(input.since));
        println!("{group:<22} {:<10} {worst}{since}", input.verdict);
    }
    for error in &found.errors {
        let figure = |value: Option<f64>| value.map_or("-".into(), |v| format!("{v:.4}"));
        let (now, then, since) = (figure(error.now), figure(error.trained), since(error.since));
        let (name, verdict) = (&error.figure, error.verdict);
        println!("{name:<22} {verdict:<10} {now} now, {then} in the backtest{since}");
    }
    for series in &found.series {
        let (id, share) = (&series.series_id, 100.0 * series.excess_share);
        println!(
            "  {id}: wql {:.4}, bias {:+.4}, {share:.0} % of the excess",
            series.wql, series.bias
        );
    }
    println!("{}", out.display());
    Ok(())
}

fn card(models: &Path, model: &str, out: &Path) -> anyhow::Result<()> {
    let card = match model.split_once('/') {
        Some((name, version)) => model_card::read(models, name, version)?,
        None => {
            let serving = stages::load_serving(models, model)?.manifest;
            model_card::read(models, model, &serving.version)?
        }
    };
    let picture = out.with_extension("svg");
    let drawn = card.draw(&picture)?;
    let shown = picture.file_name().filter(|_| drawn);
    let shown = shown.map(|name| name.to_string_lossy().into_owned());
    atomic_file::write(out, card.markdown(shown.as_deref()).as_bytes())?;
    println!("{}", out.display());
    Ok(())
}

fn split(model: &str) -> Result<(&str, &str), InputError> {
    model.split_once('/').ok_or_else(|| {
        InputError::new(
            "command line",
            "not a version of a model",
            "give NAME/VERSION, as `routeforce models list` shows them",
        )
        .field("MODEL")
        .value(model)
    })
}
