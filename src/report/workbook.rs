//! Tables as an Excel workbook, with real numbers and dates.

use super::data::ReportData;
use super::error::ReportError;
use super::tables::{Cell, Column, Table, Tables};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// Characters that Excel allows in one cell.
const MAX_CELL_CHARS: usize = 32_767;
/// Widths of a column, in characters.
const WIDTHS: (usize, usize) = (8, 48);

/// The workbook: summary, routes, stops, KPIs, alerts, value of the forecast, and so on; customers if there are
/// any.
pub(super) fn bytes(data: &ReportData, tables: &Tables) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    // The time of the plan, not of the clock: the same input gives the same bytes.
    let properties = DocProperties::new()
        .set_title(format!("RouteForce report of {}", data.plan.date))
        .set_author("RouteForce")
        .set_creation_datetime(&instant(data.plan.created_at)?);
    workbook.set_properties(&properties);
    summary(workbook.add_worksheet(), data)?;
    for (name, table) in [
        ("Routes", &tables.routes),
        ("Stops", &tables.stops),
        ("KPIs", &tables.kpis),
        ("Alerts", &tables.alerts),
        ("Value", &tables.value),
        ("Unplanned", &tables.unplanned),
        ("Models", &tables.models),
        ("Data quality", &tables.quality),
    ] {
        sheet(workbook.add_worksheet(), name, table)?;
    }
    if data.customers.is_some() {
        sheet(workbook.add_worksheet(), "Segments", &tables.segments)?;
        sheet(workbook.add_worksheet(), "Customers", &tables.customers)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The first sheet: what the rest is about.
fn summary(sheet: &mut Worksheet, data: &ReportData) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let title = Format::new().set_bold().set_font_size(16);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let money = Format::new()
        .set_num_format("#,##0.00")
        .set_align(FormatAlign::Left);
    let date = Format::new()
        .set_num_format("yyyy-mm-dd")
        .set_align(FormatAlign::Left);
    let count = Format::new()
        .set_num_format("#,##0")
        .set_align(FormatAlign::Left);
    let plan = &data.plan;
    sheet.set_name("Summary")?;
    sheet.set_column_width(0, 30)?.set_column_width(1, 60)?;
    sheet.write_string_with_format(0, 0, clipped(&data.operator), &title)?;
    let planned = plan.stops.len().saturating_sub(plan.unplanned.len());
    let mut row = 2;
    let mut put = |name: &str, value: Cell, format: &Format| -> Result<(), XlsxError> {
        sheet.write_string_with_format(row, 0, name, &bold)?;
        write(sheet, row, 1, &value, format)?;
        row += 1;
        Ok(())
    };
    put("Day", Cell::Date(plan.date), &date)?;
    put("Time zone of all times", (&plan.time_zone).into(), &wrap)?;
    put("Plan", plan.id.to_string().into(), &wrap)?;
    put("Made by RouteForce", (&plan.code_version).into(), &wrap)?;
    put("Models", plan.models.join(", ").into(), &wrap)?;
    put("Routes", plan.routes.len().into(), &count)?;
    put("Stops planned", planned.into(), &count)?;
    put("Stops left out", plan.unplanned.len().into(), &count)?;
    let currency = &data.currency;
    put(
        &format!("Planned cost ({currency})"),
        plan.cost.total().into(),
        &money,
    )?;
    let realised = data.day.as_ref().map(|day| day.cost.total());
    put(
        &format!("Realised cost ({currency})"),
        realised.into(),
        &money,
    )?;
    put("Alerts", data.alerts.len().into(), &count)?;
    Ok(())
}

/// One table on one sheet: frozen header, filter, fitting widths.
fn sheet(sheet: &mut Worksheet, name: &str, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_landscape();
    let header = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color("E8EDF2")
        .set_border_bottom(FormatBorder::Thin);
    for (c, column) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, c, clipped(&column.heading()), &header)?;
        let cells = || table.rows.iter().filter_map(|row| row.get(usize::from(c)));
        sheet.set_column_width(c, width(column, cells()) as f64)?;
        let format = cells()
            .find(|c| **c != Cell::Missing)
            .map(|c| format(column, c));
        let format = format.unwrap_or_default();
        for (r, cell) in (1_u32..).zip(cells()) {
            write(sheet, r, c, cell, &format)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    let (rows, columns) = (table.rows.len() as u32, table.columns.len() as u16);
    sheet.autofilter(0, 0, rows, columns.saturating_sub(1))?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Missing => {}
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, clipped(text), format)?;
        }
        Cell::Number(value) => {
            sheet.write_number_with_format(row, column, *value, format)?;
        }
        Cell::Local(time) => {
            let time = date_time(time.naive_local())?;
            sheet.write_datetime_with_format(row, column, &time, format)?;
        }
        Cell::Date(value) => {
            sheet.write_datetime_with_format(row, column, &date(*value)?, format)?;
        }
    }
    Ok(())
}

fn format(column: &Column, cell: &Cell) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match cell {
        Cell::Missing => format,
        Cell::Text(_) => format.set_text_wrap(),
        Cell::Number(_) if column.decimals == 0 => format.set_num_format("#,##0"),
        Cell::Number(_) => format.set_num_format(format!("#,##0.{}", "0".repeat(column.decimals))),
        Cell::Local(_) => format.set_num_format("yyyy-mm-dd hh:mm"),
        Cell::Date(_) => format.set_num_format("yyyy-mm-dd"),
    }
}

/// Wide enough for most cells; long texts wrap.
fn width<'a>(column: &Column, cells: impl Iterator<Item = &'a Cell>) -> usize {
    let longest = cells
        .map(|cell| match cell {
            Cell::Missing => 0,
            Cell::Text(text) => text.chars().count(),
            Cell::Number(value) => format!("{value:.0}").len() + column.decimals + 3,
            Cell::Local(_) => 17,
            Cell::Date(_) => 11,
        })
        .max();
    let header_word = column.heading().split(' ').map(|w| w.chars().count()).max();
    let wanted = longest.max(header_word.map(|w| w + 3)).unwrap_or(0) + 1;
    wanted.clamp(WIDTHS.0, WIDTHS.1)
}

fn clipped(text: &str) -> String {
    text.chars().take(MAX_CELL_CHARS).collect()
}

fn date(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(date.year()).unwrap_or(0);
    ExcelDateTime::from_ymd(year, date.month() as u8, date.day() as u8)
}

fn date_time(time: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let (hour, minute) = (time.hour() as u16, time.minute() as u8);
    date(time.date())?.and_hms(hour, minute, f64::from(time.second()))
}

fn instant(time: DateTime<Utc>) -> Result<ExcelDateTime, XlsxError> {
    date_time(time.naive_utc())
}
