//! Why a tensor cannot be built.

/// Why a tensor cannot be built.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TensorError {
    /// The slices do not cover anything.
    #[error(
        "a slice axis needs at least one slice of at least one second, got {slices} of {slice_s} s"
    )]
    EmptyAxis {
        /// Number of slices asked for.
        slices: usize,
        /// Length asked for, in seconds.
        slice_s: u32,
    },
    /// A part of the tensor has the wrong number of cells.
    #[error("profile `{profile}`: {part} has {found} cells, expected {expected}")]
    WrongShape {
        /// Profile at fault.
        profile: String,
        /// `mean_s`, `p90_s` or `distance_m`.
        part: &'static str,
        /// Cells given.
        found: usize,
        /// Cells needed.
        expected: usize,
    },
    /// No profile, or two of one name.
    #[error("profile names must be unique and at least one, got {0:?}")]
    ProfileNames(Vec<String>),
}
