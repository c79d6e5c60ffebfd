//! CSV, plain or compressed by gzip, a chunk of rows at a time.

use super::super::error::IngestError;
use super::super::mapping::Mapping;
use super::records::{Field, Scan, scan};
use super::{RaggedRow, RawChunk, check_header};
use crate::domain::InputError;
use flate2::read::MultiGzDecoder;
use polars::prelude::*;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Longest record in bytes; longer ones come from a wrong format or an open quote.
const MAX_RECORD_BYTES: usize = 1 << 20;
/// Bytes read at once.
const BLOCK_BYTES: usize = 1 << 20;
/// Delimiters that are looked for in the header.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// A CSV table that is open for reading.
pub(crate) struct CsvTable {
    source: String,
    input: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    delimiter: u8,
    header: Vec<String>,
    missing: Vec<String>,
    /// Row number of the next record.
    row: u64,
}

/// Opens the file, through gzip if it is compressed.
pub(crate) fn open(path: &Path, gzip: bool) -> Result<Box<dyn Read + Send>, InputError> {
    let file = File::open(path).map_err(|e| {
        let problem = format!("cannot be read ({e})");
        InputError::new(path.display().to_string(), problem, "give a readable file")
    })?;
    Ok(if gzip {
        Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, file)))
    } else {
        Box::new(file)
    })
}

impl CsvTable {
    /// Reads the header.
    pub fn new(
        source: String,
        input: Box<dyn Read + Send>,
        mapping: &Mapping,
    ) -> Result<Self, IngestError> {
        let mut table = Self {
            source,
            input,
            buffer: Vec::new(),
            at: 0,
            ended: false,
            delimiter: b',',
            header: Vec::new(),
            missing: mapping.missing.clone(),
            row: 1,
        };
        table.fill()?;
        if table.buffer.starts_with(b"\xef\xbb\xbf") {
            table.at = 3;
        }
        table.delimiter = match mapping.delimiter {
            Some(given) => u8::try_from(given).unwrap_or(b','),
            None => find_delimiter(table.buffer.get(table.at..).unwrap_or_default()),
        };
        table.read_header()?;
        Ok(table)
    }

    fn read_header(&mut self) -> Result<(), IngestError> {
        let mut fields = Vec::new();
        let Some((start, next)) = self.next_record(&mut fields)? else {
            let remedy = "give a file with a header row and at least one row";
            return Err(InputError::new(&self.source, "an empty file", remedy).into());
        };
        let record = self.text(start, next, &fields)?;
        let names = fields
            .iter()
            .map(|f| f.text(record, start).trim().to_owned());
        self.header = names.collect();
        if self.header.iter().any(|name| name.contains('\r')) {
            let remedy = "save it with line ends LF or CRLF";
            let problem = "lines end by carriage returns only";
            return Err(InputError::new(&self.source, problem, remedy).row(1).into());
        }
        check_header(&self.source, &self.header)?;
        self.row = 2;
        Ok(())
    }

    /// Names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The next rows, at most `limit`, ragged ones included; `None` at the end.
    pub fn next_chunk(&mut self, limit: usize) -> Result<Option<RawChunk>, IngestError> {
        let mut columns: Vec<_> = self
            .header
            .iter()
            .map(|name| StringChunkedBuilder::new(name.as_str().into(), limit.min(1 << 17)))
            .collect();
        let (mut rows, mut ragged) = (Vec::new(), Vec::new());
        let mut fields = Vec::new();
        while rows.len() + ragged.len() < limit {
            let Some((start, next)) = self.next_record(&mut fields)? else {
                break;
            };
            let row = self.row;
            self.row += 1;
            // A line with nothing on it is no row, unless a lone empty field is what is expected.
            if fields.len() == 1 && fields.first().is_some_and(Field::is_blank) {
                continue;
            }
            let record = match self.text(start, next, &fields) {
                Ok(record) => record,
                Err(error) => return Err(error.row(row).into()),
            };
            if fields.len() != columns.len() {
                let fields = fields
                    .iter()
                    .map(|f| f.text(record, start).into_owned())
                    .collect();
                ragged.push(RaggedRow { row, fields });
                continue;
            }
            rows.push(row);
            for (column, field) in columns.iter_mut().zip(&fields) {
                let text: Cow<'_, str> = field.text(record, start);
                if text.is_empty() || self.missing.iter().any(|m| *m == text) {
                    column.append_null();
                } else {
                    column.append_value(text.as_ref());
                }
            }
        }
        if rows.is_empty() && ragged.is_empty() {
            return Ok(None);
        }
        let columns = columns
            .into_iter()
            .map(|c| c.finish().into_column())
            .collect();
        let frame = DataFrame::new(rows.len(), columns)?;
        Ok(Some(RawChunk {
            frame,
            rows,
            ragged,
        }))
    }

