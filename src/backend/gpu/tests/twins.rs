//! Shared functions on a device against their twins, each within the bound that its operands give.

use std::sync::mpsc::channel;

use bytemuck::{Pod, Zeroable, cast_slice};
use wgpu::BufferUsages;
use wgpu::util::{BufferInitDescriptor, DeviceExt};

use super::bounded::Bounded;
use super::{device, emissivities, problems};
use crate::backend::gpu::{Device, logdensity, source};
use crate::model::code::RelationForm;
use crate::model::coordinate::{SlotValue, slot_value};
use crate::model::record::{NONE, Slot};
use crate::number::real::Real;
use crate::number::special::{
    bounded_exp, log_normal_cdf, log_sigmoid, normal_cdf, normal_pdf, normal_quantile, sigmoid, softplus, student_norm,
};
use crate::number::spline::{POWERS, extended, locate, surface};

/// A call of one function, as in `twins.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
struct Case {
    function: u32,
    x: f32,
    parent: f32,
    density: f32,
    slot: u32,
}

type Function = fn(Bounded) -> Bounded;

/// The functions of one variable, in the order of `twins.wgsl`, with their ranges.
const FUNCTIONS: [(&str, Function, f32, f32); 11] = [
    ("normal_cdf", normal_cdf, -12.0, 12.0),
    ("normal_quantile", normal_quantile, 1e-6, 0.999_999),
    ("softplus", softplus, -60.0, 60.0),
    ("sigmoid", sigmoid, -60.0, 60.0),
    ("log_sigmoid", log_sigmoid, -60.0, 60.0),
    ("normal_pdf", normal_pdf, -12.0, 12.0),
    ("bounded_exp", bounded_exp, -90.0, 90.0),
    ("ln Phi", |x| log_normal_cdf(x)[0], -1000.0, 12.0),
    ("phi/Phi", |x| log_normal_cdf(x)[1], -1000.0, 12.0),
    ("student_norm", |x| student_norm(x)[0], 0.1, 200.0),
    ("d student_norm", |x| student_norm(x)[1], 0.1, 200.0),
];
const EXTENDED: u32 = 11;
const LOCATE: u32 = 12;
const SLOT_VALUE: u32 = 13;
/// Arguments a function, spread evenly over its range.
const STEPS: u32 = 241;

/// `twins.wgsl` on `device`.
fn run(device: &Device, cases: &[Case], slots: &[Slot<f32>]) -> Vec<[f32; 8]> {
    let text = source::functions(&emissivities().grid) + include_str!("twins.wgsl");
    let pipeline = device
        .guarded("compiling the twins", || logdensity::pipeline(device.wgpu(), text))
        .unwrap();
    let bytes = 32 * cases.len() as u64;
    let buffer = |contents: &[u8], usage| {
        device.wgpu().create_buffer_init(&BufferInitDescriptor {
            label: None,
            contents,
            usage,
        })
    };
    let blank = vec![0_u8; bytes as usize];
    let results = buffer(&blank, BufferUsages::STORAGE | BufferUsages::COPY_SRC);
    let staging = buffer(&blank, BufferUsages::MAP_READ | BufferUsages::COPY_DST);
    let bound = [
        buffer(cast_slice(cases), BufferUsages::STORAGE),
        buffer(cast_slice(slots), BufferUsages::STORAGE),
        results.clone(),
    ];
    let entries: Vec<wgpu::BindGroupEntry<'_>> = (0..)
        .zip(&bound)
        .map(|(binding, buffer)| wgpu::BindGroupEntry {
            binding,
            resource: buffer.as_entire_binding(),
        })
        .collect();
    let layout = &pipeline.get_bind_group_layout(0);
    let group = device.wgpu().create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout,
        entries: &entries,
    });
    let mut encoder = device
        .wgpu()
        .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    {
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(&pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups((cases.len() as u32).div_ceil(source::WORKGROUP), 1, 1);
    }
    encoder.copy_buffer_to_buffer(&results, 0, &staging, 0, bytes);
    device.queue().submit([encoder.finish()]);
    let (sender, mapped) = channel();
    staging.map_async(wgpu::MapMode::Read, .., move |outcome| sender.send(outcome).unwrap());
    device.wgpu().poll(wgpu::PollType::wait_indefinitely()).unwrap();
    mapped.recv().unwrap().unwrap();
    device.check("running the twins").unwrap();
    cast_slice(&staging.get_mapped_range(..).unwrap()).to_vec()
}

