//! What holds for any table: nothing disappears, chunks and formats do not matter.

use super::tables::{file, in_zone, ingest, read, texts, write};
use polars::prelude::*;
use proptest::prelude::*;
use routeforce::ingest::{Kind, Options};
use std::path::Path;

/// A field that is mostly right and sometimes anything.
fn field(right: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    let wrong = prop::sample::select(vec![
        "",
        "NaN",
        "inf",
        "-1",
        "0",
        "x",
        "1e999",
        "\"a\nb\"",
        "2024-03-31 02:30",
        "91.5",
        "12:00",
        "\"q\"\"\"",
    ]);
    prop_oneof![12 => right.boxed(), 1 => wrong.prop_map(str::to_owned)]
}

fn row() -> impl Strategy<Value = String> {
    let lat = || field((52_400..52_600_i32).prop_map(|v| format!("{}", f64::from(v) / 1000.0)));
    let lon = || field((13_200..13_500_i32).prop_map(|v| format!("{}", f64::from(v) / 1000.0)));
    let depart = field(
        (0..40_u32, 0..24_u32, 0..60_u32).prop_map(|(day, hour, minute)| {
            format!(
                "2024-{:02}-{:02} {hour:02}:{minute:02}:00",
                3 + day / 28,
                1 + day % 28
            )
        }),
    );
    let id = field((0..60_u32).prop_map(|v| v.to_string()));
    let duration = field((300..4000_u32).prop_map(|v| v.to_string()));
    let extra = prop_oneof![20 => Just(""), 1 => Just(",more"), 1 => Just("\r")];
    (id, lat(), lon(), lat(), lon(), depart, duration, extra).prop_map(
        |(id, a, b, c, d, depart, s, extra)| format!("{id},{a},{b},{c},{d},{depart},{s}{extra}\n"),
    )
}

fn table() -> impl Strategy<Value = String> {
    prop::collection::vec(row(), 1..60).prop_map(|rows| {
        // One row that is surely right, so that the table is never rejected as a whole.
        let header = "trip_id,o_lat,o_lon,d_lat,d_lon,depart,duration_s\n";
        format!(
            "{header}right,52.5,13.4,52.51,13.41,2024-03-01 08:00:00,900\n{}",
            rows.concat()
        )
    })
}

/// Records of a CSV file, counted by an independent reading of quotes.
fn records(path: &Path) -> usize {
    let mut in_quotes = false;
    let text = std::fs::read_to_string(path).unwrap();
    text.chars()
        .filter(|&c| {
            in_quotes ^= c == '"';
            c == '\n' && !in_quotes
        })
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nothing_disappears_and_chunks_do_not_matter(table in table(), chunk_rows in 1..20_usize) {
        let folder = tempfile::tempdir().unwrap();
        let path = [file(folder.path(), "t.csv", &table)];
        let (whole, parts) = (folder.path().join("whole"), folder.path().join("parts"));
        let options = in_zone("Europe/Berlin");
        let report = ingest(Kind::Trips, &path, &whole, &options).unwrap();
        prop_assert_eq!(report.rows_read as usize, records(&path[0]) - 1);
        prop_assert_eq!(report.rows_read, report.rows_kept + report.rows_rejected);
        prop_assert_eq!(report.rejected.iter().map(|r| r.rows).sum::<u64>(), report.rows_rejected);
        let kept = read(&whole.join("trips.parquet"));
        prop_assert_eq!(kept.height() as u64, report.rows_kept);
        let quarantine = whole.join("trips.quarantine.csv");
        prop_assert_eq!(records(&quarantine) as u64, 1 + report.rows_rejected);

        let in_chunks = Options { chunk_rows, ..options };
        let again = ingest(Kind::Trips, &path, &parts, &in_chunks).unwrap();
        prop_assert_eq!(&again, &report);
        prop_assert!(read(&parts.join("trips.parquet")).equals_missing(&kept));
        let quarantined = std::fs::read(quarantine).unwrap();
        prop_assert_eq!(std::fs::read(parts.join("trips.quarantine.csv")).unwrap(), quarantined);
    }

    #[test]
    fn any_text_survives_quoting(values in prop::collection::vec("[ -~äß€\n\",;]{0,12}", 1..20), delimiter in prop::sample::select(vec![',', ';', '\t', '|']), crlf: bool, bom: bool) {
        let folder = tempfile::tempdir().unwrap();
        let line_end = if crlf { "\r\n" } else { "\n" };
        let mut table = String::from(if bom { "\u{feff}" } else { "" });
        let head = ["date", "site_id", "holiday"].join(&delimiter.to_string());
        table.push_str(&format!("{head}{line_end}"));
        for (row, value) in values.iter().enumerate() {
            let quoted = value.replace('"', "\"\"");
            table.push_str(&format!("2024-01-01{delimiter}{row}{delimiter}\"{quoted}\"{line_end}"));
        }
        let path = [file(folder.path(), "t.csv", &table)];
        ingest(Kind::Calendar, &path, folder.path(), &Options::default()).unwrap();
        let read = texts(&read(&folder.path().join("calendar.parquet")), "holiday");
        let expected: Vec<_> = values.into_iter().map(|v| (!v.is_empty()).then_some(v)).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn csv_and_parquet_give_the_same_table(rows in prop::collection::vec((0..9_u32, 0..500_i32, -5.0..90.0_f64, any::<bool>()), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let ids: Vec<String> = rows.iter().map(|r| format!("s{}", r.0)).collect();
        let days: Vec<i32> = rows.iter().map(|r| 19_000 + r.1).collect();
        let y: Vec<Option<f64>> = rows.iter().map(|r| (r.2 >= 0.0).then_some(r.2)).collect();
        let open: Vec<f64> = rows.iter().map(|r| f64::from(u8::from(r.3))).collect();
        let mut frame = DataFrame::new(rows.len(), vec![
            Column::new("series_id".into(), ids.clone()),
            Int32Chunked::from_vec("ts".into(), days.clone()).into_date().into_column(),
            Column::new("y".into(), y.clone()),
            Column::new("open".into(), open.clone()),
        ]).unwrap();
        // A row that is right, whatever the others are.
        let mut csv = String::from("series_id,ts,y,open\n");
        for (i, id) in ids.iter().enumerate() {
            let date = chrono::NaiveDate::default() + chrono::Days::new(days[i] as u64);
            let y = y[i].map_or(String::new(), |y| y.to_string());
            csv.push_str(&format!("{id},{date},{y},{}\n", open[i]));
        }
        prop_assume!(y.iter().any(Option::is_some));
        let parquet = folder.path().join("t.parquet");
        write(&parquet, &mut frame);
        let csv = file(folder.path(), "t.csv", csv);
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        let from_csv = ingest(Kind::Demand, &[csv], &a, &Options::default()).unwrap();
        let from_parquet = ingest(Kind::Demand, &[parquet], &b, &Options::default()).unwrap();
        prop_assert_eq!(from_csv.rows_kept, from_parquet.rows_kept);
        prop_assert!(read(&a.join("demand.parquet")).equals_missing(&read(&b.join("demand.parquet"))));
    }
}
