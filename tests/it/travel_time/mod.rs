//! Tests of travel_time.
