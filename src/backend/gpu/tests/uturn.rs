//! The U-turn checks of a device against the host's, on random walks of momenta.
//!
//! Posteriors near a Gaussian seldom leave the decision to a cross-subtree check; these walks do.

use bytemuck::cast_slice;
use wgpu::BufferUsages;

use super::device;
use crate::backend::gpu::staging::{Staging, bind_group, empty};
use crate::backend::gpu::{logdensity, records};
use crate::nuts::Checkpoints;
use crate::rng::{Key, normal, purpose};

/// Leaves of a walk, and levels of checkpoints for so many.
const LEAVES: usize = 16;
const LEVELS: usize = 4;
const WALKS: u32 = 20_000;
/// Momenta are multiples of this: single precision holds their sums and products exactly.
const GRAIN: f64 = 1.0 / 32.0;

/// The momenta of a walk, whose direction wanders from leaf to leaf.
fn walk(key: &Key, number: u32) -> Vec<[f64; 2]> {
    let rounded = |x: f64| (x / GRAIN).round() * GRAIN;
    let angle = |n| 1.2 * normal(key, 0, number, purpose("angle"), n);
    (0..LEAVES as u32)
        .map(|n| [angle(n).cos() + 0.2, angle(n).sin()].map(rounded))
        .collect()
}

/// Number of leaves up to the one that turns, on the host; 0 if none does.
fn turned(momenta: &[[f64; 2]]) -> u32 {
    let mut checkpoints = Checkpoints::new(2, LEVELS);
    let mut sum = [0.0; 2];
    for (n, momentum) in (0..).zip(momenta) {
        sum = [sum[0] + momentum[0], sum[1] + momentum[1]];
        if checkpoints.add_leaf(n, momentum, &sum) {
            return n + 1;
        }
    }
    0
}

/// The same on a device, for all walks.
fn on_device(walks: &[Vec<[f64; 2]>]) -> Option<Vec<u32>> {
    let device = device()?;
    let text = [
        include_str!("uturn.wgsl"),
        include_str!("../../../../shaders/shared/uturn.wgsl"),
    ]
    .concat();
    let make = || logdensity::pipeline(device.wgpu(), text);
    let pipeline = device.guarded("compiling the checks", make).unwrap();
    let single: Vec<[f32; 2]> = walks
        .iter()
        .flatten()
        .map(|momentum| momentum.map(|p| p as f32))
        .collect();
    let bytes = 4 * walks.len() as u64;
    let momenta = records::buffer(device, "momenta", &single).unwrap();
    let results = empty(device, "turned", bytes, BufferUsages::STORAGE | BufferUsages::COPY_SRC);
    let group = bind_group(device, &pipeline, [&momenta, &results]);
    let mut staging = Staging::new(device, bytes);
    staging.submit(device, (&pipeline, &group), walks.len() as u32, (&results, 0..bytes));
    let mut found = Vec::new();
    let take = |bytes: &[u8]| found.extend_from_slice(cast_slice(bytes));
    staging.collect(device, "checking walks", take).unwrap();
    Some(found)
}

#[test]
fn walks_turn_at_the_leaf_where_the_host_sees_it() {
    let key = Key::new(8, "uturn");
    let walks: Vec<Vec<[f64; 2]>> = (0..WALKS).map(|number| walk(&key, number)).collect();
    let Some(found) = on_device(&walks) else { return };
    let mut counts = [0; LEAVES + 1];
    for (number, (walk, found)) in walks.iter().zip(found).enumerate() {
        let expected = turned(walk);
        assert_eq!(found, expected, "walk {number}: {walk:?}");
        counts[expected as usize] += 1;
    }
    let late: u32 = counts[4..].iter().sum();
    assert!(counts[2] > 1000 && late > 1000, "{counts:?}");
}
