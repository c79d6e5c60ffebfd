//! Opening a database and bringing it to the current schema.

use super::StoreError;
use super::dialect::{Pool, on_pool};
use crate::domain::InputError;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// How long a statement waits for SQLite's single writer.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a caller waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECTIONS: u32 = 8;

/// Where the database is. Shows itself without its password, in messages and in debug output.
#[derive(Clone)]
pub struct DatabaseUrl {
    target: Target,
    shown: String,
}

#[derive(Clone)]
enum Target {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
}

impl DatabaseUrl {
    /// An SQLite file, created when it is first opened.
    pub fn sqlite_file(path: &Path) -> Self {
        Self {
            target: Target::Sqlite(SqliteConnectOptions::new().filename(path)),
            shown: format!("sqlite://{}", path.display()),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = InputError;

    /// Reads `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`.
    fn from_str(url: &str) -> Result<Self, InputError> {
        let shown = redact(url);
        let faulty = |problem: String| {
            InputError::new(
                "database URL",
                problem,
                "give sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME",
            )
            .field("DATABASE_URL")
            .value(&shown)
        };
        let target = if url.starts_with("sqlite:") {
            SqliteConnectOptions::from_str(url).map(Target::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            PgConnectOptions::from_str(url).map(Target::Postgres)
        } else {
            return Err(faulty("unknown kind of database".into()));
        };
        // The driver's message may repeat parts of the URL, so it is not passed on.
        let target = target.map_err(|_| faulty("not a database URL".into()))?;
        Ok(Self { target, shown })
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.shown)
    }
}

/// The URL with its password and all its options hidden (a password may be among them).
fn redact(url: &str) -> String {
    let (head, options) = match url.split_once('?') {
        Some((head, _)) => (head, "?…"),
        None => (url, ""),
    };
    let Some((scheme, rest)) = head.split_once("://") else {
        return format!("{head}{options}");
    };
    // The last `@`: an unescaped one may be part of the password.
    match rest.rsplit_once('@') {
        Some((login, host)) => {
            let user = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***@{host}{options}")
        }
        None => format!("{head}{options}"),
    }
}

/// The database of all tenants.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) pool: Pool,
}

impl Store {
    /// Opens the database; creates the SQLite file, not the schema.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let pool = match &url.target {
            Target::Sqlite(options) => {
                let options = options
                    .clone()
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal)
                    .busy_timeout(BUSY_TIMEOUT)
                    .foreign_keys(true);
                SqlitePoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    .connect_with(options)
                    .await
                    .map(Pool::Sqlite)
            }
            Target::Postgres(options) => PgPoolOptions::new()
                .max_connections(CONNECTIONS)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .connect_with(options.clone())
                .await
                .map(Pool::Postgres),
        };
        let pool = pool.map_err(|source| StoreError::Connect {
            target: url.to_string(),
            source,
        })?;
        Ok(Self { pool })
    }

    /// Brings the schema up to date; does nothing if it is. Returns its version.
    pub async fn migrate(&self) -> Result<i64, StoreError> {
        let migrations = match &self.pool {
            Pool::Sqlite(pool) => {
                SQLITE_MIGRATIONS
                    .run(pool)
                    .await
                    .map_err(StoreError::Migrate)?;
                &SQLITE_MIGRATIONS
            }
            Pool::Postgres(pool) => {
                POSTGRES_MIGRATIONS
                    .run(pool)
                    .await
                    .map_err(StoreError::Migrate)?;
                &POSTGRES_MIGRATIONS
            }
        };
        Ok(migrations.iter().map(|m| m.version).max().unwrap_or(0))
    }

    /// Asks the database whether it answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        on_pool!(self.pool, pool => sqlx::query("SELECT 1").execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Name of the engine.
    pub fn engine(&self) -> &'static str {
        match self.pool {
            Pool::Sqlite(_) => "sqlite",
            Pool::Postgres(_) => "postgresql",
        }
    }

    /// Waits for statements under way and closes all connections.
    pub async fn close(&self) {
        on_pool!(self.pool, pool => pool.close().await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        for url in [
            "postgres://rf:s3cret@db.example/rf",
            "postgresql://rf:s3cret@db.example:5432/rf?sslmode=disable",
            "postgres://rf:p@s3cret@db.example/rf",
            "postgres://db.example/rf?user=rf&password=s3cret",
        ] {
            let parsed: DatabaseUrl = url.parse().unwrap();
            assert!(!format!("{parsed} {parsed:?}").contains("s3cret"), "{url}");
        }
        let error = "mysql://rf:s3cret@h/x".parse::<DatabaseUrl>().unwrap_err();
        assert!(!error.to_string().contains("s3cret"));
        let error = "postgres://rf:s3cret@h:notaport/x"
            .parse::<DatabaseUrl>()
            .unwrap_err();
        assert!(!error.to_string().contains("s3cret"));
    }
}
