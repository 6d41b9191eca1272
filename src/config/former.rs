//! Keys of the configuration that have another name now: each is an error that names the new one.

use serde::{Deserialize, Deserializer, de};

/// `[sampler] jumps`, now `independence`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jumps;

impl<'de> Deserialize<'de> for Jumps {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(de::Error::custom("`jumps` is called `independence`: rename the key"))
    }
}
