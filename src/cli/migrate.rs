//! Bring the database to the current schema.

use super::Context;
use super::serve::Database;
use crate::store::Store;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    database: Database,
}

pub(crate) fn run(args: Args, _context: &Context) -> anyhow::Result<()> {
    let url = args.database.url()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = Store::connect(&url).await?;
        let version = store.migrate().await?;
        store.close().await;
        println!("{url} is at schema version {version}");
        Ok(())
    })
}
