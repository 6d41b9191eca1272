//! Priors become coordinates: densities integrate to one, quantiles are quantiles, nonsense is
//! refused.

use nebulium::model::code::SlotKind;
use nebulium::model::coordinate::slot_value;
use nebulium::number::special::normal_cdf;
use nebulium::problem::{Family, Prior};

fn cauchy(sd: f64) -> Prior {
    Prior {
        family: Some(Family::HalfCauchy),
        sd: Some(sd),
        ..Prior::default()
    }
}

fn uniform(lower: f64, upper: f64) -> Prior {
    Prior {
        family: Some(Family::Uniform),
        lower: Some(lower),
        upper: Some(upper),
        ..Prior::default()
    }
}

fn gamma(mean: f64, sd: f64) -> Prior {
    Prior {
        family: Some(Family::Gamma),
        mean: Some(mean),
        sd: Some(sd),
        ..Prior::default()
    }
}

/// ∫ prior(x(z)) |dx/dz| dz by the trapezoid rule, whose error on these smooth, decaying integrands
/// is far below 1e-6.
#[test]
fn softplus_densities_integrate_to_one() {
    let priors = [
        Prior::half_normal(1.0),
        Prior::half_normal(2.0).cut(0.0, 10.0),
        Prior::log_normal(0.0, 0.4, 1.0).cut(0.0, 10.0),
        Prior::log_normal(-1.0, 1.0, 0.5).cut(0.0, 50.0),
        Prior::normal(0.3, 0.2).cut(0.0, 2.0),
        cauchy(2.0).cut(0.0, 30.0),
        uniform(0.5, 3.0),
        gamma(1.5, 0.7),
        gamma(1.5, 0.7).cut(0.5, 3.0),
        Prior {
            scale: Some(3.0),
            offset: Some(0.1),
            ..Prior::half_normal(0.5)
        },
    ];
    for prior in priors {
        let (slot, constant) = prior.softplus_slot("tau", 0.5).expect("bounded below");
        let step = 0.01;
        let sum: f64 = (-6000..=30_000)
            .map(|k| (slot_value(&slot, step * f64::from(k), 0.0, 0.0).logdensity + constant).exp())
            .sum();
        assert!((step * sum - 1.0).abs() < 1e-5, "{prior:?}: {}", step * sum);
    }
}

/// P(x ≤ x(z)) = Φ(z), by the family's own distribution function, at both tails.
#[test]
fn quantile_slots_are_quantiles() {
    let normal = |x: f64| (normal_cdf((x - 15_000.0) / 5000.0) - normal_cdf(-2.0)) / (1.0 - 2.0 * normal_cdf(-2.0));
    let log_normal = |x: f64| normal_cdf((x / 0.1).ln());
    let half_cauchy = |x: f64| std::f64::consts::FRAC_2_PI * (x / 400.0).atan();
    let flat = |x: f64| (x - 4.0) / 5.0;
    let scaled = Prior {
        scale: Some(200.0),
        ..cauchy(2.0)
    };
    let cases: [(Prior, &dyn Fn(f64) -> f64); 4] = [
        (Prior::normal(15_000.0, 5000.0).cut(5000.0, 25_000.0), &normal),
        (Prior::log_normal(0.0, 1.0, 0.1), &log_normal),
        (scaled, &half_cauchy),
        (uniform(4.0, 9.0), &flat),
    ];
    for (prior, distribution) in cases {
        let (slot, _) = prior.quantile_slot();
        for z in [-4.0, -1.5, 0.0, 0.3, 2.0, 4.0] {
            let x = slot_value(&slot, z, 0.0, 0.0).value;
            let (found, expected) = (distribution(x), normal_cdf(z));
            let tail = expected.min(1.0 - expected);
            assert!(
                (found - expected).abs() < 1e-9 * tail + 4.0 * f64::EPSILON,
                "{prior:?} at {z}: {found} {expected}"
            );
        }
    }
}

/// A tie moves the location: with slope s, quantiles of Normal(location + s · parent, width) cut to
/// the same bounds.
#[test]
fn a_tied_slot_follows_its_parent() {
    let (mut tied, _) = Prior::normal(3000.0, 1000.0).cut(5000.0, 25_000.0).quantile_slot();
    tied.slope = 0.7;
    let free = |t: f64| {
        Prior::normal(3000.0 + 0.7 * t, 1000.0)
            .cut(5000.0, 25_000.0)
            .quantile_slot()
            .0
    };
    for (parent, z) in [(16_000.0, 0.4), (7000.0, -2.0), (24_900.0, 3.0)] {
        let value = slot_value(&tied, z, parent, 0.0);
        assert!((value.value - slot_value(&free(parent), z, 0.0, 0.0).value).abs() < 1e-8);
        let difference =
            (slot_value(&tied, z, parent + 1.0, 0.0).value - slot_value(&tied, z, parent - 1.0, 0.0).value) / 2.0;
        assert!(
            (value.d_parent - difference).abs() < 1e-6,
            "{} {difference}",
            value.d_parent
        );
    }
}

#[test]
fn nonsense_is_refused_with_what_was_expected() {
    let bad = [
        (Prior::normal(1.0, -1.0), "`sd` > 0"),
        (
            Prior {
                mean: Some(0.0),
                ..uniform(0.0, 1.0)
            },
            "`mean` for Normal and LogNormal",
        ),
        (uniform(2.0, 1.0), "`lower` < `upper`"),
        (
            Prior {
                fixed: Some(1.0),
                ..Prior::normal(1.0, 1.0)
            },
            "`fixed` alone",
        ),
        (Prior::default(), "family = \"Normal\""),
        (Prior::normal(0.0, 1.0).cut(50.0, 60.0), "more than 1e-9"),
        (Prior::normal(f64::NAN, 1.0), "finite numbers"),
        (gamma(0.0, 1.0), "> 0 for Gamma"),
        (
            Prior {
                scale: Some(0.0),
                ..Prior::normal(0.0, 1.0)
            },
            "`scale` > 0",
        ),
    ];
    for (prior, expected) in bad {
        let message = prior.validated("T_low").expect_err("nonsense").to_string();
        assert!(message.contains("T_low") && message.contains(expected), "{message}");
    }
}

/// Sample standard deviations by the closed forms.
#[test]
fn the_standard_deviation_is_the_priors() {
    let half = (1.0 - std::f64::consts::FRAC_2_PI).sqrt();
    for (prior, sd) in [
        (Prior::normal(3.0, 2.0), 2.0),
        (Prior::half_normal(2.0), 2.0 * half),
        (uniform(0.0, 12.0), 12.0 / 12_f64.sqrt()),
        (gamma(12_000.0, 3000.0), 3000.0),
    ] {
        assert!(
            (prior.standard_deviation() / sd - 1.0).abs() < 1e-3,
            "{prior:?}: {}",
            prior.standard_deviation()
        );
    }
}

/// A gamma prior of shape 1 is exponential: quantiles −mean ln(1 − p). Its slots have a softplus
/// coordinate whatever the parameter, for it has no quantile coordinate.
#[test]
fn a_gamma_prior_is_sampled_through_a_softplus() {
    let exponential = gamma(3.0, 3.0);
    for score in [-2.0_f64, 0.0, 1.5] {
        let expected = -3.0 * (-normal_cdf(score)).ln_1p();
        assert!((exponential.value_at(score) / expected - 1.0).abs() < 1e-6, "{score}");
    }
    let (slot, _) = gamma(12_000.0, 3000.0).slot("T_high").expect("a slot");
    assert_eq!(slot.kind, SlotKind::Softplus);
}
