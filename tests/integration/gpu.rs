//! The engines of a device against the CPU. `NEBULIUM_TEST_GPU` is `require`, `auto` (the default)
//! or `off`.

use std::io::Write;

use nebulium::backend::Backend;
use nebulium::backend::cpu::Cpu;
use nebulium::backend::gpu::{Device, Gpu, ResidentGpu};
use nebulium::fit::Outcome;
use nebulium::problem::Preset;
use nebulium::table::Catalogue;

use crate::fit::{options, read, run_on};
use crate::galaxies::{Fixture, settings};

/// A device, software if there is no other. `None`, with a word on stderr, if there is none and
/// none is required.
fn device() -> Option<Device> {
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
    device
}

/// The engines on a device; none where there is none.
fn engines() -> Vec<Box<dyn Backend>> {
    let Some(device) = device() else {
        return Vec::new();
    };
    let grid = &Fixture::get().set.grid;
    vec![
        Box::new(Gpu::new(&device, grid).expect("a kernel")),
        Box::new(ResidentGpu::new(&device, grid, 0.1).expect("kernels")),
    ]
}

/// Some of the shipped galaxies.
fn part(keep: &[usize]) -> Catalogue {
    let mut catalogue = read("data/hebcd_sample.csv");
    let mut entries: Vec<Option<_>> = catalogue.entries.drain(..).map(Some).collect();
    catalogue.entries = keep
        .iter()
        .map(|&index| entries[index].take().expect("kept once"))
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

/// Checks means within 5 combined Monte Carlo errors over some 40 comparisons; standard deviations
/// likewise.
pub fn agree(name: &str, on_device: &[Outcome], on_host: &[Outcome]) {
    for (device, host) in on_device.iter().zip(on_host) {
        let [a, b] = [device, host].map(|o| &o.fitted.as_ref().expect("sampled").summary);
        for (a, b) in a.parameters.iter().zip(&b.parameters) {
            let (da, db) = (a.diagnostics.expect("sampled"), b.diagnostics.expect("sampled"));
            let what = format!("{name}, {} {}", device.id, a.name);
            let off = (a.mean - b.mean).abs() / da.mcse_mean.hypot(db.mcse_mean);
            assert!(off < 5.0, "{what}: {} on the device, {} here", a.mean, b.mean);
            let off = (a.sd - b.sd).abs() / da.mcse_sd.hypot(db.mcse_sd);
            assert!(off < 6.0, "{what}: sd {} on the device, {} here", a.sd, b.sd);
        }
    }
}

#[test]
fn posteriors_are_those_of_the_cpu() {
    let keep = [2, 9, 14];
    let shoc = || read("data/shoc579.csv");
    let law = "CCM89";
    let preset = settings(Preset::Default, None);
    let mut expected: Option<[Vec<Outcome>; 2]> = None;
    for mut engine in engines() {
        let on_host = expected.get_or_insert_with(|| {
            let alone = run_on(&mut Cpu, shoc(), &preset, law, &options(2000));
            [fit(&mut Cpu, &keep, 2000), alone]
        });
        let name = engine.describe();
        agree(&name, &fit(engine.as_mut(), &keep, 500), &on_host[0]);
        let alone = run_on(engine.as_mut(), shoc(), &preset, law, &options(500));
        agree(&name, &alone, &on_host[1]);
        let worst = engine.worst_error().expect("audited");
        assert!(worst > 0.0 && worst < 0.01, "worst |ΔU| = {worst}");
        assert_eq!(engine.replayed().is_none(), name.contains("engine host"), "{name}");
        if let Some(replayed) = engine.replayed() {
            // The audit takes a tenth of the draws and warm-up of four chains of four galaxies,
            // some of them run twice. A trajectory in single precision may end a leaf earlier or
            // later where a check or a weight hangs on the last digits.
            assert!(replayed.transitions > 500, "{replayed:?}");
            assert!(replayed.disagreeing * 200 <= replayed.transitions, "{replayed:?}");
            assert!(
                replayed.worst_energy > 0.0 && replayed.worst_energy < 0.01,
                "{replayed:?}"
            );
        }
    }
}

/// On one device, too, an object alone is the object in a batch, to the bit.
#[test]
fn an_object_alone_is_the_object_in_a_batch_on_a_device() {
    for mut engine in engines() {
        let together = fit(engine.as_mut(), &[0, 5, 11], 20);
        let alone = fit(engine.as_mut(), &[5], 20);
        let [a, b] = [&together[1], &alone[0]].map(|o| &o.fitted.as_ref().expect("sampled").draws);
        assert_eq!(a, b, "{}", engine.describe());
    }
}

/// The host's cores draw on from where a device ended. A chain that set out elsewhere, or under
/// another metric or step size, would make other draws than those of an undisturbed run.
#[test]
fn later_looks_go_on_from_the_draws_of_a_device() {
    let preset = settings(Preset::Default, None);
    let mut whole = options(1000);
    whole.sampler.warmup = 100;
    let on_host = run_on(&mut Cpu, part(&[2]), &preset, "CCM89", &whole);
    for mut engine in engines() {
        let mut short = options(60);
        short.looks = 4;
        let extended = run_on(engine.as_mut(), part(&[2]), &preset, "CCM89", &short);
        let summary = &extended[0].fitted.as_ref().expect("sampled").summary;
        assert!(summary.n_looks > 1, "{}", engine.describe());
        let flags: Vec<String> = extended[0].flags.iter().map(ToString::to_string).collect();
        assert!(flags.contains(&"later_on_cpu".to_owned()), "{flags:?}");
        agree(&engine.describe(), &extended, &on_host);
    }
}

/// A short warm-up gives weight to the draw after the refresh of the metric, and every transition
/// is replayed. A device that keeps the old metric or step size fails in that draw alone, a
/// sixteenth of all.
#[test]
fn a_short_warm_up_replayed_whole_is_the_hosts() {
    let Some(device) = device() else { return };
    let grid = &Fixture::get().set.grid;
    let mut engine = ResidentGpu::new(&device, grid, 1.0).expect("kernels");
    let mut options = options(4);
    options.sampler.warmup = 12;
    let keep: Vec<usize> = (0..10).collect();
    let preset = settings(Preset::Default, None);
    run_on(&mut engine, part(&keep), &preset, "CCM89", &options);
    let replayed = engine.replayed().expect("audited");
    assert_eq!(replayed.transitions, 10 * 4 * 16);
    assert!(replayed.disagreeing * 100 <= replayed.transitions, "{replayed:?}");
}
