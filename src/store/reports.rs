//! Report files. Their content is in the database, so that no name from outside ever becomes a
//! path, and a backup holds everything.

use super::dialect::on_pool;
use super::page::{After, Page, one_more, page};
use super::{Store, StoreError, TenantScope, time};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use sqlx::FromRow;

/// Separates day and name in a page's key.
const KEY_SEPARATOR: char = '/';

/// What a list shows of a report file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportMeta {
    /// The day it reports on.
    pub date: NaiveDate,
    /// File name, unique for the day.
    pub name: String,
    /// Media type (RFC 6838).
    pub media_type: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// SHA-256 of the content in hexadecimal.
    pub sha256: String,
}

/// A report file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// Media type (RFC 6838).
    pub media_type: String,
    /// SHA-256 of the content in hexadecimal.
    pub sha256: String,
    /// The bytes.
    pub content: Vec<u8>,
}

#[derive(FromRow)]
struct Row {
    day: String,
    name: String,
    media_type: String,
    size_bytes: i64,
    sha256: String,
}

impl TryFrom<Row> for ReportMeta {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            date: time::day_from(&row.day)?,
            name: row.name,
            media_type: row.media_type,
            size_bytes: row.size_bytes as u64,
            sha256: row.sha256,
        })
    }
}

impl Store {
    /// Stores a report file in place of an earlier one of that day and name.
    pub async fn put_report(
        &self,
        scope: TenantScope,
        date: NaiveDate,
        name: &str,
        media_type: &str,
        content: &[u8],
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO report_files \
            (tenant_id, day, name, media_type, size_bytes, sha256, content) \
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, day, name) DO UPDATE SET \
            media_type = excluded.media_type, size_bytes = excluded.size_bytes, \
            sha256 = excluded.sha256, content = excluded.content";
        on_pool!(self.pool, pool => sqlx::query(SQL)
            .bind(scope.key())
            .bind(time::day_key(date))
            .bind(name)
            .bind(media_type)
            .bind(content.len() as i64)
            .bind(format!("{:x}", Sha256::digest(content)))
            .bind(content)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// A report file with its content.
    pub async fn report(
        &self,
        scope: TenantScope,
        date: NaiveDate,
        name: &str,
    ) -> Result<Option<ReportFile>, StoreError> {
        const SQL: &str = "SELECT media_type, sha256, content FROM report_files \
                           WHERE tenant_id = $1 AND day = $2 AND name = $3";
        let row: Option<(String, String, Vec<u8>)> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(time::day_key(date))
            .bind(name)
            .fetch_optional(pool).await)?;
        Ok(row.map(|(media_type, sha256, content)| ReportFile {
            media_type,
            sha256,
            content,
        }))
    }

    /// Report files without their content, newest day first, then by falling name.
    pub async fn reports(
        &self,
        scope: TenantScope,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<ReportMeta>, StoreError> {
        const SQL: &str = "SELECT day, name, media_type, size_bytes, sha256 FROM report_files \
                           WHERE tenant_id = $1 AND (day, name) < ($2, $3) \
                           ORDER BY day DESC, name DESC LIMIT $4";
        let after = after.unwrap_or_else(After::highest).text;
        let (after_day, after_name) = after.split_once(KEY_SEPARATOR).unwrap_or((&after, ""));
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(after_day)
            .bind(after_name)
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = rows
            .into_iter()
            .map(ReportMeta::try_from)
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |r: &ReportMeta| After {
            number: 0,
            text: format!("{}{KEY_SEPARATOR}{}", time::day_key(r.date), r.name),
        }))
    }
}
