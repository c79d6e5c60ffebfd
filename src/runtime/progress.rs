//! Progress of long work, for terminals, jobs and tests alike.

use std::sync::Arc;

/// One report of progress.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What is being done, such as `train travel-time: fit p50`.
    pub stage: String,
    /// Units done of this stage.
    pub done: u64,
    /// Units in all; 0 if unknown.
    pub total: u64,
}

/// Where long work reports to. Cheap to clone; reporting never blocks for long.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<Listener>>);

/// What reports are handed to.
type Listener = dyn Fn(&Step) + Send + Sync;

impl Progress {
    /// Reports to nobody.
    pub fn silent() -> Self {
        Self(None)
    }

    /// Reports to a function.
    pub fn to(listener: impl Fn(&Step) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    /// Reports that `done` of `total` units of `stage` are done.
    pub fn report(&self, stage: &str, done: u64, total: u64) {
        if let Some(listener) = &self.0 {
            listener(&Step {
                stage: stage.to_owned(),
                done,
                total,
            });
        }
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "Progress(listener)"
        } else {
            "Progress(silent)"
        })
    }
}
