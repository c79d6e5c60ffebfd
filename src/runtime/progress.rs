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

    /// Reports to the same listener, every stage with the work that it is part of in front.
    pub fn within(&self, work: &str) -> Self {
        let Some(listener) = self.0.clone() else {
            return Self::silent();
        };
        let work = work.to_owned();
        Self::to(move |step| {
            listener(&Step {
                stage: format!("{work}: {}", step.stage),
                ..step.clone()
            });
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn stages_are_told_within_their_work() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&told);
        let progress = Progress::to(move |step| kept.lock().unwrap().push(step.clone()));
        progress
            .within("auto")
            .within("fold 2 of 3")
            .report("fit", 1, 9);
        let step = Step {
            stage: "auto: fold 2 of 3: fit".into(),
            done: 1,
            total: 9,
        };
        assert_eq!(*told.lock().unwrap(), [step]);
    }
}
