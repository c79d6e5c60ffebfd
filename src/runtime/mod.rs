//! What long work needs: cancellation with a deadline, progress, seeded randomness, safe writes, mapped files,
//! fields of CSV.
//!
//! Never does: anything of the domain.

pub mod atomic_file;
pub mod cancel;
pub mod csv;
pub mod mapped_file;
pub mod progress;
pub mod random;

pub use cancel::{Cancel, Cancelled};
pub use mapped_file::MappedFile;
pub use progress::Progress;
