//! One line of an object in the classical method.

use crate::emissivity::Set;

/// One line of an object.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its label.
    pub(super) label: String,
    /// Its members.
    pub(super) members: Vec<Member>,
    /// Flux relative to Hβ as measured, and its standard deviation.
    pub(super) flux: f64,
    pub(super) sigma: f64,
    /// True if nothing was seen above its flux, so that it measures nothing.
    pub(super) limit: bool,
    /// Name of the likelihood that a fit of the posterior takes for the line.
    pub(super) likelihood: &'static str,
    /// Factor on the flux that corrects for underlying absorption.
    pub(super) correction: f64,
}

/// A member of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    /// Index in the line list of the emissivities.
    pub(super) index: usize,
    /// f_λ of the reddening law.
    pub(super) f_lambda: f64,
    /// Index of the ion in `Measured::ions`.
    pub(super) ion: usize,
}

impl Line {
    /// Index of the ion, if all members are lines of one ion.
    pub(super) fn ion(&self) -> Option<usize> {
        let first = self.members[0].ion;
        self.members.iter().all(|member| member.ion == first).then_some(first)
    }

    /// ε/ε(Hβ) of all members.
    pub(super) fn emissivity(&self, set: &Set, log_t: f64, log_n: f64) -> f64 {
        let members = self.members.iter();
        members
            .map(|member| set.ln_ratio(member.index, log_t, log_n).0.exp())
            .sum()
    }

    /// ε/ε(Hβ) of all members, each reddened: 10^(−c f_λ).
    pub(super) fn reddened(&self, set: &Set, log_t: f64, log_n: f64, c: f64) -> f64 {
        let of_member = |member: &Member| {
            let ln_ratio = set.ln_ratio(member.index, log_t, log_n).0;
            (ln_ratio - std::f64::consts::LN_10 * c * member.f_lambda).exp()
        };
        self.members.iter().map(of_member).sum()
    }

    /// True if it is this one line of the set.
    pub(super) fn is(&self, label: &str, set: &Set) -> bool {
        matches!(self.members[..], [member] if set.list.lines[member.index].label == label)
    }

    /// Flux over its standard deviation.
    pub(super) fn signal_to_noise(&self) -> f64 {
        self.flux / self.sigma
    }
}