/// Evenly spread numbers, both ends included.
fn spread(from: f32, to: f32) -> impl Iterator<Item = f32> {
    (0..STEPS).map(move |step| from + (to - from) * step as f32 / (STEPS - 1) as f32)
}

fn case(function: u32, x: f32) -> Case {
    Case {
        function,
        x,
        parent: 0.0,
        density: 0.0,
        slot: 0,
    }
}

fn six(value: SlotValue<Bounded>) -> [Bounded; 6] {
    [
        value.value,
        value.d_coordinate,
        value.d_parent,
        value.d_density,
        value.logdensity,
        value.d_logdensity,
    ]
}

/// The results of the twin in Rust, with bounds.
fn truth(case: &Case, slots: &[Slot<f32>]) -> Vec<Bounded> {
    let x = Bounded::exact(case.x);
    let grid = &emissivities().grid;
    match case.function {
        EXTENDED => {
            let constant = Bounded::constant;
            let p: [Bounded; POWERS] =
                std::array::from_fn(|k| constant(1.0 + 0.25 * (k / 4) as f64 - 0.5 * (k % 4) as f64));
            let u = x.max(constant(0.0)).min(constant(1.0));
            extended(surface(&p, u, constant(0.75)), [x - u, constant(-2.0)]).to_vec()
        }
        LOCATE => {
            let constant = Bounded::constant;
            let (first, inverse_step) = (constant(grid.first_t), constant(grid.inverse_step_t));
            let (cell, mut fraction, mut beyond) = locate(x, first, inverse_step, grid.nodes_t);
            // A compiler may take the axis's beginning out of the product: NVIDIA's does.
            for place in [&mut fraction, &mut beyond] {
                place.error += (first * inverse_step).error;
            }
            vec![cell, fraction, beyond]
        }
        SLOT_VALUE => six(slot_value(
            &slots[case.slot as usize].cast(),
            x,
            Bounded::exact(case.parent),
            Bounded::exact(case.density),
        ))
        .to_vec(),
        function => vec![FUNCTIONS[function as usize].1(x)],
    }
}

#[test]
fn shared_functions_are_within_bounds_of_their_twins() {
    let Some(device) = device() else { return };
    let slots: Vec<Slot<f32>> = problems()
        .iter()
        .flat_map(|problem| &problem.object.slots)
        .map(Slot::cast::<f32>)
        .collect();
    // No preset ties a density, nor knows relations that are not linear.
    let densities = slots
        .iter()
        .filter(|slot| slot.log10 == 1)
        .map(|&slot| Slot { slope: 1e-3, ..slot });
    let temperatures = slots.iter().filter(|slot| slot.parent != NONE).flat_map(|&slot| {
        [
            (RelationForm::Inverse, 0.52, 0.54),
            (RelationForm::PerezMontero2009, 0.0, 0.0),
        ]
        .map(|(relation, location, slope)| Slot {
            relation,
            location,
            slope,
            ..slot
        })
    });
    let slots: Vec<Slot<f32>> = densities.chain(temperatures).chain(slots.iter().copied()).collect();
    let mut cases: Vec<Case> = Vec::new();
    for (function, (_, _, from, to)) in (0..).zip(FUNCTIONS) {
        cases.extend(spread(from, to).map(|x| case(function, x)));
    }
    cases.extend([1e-37_f32, 1e-30, 1e-20, 1e-9].map(|p| case(1, p)));
    cases.extend(spread(-2.0, 3.0).map(|fraction| case(EXTENDED, fraction)));
    // Between the cells' edges, where both may take either cell.
    cases.extend(spread(3.5, 4.6).map(|log10_t| case(LOCATE, log10_t + 1e-5)));
    for slot in 0..slots.len() as u32 {
        let x = (0..9).map(|step| -6.0 + 1.5 * step as f32);
        cases.extend(x.map(|x| Case {
            function: SLOT_VALUE,
            x,
            parent: 14_000.0,
            density: 2.6,
            slot,
        }));
    }
    for (case, found) in cases.iter().zip(run(device, &cases, &slots)) {
        for (k, truth) in truth(case, &slots).into_iter().enumerate() {
            let off = (f64::from(found[k]) - truth.value).abs();
            let slot = slots[case.slot as usize];
            assert!(
                off <= truth.error,
                "{case:?} result {k}: {} expected {truth:?}; {slot:?}",
                found[k]
            );
        }
    }
}
