//! Fitted models as ONNX files, and predictions from them.
//!
//! In: fitted models as neutral trees or weights ([`ensemble`], [`graph`]). Out: `model.onnx` and
//! `manifest.json` in a registry of versions, and sessions that predict from them through ONNX
//! Runtime. Never does: training, building features, knowing what is predicted.

pub mod contest;
pub mod ensemble;
pub mod error;
pub mod graph;
pub mod library;
pub mod manifest;
mod proto;
pub mod registry;
pub mod session;
pub mod stages;
pub mod training;
pub mod training_profile;

pub use contest::Decision;
pub use ensemble::{Branch, Node, Tree, TreeEnsemble};
pub use error::OnnxError;
pub use graph::QuantileGraph;
pub use manifest::Manifest;
pub use registry::Model;
pub use session::Session;
pub use stages::Stages;
pub use training::{Trained, Training};
pub use training_profile::TrainingProfile;
