//! Ionic abundances of one draw, and the two degrees of ionisation in the corrections.

/// X/H of each ion by number; NaN where the ion is not in the object's model.
#[derive(Clone, Copy, Debug)]
pub struct Ions {
    /// He⁺.
    pub he1: f64,
    /// He²⁺.
    pub he2: f64,
    /// N⁺.
    pub n2: f64,
    /// O⁺.
    pub o2: f64,
    /// O²⁺.
    pub o3: f64,
    /// Ne²⁺.
    pub ne3: f64,
    /// S⁺.
    pub s2: f64,
    /// S²⁺.
    pub s3: f64,
    /// Cl⁺.
    pub cl2: f64,
    /// Cl²⁺.
    pub cl3: f64,
    /// Cl³⁺.
    pub cl4: f64,
    /// Ar²⁺.
    pub ar3: f64,
    /// Ar³⁺.
    pub ar4: f64,
    /// C²⁺.
    pub c3: f64,
    /// C³⁺.
    pub c4: f64,
    /// N²⁺.
    pub n3: f64,
    /// N³⁺.
    pub n4: f64,
    /// Fe⁺.
    pub fe2: f64,
    /// Fe²⁺.
    pub fe3: f64,
}

/// Zero point of the logarithmic scale, 12 + log₁₀(X/H).
pub(super) const ZERO: f64 = 12.0;

impl Ions {
    /// Names of the parameters that the abundances are read from, helium first.
    pub const NAMES: [&'static str; 19] = [
        "He1", "He2", "N2", "O2", "O3", "Ne3", "S2", "S3", "Cl2", "Cl3", "Cl4", "Ar3", "Ar4", "C3", "C4", "N3", "N4",
        "Fe2", "Fe3",
    ];

    /// Abundances from the values of the parameters, `[Ions::NAMES]`: helium linear, metals as 12 +
    /// log₁₀(X/H).
    pub fn from_parameters(values: [f64; Ions::NAMES.len()]) -> Ions {
        let [he1, he2, metals @ ..] = values;
        let [
            n2,
            o2,
            o3,
            ne3,
            s2,
            s3,
            cl2,
            cl3,
            cl4,
            ar3,
            ar4,
            c3,
            c4,
            n3,
            n4,
            fe2,
            fe3,
        ] = metals.map(|x| 10_f64.powf(x - ZERO));
        Ions {
            he1,
            he2,
            n2,
            o2,
            o3,
            ne3,
            s2,
            s3,
            cl2,
            cl3,
            cl4,
            ar3,
            ar4,
            c3,
            c4,
            n3,
            n4,
            fe2,
            fe3,
        }
    }

    /// Tells whether the model has both ions of argon that S³⁺ is estimated from.
    pub(super) fn knows_argon(&self) -> bool {
        !self.ar3.is_nan() && !self.ar4.is_nan()
    }

    /// Degree of ionisation ω = O²⁺/(O⁺ + O²⁺).
    pub fn omega(&self) -> f64 {
        self.o3 / (self.o2 + self.o3)
    }

    /// Degree of ionisation υ = He²⁺/(He⁺ + He²⁺); 0 where no line of He II is in the model.
    pub fn upsilon(&self) -> f64 {
        if self.he2.is_nan() {
            0.0
        } else {
            self.he2 / (self.he1 + self.he2)
        }
    }
}
