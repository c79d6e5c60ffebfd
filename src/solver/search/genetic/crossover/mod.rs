//! How two plans make a third: [`order`] mixes their giant tours, [`routes`] mixes their routes.

pub(super) mod order;
pub(super) mod routes;
