//! The records that one object's problem is made of, declared once for Rust and WGSL.
//!
//! Every record holds only `real` and `index` scalars of four bytes on the device, so that offsets
//! in WGSL's storage address space are those of `repr(C)`.

use super::code::{Family, IonKind, Likelihood, RelationForm, SlotKind, TauForm};
use crate::number::real::Real;
use crate::number::wgsl::shared_constants;

shared_constants! {
    /// "No such index": an absent slot, coordinate or parent.
    pub const NONE: u32 = u32::MAX;
    /// A bound beyond this is none.
    pub const UNBOUNDED: f64 = 1e30;
    /// The largest number of sampled coordinates of one object.
    pub const MAX_DIMENSION: usize = 32;
    /// The largest number of slots of one object.
    pub const MAX_SLOTS: usize = 32;
    /// The largest number of ions of one object.
    pub const MAX_IONS: usize = 32;
    /// The largest number of terms of one line.
    pub const MAX_LINE_TERMS: usize = 8;
    /// The largest number of temperature–density zones.
    pub const MAX_ZONES: usize = 4;

    /// Log density of a position that single precision cannot evaluate.
    pub const REJECTED: f64 = -1e30;
}

macro_rules! wgsl_type {
    (F) => {
        "f32"
    };
    ($code:ident) => {
        "u32"
    };
}

macro_rules! field_cast {
    ($value:expr, F) => {
        G::constant($value.into())
    };
    ($value:expr, $code:ident) => {
        $value
    };
}

macro_rules! field_splat {
    ($value:expr, F) => {
        V::splat($value)
    };
    ($value:expr, $code:ident) => {
        $value
    };
}

/// Declares a record generic over its number, the WGSL text made from it and the field names in
/// order.
macro_rules! shared_struct {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $kind:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name<F> { $($(#[$doc])* pub $field: $kind),+ }

        impl<F: Real> $name<F> {
            /// The declaration of this record in WGSL.
            pub const WGSL: &'static str = concat!(
                "struct ", stringify!($name), " {\n",
                $("    ", stringify!($field), ": ", wgsl_type!($kind), ",\n"),+,
                "}\n"
            );

            /// The same record in another precision.
            pub fn cast<G: Real>(&self) -> $name<G>
            where
                F: Into<f64>,
            {
                $name { $($field: field_cast!(self.$field, $kind)),+ }
            }

            /// The same record in every lane.
            #[inline(always)]
            pub fn splat<V: Real<Scalar = F>>(&self) -> $name<V> {
                $name { $($field: field_splat!(self.$field, $kind)),+ }
            }
        }

        impl $name<f32> {
            /// The fields in order, with their offsets in bytes.
            #[cfg(test)]
            pub(crate) const FIELDS: &'static [(&'static str, usize)] =
                &[$((stringify!($field), std::mem::offset_of!($name<f32>, $field))),+];
        }

        // SAFETY: `repr(C)` with only four-byte scalars: no padding.
        unsafe impl bytemuck::NoUninit for $name<f32> {}
    };
}

shared_struct! {
    /// A physical quantity besides the abundances of ions sampled by flux: a temperature \[K\], a
    /// density (as log₁₀ n_e), cHbeta, tau, …
    Slot {
        /// The map from the coordinate to the value.
        kind: SlotKind,
        /// The family of the prior.
        family: Family,
        /// The sampled coordinate, or NONE when fixed.
        coordinate: u32,
        /// The slot to whose value the location is tied, or NONE; always an earlier slot.
        parent: u32,
        /// The relation that ties it. The relation gives the location of the prior, whose width is
        /// the relation's scatter; of a fixed slot the relation gives the value.
        relation: RelationForm,
        /// The slot of log₁₀ n_e that the relation reads, or NONE; always an earlier slot.
        density: u32,
        /// 1 where the model takes log₁₀ of the value (a density whose prior is on n_e), else 0.
        log10: u32,
        /// 1 where the coordinate is a low-S/N coordinate of the normal score, 0 where it is the
        /// score.
        low_snr: u32,
        /// The family's location (the value itself where fixed).
        location: F,
        /// The family's width.
        width: F,
        /// Added to the family's variate.
        offset: F,
        /// The lower bound of the variate; of a log-normal quantile ln of the bound, of a
        /// half-Cauchy quantile the probability cut off; −UNBOUNDED for none.
        lower: F,
        /// The upper bound of the variate, in the same terms; UNBOUNDED for none.
        upper: F,
        /// The relation's slope: d location / d parent's value of a linear one.
        slope: F,
        /// The softplus's scale; of a low-S/N coordinate, the score per e-folding.
        scale: F,
        /// ln of the unit of a low-S/N coordinate, in units of the prior's median.
        ln_unit: F,
        /// The slope that the tail of a low-S/N coordinate adds to d ln value/d coordinate far
        /// below zero.
        tail_slope: F,
    }
}

