//! Workers: they take jobs from the queue, run them on threads of their own, and keep the lease.

use super::App;
use super::cpu_pool::{CpuPool, PoolError};
use super::job_kinds::{JobError, Lane, Made, Task};
use super::live::LiveEvent;
use crate::runtime::progress::Step;
use crate::runtime::{Cancel, Progress};
use crate::store::{ClaimedJob, Heartbeat, Outcome, PlanSummary, StoreError};
use chrono::TimeDelta;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// How often an idle worker looks for jobs of other processes; its own are announced.
const POLL: Duration = Duration::from_secs(1);
/// How often progress is written down, at most.
const TICK: Duration = Duration::from_millis(400);
/// How long a job may take to notice that the server stops.
const STOP_PATIENCE: Duration = Duration::from_secs(4);
/// A job whose worker was lost this often is taken for the reason of that.
const MOST_ATTEMPTS: u32 = 3;

type Ran = Result<Result<Made, JobError>, PoolError>;

/// Running workers.
#[derive(Debug)]
pub struct Workers {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Makes all workers hand back their jobs and waits for it, some five seconds at most.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a worker ended unexpectedly");
            }
        }
    }
}

/// One worker.
struct Worker {
    app: App,
    id: String,
    lane: Lane,
    threads: Arc<CpuPool>,
    stop: watch::Receiver<bool>,
}

/// How the run of a job was ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Not at all.
    No,
    /// Its lease was lost.
    Lost,
    /// The server stops.
    Stopping,
}

impl App {
    /// Starts `planners` workers for plans and one for all other jobs, with a thread each.
    pub fn start_workers(&self, planners: usize) -> std::io::Result<Workers> {
        let lanes = std::iter::repeat_n(Lane::Plans, planners.max(1)).chain([Lane::Demand]);
        let count = planners.max(1) + 1;
        let threads = Arc::new(CpuPool::start("routeforce-job", count, count)?);
        let (stop, stopped) = watch::channel(false);
        let tasks = lanes
            .map(|lane| {
                let worker = Worker {
                    app: self.clone(),
                    id: Uuid::now_v7().to_string(),
                    lane,
                    threads: Arc::clone(&threads),
                    stop: stopped.clone(),
                };
                tokio::spawn(worker.work())
            })
            .collect();
        Ok(Workers { stop, tasks })
    }
}

