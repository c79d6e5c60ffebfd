//! Travel times from trips to cost tensors.

mod costs;
mod live;
mod model;
mod network;
mod real_data;
pub mod synthetic;
pub mod table;
mod tensor_file;
pub mod weather;
