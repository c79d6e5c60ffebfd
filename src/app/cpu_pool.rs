//! A few threads for computations, so that they never hold up the threads that serve requests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

type Task = Box<dyn FnOnce() + Send>;

/// A bounded number of threads with a bounded queue.
#[derive(Debug)]
pub struct CpuPool {
    queue: SyncSender<Task>,
}

/// Why the pool gave no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// All threads are busy and the queue is full.
    #[error("all threads are busy and the queue is full")]
    Full,
    /// The computation panicked.
    #[error("the computation ended unexpectedly")]
    Panicked,
    /// The pool has no threads.
    #[error("no thread could be started")]
    NoThreads,
}

impl CpuPool {
    /// Starts `threads` threads with room for `waiting` computations. They end when the pool is
    /// dropped and their queue is empty.
    pub fn start(name: &str, threads: usize, waiting: usize) -> std::io::Result<Self> {
        let (queue, tasks) = sync_channel::<Task>(waiting);
        let tasks = Arc::new(Mutex::new(tasks));
        for index in 0..threads.max(1) {
            let tasks = Arc::clone(&tasks);
            std::thread::Builder::new()
                .name(format!("{name}-{index}"))
                .spawn(move || run_tasks(&tasks))?;
        }
        Ok(Self { queue })
    }

    /// Computes something on one of the threads. If the caller stops waiting, a computation that
    /// has not begun is skipped.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PoolError> {
        let (answer, result) = oneshot::channel();
        let task: Task = Box::new(move || {
            if answer.is_closed() {
                return;
            }
            // Nothing the work shares is looked at after a panic.
            if let Ok(value) = catch_unwind(AssertUnwindSafe(work)) {
                let _ = answer.send(value);
            }
        });
        self.queue.try_send(task).map_err(|e| match e {
            TrySendError::Full(_) => PoolError::Full,
            TrySendError::Disconnected(_) => PoolError::NoThreads,
        })?;
        result.await.map_err(|_| PoolError::Panicked)
    }
}

fn run_tasks(tasks: &Mutex<Receiver<Task>>) {
    loop {
        // The lock is held while waiting: one idle thread waits for the task, the others for it.
        let task = match tasks.lock() {
            Ok(tasks) => tasks.recv(),
            Err(_) => return,
        };
        match task {
            Ok(task) => task(),
            Err(_) => return,
        }
    }
}