shared_struct! {
    /// One ion of the object.
    IonRecord {
        /// The way from the coordinates to the abundance.
        kind: IonKind,
        /// Its coordinate where sampled by flux, or the slot of its abundance, else NONE.
        source: u32,
        /// The zone that it lives in.
        zone: u32,
        /// Its reference line.
        reference_line: u32,
        /// Its first term there.
        first_reference: u32,
        /// The number of its terms in its reference line.
        references: u32,
        /// In a batch on a device, whose lines stand ion by ion, the number of those that it alone
        /// sends.
        own_lines: u32,
        /// In a batch on a device, 1 where it shares a line with other ions, else 0.
        shares: u32,
        /// 1 where the coordinate is a low-S/N coordinate, 0 where it is φ (an ion sampled by
        /// flux).
        low_snr: u32,
        /// Prior mean of ln X + base where sampled by flux.
        location: F,
        /// 1 / prior sd of ln X where sampled by flux.
        inverse_width: F,
        /// ln of the reference term's flux per unit X/H at (10⁴ K, 100 cm⁻³), taken out of the
        /// `constant` of its terms.
        base: F,
        /// ln of the flux that is one unit of a low-S/N coordinate.
        ln_unit: F,
        /// The slope that the tail of a low-S/N coordinate adds to dφ/dx far below zero.
        tail_slope: F,
    }
}

shared_struct! {
    /// One transition's share of one line: excited by collisions or recombination of one ion, or by
    /// recombination of an ion whose abundance follows from others, X = X_ion · X_times / X_over.
    Term {
        /// Its ion.
        ion: u32,
        /// The ion whose abundance multiplies, or NONE.
        times: u32,
        /// The ion whose abundance divides, or NONE.
        over: u32,
        /// The zone that it is emitted in.
        zone: u32,
        /// Its row in the emissivity table; NONE where the four coefficients say it:
        /// ln(ε/ε_Hβ) = constant + k2/t + k3 ln t + ln(1 + k4 n), t = T/10⁴ K, n in cm⁻³.
        table: u32,
        /// Its row of the shift of He I emissivities, or NONE.
        shift: u32,
        /// The upper level of a line of hydrogen, whose collisional excitation it has, or 0.
        collisional: u32,
        /// ln of its flux per unit X/H, with a table at (10⁴ K, 100 cm⁻³); less the `base` of `ion`
        /// and `times`, plus that of `over`.
        constant: F,
        /// k₂ of the four coefficients.
        k2: F,
        /// k₃ of the four coefficients.
        k3: F,
        /// k₄ of the four coefficients \[cm³\].
        k4: F,
        /// ln 10 · X(λ) = law_a R_V + law_b of the reddening law, so that 1 + f_λ is its ratio to
        /// the header's at Hβ. A law without R_V has 0 here, ln 10 · (1 + f_λ) in `law_b`, and 0
        /// and 1 in the header.
        law_a: F,
        /// The part of ln 10 · X(λ) that R_V leaves alone.
        law_b: F,
        /// 1 where its line carries an optical depth, f_tau = (1 + A tau)/(1 + b tau) with
        /// A = Σ (pₖ + qₖ s) xᵏ, else 0. The header's `tau_form` says x and s.
        thick: u32,
        /// f_tau's p₀.
        tau_p0: F,
        /// f_tau's p₁.
        tau_p1: F,
        /// f_tau's p₂.
        tau_p2: F,
        /// f_tau's p₃.
        tau_p3: F,
        /// f_tau's p₄.
        tau_p4: F,
        /// f_tau's q₀.
        tau_q0: F,
        /// f_tau's q₁.
        tau_q1: F,
        /// f_tau's q₂.
        tau_q2: F,
        /// f_tau's q₃.
        tau_q3: F,
        /// f_tau's q₄.
        tau_q4: F,
        /// f_tau's b.
        tau_b: F,
    }
}

