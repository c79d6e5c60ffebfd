//! Signals and progress bars.

use crate::runtime::{Cancel, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Mutex;

/// A switch that Ctrl-C and SIGTERM throw. The second signal ends the process at once.
pub(crate) fn cancel_on_signal() -> Cancel {
    let cancel = Cancel::new();
    let switch = cancel.clone();
    // A thread of its own, since most commands have no asynchronous runtime.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            wait_for_signal().await;
            switch.cancel();
            wait_for_signal().await;
            std::process::exit(130);
        });
    });
    cancel
}

/// Resolves on Ctrl-C or SIGTERM.
async fn wait_for_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Progress bars on standard error, one after the other; nothing if `quiet` or not a terminal
/// (then one line per stage).
pub(crate) fn progress(quiet: bool) -> Progress {
    if quiet {
        return Progress::silent();
    }
    let current: Mutex<Option<(String, ProgressBar)>> = Mutex::new(None);
    Progress::to(move |step| {
        let Ok(mut current) = current.lock() else {
            return;
        };
        let is_new = current.as_ref().is_none_or(|(name, _)| *name != step.stage);
        if is_new {
            if let Some((_, bar)) = current.take() {
                bar.abandon();
            }
            let bar = ProgressBar::new(step.total).with_style(style());
            bar.set_message(step.stage.clone());
            if bar.is_hidden() {
                eprintln!("{}", step.stage);
            }
            *current = Some((step.stage.clone(), bar));
        }
        if let Some((_, bar)) = current.as_ref() {
            bar.set_length(step.total);
            bar.set_position(step.done);
        }
    })
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{elapsed:>4} {bar:24} {pos:>9}/{len:<9} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
