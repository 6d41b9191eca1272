//! Numbers of positions that are evaluated side by side.

/// Positions evaluated side by side where there are many.
pub const LANES: usize = 8;
/// A position alone, where lanes are asked for.
pub const ONE_LANE: usize = 1;
/// Positions evaluated side by side where there are few: one vector of AVX2.
pub const FEW_LANES: usize = 4;

/// Positions evaluated side by side in single precision where there are many; where there are few,
/// `LANES`.
pub const F32_LANES: usize = 16;
