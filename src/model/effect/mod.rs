//! Effects of the model: a file for each.

pub mod relation;