shared_struct! {
    /// One measured line.
    LineRecord {
        /// Its first term.
        first_term: u32,
        /// The number of its terms.
        terms: u32,
        /// The density of the measured flux around the model's.
        likelihood: Likelihood,
        /// The slot of ln of its spectrograph arm's calibration relative to Hβ's, or NONE.
        arm: u32,
        /// Measured flux relative to Hβ; of a log-Gaussian likelihood ln of the flux, of an upper
        /// limit the limit.
        flux: F,
        /// 1 / standard deviation of `flux`; of Student's t, 1 / its scale.
        inverse_sigma: F,
        /// k_H / EW [1/Å]: absorption under hydrogen.
        absorption_h: F,
        /// k_He / EW [1/Å]: absorption under helium.
        absorption_he: F,
        /// Half-width of an interval in σ; 0 for other likelihoods.
        half_width: F,
        /// asinh(F/2σ) of a likelihood with outliers; 0 for other likelihoods.
        outlier_centre: F,
        /// ln of the height of the outliers over that of the Gaussian; 0 for other likelihoods.
        outlier_ln_height: F,
    }
}

shared_struct! {
    /// Where one object's records lie in a batch, and which slot plays which part.
    Header {
        /// Number of sampled coordinates.
        dimension: u32,
        /// First slot.
        first_slot: u32,
        /// Number of slots.
        slots: u32,
        /// First ion.
        first_ion: u32,
        /// Number of ions.
        ions: u32,
        /// First term.
        first_term: u32,
        /// First line.
        first_line: u32,
        /// Number of lines.
        lines: u32,
        /// The slot of cHbeta.
        c_hbeta: u32,
        /// The slot of tau.
        tau: u32,
        /// The slot of a_H \[Å\].
        a_h: u32,
        /// The slot of a_He \[Å\].
        a_he: u32,
        /// The slot of ln F(Hβ).
        ln_f_hbeta: u32,
        /// The slot of R_V.
        rv: u32,
        /// The slot of ξ, 10⁴ n(H⁰)/n(H⁺), by which collisions excite hydrogen.
        xi: u32,
        /// The slot of the amplitude of the shift of He I emissivities.
        he1_shift: u32,
        /// The slot of the degrees of freedom of Student's t.
        nu: u32,
        /// Number of zones.
        zones: u32,
        /// The temperature slot of zone 0.
        t_0: u32,
        /// The temperature slot of zone 1.
        t_1: u32,
        /// The temperature slot of zone 2.
        t_2: u32,
        /// The temperature slot of zone 3.
        t_3: u32,
        /// The density slot of zone 0.
        n_0: u32,
        /// The density slot of zone 1.
        n_1: u32,
        /// The density slot of zone 2.
        n_2: u32,
        /// The density slot of zone 3.
        n_3: u32,
        /// X(Hβ) of the reddening law per R_V.
        law_a_hbeta: F,
        /// The part of X(Hβ) that R_V leaves alone.
        law_b_hbeta: F,
        /// 1 / EW(Hβ) [1/Å] where fluxes are ratios to Hβ, else 0.
        absorption_hbeta: F,
        /// The form of the law of f_tau.
        tau_form: TauForm,
        /// The largest density of its law's fit [cm⁻³], at which a law in n is held.
        tau_density: F,
        /// log₁₀ of the least density of the fit [cm⁻³], at which the other forms are held; 0 of
        /// TAU_N, like the next three.
        tau_x_least: F,
        /// log₁₀ of the largest density of the fit [cm⁻³].
        tau_x_most: F,
        /// The least temperature of the fit, t = T/10⁴ K or ln t by the form.
        tau_s_least: F,
        /// The largest temperature of the fit, likewise.
        tau_s_most: F,
        /// Added to the log density: what does not depend on the position.
        constant: F,
    }
}

impl<F> LineRecord<F> {
    /// Indices of its terms.
    #[inline(always)]
    pub fn term_range(&self) -> std::ops::Range<usize> {
        self.first_term as usize..(self.first_term + self.terms) as usize
    }
}

impl<F> Header<F> {
    /// The temperature and density slots of a zone.
    pub fn zone(&self, zone: usize) -> (usize, usize) {
        let t = [self.t_0, self.t_1, self.t_2, self.t_3][zone];
        let n = [self.n_0, self.n_1, self.n_2, self.n_3][zone];
        (t as usize, n as usize)
    }
}

/// The declarations of all records in WGSL.
pub(super) fn wgsl() -> String {
    [
        Slot::<f32>::WGSL,
        IonRecord::<f32>::WGSL,
        Term::<f32>::WGSL,
        LineRecord::<f32>::WGSL,
        Header::<f32>::WGSL,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wgsl_declares_every_field_in_order() {
        assert!(Term::<f32>::WGSL.starts_with("struct Term {\n    ion: u32,\n    times: u32,\n    over: u32,\n"));
        assert_eq!(size_of::<Term<f32>>(), 4 * Term::<f32>::WGSL.matches(',').count());
        assert_eq!(size_of::<Header<f32>>(), 4 * Header::<f32>::WGSL.matches(',').count());
    }
}
