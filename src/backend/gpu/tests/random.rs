//! Random numbers on a device: Random123's known answers, and the host's words at every address.

use bytemuck::cast_slice;
use wgpu::BufferUsages;

use super::{device, emissivities};
use crate::backend::gpu::staging::{Staging, bind_group, empty};
use crate::backend::gpu::{logdensity, records, source};
use crate::rng::{Key, normal, purpose, threefry4x32, uniform};

/// Words, uniform and normal number of addresses (counter, key).
fn on_device(addresses: &[[u32; 8]]) -> Option<Vec<[u32; 6]>> {
    let device = device()?;
    let text = source::functions(&emissivities().grid) + &source::random() + include_str!("random.wgsl");
    let make = || logdensity::pipeline(device.wgpu(), text);
    let pipeline = device.guarded("compiling random numbers", make).unwrap();
    let bytes = 24 * addresses.len() as u64;
    let requests = records::buffer(device, "addresses", addresses).unwrap();
    let results = empty(device, "words", bytes, BufferUsages::STORAGE | BufferUsages::COPY_SRC);
    let group = bind_group(device, &pipeline, [&requests, &results]);
    let mut staging = Staging::new(device, bytes);
    staging.submit(
        device,
        (&pipeline, &group),
        addresses.len() as u32,
        (&results, 0..bytes),
    );
    let mut words = Vec::new();
    let take = |bytes: &[u8]| words.extend_from_slice(cast_slice::<u8, [u32; 6]>(bytes));
    staging.collect(device, "drawing random numbers", take).unwrap();
    Some(words)
}

#[test]
fn known_answers_of_random123_on_a_device() {
    // Random123, tests/kat_vectors, lines "threefry4x32 20".
    let pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
    let more = [0xa409_3822, 0x299f_31d0, 0x082e_fa98, 0xec4e_6c89];
    let [a, b, c, d] = pi;
    let [e, f, g, h] = more;
    let addresses = [[0; 8], [u32::MAX; 8], [a, b, c, d, e, f, g, h]];
    let Some(words) = on_device(&addresses) else { return };
    assert_eq!(words[0][..4], [0x9c6c_a96a, 0xe17e_ae66, 0xfc10_ecd4, 0x5256_a7d8]);
    assert_eq!(words[1][..4], [0x2a88_1696, 0x5701_2287, 0xf6c7_446e, 0xa16a_6732]);
    assert_eq!(words[2][..4], [0x59cd_1dbb, 0xb887_9579, 0x86b5_d00c, 0xac8b_6d84]);
}

#[test]
fn every_address_has_the_words_of_the_host_and_the_leading_bits_of_its_uniform_number() {
    let key = Key::new(11, "random");
    let addresses: Vec<[u32; 8]> = (0..1000_u32)
        .map(|i| {
            let [a, b, c, d] = key.words();
            [i % 7, i % 11, purpose("leaf"), i, a, b, c, d]
        })
        .collect();
    let Some(words) = on_device(&addresses) else { return };
    for (address, found) in addresses.iter().zip(words) {
        let [chain, draw, purpose, index, ..] = *address;
        assert_eq!(found[..4], threefry4x32([chain, draw, purpose, index], key.words()));
        let off = f64::from(f32::from_bits(found[4])) - uniform(&key, chain, draw, purpose, index);
        assert!(off.abs() < 1.0 / f64::from(1 << 23), "{address:?}: {off:e}");
    }
}

/// Some of 20,000 numbers lie beyond 3.7. The rounding of a tail of 1e-5 to single precision moves
/// its quantile by less than 1e-6.
#[test]
fn normal_numbers_are_the_hosts_far_into_both_tails() {
    let key = Key::new(12, "normal");
    let addresses: Vec<[u32; 8]> = (0..20_000_u32)
        .map(|i| {
            let [a, b, c, d] = key.words();
            [i % 3, i, purpose("noise"), i % 2, a, b, c, d]
        })
        .collect();
    let Some(words) = on_device(&addresses) else { return };
    let (mut least, mut most) = (0.0_f64, 0.0_f64);
    for (address, found) in addresses.iter().zip(words) {
        let [chain, draw, purpose, index, ..] = *address;
        let (found, truth) = (
            f64::from(f32::from_bits(found[5])),
            normal(&key, chain, draw, purpose, index),
        );
        assert!((found - truth).abs() < 3e-6, "{address:?}: {found}, not {truth}");
        (least, most) = (least.min(truth), most.max(truth));
    }
    assert!(least < -3.7 && most > 3.7, "{least} to {most}");
}
