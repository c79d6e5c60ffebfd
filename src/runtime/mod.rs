//! What long work needs: cancellation with a deadline, progress, seeded randomness, safe writes.
//!
//! Never does: anything of the domain.

pub mod atomic_file;
pub mod cancel;
pub mod progress;
pub mod random;

pub use cancel::{Cancel, Cancelled};
pub use progress::Progress;
