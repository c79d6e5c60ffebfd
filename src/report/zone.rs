//! Local time of the planned day.

use crate::domain::InputError;
use crate::domain::plan::Plan;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// The depot's time zone and the planned day, for showing instants to people.
#[derive(Debug, Clone, Copy)]
pub(super) struct Zone {
    pub tz: Tz,
    pub date: NaiveDate,
}

impl Zone {
    pub fn of(plan: &Plan) -> Result<Self, InputError> {
        let tz = plan.time_zone.parse().map_err(|_| {
            InputError::new(
                "plan",
                "unknown time zone",
                "give an IANA name such as Europe/Berlin",
            )
            .field("time_zone")
            .value(&plan.time_zone)
        })?;
        let date = plan.date;
        Ok(Self { tz, date })
    }

    pub fn local(&self, instant: DateTime<Utc>) -> DateTime<Tz> {
        instant.with_timezone(&self.tz)
    }

    /// `08:05`, or `08:05 (3 Mar)` on another day than the planned one.
    pub fn clock(&self, instant: DateTime<Utc>) -> String {
        let local = self.local(instant);
        if local.date_naive() == self.date {
            local.format("%H:%M").to_string()
        } else {
            local.format("%H:%M (%-d %b)").to_string()
        }
    }

    /// Seconds between local midnight of the planned day and the instant's clock reading.
    pub fn clock_s(&self, instant: DateTime<Utc>) -> f64 {
        let midnight = self.date.and_time(NaiveTime::MIN);
        (self.local(instant).naive_local() - midnight).num_seconds() as f64
    }

    /// The instant of a clock reading; the earlier one where the reading exists twice, `None`
    /// where it is skipped.
    pub fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let found = self.tz.from_local_datetime(&local).earliest()?;
        Some(found.with_timezone(&Utc))
    }

    /// IANA name of the zone.
    pub fn name(&self) -> &'static str {
        self.tz.name()
    }
}
