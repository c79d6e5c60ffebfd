//! Why a row is rejected.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a row is rejected.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// More or fewer fields than the header has.
    Ragged,
    /// A required value is missing.
    Missing,
    /// Not a number.
    NotANumber,
    /// NaN or infinite.
    NotFinite,
    /// Not a whole number that fits.
    NotAnInteger,
    /// Not a truth value.
    NotTrueOrFalse,
    /// Not a date.
    NotADate,
    /// Not a point in time.
    NotATimestamp,
    /// Not a time of day.
    NotATimeOfDay,
    /// Not one of the words that are allowed.
    NotAllowed,
    /// A zone that the table of zones does not have.
    UnknownZone,
    /// A local time without a zone, and no zone is given.
    NoTimeZone,
    /// A local time that the clocks skip when daylight saving starts.
    NonexistentLocalTime,
    /// Latitude and longitude are swapped.
    Swapped,
    /// Outside the range of degrees, or the null island (0, 0).
    OffTheMap,
    /// Less than zero.
    Negative,
    /// Zero or less.
    NotPositive,
    /// Faster than any vehicle drives.
    ImplausibleSpeed,
    /// A service time of a day or more.
    LongerThanADay,
    /// Service that starts before the vehicle arrives.
    BeforeArrival,
    /// A window that ends before it starts, or has only one end.
    WindowReversed,
    /// Windows that overlap.
    WindowsOverlap,
    /// A shift that ends when it starts.
    EmptyShift,
    /// The same depot at two places.
    DepotMoved,
    /// The same key as a row before.
    Duplicate,
}

impl Reason {
    /// The name in files: `snake_case`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ragged => "ragged",
            Self::Missing => "missing",
            Self::NotANumber => "not_a_number",
            Self::NotFinite => "not_finite",
            Self::NotAnInteger => "not_an_integer",
            Self::NotTrueOrFalse => "not_true_or_false",
            Self::NotADate => "not_a_date",
            Self::NotATimestamp => "not_a_timestamp",
            Self::NotATimeOfDay => "not_a_time_of_day",
            Self::NotAllowed => "not_allowed",
            Self::UnknownZone => "unknown_zone",
            Self::NoTimeZone => "no_time_zone",
            Self::NonexistentLocalTime => "nonexistent_local_time",
            Self::Swapped => "swapped",
            Self::OffTheMap => "off_the_map",
            Self::Negative => "negative",
            Self::NotPositive => "not_positive",
            Self::ImplausibleSpeed => "implausible_speed",
            Self::LongerThanADay => "longer_than_a_day",
            Self::BeforeArrival => "before_arrival",
            Self::WindowReversed => "window_reversed",
            Self::WindowsOverlap => "windows_overlap",
            Self::EmptyShift => "empty_shift",
            Self::DepotMoved => "depot_moved",
            Self::Duplicate => "duplicate",
        }
    }

    /// What is wrong, in a few words.
    pub fn problem(self) -> &'static str {
        match self {
            Self::Ragged => "not as many fields as the header has",
            Self::Missing => "missing",
            Self::NotANumber => "not a number",
            Self::NotFinite => "not a finite number",
            Self::NotAnInteger => "not a whole number below 2^31",
            Self::NotTrueOrFalse => "neither true nor false",
            Self::NotADate => "not a date",
            Self::NotATimestamp => "not a point in time",
            Self::NotATimeOfDay => "not a time of day",
            Self::NotAllowed => "not a word that is known here",
            Self::UnknownZone => "not a zone that has a place",
            Self::NoTimeZone => "a local time without a time zone",
            Self::NonexistentLocalTime => "a local time that the clocks skip",
            Self::Swapped => "latitude and longitude are swapped",
            Self::OffTheMap => "off the map",
            Self::Negative => "negative",
            Self::NotPositive => "not above zero",
            Self::ImplausibleSpeed => "faster than any vehicle drives",
            Self::LongerThanADay => "a service time of a day or more",
            Self::BeforeArrival => "service that starts before the vehicle arrives",
            Self::WindowReversed => "a time window that ends before it starts or lacks an end",
            Self::WindowsOverlap => "time windows that overlap",
            Self::EmptyShift => "a shift that ends when it starts",
            Self::DepotMoved => "a depot at another place than in a row before",
            Self::Duplicate => "the same key as a row before",
        }
    }

    /// What would be right.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Ragged => "quote fields that hold the delimiter, and give every row all fields",
            Self::Missing => "fill it in, or map another column to it",
            Self::NotANumber => {
                "give digits with a decimal point (set `decimal_comma = true` in the map for commas)"
            }
            Self::NotFinite => "give a number, or leave it empty where it may be missing",
            Self::NotAnInteger => "give a whole number",
            Self::NotTrueOrFalse => "give true or false, yes or no, 1 or 0",
            Self::NotADate => "give yyyy-mm-dd, or set `date_format` in the map",
            Self::NotATimestamp => {
                "give yyyy-mm-dd hh:mm:ss or RFC 3339, or set `datetime_format` in the map"
            }
            Self::NotATimeOfDay => "give hh:mm",
            Self::NotAllowed => "give one of the words that the documentation lists",
            Self::UnknownZone => "add it to the table of zones",
            Self::NoTimeZone => {
                "give --time-zone, such as Europe/Berlin, or time stamps with offset"
            }
            Self::NonexistentLocalTime => "check the time zone, or give time stamps with offset",
            Self::Swapped => "swap the two columns, in the file or by the map",
            Self::OffTheMap => "give degrees (WGS 84): lat -90 to 90, lon -180 to 180, not 0, 0",
            Self::Negative => "give zero or more",
            Self::NotPositive => "give more than zero",
            Self::ImplausibleSpeed => {
                "check coordinates, unit and times, or raise `max_speed_kmh` in the map"
            }
            Self::LongerThanADay => "check the times and their unit; leave parked vehicles out",
            Self::BeforeArrival => "check the times, or leave `arrive` out",
            Self::WindowReversed => "give a start and a later end",
            Self::WindowsOverlap => "join them, or make one end before the next starts",
            Self::EmptyShift => "give a start and another end",
            Self::DepotMoved => "give one place per depot_id",
            Self::Duplicate => "keep one of the rows, or give each its own key",
        }
    }
}
