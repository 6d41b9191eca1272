//! The leapfrog integrator of H(x, p) = ½|p|² − ln π(x), divided where the gradient is needed.
//!
//! p ← p + ½ε∇ln π(x); x ← x + εp; evaluate; p ← p + ½ε∇ln π(x). R. M. Neal, "MCMC using
//! Hamiltonian dynamics", Handbook of Markov Chain Monte Carlo (2011), equations 5.18–5.20.

/// Partial sums side by side, of a kinetic energy and of a product with ρ.
pub(super) const SUMS: usize = 4;

/// Half a kick and the drift: up to the point where the next gradient is needed.
#[inline(always)]
pub(crate) fn kick_and_drift(position: &mut [f64], momentum: &mut [f64], grad: &[f64], step_size: f64) {
    half_kick(momentum, grad, step_size);
    for (x, p) in position.iter_mut().zip(momentum) {
        *x += step_size * *p;
    }
}

/// Half a kick with the gradient at the present position.
#[inline(always)]
pub(crate) fn half_kick(momentum: &mut [f64], grad: &[f64], step_size: f64) {
    for (p, g) in momentum.iter_mut().zip(grad) {
        *p += 0.5 * step_size * g;
    }
}

/// Kinetic energy ½|p|².
#[inline(always)]
pub(crate) fn kinetic_energy(momentum: &[f64]) -> f64 {
    let (blocks, rest) = momentum.as_chunks::<SUMS>();
    let mut sums = [0.0; SUMS];
    for block in blocks {
        for k in 0..SUMS {
            sums[k] += block[k] * block[k];
        }
    }
    0.5 * (sums.iter().sum::<f64>() + rest.iter().map(|p| p * p).sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One step on ln π = −½x².
    fn step(x: &mut [f64; 1], p: &mut [f64; 1], step_size: f64) {
        let grad = [-x[0]];
        kick_and_drift(x, p, &grad, step_size);
        half_kick(p, &[-x[0]], step_size);
    }

    #[test]
    fn a_step_is_the_known_map_of_the_oscillator_and_reversible() {
        let (mut x, mut p) = ([0.7], [-0.4]);
        let e = 0.3;
        step(&mut x, &mut p, e);
        // x' = (1 − ε²/2) x + ε p; p' = (1 − ε²/2) p − ε (1 − ε²/4) x. Three roundings of numbers
        // below 1.
        let half = 1.0 - e * e / 2.0;
        assert!((x[0] - (half * 0.7 + e * -0.4)).abs() < 4.0 * f64::EPSILON);
        assert!((p[0] - (half * -0.4 - e * (1.0 - e * e / 4.0) * 0.7)).abs() < 4.0 * f64::EPSILON);
        step(&mut x, &mut p, -e);
        assert!((x[0] - 0.7).abs() < 4.0 * f64::EPSILON && (p[0] + 0.4).abs() < 4.0 * f64::EPSILON);
        assert_eq!(kinetic_energy(&[3.0, 4.0]), 12.5);
    }
}