impl Worker {
    async fn work(mut self) {
        while !*self.stop.borrow() {
            let now = self.app.clock().now();
            let lease = self.lease();
            match self
                .app
                .store()
                .claim(&self.id, self.lane.take(), lease, now)
                .await
            {
                Ok(Some(job)) => {
                    let id = job.id;
                    if let Err(error) = self.run(job).await {
                        // The lease ends by itself; then the job is taken again.
                        tracing::error!(job = %id, error = &error as &dyn std::error::Error,
                            "a job's end could not be written");
                    }
                    self.app.running().remove(&id);
                }
                Ok(None) => self.idle(POLL).await,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "no job to be had");
                    self.idle(POLL * 3).await;
                }
            }
        }
    }

    async fn idle(&mut self, time: Duration) {
        tokio::select! {
            _ = self.app.job_added(self.lane).notified() => {}
            _ = self.stop.changed() => {}
            () = tokio::time::sleep(time) => {}
        }
    }

    fn lease(&self) -> TimeDelta {
        TimeDelta::from_std(self.app.parts().lease).unwrap_or(TimeDelta::seconds(60))
    }

    /// Runs a job to its end.
    async fn run(&mut self, job: ClaimedJob) -> Result<(), StoreError> {
        if job.cancel_requested {
            return self.finish(&job, Outcome::Cancelled).await;
        }
        if job.attempts > MOST_ATTEMPTS {
            let error = format!("its worker was lost {MOST_ATTEMPTS} times");
            return self.finish(&job, Outcome::Failed(&error)).await;
        }
        let task = match Task::of(&self.app, &job).await? {
            Ok(task) => task,
            Err(error) => return self.finish(&job, Outcome::Failed(&error)).await,
        };
        let started = Instant::now();
        let cancel = Cancel::new();
        self.app.running().insert(job.id, cancel.clone());
        let (made, ended) = self.make(&job, task, &cancel).await?;
        metrics::histogram!("routeforce_job_seconds", "kind" => job.kind.clone())
            .record(started.elapsed().as_secs_f64());
        match (ended, made) {
            (Ended::Lost, _) => {
                tracing::warn!(job = %job.id, "another worker took the job");
                Ok(())
            }
            (Ended::Stopping, _) => self.hand_back(&job).await,
            // Whatever came of it, nobody wants it any more.
            (Ended::No, _) if cancel.is_cancelled() => self.finish(&job, Outcome::Cancelled).await,
            (Ended::No, Some(Ok(Ok(made)))) => self.finish_with(&job, &made).await,
            (Ended::No, Some(Ok(Err(error)))) => {
                self.finish(&job, Outcome::Failed(&error.to_string())).await
            }
            (Ended::No, Some(Err(error))) => {
                self.finish(&job, Outcome::Failed(&error.to_string())).await
            }
            (Ended::No, None) => self.finish(&job, Outcome::Failed("no result")).await,
        }
    }

    /// Does the task on a thread while keeping the lease. `None`: it did not stop in time.
    async fn make(
        &mut self,
        job: &ClaimedJob,
        task: Task,
        cancel: &Cancel,
    ) -> Result<(Option<Ran>, Ended), StoreError> {
        let step = Arc::new(Mutex::new(Step {
            stage: "start".into(),
            done: 0,
            total: 0,
        }));
        let latest = Arc::clone(&step);
        let progress = Progress::to(move |step| {
            *latest.lock().unwrap_or_else(PoisonError::into_inner) = step.clone();
        });
        let app = self.app.clone();
        let (threads, switch) = (Arc::clone(&self.threads), cancel.clone());
        let work = threads.run(move || task.run(&app, &switch, &progress));
        tokio::pin!(work);
        let mut tick = tokio::time::interval(TICK.min(self.app.parts().lease / 4));
        let mut written = (None::<Step>, Instant::now());
        loop {
            tokio::select! {
                made = &mut work => return Ok((Some(made), Ended::No)),
                _ = self.stop.changed() => {
                    cancel.cancel();
                    let made = tokio::time::timeout(STOP_PATIENCE, &mut work).await.ok();
                    return Ok((made, Ended::Stopping));
                }
                _ = tick.tick() => {
                    let now = step.lock().unwrap_or_else(PoisonError::into_inner).clone();
                    let due = written.1.elapsed() > self.app.parts().lease / 3;
                    if written.0.as_ref() == Some(&now) && !due {
                        continue;
                    }
                    if self.beat(job, &now, cancel).await == Heartbeat::Lost {
                        cancel.cancel();
                        return Ok((None, Ended::Lost));
                    }
                    written = (Some(now), Instant::now());
                }
            }
        }
    }

    /// Writes the progress and keeps the lease. A database that does not answer is not a reason
    /// to give up yet: whether the lease was kept shows at the next beat.
    async fn beat(&self, job: &ClaimedJob, step: &Step, cancel: &Cancel) -> Heartbeat {
        let until = self.app.clock().now() + self.lease();
        let store = self.app.store();
        let beat = store
            .heartbeat(job.scope, job.id, &self.id, step, until)
            .await;
        match beat {
            Ok(Heartbeat::CancelRequested) => {
                cancel.cancel();
                Heartbeat::CancelRequested
            }
            Ok(Heartbeat::Kept) => {
                self.announce(job).await;
                Heartbeat::Kept
            }
            Ok(Heartbeat::Lost) => Heartbeat::Lost,
            Err(error) => {
                tracing::warn!(job = %job.id, error = &error as &dyn std::error::Error,
                    "the lease could not be renewed");
                Heartbeat::Kept
            }
        }
    }

    async fn finish_with(&self, job: &ClaimedJob, made: &Made) -> Result<(), StoreError> {
        match self.finish(job, made.outcome()).await {
            Ok(()) => {
                if let Made::Plan(plan) = made {
                    let plan = PlanSummary::of(plan);
                    let event = LiveEvent::Plan { plan };
                    self.app.live().publish(job.scope, &event);
                }
                Ok(())
            }
            Err(error @ (StoreError::Conflict { .. } | StoreError::Superseded { .. })) => {
                let error = error.to_string();
                self.finish(job, Outcome::Failed(&error)).await
            }
            Err(error) => Err(error),
        }
    }

    async fn finish(&self, job: &ClaimedJob, outcome: Outcome<'_>) -> Result<(), StoreError> {
        let state = match outcome {
            Outcome::Planned(_) | Outcome::Forecast { .. } | Outcome::Reported(_) => "succeeded",
            Outcome::Failed(_) => "failed",
            Outcome::Cancelled => "cancelled",
        };
        let now = self.app.clock().now();
        let store = self.app.store();
        if store
            .finish(job.scope, job.id, &self.id, outcome, now)
            .await?
        {
            let kind = job.kind.clone();
            metrics::counter!("routeforce_jobs_finished_total", "kind" => kind, "state" => state)
                .increment(1);
            tracing::info!(job = %job.id, state, "job finished");
        } else {
            tracing::warn!(job = %job.id, "the job's lease had ended; its result is dropped");
        }
        self.announce(job).await;
        Ok(())
    }

    async fn hand_back(&self, job: &ClaimedJob) -> Result<(), StoreError> {
        let store = self.app.store();
        store.hand_back(job.scope, job.id, &self.id).await?;
        tracing::info!(job = %job.id, "job handed back");
        self.announce(job).await;
        Ok(())
    }

    async fn announce(&self, job: &ClaimedJob) {
        match self.app.store().job(job.scope, job.id).await {
            Ok(Some(stored)) => {
                self.app.announce_job(job.scope, stored);
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "no job"),
        }
    }
}
