//! Databases for tests: every test on SQLite, and on PostgreSQL where there is one.

use routeforce::store::{DatabaseUrl, Store};
use std::future::Future;
use tempfile::TempDir;
use uuid::Uuid;

/// A PostgreSQL server that tests may make schemas in, as a `postgres://` URL.
const POSTGRES: &str = "ROUTEFORCE_TEST_POSTGRES_URL";

/// An empty database of one test's own.
pub struct Database {
    pub url: DatabaseUrl,
    /// The URL as text, for the program's environment.
    pub text: String,
    _folder: TempDir,
}

impl Database {
    pub async fn store(&self) -> Store {
        let store = Store::connect(&self.url).await.unwrap();
        store.migrate().await.unwrap();
        store
    }
}

/// Runs a test on an SQLite file.
pub fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("sqlite://{}", folder.path().join("test.db").display());
    let database = Database {
        url: text.parse().unwrap(),
        text,
        _folder: folder,
    };
    runtime().block_on(test(database));
}

/// Runs a test in a schema of its own on the PostgreSQL server, or says that there is none.
pub fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
    let Ok(server) = std::env::var(POSTGRES) else {
        eprintln!("skipped: {POSTGRES} is not set");
        return;
    };
    let schema = format!("test_{}", Uuid::now_v7().simple());
    let separator = if server.contains('?') { '&' } else { '?' };
    let text = format!("{server}{separator}options[search_path]={schema}");
    let database = Database {
        url: text.parse().unwrap(),
        text,
        _folder: tempfile::tempdir().unwrap(),
    };
    runtime().block_on(async {
        let admin = sqlx::PgPool::connect(&server).await.unwrap();
        let statement = format!("CREATE SCHEMA {schema}");
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&admin)
            .await
            .unwrap();
        test(database).await;
        let statement = format!("DROP SCHEMA {schema} CASCADE");
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&admin)
            .await
            .unwrap();
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// Makes a test of each function on each engine.
macro_rules! on_both_engines {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { $crate::service::database::on_sqlite(super::$test); })+
        }
        mod postgresql {
            $(#[test] fn $test() { $crate::service::database::on_postgres(super::$test); })+
        }
    };
}
pub(super) use on_both_engines;
