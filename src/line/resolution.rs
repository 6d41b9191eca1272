//! How near to each other lines lie that a list, or a spectrum, cannot tell apart.

/// Distance of a list's wavelength from its line \[Å\]: rest wavelengths differ by a few tenths of an Å from source to
/// source; the worst met is [O II] at 7318.39 (Esteban et al. 2009, ApJ 700, 654) for 7318.92. The nearest stranger, C II
/// 7236.42, is 1.0 Å from [Ar IV] 7237.4.
pub(super) const TOLERANCE: f64 = 0.6;

/// Distance of lines that are one line in all but echelle spectra \[Å\]: [O II] 7319.0, 7320.0 and 7329.7, 7330.7, H I and
/// He I at 3889, H14 and [S III] at 3722.
pub(super) const UNRESOLVED: f64 = 1.2;
