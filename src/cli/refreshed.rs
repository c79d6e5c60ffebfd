//! A file that is read again when it changes, for as long as the service runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// What a file says, as of its last change that could be read.
pub(super) struct Refreshed<T> {
    path: PathBuf,
    read: fn(&Path) -> anyhow::Result<T>,
    held: Mutex<Held<T>>,
}

struct Held<T> {
    /// Of the last attempt, so that a damaged file is complained of once.
    stamp: Option<Stamp>,
    value: Arc<T>,
}

/// When a file was modified, and its length.
type Stamp = (SystemTime, u64);

impl<T> Refreshed<T> {
    /// Reads a file.
    ///
    /// # Errors
    /// What `read` says of it.
    pub(super) fn load(path: &Path, read: fn(&Path) -> anyhow::Result<T>) -> anyhow::Result<Self> {
        // Taken before reading: a change in between is then seen next time.
        let stamp = stamp(path);
        let value = Arc::new(read(path)?);
        Ok(Self {
            path: path.to_owned(),
            read,
            held: Mutex::new(Held { stamp, value }),
        })
    }

    /// What it says now; what it said before, with a warning, while it cannot be read.
    pub(super) fn now(&self) -> Arc<T> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.path);
        if stamp != held.stamp {
            held.stamp = stamp;
            let file = self.path.display();
            match (self.read)(&self.path) {
                Ok(value) => {
                    held.value = Arc::new(value);
                    tracing::info!(%file, "read again");
                }
                Err(error) => {
                    tracing::warn!(%file, "{error:#}; what was read before is kept");
                }
            }
        }
        Arc::clone(&held.value)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let found = std::fs::metadata(path).ok()?;
    Some((found.modified().ok()?, found.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(path: &Path) -> anyhow::Result<u32> {
        Ok(std::fs::read_to_string(path)?.parse()?)
    }

    #[test]
    fn a_change_is_seen_and_a_damaged_file_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("number");
        assert!(Refreshed::load(&path, number).is_err());
        std::fs::write(&path, "1").unwrap();
        let file = Refreshed::load(&path, number).unwrap();
        assert_eq!(*file.now(), 1);
        std::fs::write(&path, "22").unwrap();
        assert_eq!(*file.now(), 22);
        std::fs::write(&path, "three").unwrap();
        assert_eq!((*file.now(), *file.now()), (22, 22));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(*file.now(), 22);
        std::fs::write(&path, "4").unwrap();
        assert_eq!(*file.now(), 4);
        // As long as before, and modified at another time.
        std::fs::write(&path, "5").unwrap();
        let later = SystemTime::now() + std::time::Duration::from_secs(60);
        let opened = std::fs::File::options().write(true).open(&path).unwrap();
        opened.set_modified(later).unwrap();
        assert_eq!(*file.now(), 5);
    }
}
