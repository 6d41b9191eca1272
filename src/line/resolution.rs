//! Separations at which a list, or a spectrum, cannot distinguish two lines.

/// Largest distance of a list's wavelength from its line \[Å\]. Rest wavelengths differ by a few
/// tenths of an Å between sources. The worst case known is [O II] at 7318.39 (Esteban et al. 2009,
/// ApJ 700, 654) for 7318.92. The nearest other line, C II 7236.42, is 1.0 Å from [Ar IV] 7237.4.
pub(super) const TOLERANCE: f64 = 0.6;

/// Separation of lines that are one line in all but echelle spectra \[Å\]: [O II] 7319.0, 7320.0
/// and 7329.7, 7330.7, H I and He I at 3889, H14 and [S III] at 3722.
pub(super) const UNRESOLVED: f64 = 1.2;
