//! `nebulium --version`: commit, features and atomic data of the build.

use crate::emissivity::Set;

/// Commit of the sources, `unknown` outside a checkout and in the debug profile.
const COMMIT: &str = env!("NEBULIUM_COMMIT");
/// Features of the build, joined by commas.
const FEATURES: &str = env!("NEBULIUM_FEATURES");

/// The lines after that of name and version.
pub(super) fn details() -> String {
    let emissivities = match Set::built_in() {
        Ok(set) => format!(
            "{}, SHA-256 {}\noptical depth: {}, SHA-256 {}",
            set.name, set.hash, set.f_tau.name, set.f_tau.hash
        ),
        Err(error) => error.to_string(),
    };
    format!("commit: {COMMIT}\nfeatures: {FEATURES}\nemissivities: {emissivities}\n")
}
