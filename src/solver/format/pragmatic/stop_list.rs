//! The stops of a tour as it goes on.

use super::Origin;
use serde_json::{Map, Value, json};

/// A stop: one place, some activities.
#[derive(Debug)]
struct StopEntry {
    place: usize,
    arrival_s: i64,
    departure_s: i64,
    metres: i64,
    load: Vec<i64>,
    activities: Vec<(Map<String, Value>, [i64; 2])>,
}

impl StopEntry {
    fn show(&self, origin: &Origin) -> Value {
        let location = origin.locations.show(self.place);
        let several = self.activities.len() > 1;
        let activities = self.activities.iter().map(|(activity, [start_s, end_s])| {
            let mut activity = activity.clone();
            if several {
                let (start, end) = (origin.clock.show(*start_s), origin.clock.show(*end_s));
                activity.insert("location".into(), json!(location));
                activity.insert("time".into(), json!({ "start": start, "end": end }));
            }
            Value::Object(activity)
        });
        json!({
            "location": location,
            "time": {
                "arrival": origin.clock.show(self.arrival_s),
                "departure": origin.clock.show(self.departure_s),
            },
            "distance": self.metres,
            "load": self.load,
            "activities": activities.collect::<Vec<_>>(),
        })
    }
}

/// The stops of a tour as it goes on.
#[derive(Debug, Default)]
pub(super) struct StopList {
    done: Vec<StopEntry>,
    metres: i64,
}

impl StopList {
    /// A stop at a place, with what is on board when it is left.
    pub fn visit(&mut self, place: usize, arrival_s: i64, load: &[i128]) {
        self.done.push(StopEntry {
            place,
            arrival_s,
            departure_s: arrival_s,
            metres: self.metres,
            load: load.iter().map(|&amount| amount as i64).collect(),
            activities: Vec::new(),
        });
    }

    /// Another stop, unless it is at the same place.
    pub fn drive(&mut self, metres: i64, place: usize, arrival_s: i64, load: &[i128]) {
        self.metres += metres;
        let same = self.done.last().is_some_and(|stop| stop.place == place);
        let first = self.done.len() == 1;
        if !same || first {
            self.visit(place, arrival_s, load);
        }
    }

    /// Something done at the last stop, from one second to another.
    pub fn act(&mut self, job: &str, kind: &str, tag: Option<&String>, time: [i64; 2]) {
        let mut activity = Map::new();
        activity.insert("jobId".into(), json!(job));
        activity.insert("type".into(), json!(kind));
        if let Some(tag) = tag {
            activity.insert("jobTag".into(), json!(tag));
        }
        if let Some(stop) = self.done.last_mut() {
            stop.activities.push((activity, time));
        }
    }

    /// What is on board after the last activity.
    pub fn carry(&mut self, load: &[i128]) {
        if let Some(stop) = self.done.last_mut() {
            stop.load = load.iter().map(|&amount| amount as i64).collect();
        }
    }

    /// When the last stop is left.
    pub fn leave(&mut self, departure_s: i64) {
        if let Some(stop) = self.done.last_mut() {
            stop.departure_s = departure_s;
        }
    }

    /// The stops as the answer has them.
    pub fn show(&self, origin: &Origin) -> Vec<Value> {
        self.done.iter().map(|stop| stop.show(origin)).collect()
    }
}
