//! Travel times from trips to cost tensors.

mod costs;
mod live;
mod model;
mod network;
mod real_data;
mod synthetic;
mod table;
mod tensor_file;
mod weather;
