//! Splitting CSV (RFC 4180) into records and fields.

use std::borrow::Cow;

/// Where a field lies in the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field {
    start: usize,
    end: usize,
    quoted: bool,
    /// Holds doubled quotes.
    escaped: bool,
}

/// What the start of a buffer holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// A whole record; the next one starts at this offset.
    Record { next: usize },
    /// The record goes on after the end of the buffer; whether inside quotes.
    Incomplete { in_quotes: bool },
}

/// Splits the record that starts at `start` into `fields`. With `at_end`, nothing follows the
/// buffer, so that its last record needs no line end.
pub(crate) fn scan(
    buffer: &[u8],
    start: usize,
    delimiter: u8,
    at_end: bool,
    fields: &mut Vec<Field>,
) -> Scan {
    fields.clear();
    let mut at = start;
    loop {
        let field = match scan_field(buffer, at, delimiter) {
            Some(field) => field,
            None => return Scan::Incomplete { in_quotes: true },
        };
        let stop = field.stop;
        fields.push(field.field);
        match buffer.get(stop) {
            Some(&byte) if byte == delimiter => at = stop + 1,
            Some(_) => return Scan::Record { next: stop + 1 },
            None if at_end => return Scan::Record { next: stop },
            None => return Scan::Incomplete { in_quotes: false },
        }
    }
}

struct Found {
    field: Field,
    /// Offset of the delimiter or line feed after it, or of the buffer's end.
    stop: usize,
}

/// The field that starts at `at`; `None` if a quote is not closed.
fn scan_field(buffer: &[u8], at: usize, delimiter: u8) -> Option<Found> {
    if buffer.get(at) == Some(&b'"') {
        let (close, escaped) = closing_quote(buffer, at + 1)?;
        let stop = plain_end(buffer, close + 1, delimiter);
        let rest = buffer.get(close + 1..stop).unwrap_or_default();
        if rest.iter().all(u8::is_ascii_whitespace) {
            let field = Field {
                start: at + 1,
                end: close,
                quoted: true,
                escaped,
            };
            return Some(Found { field, stop });
        }
        // Text after the closing quote: taken as it stands, quotes included.
        return Some(plain(buffer, at, stop));
    }
    let stop = plain_end(buffer, at, delimiter);
    Some(plain(buffer, at, stop))
}

fn plain(buffer: &[u8], start: usize, stop: usize) -> Found {
    let text = buffer.get(start..stop).unwrap_or_default();
    let lead = text.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let rest = text.get(lead..).unwrap_or_default();
    let trail = rest
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_whitespace())
        .count();
    let field = Field {
        start: start + lead,
        end: stop - trail,
        quoted: false,
        escaped: false,
    };
    Found { field, stop }
}

fn plain_end(buffer: &[u8], from: usize, delimiter: u8) -> usize {
    let rest = buffer.get(from..).unwrap_or_default();
    let length = rest.iter().position(|&b| b == delimiter || b == b'\n');
    length.map_or(buffer.len(), |length| from + length)
}

/// Offset of the quote that closes a field, and whether doubled quotes were passed.
fn closing_quote(buffer: &[u8], mut from: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    loop {
        let quote = from + buffer.get(from..)?.iter().position(|&b| b == b'"')?;
        if buffer.get(quote + 1) != Some(&b'"') {
            return Some((quote, escaped));
        }
        escaped = true;
        from = quote + 2;
    }
}

impl Field {
    /// The text of the field; the buffer must be the one that was scanned, as text.
    pub fn text<'a>(&self, buffer: &'a str, offset: usize) -> Cow<'a, str> {
        let text = buffer
            .get(self.start - offset..self.end - offset)
            .unwrap_or_default();
        if self.escaped {
            Cow::Owned(text.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(text)
        }
    }

    /// Whether the field covers this offset of the buffer.
    pub fn contains(&self, offset: usize) -> bool {
        (self.start..self.end).contains(&offset)
    }

    /// Whether the field holds nothing at all, not even quotes.
    pub fn is_blank(&self) -> bool {
        !self.quoted && self.start == self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<Vec<String>> {
        let (mut at, mut fields, mut records) = (0, Vec::new(), Vec::new());
        while at < text.len() {
            let Scan::Record { next } = scan(text.as_bytes(), at, b',', true, &mut fields) else {
                return records;
            };
            records.push(
                fields
                    .iter()
                    .map(|f| f.text(text, 0).into_owned())
                    .collect(),
            );
            at = next;
        }
        records
    }

    #[test]
    fn splits_quotes_line_ends_and_blanks() {
        let text = "a, b ,\"c\nd\"\r\n\"say \"\"hi\"\"\",,\n\nlast,\"\",x\"y";
        let expected: Vec<Vec<&str>> = vec![
            vec!["a", "b", "c\nd"],
            vec!["say \"hi\"", "", ""],
            vec![""],
            vec!["last", "", "x\"y"],
        ];
        assert_eq!(split(text), expected);
    }

    #[test]
    fn asks_for_more_where_a_record_is_cut() {
        let mut fields = Vec::new();
        let scan =
            |text: &str, at_end, fields: &mut _| scan(text.as_bytes(), 0, b',', at_end, fields);
        assert_eq!(
            scan("a,b", false, &mut fields),
            Scan::Incomplete { in_quotes: false }
        );
        assert_eq!(
            scan("a,\"b", true, &mut fields),
            Scan::Incomplete { in_quotes: true }
        );
    }
}
