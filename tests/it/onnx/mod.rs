//! Tests of onnx.
