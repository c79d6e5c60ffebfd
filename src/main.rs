//! The `routeforce` program: see `routeforce --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    routeforce::cli::main()
}
