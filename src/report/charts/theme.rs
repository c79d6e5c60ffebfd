//! Colours, sizes and the font of all charts.

use plotters::style::{FontStyle, RGBColor, register_font as register};
use std::sync::Once;

/// Family that both backends use: in SVG the viewer's own, in PNG the embedded one.
pub(super) const FAMILY: &str = "sans-serif";

// Sizes in canvas units, half a CSS pixel each.
pub(super) const TITLE_SIZE: u32 = 36;
pub(super) const TEXT_SIZE: u32 = 30;
pub(super) const LINE: u32 = 4;
pub(super) const THIN_LINE: u32 = 2;
pub(super) const DOT: i32 = 7;

pub(super) const PAPER: RGBColor = RGBColor(255, 255, 255);
pub(super) const INK: RGBColor = RGBColor(34, 40, 49);
pub(super) const SOFT_INK: RGBColor = RGBColor(88, 98, 112);
pub(super) const GRID: RGBColor = RGBColor(224, 229, 235);
pub(super) const ROAD: RGBColor = RGBColor(196, 203, 212);

// Told apart with red–green blindness too (Okabe & Ito 2008).
pub(super) const BLUE: RGBColor = RGBColor(0, 114, 178);
pub(super) const ORANGE: RGBColor = RGBColor(217, 119, 6);
pub(super) const GREEN: RGBColor = RGBColor(0, 140, 105);
pub(super) const RED: RGBColor = RGBColor(200, 40, 40);
pub(super) const GREY: RGBColor = RGBColor(120, 130, 142);

/// Colours of vehicles; they repeat when there are more vehicles.
const VEHICLES: [RGBColor; 14] = [
    RGBColor(31, 119, 180),
    RGBColor(230, 110, 10),
    RGBColor(34, 139, 60),
    RGBColor(190, 45, 60),
    RGBColor(125, 85, 185),
    RGBColor(130, 80, 65),
    RGBColor(210, 80, 165),
    RGBColor(15, 150, 165),
    RGBColor(150, 145, 20),
    RGBColor(20, 60, 130),
    RGBColor(245, 160, 60),
    RGBColor(90, 170, 40),
    RGBColor(240, 100, 110),
    RGBColor(80, 90, 100),
];

/// Colour of the vehicle with index `index`.
pub(super) fn vehicle_color(index: usize) -> RGBColor {
    VEHICLES[index % VEHICLES.len()]
}

/// Makes the embedded font known to the drawing library, once.
pub(super) fn register_font() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for style in [FontStyle::Normal, FontStyle::Bold] {
            // The font is part of the program and valid; drawing reports it if it is missing.
            let _ = register(FAMILY, style, epaint_default_fonts::UBUNTU_LIGHT);
        }
    });
}
