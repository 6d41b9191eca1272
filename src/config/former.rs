//! Former keys of the configuration: each is an error that names the new key.

use serde::{Deserialize, Deserializer, de};

/// Key `[sampler] jumps`, now `independence`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jumps;

impl<'de> Deserialize<'de> for Jumps {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(de::Error::custom("`jumps` is called `independence`: rename the key"))
    }
}

/// Key `[sampler] rerun`, now `looks`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rerun;

impl<'de> Deserialize<'de> for Rerun {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(de::Error::custom(
            "no object runs a second time: one that fails is drawn further; `looks = 1` forgoes it",
        ))
    }
}
