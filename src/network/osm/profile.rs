//! Who drives.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Kinds of vehicles with rules of their own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Passenger car.
    Car,
    /// Delivery van up to 3.5 t: as a car, a little slower on large roads.
    Van,
    /// Lorry: speed limits of goods vehicles, and limits of size and weight.
    Truck,
    /// Bicycle.
    Bicycle,
    /// On foot.
    Foot,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 5] = [Self::Car, Self::Van, Self::Truck, Self::Bicycle, Self::Foot];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Car => "car",
            Self::Van => "van",
            Self::Truck => "truck",
            Self::Bicycle => "bicycle",
            Self::Foot => "foot",
        }
    }

    /// By its name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }

    /// Access keys that speak of it, from the most to the least special.
    pub(super) fn access_keys(self) -> &'static [&'static str] {
        match self {
            Self::Car => &["motorcar", "motor_vehicle", "vehicle", "access"],
            Self::Van => &["motorcar", "motor_vehicle", "vehicle", "access"],
            Self::Truck => &["hgv", "goods", "motor_vehicle", "vehicle", "access"],
            Self::Bicycle => &["bicycle", "vehicle", "access"],
            Self::Foot => &["foot", "access"],
        }
    }

    /// Whether it has a motor.
    pub fn is_motor(self) -> bool {
        matches!(self, Self::Car | Self::Van | Self::Truck)
    }
}

/// Size of a vehicle, where it may matter. What is not given restricts nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Vehicle {
    /// Height in metres.
    pub height_m: Option<f64>,
    /// Width in metres.
    pub width_m: Option<f64>,
    /// Length in metres.
    pub length_m: Option<f64>,
    /// Weight in tonnes.
    pub weight_t: Option<f64>,
    /// Weight of an axle in tonnes.
    pub axle_load_t: Option<f64>,
    /// Whether it carries dangerous goods.
    pub hazmat: bool,
}
