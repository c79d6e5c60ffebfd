//! Tables as files: Parquet, or CSV if a file is called so.

use crate::domain::InputError;
use crate::ingest::parquet;
use crate::runtime::atomic_file;
use chrono::NaiveDateTime;
use polars::prelude::{Column, DataFrame, DataType, PolarsResult, TimeUnit};
use polars_io::csv::read::CsvReadOptions;
use polars_io::csv::write::CsvWriter;
use polars_io::parquet::read::ParquetReader;
use polars_io::prelude::ParquetWriter;
use polars_io::{SerReader, SerWriter};
use std::path::{Path, PathBuf};

/// The file meant by a path: the one of this name in a folder, else the path itself.
pub(super) fn in_folder(path: &Path, name: &str) -> PathBuf {
    match path.is_dir() {
        true => path.join(name),
        false => path.to_owned(),
    }
}

/// Whether a file is called CSV.
pub(super) fn is_csv(path: &Path) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"))
}

/// Reads a Parquet table, or a CSV table if the file is called so; with the number that errors
/// call its first row.
pub(super) fn read(path: &Path, remedy: &'static str) -> Result<(DataFrame, u64), InputError> {
    let source = path.display().to_string();
    let refused = |problem: String| InputError::new(&source, problem, remedy);
    if is_csv(path) {
        let frame = CsvReadOptions::default()
            .with_has_header(true)
            .with_infer_schema_length(None)
            .map_parse_options(|options| options.with_try_parse_dates(true))
            .try_into_reader_with_file_path(Some(path.to_owned()))
            .and_then(|reader| reader.finish());
        return Ok((frame.map_err(|e| refused(e.to_string()))?, 2));
    }
    Ok((
        parquet::guarded(path, |file| ParquetReader::new(file).finish())?,
        1,
    ))
}

/// Writes a table; replaces the file as a whole.
pub(super) fn write(path: &Path, frame: PolarsResult<DataFrame>) -> Result<(), InputError> {
    let written = frame.and_then(|mut frame| {
        atomic_file::write_with(path, |file| match is_csv(path) {
            true => CsvWriter::new(file)
                .with_datetime_format(Some("%Y-%m-%dT%H:%M:%S".into()))
                .finish(&mut frame),
            false => ParquetWriter::new(file).finish(&mut frame).map(|_| ()),
        })
    });
    written.map_err(|e| {
        InputError::new(
            path.display().to_string(),
            e.to_string(),
            "give a file that can be written",
        )
    })
}

/// The column `ts` of times as they stand.
pub(super) fn times(times: impl Iterator<Item = NaiveDateTime>) -> PolarsResult<Column> {
    let stamps: Vec<i64> = times.map(|t| t.and_utc().timestamp_micros()).collect();
    Column::new("ts".into(), stamps).cast(&DataType::Datetime(TimeUnit::Microseconds, None))
}
