//! Tests of the engine for pairs: what it keeps, and what it finds.

mod drafts;
mod kept_values;
mod whole_searches;