    /// Splits the next record; its extent in the buffer, or `None` at the end.
    fn next_record(
        &mut self,
        fields: &mut Vec<Field>,
    ) -> Result<Option<(usize, usize)>, InputError> {
        loop {
            if self.ended && self.at >= self.buffer.len() {
                return Ok(None);
            }
            match scan(&self.buffer, self.at, self.delimiter, self.ended, fields) {
                Scan::Record { next } => {
                    let start = self.at;
                    self.at = next;
                    return Ok(Some((start, next)));
                }
                Scan::Incomplete { in_quotes } => {
                    let too_long = self.buffer.len() - self.at > MAX_RECORD_BYTES;
                    if too_long || self.ended {
                        return Err(self.endless(in_quotes));
                    }
                    self.fill()?;
                }
            }
        }
    }

    fn endless(&self, in_quotes: bool) -> InputError {
        let (problem, remedy) = if in_quotes {
            (
                "a quote that is not closed within 1 MiB or the file",
                "close or remove the quote",
            )
        } else {
            (
                "a line longer than 1 MiB",
                "give a table with one row per line",
            )
        };
        let start = self.buffer.get(self.at..).unwrap_or_default();
        let start = start.get(..400).unwrap_or(start);
        InputError::new(&self.source, problem, remedy)
            .row(self.row)
            .value(String::from_utf8_lossy(start))
    }

    /// Drops what has been consumed and reads another block.
    fn fill(&mut self) -> Result<(), InputError> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let room = BLOCK_BYTES as u64;
        let read = self
            .input
            .by_ref()
            .take(room)
            .read_to_end(&mut self.buffer)
            .map_err(|e| {
                let problem = match e.kind() {
                    std::io::ErrorKind::UnexpectedEof => {
                        "compressed data that ends too early".to_owned()
                    }
                    _ => format!("cannot be read ({e})"),
                };
                let remedy = "give the whole file; if it is compressed, test it with gzip -t";
                InputError::new(&self.source, problem, remedy).row(self.row)
            })?;
        self.ended = read == 0;
        Ok(())
    }

    /// The record as text, or which field is not UTF-8.
    fn text(&self, start: usize, next: usize, fields: &[Field]) -> Result<&str, InputError> {
        let bytes = self.buffer.get(start..next).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|e| {
            let at = start + e.valid_up_to();
            let index = fields
                .iter()
                .position(|f| f.contains(at))
                .unwrap_or_default();
            let name = self.header.get(index).cloned();
            let lossy = String::from_utf8_lossy(bytes);
            let shown = lossy
                .split(char::from(self.delimiter))
                .nth(index)
                .unwrap_or_default();
            InputError::new(&self.source, "not UTF-8 text", "save the file as UTF-8")
                .row(self.row)
                .field(name.unwrap_or_else(|| format!("column {}", index + 1)))
                .value(shown.trim())
        })
    }
}

/// The delimiter that the header holds most often outside quotes; a comma if it holds none.
fn find_delimiter(buffer: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut in_quotes = false;
    for &byte in buffer {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'\n' if !in_quotes => break,
            _ if in_quotes => {}
            _ => {
                for (count, delimiter) in counts.iter_mut().zip(DELIMITERS) {
                    *count += usize::from(byte == delimiter);
                }
            }
        }
    }
    let best = DELIMITERS
        .into_iter()
        .zip(counts)
        .rev()
        .max_by_key(|&(_, count)| count);
    best.filter(|&(_, count)| count > 0)
        .map_or(b',', |(delimiter, _)| delimiter)
}
