//! Not filled in yet.
