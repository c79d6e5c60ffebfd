//! What can go wrong with the database.

use crate::domain::InputError;

/// Why the store could not do it. No message holds a password.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database URL is not usable.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The database cannot be reached.
    #[error("cannot open the database {target}")]
    Connect {
        /// The URL without its password.
        target: String,
        /// The driver's error.
        source: sqlx::Error,
    },
    /// The schema could not be brought up to date.
    #[error("cannot bring the database to the current schema")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A statement failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The row exists with other content.
    #[error("{what} `{key}` exists with other content")]
    Conflict {
        /// Kind of row.
        what: &'static str,
        /// Its key.
        key: String,
    },
    /// What the rows were made with is not there any more.
    #[error("the {what} was replaced meanwhile; ask again")]
    Superseded {
        /// Kind of rows.
        what: &'static str,
    },
    /// A stored row cannot be read back.
    #[error("stored {what} `{key}` is damaged: {problem}")]
    Damaged {
        /// Kind of row.
        what: &'static str,
        /// Its key.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A value does not become JSON.
    #[error("cannot write {what} as JSON")]
    Serialize {
        /// Kind of value.
        what: &'static str,
        /// The serializer's error.
        source: serde_json::Error,
    },
}

impl StoreError {
    /// Maker of [`StoreError::Damaged`] for `map_err`.
    pub(super) fn damaged<E: std::fmt::Display>(
        what: &'static str,
        key: impl Into<String>,
    ) -> impl FnOnce(E) -> Self {
        let key = key.into();
        move |problem| Self::Damaged {
            what,
            key,
            problem: problem.to_string(),
        }
    }
}
