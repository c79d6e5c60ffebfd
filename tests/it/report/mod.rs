//! The report: what its files hold, that nothing breaks out of the markup, that it replaces only
//! its own folder.

mod customers;
mod files;
mod fixture;
mod folder;
mod markup;
