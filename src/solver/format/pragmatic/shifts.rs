//! Shifts: when and where vehicles work, break and reload.

use super::clock::{instant, span_s};
use super::document::{self, Shift};
use super::fleet::Setting;
use crate::domain::InputError;
use crate::solver::format::windows::disjoint;
use crate::solver::problem::{Break, Reload, TimeWindow, UNBOUNDED_S, VehicleType};
use serde_json::Value;

impl Setting<'_> {
    /// Sets what a shift says of a vehicle type.
    pub fn shift(
        &self,
        path: &str,
        shift: &Shift,
        number: usize,
        made: &mut VehicleType,
    ) -> Result<(), InputError> {
        let path = format!("{path}.shifts[{number}]");
        let at = |field: &str, text: &str| instant(self.source, &format!("{path}.{field}"), text);
        made.earliest_start_s = self
            .clock
            .not_before(at("start.earliest", &shift.start.earliest)?);
        made.start = self.locations.place(&shift.start.location);
        made.latest_start_s = match &shift.start.latest {
            Some(latest) => self.clock.not_after(at("start.latest", latest)?),
            None => UNBOUNDED_S,
        };
        made.end = shift
            .end
            .as_ref()
            .and_then(|end| self.locations.place(&end.location));
        made.latest_end_s = match &shift.end {
            Some(end) => self.clock.not_after(at("end.latest", &end.latest)?),
            None => UNBOUNDED_S,
        };
        for (field, second) in [
            ("start.latest", made.latest_start_s),
            ("end.latest", made.latest_end_s),
        ] {
            if second < made.earliest_start_s {
                let remedy = "end the shift after start.earliest";
                let error = InputError::new(self.source, "before the shift starts", remedy);
                let shown = self.clock.show(second);
                return Err(error.field(format!("{path}.{field}")).value(shown));
            }
        }
        for (index, given) in shift.breaks.iter().enumerate() {
            let path = format!("{path}.breaks[{index}]");
            made.breaks.push(self.owed(&path, shift, given)?);
        }
        for (index, reload) in shift.reloads.iter().enumerate() {
            let path = format!("{path}.reloads[{index}]");
            made.reloads.push(Reload {
                place: self.locations.place(&reload.location).unwrap_or(0),
                duration_s: span_s(self.source, &format!("{path}.duration"), reload.duration)?,
                windows: self.windows(&path, &reload.times)?,
            });
        }
        if !made.reloads.is_empty() {
            made.max_trips = Some(made.reloads.len() + 1);
        }
        Ok(())
    }

    /// The `times` of a thing at a path.
    pub fn windows(
        &self,
        path: &str,
        times: &[[String; 2]],
    ) -> Result<Vec<TimeWindow>, InputError> {
        let windows = times.iter().enumerate().map(|(index, [from, to])| {
            let path = format!("{path}.times[{index}]");
            self.clock.window(self.source, &path, [from, to])
        });
        windows.collect::<Result<_, _>>().map(disjoint)
    }

    /// A break: optional with one place that moves with the vehicle, or required.
    fn owed(
        &self,
        path: &str,
        shift: &Shift,
        given: &document::Break,
    ) -> Result<Break, InputError> {
        let wrong = |field: &str, value: String, problem: &str, remedy: &str| {
            let error = InputError::new(self.source, problem, remedy);
            Err(error.field(format!("{path}.{field}")).value(value))
        };
        let policy = given.policy.as_deref().unwrap_or("skip-if-no-intersection");
        if !["skip-if-no-intersection", "skip-if-arrival-before-end"].contains(&policy) {
            let remedy = "use skip-if-no-intersection or skip-if-arrival-before-end";
            return wrong("policy", policy.into(), "not supported", remedy);
        }
        let (field, duration) = match (&given.places, given.duration) {
            (Some(places), None) => match places.as_slice() {
                [one] if one.location.is_none() => ("places[0].duration", one.duration),
                [_] => {
                    let remedy = "leave it out: the break is taken where the vehicle stands";
                    return wrong(
                        "places[0].location",
                        "given".into(),
                        "not supported",
                        remedy,
                    );
                }
                _ => {
                    let problem = "not one place";
                    return wrong("places", places.len().to_string(), problem, "give one");
                }
            },
            (None, Some(duration)) => ("duration", duration),
            _ => {
                let remedy = "give places of an optional break or duration of a required one";
                return wrong("places", "none".into(), "not a break", remedy);
            }
        };
        Ok(Break {
            windows: vec![self.break_window(path, shift, &given.time)?],
            duration_s: span_s(self.source, &format!("{path}.{field}"), duration)?,
            always: false,
        })
    }

    /// When a break starts: instants, or offsets where the departure is fixed.
    fn break_window(
        &self,
        path: &str,
        shift: &Shift,
        time: &Value,
    ) -> Result<TimeWindow, InputError> {
        let path = format!("{path}.time");
        let ends = match time {
            Value::Array(ends) if ends.len() == 2 => Some((&ends[0], &ends[1])),
            Value::Object(fields) if fields.len() == 2 => {
                fields.get("earliest").zip(fields.get("latest"))
            }
            _ => None,
        };
        let wrong = |problem: &str, remedy: &str| {
            let error = InputError::new(self.source, problem, remedy);
            Err(error.field(&path).value(time))
        };
        match ends {
            Some((Value::String(from), Value::String(to))) => {
                self.clock.window(self.source, &path, [from, to])
            }
            Some((Value::Number(from), Value::Number(to))) => {
                if shift.start.latest.as_ref() != Some(&shift.start.earliest) {
                    let remedy = "give instants, or start.latest equal to start.earliest";
                    return wrong("offsets need a fixed departure", remedy);
                }
                let start = instant(self.source, &path, &shift.start.earliest)?;
                let start_s = self.clock.not_before(start);
                let offset = |n: &serde_json::Number| n.as_f64().unwrap_or(f64::NAN);
                let (from, to) = (offset(from), offset(to));
                if !(0.0..=1e9).contains(&from) || !(from..=1e9).contains(&to) {
                    return wrong("not a time window", "give seconds, ascending");
                }
                Ok(TimeWindow {
                    open_s: start_s + from.ceil() as i64,
                    close_s: start_s + to.floor() as i64,
                })
            }
            _ => wrong("not a time", "give two instants or two offsets"),
        }
    }
}
