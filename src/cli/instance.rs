//! How an instance is read, for the commands that take one.

use crate::domain::InputError;
use crate::solver::format::{Dialect, DistanceRule, Instance, ReadOptions, read_instance};
use std::path::{Path, PathBuf};

/// Lets the content of the file decide.
const AUTO: &str = "auto";

#[derive(Debug, clap::Args)]
pub(super) struct InstanceArgs {
    /// A routing matrix of a pragmatic problem; give one option for each file.
    #[arg(long, value_name = "FILE.json")]
    matrix: Vec<PathBuf>,
    /// Format of the instance: auto, vrplib, solomon, lilim, mamut, vroom or pragmatic.
    #[arg(long, value_name = "NAME", default_value = AUTO)]
    format: String,
    /// How distances of a text format become integers: nearest, tenths, exact or doubles; by
    /// default as is usual for the type of the instance.
    #[arg(long, value_name = "RULE")]
    rounding: Option<DistanceRule>,
    /// What is minimised: `distance` (or cost), or `vehicles-first`; by default as is usual for the
    /// format of the instance.
    #[arg(long, value_name = "NAME", value_parser = ["distance", "vehicles-first"])]
    objective: Option<String>,
}

impl InstanceArgs {
    /// Reads the instance.
    pub fn read(&self, path: &Path) -> Result<Instance, InputError> {
        let dialect = match self.format.as_str() {
            AUTO => None,
            name => Some(name.parse::<Dialect>().map_err(|remedy| {
                let error = InputError::new("command line", "no such format", remedy);
                error.field("--format").value(name)
            })?),
        };
        let options = ReadOptions {
            dialect,
            rounding: self.rounding,
            vehicles_first: self.objective.as_deref().map(|o| o == "vehicles-first"),
            matrices: self.matrix.clone(),
        };
        read_instance(path, &options)
    }
}

/// The stops that an option names.
pub(super) fn stops_called(
    instance: &Instance,
    option: &str,
    ids: &[String],
) -> Result<Vec<usize>, InputError> {
    let stop = |id: &String| {
        instance.stop_called(id).ok_or_else(|| {
            let remedy = match instance.stop_ids.as_slice() {
                [] => "the instance has no stops".to_owned(),
                [first, ..] => format!("give the id of a stop, such as {first}"),
            };
            let error = InputError::new("command line", "no such stop", remedy);
            error.field(option).value(id)
        })
    };
    ids.iter().map(stop).collect()
}
