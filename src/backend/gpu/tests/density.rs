//! The log density's kernel against the model: in bound of double precision, and the same in any
//! company.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::bounded::Bounded;
use super::{device, emissivities, position, problems};
use crate::backend::gpu::{DensityKernel, audit};
use crate::emissivity::Grid;
use crate::model::{Evaluator, ModelObject};

/// The kernel that all tests share, compiled once; every object of `problems` is loaded.
fn kernel() -> Option<MutexGuard<'static, DensityKernel>> {
    static KERNEL: OnceLock<Mutex<DensityKernel>> = OnceLock::new();
    let device = device()?;
    let kernel = KERNEL.get_or_init(|| Mutex::new(DensityKernel::new(device, &emissivities().grid).unwrap()));
    let mut kernel = kernel.lock().unwrap_or_else(PoisonError::into_inner);
    kernel.load(&objects()).unwrap();
    Some(kernel)
}

fn objects() -> Vec<ModelObject<f64>> {
    problems().iter().map(|problem| problem.object.clone()).collect()
}

/// `count` requests, one object after the other, each time at another position.
fn requests(count: usize, stride: usize) -> (Vec<u32>, Vec<f64>) {
    let mut objects = Vec::new();
    let mut positions = vec![0.0; count * stride];
    for (number, row) in positions.chunks_exact_mut(stride).enumerate() {
        let object = number % problems().len();
        let position = position(&problems()[object], number as u32);
        row[..position.len()].copy_from_slice(&position);
        objects.push(object as u32);
    }
    (objects, positions)
}

fn evaluate(kernel: &mut DensityKernel, objects: &[u32], positions: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (mut values, mut grads) = (vec![f64::NAN; objects.len()], vec![f64::NAN; positions.len()]);
    kernel.evaluate(objects, positions, &mut values, &mut grads).unwrap();
    (values, grads)
}

#[track_caller]
fn within(what: &str, found: f64, truth: Bounded) {
    let off = (found - truth.value).abs();
    assert!(
        off <= truth.error,
        "{what}: {found}, expected {} ± {:e}",
        truth.value,
        truth.error
    );
}

/// Checks the device and Rust in single precision against double precision, within the bounds of
/// the operands.
#[test]
fn densities_and_gradients_are_within_bounds_of_double_precision() {
    let Some(mut kernel) = kernel() else { return };
    let set = emissivities();
    let single_grid: Grid<f32> = set.grid.cast();
    let bounded_grid: Grid<Bounded> = set.grid.cast();
    let stride = kernel.stride();
    let (objects, positions) = requests(4 * problems().len(), stride);
    let (values, grads) = evaluate(&mut kernel, &objects, &positions);
    for (i, &object) in objects.iter().enumerate() {
        let problem = &problems()[object as usize];
        let (id, dimension, constant) = (&problem.id, problem.object.dimension(), problem.object.header.constant);
        let at = &positions[i * stride..i * stride + dimension];
        let mut bounded = problem.object.cast::<Bounded>();
        let mut single = problem.object.cast::<f32>();
        (bounded.header.constant, single.header.constant) = (Bounded::exact(0.0), 0.0);
        let mut truth = vec![Bounded::exact(0.0); dimension];
        let exact: Vec<Bounded> = at.iter().map(|&z| Bounded::exact(z as f32)).collect();
        let value = Evaluator::new(&bounded, &bounded_grid).logdensity_here(&exact, &mut truth);
        let mut twin = vec![0.0; dimension];
        let at: Vec<f32> = at.iter().map(|&z| z as f32).collect();
        let twin_value = Evaluator::new(&single, &single_grid).logdensity(&at, &mut twin);
        within(
            &format!("{id}, request {i}, on the device"),
            values[i] - constant,
            value,
        );
        within(&format!("{id}, request {i}, in Rust"), twin_value.into(), value);
        for k in 0..dimension {
            let name = problem.coordinate_names().get(k).copied().unwrap_or_default();
            within(
                &format!("{id}, request {i}, d/d{name} on the device"),
                grads[i * stride + k],
                truth[k],
            );
            within(
                &format!("{id}, request {i}, d/d{name} in Rust"),
                twin[k].into(),
                truth[k],
            );
        }
        assert!(
            grads[i * stride + dimension..(i + 1) * stride]
                .iter()
                .all(|&g| g == 0.0)
        );
    }
}

/// An object's result depends on its position alone: not on the number of requests, its place or
/// its batch mates.
#[test]
fn results_are_the_same_alone_and_in_any_batch() {
    let Some(mut kernel) = kernel() else { return };
    let stride = kernel.stride();
    let (objects, positions) = requests(1000, stride);
    let (values, grads) = evaluate(&mut kernel, &objects, &positions);
    for count in [0, 1, 63, 64, 65] {
        let first = 1000 - count;
        let few = evaluate(&mut kernel, &objects[first..], &positions[first * stride..]);
        assert_eq!(
            (&few.0[..], &few.1[..]),
            (&values[first..], &grads[first * stride..]),
            "{count} requests"
        );
    }
    kernel.limit_requests(100);
    assert_eq!(
        evaluate(&mut kernel, &objects, &positions),
        (values.clone(), grads.clone())
    );
    let alone = &problems()[3].object;
    kernel.load(std::slice::from_ref(alone)).unwrap();
    let own = kernel.stride();
    let (value, grad) = evaluate(&mut kernel, &[0], &positions[3 * stride..3 * stride + own]);
    assert_eq!((value[0], &grad[..]), (values[3], &grads[3 * stride..3 * stride + own]));
}

#[test]
fn a_position_beyond_single_precision_is_rejected_not_wrong() {
    let Some(mut kernel) = kernel() else { return };
    let stride = kernel.stride();
    let (objects, sound) = requests(3, stride);
    let mut positions = sound.clone();
    let source = problems()[1].object.ions.last().unwrap().source as usize;
    for bad in [1e3, 1e38, f64::NAN, f64::INFINITY] {
        positions[stride + source] = bad;
        let (values, grads) = evaluate(&mut kernel, &objects, &positions);
        assert_eq!(values[1], f64::NEG_INFINITY, "{bad}");
        assert!(grads[stride..2 * stride].iter().all(|&g| g == 0.0));
        assert!(values[0].is_finite() && values[2].is_finite(), "neighbours of {bad}");
    }
}

#[test]
fn the_audit_finds_an_emissivity_that_is_off() {
    let Some(mut kernel) = kernel() else { return };
    let (requests, positions) = requests(30, kernel.stride());
    let right = audit(&mut kernel, &emissivities().grid, &objects(), &requests, &positions).unwrap();
    assert!(right.worst > 0.0 && right.worst_grad > 0.0, "{right:?}");
    let mut wrong = objects();
    wrong[5].terms[4].constant += 0.1;
    let found = audit(&mut kernel, &emissivities().grid, &wrong, &requests, &positions).unwrap();
    assert!(found.worst > 10.0 * right.worst, "{found:?}");
    assert_eq!((found.object, found.request), (5, 5));
}

#[test]
fn an_object_beyond_the_kernel_is_refused() {
    let Some(mut kernel) = kernel() else { return };
    let mut large = objects();
    large[2].lines[0].terms = 9;
    let error = kernel.load(&large).unwrap_err().to_string();
    assert!(
        error.contains("object 2") && error.contains("9 terms of a line"),
        "{error}"
    );
}
