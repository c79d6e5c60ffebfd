//! Tests of demand.
