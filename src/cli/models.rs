//! Look at trained models, and say which version serves.

use super::Context;
use crate::domain::InputError;
use crate::onnx::stages;
use crate::pipeline::model_card;
use crate::runtime::atomic_file;
use chrono::Utc;
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
    /// Write what there is to know about a version as Markdown, with a picture.
    Card {
        /// NAME, for the version that serves, or NAME/VERSION.
        model: String,
        /// The card; its picture stands beside it.
        #[arg(long, default_value = "model-card.md")]
        out: PathBuf,
    },
}

pub(crate) fn run(args: Args, _context: &Context) -> anyhow::Result<()> {
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
