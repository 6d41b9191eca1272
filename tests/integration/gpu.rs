//! The engine `host` on a device against the CPU. `NEBULIUM_TEST_GPU` is `require`, `auto` (the default) or `off`.

use std::io::Write;

use nebulium::backend::Backend;
use nebulium::backend::cpu::Cpu;
use nebulium::backend::gpu::{Device, Gpu};
use nebulium::fit::Outcome;
use nebulium::problem::Preset;
use nebulium::table::Catalogue;

use crate::fit::{options, read, run_on};
use crate::galaxies::{Fixture, settings};

/// A device, software if there is no other; none, said on stderr, where there is none and none is required.
fn gpu() -> Option<Gpu> {
    let switch = std::env::var("NEBULIUM_TEST_GPU").unwrap_or_else(|_| "auto".to_owned());
    let device = if switch == "off" {
        None
    } else {
        Device::open(None).or_else(|_| Device::open(Some("0"))).ok()
    };
    assert!(
        device.is_some() || switch != "require",
        "NEBULIUM_TEST_GPU=require, but there is no adapter"
    );
    if device.is_none() {
        writeln!(std::io::stderr(), "skipped: no Vulkan adapter").expect("stderr");
    }
    device.map(|device| Gpu::new(&device, &Fixture::get().set.grid).expect("a kernel"))
}

/// Some of the shipped galaxies.
fn part(keep: &[usize]) -> Catalogue {
    let mut catalogue = read("data/hebcd_sample.csv");
    let mut entries: Vec<Option<_>> = catalogue.entries.drain(..).map(Some).collect();
    catalogue.entries = keep
        .iter()
        .map(|&place| entries[place].take().expect("kept once"))
        .collect();
    catalogue
}

fn fit(backend: &mut dyn Backend, keep: &[usize], draws: usize) -> Vec<Outcome> {
    run_on(
        backend,
        part(keep),
        &settings(Preset::Default, None),
        "CCM89",
        &options(draws),
    )
}

/// Means within 5 combined Monte Carlo errors over some 40 comparisons; standard deviations likewise.
#[test]
fn posteriors_are_those_of_the_cpu() {
    let Some(mut gpu) = gpu() else { return };
    let keep = [2, 9, 14];
    let on_device = fit(&mut gpu, &keep, 500);
    for (device, host) in on_device.iter().zip(fit(&mut Cpu, &keep, 2000)) {
        let [a, b] = [device, &host].map(|o| &o.fitted.as_ref().expect("sampled").summary);
        for (a, b) in a.parameters.iter().zip(&b.parameters) {
            let (da, db) = (a.diagnostics.expect("sampled"), b.diagnostics.expect("sampled"));
            let off = (a.mean - b.mean).abs() / da.mcse_mean.hypot(db.mcse_mean);
            assert!(
                off < 5.0,
                "{} {}: {} on the device, {} here",
                device.id,
                a.name,
                a.mean,
                b.mean
            );
            let off = (a.sd - b.sd).abs() / da.mcse_sd.hypot(db.mcse_sd);
            assert!(
                off < 6.0,
                "{} {}: sd {} on the device, {} here",
                device.id,
                a.name,
                a.sd,
                b.sd
            );
        }
    }
    let worst = gpu.worst_error().expect("audited");
    assert!(worst > 0.0 && worst < 0.01, "worst |ΔU| = {worst}");
}

/// On one device, too, an object alone is the object in a batch, to the bit.
#[test]
fn an_object_alone_is_the_object_in_a_batch_on_a_device() {
    let Some(mut gpu) = gpu() else { return };
    let together = fit(&mut gpu, &[0, 5, 11], 20);
    let alone = fit(&mut gpu, &[5], 20);
    let [a, b] = [&together[1], &alone[0]].map(|o| &o.fitted.as_ref().expect("sampled").draws);
    assert_eq!(a, b);
}
