//! Run the service. The one place that puts its parts together.

use super::Context;
use super::serve_knowledge::{Knowledge, KnowledgeArgs};
use super::serve_models::Models;
use crate::api;
use crate::app::cpu_pool::CpuPool;
use crate::app::road_networks::RoadNetworks;
use crate::app::worker::Workers;
use crate::app::{App, Clock, Parts, demo};
use crate::domain::InputError;
use crate::domain::day_record::DayRecord;
use crate::pipeline::road_times::RoadTimes;
use crate::runtime::Cancel;
use crate::store::{DEFAULT_TENANT, DatabaseUrl, Store};
use anyhow::Context as _;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long a worker may be silent before another one takes its job.
const LEASE: Duration = Duration::from_secs(60);
/// Computations that may wait for a thread.
const WAITING_COMPUTATIONS: usize = 64;
/// How often a signal is looked for.
const SIGNAL_POLL: Duration = Duration::from_millis(100);
/// How long closing the database may take.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    #[command(flatten)]
    database: Database,
    /// Folder of the models; without it, that of the demo, or `models`.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Road network of `routeforce network build` that answers questions about roads; can be given once
    /// for each profile. The first one also gives plans their distances and the travel-time model the
    /// ways that it was trained with.
    #[arg(long = "network", value_name = "FILE")]
    networks: Vec<PathBuf>,
    /// Learned speeds of the roads of the first network, on which plans are then routed slice by slice.
    #[arg(long, requires = "networks")]
    speeds: Option<PathBuf>,
    #[command(flatten)]
    knowledge: KnowledgeArgs,
    /// Show what `routeforce demo --dir DIR` left in DIR, and replay its day with moving vans.
    #[arg(long, value_name = "DIR")]
    demo: Option<PathBuf>,
    /// Seconds of the replayed day per second.
    #[arg(long, default_value_t = 60.0, requires = "demo")]
    speed: f64,
}

/// Where the database is.
#[derive(Debug, clap::Args)]
pub(crate) struct Database {
    /// sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME; without it, a file in --data.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<SecretText>,
    /// Folder of the SQLite file.
    #[arg(long, default_value = ".")]
    data: PathBuf,
}

/// A text that does not show itself.
#[derive(Clone)]
struct SecretText(String);

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Database {
    /// The database that is meant.
    pub(crate) fn url(&self) -> Result<DatabaseUrl, InputError> {
        match &self.database_url {
            Some(SecretText(url)) if !url.is_empty() => url.parse(),
            _ => {
                std::fs::create_dir_all(&self.data).map_err(|e| {
                    let source = self.data.display().to_string();
                    InputError::new(
                        source,
                        e.to_string(),
                        "give a folder that can be written to",
                    )
                    .field("--data")
                })?;
                Ok(DatabaseUrl::sqlite_file(&self.data.join("routeforce.db")))
            }
        }
    }
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    start_log();
    let found = args.demo.as_deref().map(demo::read).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(serve(&args, found, &context.cancel));
    // Threads that compute do not hold up the end: their jobs were handed back.
    runtime.shutdown_background();
    result
}

/// Logs to standard error, at level `info` unless `RUST_LOG` says otherwise.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "info,sqlx=warn".into());
    // An error means that something logs already.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

async fn serve(args: &Args, found: Option<demo::Found>, cancel: &Cancel) -> anyhow::Result<()> {
    let listener = listen(args.addr).await?;
    let store = Store::connect(&args.database.url()?).await?;
    store.migrate().await?;
    let app = App::new(parts(args, store.clone())?);
    let day = match found {
        Some(found) => app.import_demo(DEFAULT_TENANT, found).await?,
        None => None,
    };
    let (stop, stopped) = watch::channel(false);
    let replay = day.map(|day| tokio::spawn(replay(app.clone(), day, args.speed, stopped.clone())));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers: Workers = app.start_workers((cores / 2).max(1))?;
    let address = listener.local_addr()?;
    say(&format!("RouteForce is at http://{address}"));
    if !address.ip().is_loopback() {
        eprintln!("warning: there is no sign-in yet: whoever reaches {address} may do everything");
    }
    let server = tokio::spawn(api::serve(app, listener, stopped));
    while !cancel.is_cancelled() && !server.is_finished() {
        tokio::time::sleep(SIGNAL_POLL).await;
    }
    // Doors and workers stop side by side, each within five seconds.
    let _ = stop.send(true);
    let (served, ()) = tokio::join!(server, workers.stop());
    if let Some(replay) = replay {
        replay.abort();
    }
    let _ = tokio::time::timeout(CLOSE_PATIENCE, store.close()).await;
    served??;
    say("stopped");
    Ok(())
}

/// Prints a line. Whoever started the service may have stopped reading; it serves all the same.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let remedy = "stop the other program, or give another address with --addr";
            let error = InputError::new("command line", "the address is in use", remedy);
            Err(error.field("--addr").value(address).into())
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on {address}")),
    }
}

fn parts(args: &Args, store: Store) -> anyhow::Result<Parts> {
    let of_demo = args.demo.as_ref().map(|folder| folder.join("models"));
    let folder = args.models.clone().or(of_demo);
    let folder = folder.unwrap_or_else(|| "models".into());
    let networks = RoadNetworks::load(&args.networks)?;
    let roads = networks.first().cloned().map(RoadTimes::new).map(Arc::new);
    let speeds = super::plan::load_speeds(args.speeds.as_deref())?;
    let knowledge = Knowledge::load(&args.knowledge)?;
    let models = Arc::new(Models::of(folder.clone(), roads, speeds, knowledge));
    let runtime = Arc::clone(&models);
    Ok(Parts {
        store,
        clock: Clock::system(),
        planner: models.clone(),
        demand: models.clone(),
        model_cards: models.clone(),
        travel_times: models,
        networks,
        models: folder,
        model_runtime: Arc::new(move || runtime.check()),
        computations: CpuPool::start("routeforce-compute", 2, WAITING_COMPUTATIONS)?,
        lease: LEASE,
    })
}

async fn replay(app: App, day: DayRecord, speed: f64, stop: watch::Receiver<bool>) {
    if let Err(error) = app.replay(DEFAULT_TENANT, day, speed, stop).await {
        tracing::error!(error = &error as &dyn std::error::Error, "the replay ended");
    }
}
