//! What a customer orders when it does: quantities by dimension, product classes.

use crate::domain::fleet::Quantities;
use crate::features::customers::CustomerOrders;
use std::collections::BTreeMap;

/// One customer's usual order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Basket {
    /// Mean by dimension, over orders that have the quantity.
    pub mean: Quantities,
    /// Standard deviation by dimension, of the sample; 0 with one order.
    pub spread: Quantities,
    /// Share of orders by product class, of those that name one.
    pub product_classes: BTreeMap<String, f64>,
    /// All it ever ordered, in the dimension of volume.
    pub volume: f64,
}

/// The basket; `dimensions` name the quantities of the orders, the first of them counts volume.
pub(super) fn basket(customer: &CustomerOrders, dimensions: &[String]) -> Basket {
    let (mut mean, mut spread) = (Quantities::new(), Quantities::new());
    for (at, dimension) in dimensions.iter().enumerate() {
        let amounts = quantities(customer, at);
        if amounts.is_empty() {
            continue;
        }
        let count = amounts.len() as f64;
        let average = amounts.iter().sum::<f64>() / count;
        let squares: f64 = amounts.iter().map(|a| (a - average).powi(2)).sum();
        mean.insert(dimension.clone(), average);
        spread.insert(dimension.clone(), (squares / (count - 1.0).max(1.0)).sqrt());
    }
    let mut product_classes: BTreeMap<String, f64> = BTreeMap::new();
    for class in customer
        .orders
        .iter()
        .filter_map(|o| o.product_class.as_ref())
    {
        *product_classes.entry(class.clone()).or_default() += 1.0;
    }
    let named: f64 = product_classes.values().sum();
    product_classes
        .values_mut()
        .for_each(|share| *share /= named);
    Basket {
        mean,
        spread,
        product_classes,
        volume: quantities(customer, 0).iter().sum(),
    }
}

fn quantities(customer: &CustomerOrders, at: usize) -> Vec<f64> {
    let orders = customer.orders.iter();
    orders
        .filter_map(|o| o.quantities.get(at).copied().flatten())
        .collect()
}
