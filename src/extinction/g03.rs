//! Mean extinction curves of the Magellanic Clouds, measured by Gordon et al. 2003 (ApJ 594, 279).
//!
//! A(λ)/A(V) is tabulated over the wavenumber (Table 4) and interpolated linearly. The table stands
//! as published. For the SMC bar A(J) lies below A(H). Gordon et al. 2016 (ApJ 826, 104) replace
//! A(J)/A(V) = 0.131 by 0.25 and A(K)/A(V) = 0.016 by 0.11. That would raise f by 0.04 at 9531 Å
//! and by 0.07 at 10830 Å, and change nothing below 8097 Å.

use super::INFRARED_EXPONENT;

/// A measured mean curve.
pub(super) struct Curve {
    /// R_V = A(V)/E(B−V).
    pub(super) rv: f64,
    /// Pairs of wavenumber \[μm⁻¹\] and A(λ)/A(V), in increasing order of wavenumber.
    table: &'static [[f64; 2]],
}

impl Curve {
    /// Blue end of the table \[μm⁻¹\].
    pub(super) fn largest_wavenumber(&self) -> f64 {
        self.table[self.table.len() - 1][0]
    }

    /// X = A(λ)/E(B−V) at wavenumber `x` \[μm⁻¹\] up to the blue end of the table; a power law
    /// beyond its K band.
    pub(super) fn extinction(&self, x: f64) -> f64 {
        let [x_red, a_red] = self.table[0];
        if x < x_red {
            return self.rv * a_red * (x / x_red).powf(INFRARED_EXPONENT);
        }
        let i = self.table[1..self.table.len() - 1].partition_point(|point| point[0] <= x);
        let ([x0, a0], [x1, a1]) = (self.table[i], self.table[i + 1]);
        self.rv * (a0 + (a1 - a0) * (x - x0) / (x1 - x0))
    }
}

/// LMC average.
pub(super) const LMC: Curve = Curve {
    rv: 3.41,
    table: &[
        [0.455, 0.030],
        [0.606, 0.186],
        [0.800, 0.257],
        [1.818, 1.000],
        [2.273, 1.293],
        [2.703, 1.518],
        [3.375, 1.786],
        [3.625, 1.969],
        [3.875, 2.149],
        [4.125, 2.391],
        [4.375, 2.771],
        [4.625, 2.967],
        [4.875, 2.846],
        [5.125, 2.646],
        [5.375, 2.565],
        [5.625, 2.566],
        [5.875, 2.598],
        [6.125, 2.607],
        [6.375, 2.668],
        [6.625, 2.787],
        [6.875, 2.874],
        [7.125, 2.983],
        [7.375, 3.118],
        [7.625, 3.231],
        [7.875, 3.374],
        [8.125, 3.366],
        [8.375, 3.467],
    ],
};

/// SMC bar.
pub(super) const SMC: Curve = Curve {
    rv: 2.74,
    table: &[
        [0.455, 0.016],
        [0.606, 0.169],
        [0.800, 0.131],
        [1.235, 0.567],
        [1.538, 0.801],
        [1.818, 1.000],
        [2.273, 1.374],
        [2.703, 1.672],
        [3.375, 2.000],
        [3.625, 2.220],
        [3.875, 2.428],
        [4.125, 2.661],
        [4.375, 2.947],
        [4.625, 3.161],
        [4.875, 3.293],
        [5.125, 3.489],
        [5.375, 3.637],
        [5.625, 3.866],
        [5.875, 4.013],
        [6.125, 4.243],
        [6.375, 4.472],
        [6.625, 4.776],
        [6.875, 5.000],
        [7.125, 5.272],
        [7.375, 5.575],
        [7.625, 5.795],
        [7.875, 6.074],
        [8.125, 6.297],
        [8.375, 6.436],
        [8.625, 6.992],
    ],
};
