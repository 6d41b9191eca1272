//! The model's gradient, Jacobian and invariants on real galaxies.

use nebulium::model::{Evaluator, LANES, LaneEvaluator};
use nebulium::problem::{Normalisation, Preset, Problem};
use nebulium::rng::{Key, normal, purpose};

use crate::galaxies::{Fixture, settings};

/// A position near the mode's region: the start of a search, moved by `spread` · N(0, 1) in every
/// coordinate.
fn position(problem: &Problem, number: u32, spread: f64) -> Vec<f64> {
    let key = Key::new(7, &problem.id);
    let mode = nebulium::mode::find(problem, &Fixture::get().set.grid)
        .expect("a mode")
        .position;
    let noise = |i: usize| normal(&key, number, 0, purpose("test position"), i as u32);
    mode.iter().enumerate().map(|(i, x)| x + spread * noise(i)).collect()
}

/// A central difference of step h is off by h²/6 of the third derivative, by rounding ε|f|/h, and
/// by the rounding of the fluxes: each is off by a few ε, its log likelihood by that times its
/// signal to noise. Compared with its own value at twice the step, whose truncation is four times
/// as large.
fn check_gradient(problem: &Problem, at: &[f64]) {
    let grid = &Fixture::get().set.grid;
    let mut evaluator = Evaluator::new(&problem.object, grid);
    let mut grad = vec![0.0; at.len()];
    let mut unused = grad.clone();
    let value = evaluator.logdensity(at, &mut grad);
    assert!(value.is_finite());
    let lines = problem.object.lines.iter();
    let noise: f64 = lines.map(|l| (l.flux * l.inverse_sigma).abs()).sum();
    for i in 0..at.len() {
        let mut difference = |h: f64| {
            let mut moved = at.to_vec();
            moved[i] = at[i] + h;
            let ahead = evaluator.logdensity(&moved, &mut unused);
            moved[i] = at[i] - h;
            (ahead - evaluator.logdensity(&moved, &mut unused)) / (2.0 * h)
        };
        let h = 1e-5;
        let (near, far) = (difference(h), difference(2.0 * h));
        let bound = (near - far).abs() + 4.0 * f64::EPSILON * (value.abs() + noise) / h + 1e-9 * grad[i].abs();
        let name = problem.coordinate_names()[i];
        assert!(
            (near - grad[i]).abs() <= bound,
            "{} {name}: {} vs {near} ± {bound}",
            problem.id,
            grad[i]
        );
    }
}

#[test]
fn the_gradient_is_that_of_the_log_density() {
    for preset in [Preset::Plain, Preset::Default, Preset::Talk] {
        for normalisation in [Normalisation::Ratio, Normalisation::Free] {
            let problems = Fixture::get().problems(&settings(preset, Some(normalisation)));
            for problem in problems.iter().take(5) {
                for number in 0..4 {
                    check_gradient(problem, &position(problem, number, 0.3));
                }
            }
        }
    }
}

/// JᵀJ is the Hessian of −ln posterior where residuals vanish: at the mode of an object whose
/// fluxes are the model's own, and with every prior centred there the difference would be zero;
/// here priors only add their own curvature.
#[test]
fn gauss_newton_is_the_hessian_where_residuals_vanish() {
    let fixture = Fixture::get();
    let mut problem = fixture.problems(&settings(Preset::Default, None)).swap_remove(0);
    let at = position(&problem, 0, 0.0);
    let mut evaluator = Evaluator::new(&problem.object, &fixture.set.grid);
    evaluator.at(&at);
    let fluxes: Vec<f64> = (0..problem.lines.len()).map(|l| evaluator.flux(l)).collect();
    for (line, flux) in problem.object.lines.iter_mut().zip(fluxes) {
        line.flux = flux;
    }
    let d = at.len();
    let mut matrix = vec![0.0; d * d];
    let mut evaluator = Evaluator::new(&problem.object, &fixture.set.grid);
    LaneEvaluator::<LANES>::new(&problem.object, &fixture.set.grid).gauss_newton(&at, &mut matrix);
    let mut grad = |point: &[f64]| {
        let mut grad = vec![0.0; d];
        evaluator.logdensity(point, &mut grad);
        grad
    };
    for i in 0..d {
        let h = 1e-4 / matrix[i * (d + 1)].sqrt();
        let mut moved = at.clone();
        moved[i] += h;
        let ahead = grad(&moved);
        moved[i] = at[i] - h;
        let behind = grad(&moved);
        for j in 0..d {
            let exact = (behind[j] - ahead[j]) / (2.0 * h);
            let scale = (matrix[i * (d + 1)] * matrix[j * (d + 1)]).sqrt();
            // Abundance priors of 5 dex bend with ln X(T), and T is the exponential of its
            // coordinate: their residual times curvature is all that may remain.
            assert!(
                (exact - matrix[i * d + j]).abs() < 5e-3 * scale,
                "{i} {j}: {exact} {}",
                matrix[i * d + j]
            );
        }
    }
}

#[test]
fn f32_follows_f64() {
    let fixture = Fixture::get();
    let grid: nebulium::emissivity::Grid<f32> = fixture.set.grid.cast();
    for problem in fixture.problems(&settings(Preset::Default, None)) {
        let at = position(&problem, 1, 0.05);
        let mut grad = vec![0.0; at.len()];
        let exact = Evaluator::new(&problem.object, &fixture.set.grid).logdensity(&at, &mut grad);
        let object = problem.object.cast::<f32>();
        let single: Vec<f32> = at.iter().map(|&x| x as f32).collect();
        let mut grad = vec![0.0_f32; at.len()];
        let value = Evaluator::new(&object, &grid).logdensity(&single, &mut grad);
        // Each line's ln F is off by some 10 ε of numbers up to 10; its square moves by residual ·
        // S/N · that.
        let noise: f64 = problem
            .object
            .lines
            .iter()
            .map(|l| (l.flux * l.inverse_sigma).abs())
            .sum();
        let bound = 1e-5 * noise + 1e-6 * exact.abs();
        assert!(
            (f64::from(value) - exact).abs() < bound,
            "{}: {value} {exact} {bound}",
            problem.id
        );
    }
}
