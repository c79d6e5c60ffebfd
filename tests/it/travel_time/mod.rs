//! Travel times from trips to cost tensors.

mod costs;
mod model;
mod real_data;
mod synthetic;
mod table;
mod tensor_file;
