//! Corrections of fluxes and temperatures, against their formulas by hand.

use std::collections::BTreeMap;
use std::path::Path;

use super::gradients::position;
use super::{Correction, LAW_A, LAW_HBETA, RV, corrected, flux_ions, recombined};
use crate::emissivity::Set;
use crate::extinction::Law;
use crate::model::code::TauForm;
use crate::model::coordinate::low_snr::{low_snr_flux, score_coordinate, slot_score};
use crate::model::record::NONE;
use crate::model::{Evaluator, ModelObject};
use crate::problem::{Problem, Recipe, Settings};
use crate::table::{self, Entry};

/// Real galaxies under the default preset.
pub(super) fn problems() -> (Set, Vec<Problem>) {
    let set = Set::built_in().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/hebcd_sample.csv");
    let catalogue = table::read(&path, &set.list, &table::Settings::default()).unwrap();
    let recipe = Recipe::new(&Settings::default(), &BTreeMap::new(), &set, Law::G03Lmc).unwrap();
    let problem = |entry: &Entry| match entry {
        Entry::Fit(object) => Problem::new(&recipe, object).unwrap(),
        Entry::Rejected { id, .. } => panic!("{id} is rejected"),
    };
    let problems = catalogue.entries.iter().take(2).map(problem).collect();
    (set, problems)
}

/// Flux of each line, value of each slot, and X/H of each ion.
struct Values {
    fluxes: Vec<f64>,
    slots: Vec<f64>,
    abundances: Vec<f64>,
}

fn values(object: &ModelObject<f64>, set: &Set, at: &[f64]) -> Values {
    let mut evaluator = Evaluator::new(object, &set.grid);
    evaluator.at(&at[..object.dimension()]);
    Values {
        fluxes: (0..object.lines.len()).map(|l| evaluator.flux(l)).collect(),
        slots: (0..object.slots.len()).map(|s| evaluator.slot(s)).collect(),
        abundances: (0..object.ions.len())
            .map(|i| evaluator.ln_abundance(i).exp())
            .collect(),
    }
}

/// Plain object and corrected object at one position. Only the corrected one has the last
/// coordinate.
fn on_and_off(correction: Correction) -> (ModelObject<f64>, Values, Values) {
    let (set, problems) = problems();
    let plain = &problems[0].object;
    let on = corrected(plain, &[correction]);
    let at = position(&on, 1);
    let values = (values(plain, &set, &at), values(&on, &set, &at));
    (on, values.0, values.1)
}

#[track_caller]
fn same(found: f64, truth: f64) {
    assert!((found / truth - 1.0).abs() < 1e-12, "{found} {truth}");
}

/// Log transmission of the line's own term: ln 10 f_λ cHbeta, absorption, F(Hβ).
fn transmitted(object: &ModelObject<f64>, l: usize, slots: &[f64]) -> f64 {
    let (line, header) = (&object.lines[l], &object.header);
    let term = &object.terms[line.first_term as usize];
    let (c, a_h, a_he) = (
        slots[header.c_hbeta as usize],
        slots[header.a_h as usize],
        slots[header.a_he as usize],
    );
    let absorbed = (1.0 + header.absorption_hbeta * a_h) / (1.0 + line.absorption_h * a_h + line.absorption_he * a_he);
    let ln_10_f = term.law_b - std::f64::consts::LN_10;
    absorbed * (slots[header.ln_f_hbeta as usize] - ln_10_f * c).exp()
}

/// Recombination (Liu et al. 2000): [O II] 7320+7330 from O²⁺, [N II] 5755 from N⁺ O²⁺/O⁺, [O III]
/// 4363 from (O⁺ + O²⁺) y²⁺/y⁺.
#[test]
fn recombination_adds_what_the_formulas_say() {
    let (set, problems) = problems();
    let plain = &problems[0].object;
    // The formulas hold for any ions.
    let [o2, o3, n2, he1] = flux_ions(plain)[..4] else {
        panic!("four ions")
    };
    let he2 = n2;
    let last = plain.lines.len() - 1;
    let like = plain.terms[plain.lines[last].first_term as usize];
    let at = position(plain, 1);
    let off = values(plain, &set, &at);
    let t = |ion: u32| 1e-4 * off.slots[plain.header.zone(plain.ions[ion as usize].zone as usize).0];
    let x = |ion: u32| off.abundances[ion as usize];
    let cases = [
        ((9.36, 0.44), vec![[o3, NONE, NONE]], x(o3)),
        ((3.19, 0.30), vec![[n2, o3, o2]], x(n2) * x(o3) / x(o2)),
        ((12.4, 0.59), vec![[o3, he2, he1]], x(o3) * x(he2) / x(he1)),
        ((12.4, 0.59), vec![[o2, he2, he1]], x(o2) * x(he2) / x(he1)),
    ];
    for ((strength, power), terms, parent) in cases {
        let mut on = plain.clone();
        let zone = terms[0][0];
        for ions in terms {
            let term = recombined(&on, (strength, power), ions, &like);
            on.terms.push(term);
            on.lines[last].terms += 1;
        }
        let added = values(&on, &set, &at).fluxes[last] - off.fluxes[last];
        let truth = strength * t(zone).powf(power) * parent * transmitted(plain, last, &off.slots);
        // The difference of two fluxes has fewer digits than each.
        let rounding = 16.0 * f64::EPSILON * off.fluxes[last];
        assert!((added - truth).abs() < rounding + 1e-12 * truth, "{added} {truth}");
    }
}

/// Sums Σ aᵢ exp(bᵢ/t) t^cᵢ of Hα and Hβ (Aver, Olive & Skillman 2010).
fn c_over_r(t: f64) -> (f64, f64) {
    let sum = |a: &[f64], b: &[f64], c: &[f64]| -> f64 {
        let terms = a.iter().zip(b).zip(c);
        terms.map(|((a, b), c)| a * (b / t).exp() * t.powf(*c)).sum()
    };
    (
        sum(
            &[0.4155, 2.4965, 2.4063, 0.2914, 0.3685, 4.6426],
            &[-14.80, -14.03, -14.03, -14.80, -14.80, -14.03],
            &[0.4209, 0.5853, 0.6187, 0.6766, 0.7076, 0.7788],
        ),
        sum(
            &[0.2384, 0.6964, 0.1991, 0.1409, 0.2201, 1.9228, 1.4845, 2.8179],
            &[-15.15, -14.80, -15.15, -15.15, -15.15, -14.80, -14.80, -14.80],
            &[0.3082, 0.4978, 0.6017, 0.6765, 0.7293, 0.7535, 0.7845, 0.9352],
        ),
    )
}

#[test]
fn collisions_raise_hydrogen_and_what_is_relative_to_it() {
    let (on, plain, excited) = on_and_off(Correction::Collisional);
    let t = 1e-4 * plain.slots[on.header.zone(on.ions[0].zone as usize).0];
    let xi = excited.slots[on.header.xi as usize];
    let (alpha, beta) = c_over_r(t);
    let (alpha, beta) = (1.0 + xi * alpha, 1.0 + xi * beta);
    let halpha = on
        .lines
        .iter()
        .position(|line| on.terms[line.first_term as usize].collisional == 3);
    let halpha = halpha.expect("a line of Hα");
    same(excited.fluxes[halpha] / plain.fluxes[halpha], alpha / beta);
    // The coordinate of a metal is the flux of its reference line, so its abundance takes up the
    // gain of Hβ.
    for ion in flux_ions(&on) {
        same(excited.abundances[ion as usize] / plain.abundances[ion as usize], beta);
    }
}

#[test]
fn r_v_moves_a_line_by_its_law() {
    let (on, plain, reddened) = on_and_off(Correction::Rv);
    let (rv, c) = (
        reddened.slots[on.header.rv as usize],
        plain.slots[on.header.c_hbeta as usize],
    );
    assert!((rv - RV).abs() > 0.01, "{rv}");
    let ions = flux_ions(&on);
    for (l, line) in on.lines.iter().enumerate() {
        let term = &on.terms[line.first_term as usize];
        if line.terms == 1 && !ions.contains(&term.ion) {
            // X = X₀ [1 + LAW_A (R_V − 3.1)] at the line, X₀(3.1) and A R_V + B at Hβ.
            let hbeta = LAW_HBETA.0 * RV + LAW_HBETA.1;
            let f_off = (term.law_a * RV + term.law_b) / hbeta / std::f64::consts::LN_10 - 1.0;
            let grown = (1.0 + LAW_A * (rv - RV)) / ((LAW_HBETA.0 * rv + LAW_HBETA.1) / hbeta);
            let f_on = (1.0 + f_off) * grown - 1.0;
            same(reddened.fluxes[l] / plain.fluxes[l], 10_f64.powf(-c * (f_on - f_off)));
        }
    }
}

#[test]
fn an_arm_scales_its_lines() {
    let (on, plain, scaled) = on_and_off(Correction::Arm);
    for (l, line) in on.lines.iter().enumerate() {
        let factor = scaled.slots.get(line.arm as usize).map_or(1.0, |ln| ln.exp());
        assert_eq!(factor == 1.0, l % 2 == 0);
        same(scaled.fluxes[l] / plain.fluxes[l], factor);
    }
}

#[test]
fn a_related_zone_has_the_temperature_of_its_relation() {
    let (on, plain, related) = on_and_off(Correction::Relation);
    let (t, n) = on.header.zone(0);
    let (t, n) = (1e-4 * plain.slots[t], 10_f64.powf(plain.slots[n]));
    assert!(n > 30.0 && n < 300.0, "{n} cm⁻³: well inside the fit");
    let truth = 1e4 * (1.2 + 0.002 * n + 4.2 / n) / (1.0 / t + 0.08 + 0.003 * n + 2.5 / n);
    let z = (1.7 * (on.header.dimension - 1) as f64 + 2.9).sin();
    let found = related.slots[on.header.t_2 as usize];
    // Cut at 4000 and 30 000 K, ten sd away; the density is held within 10⁻³ of itself.
    assert!((found - (truth + 700.0 * z)).abs() < 2.0, "{found} {truth} {z}");
}

/// Lines of helium with and without optical depth, per unit abundance.
#[test]
fn a_rational_law_is_the_optical_depth_of_helium() {
    let (set, problems) = problems();
    let held = |y: f64, [least, most]: [f64; 2]| {
        let from = |edge: f64| (y - edge).hypot(0.02);
        0.5 * (least + most + from(least) - from(most))
    };
    for form in [TauForm::LogN, TauForm::LogNLnT] {
        let on = corrected(&problems[0].object, &[Correction::OpticalDepth(form)]);
        let mut thin = on.clone();
        thin.terms.iter_mut().for_each(|term| term.thick = 0);
        let at = position(&on, 1);
        let (with, without) = (values(&on, &set, &at), values(&thin, &set, &at));
        let tau = with.slots[on.header.tau as usize];
        let is_pure = |l: &usize| on.lines[*l].terms == 1 && on.terms[on.lines[*l].first_term as usize].thick == 1;
        let pure: Vec<usize> = (0..on.lines.len()).filter(is_pure).collect();
        assert!(pure.len() > 2 && tau > 0.1, "{pure:?} {tau}");
        for l in pure {
            let term = &on.terms[on.lines[l].first_term as usize];
            let (t, n) = on.header.zone(term.zone as usize);
            let (t, x) = (1e-4 * with.slots[t], held(with.slots[n], [1.0, 3.0]));
            let s = match form {
                TauForm::LogN => held(t, [0.9, 1.6]),
                TauForm::N | TauForm::LogNLnT => held(t.ln(), [0.9_f64.ln(), 1.6_f64.ln()]),
            };
            let p = term.tau_p0 + 0.1 * x - 0.02 * x.powi(2) + 0.01 * x.powi(3) + 1e-3 * x.powi(4);
            let q = 0.15 + 0.1 * x + 0.02 * x.powi(2) + 0.01 * x.powi(3) - 1e-3 * x.powi(4);
            let ion = term.ion as usize;
            let per_abundance = |of: &Values| of.fluxes[l] / of.abundances[ion];
            let found = per_abundance(&with) / per_abundance(&without);
            same(found, (1.0 + tau * (p + q * s)) / (1.0 + 0.3 * tau));
        }
    }
}

/// Terms with an optical depth are shifted along their own emissivity here. A line's flux per unit
/// abundance is then multiplied by (ε/ε at 10⁴ K and 100 cm⁻³) to the power of the amplitude.
#[test]
fn the_shift_multiplies_lines_of_helium_by_a_power_of_their_row() {
    let (set, problems) = problems();
    let on = corrected(&problems[0].object, &[Correction::Shift]);
    let mut off = on.clone();
    off.terms.iter_mut().for_each(|term| term.shift = NONE);
    let at = position(&on, 1);
    let (with, without) = (values(&on, &set, &at), values(&off, &set, &at));
    let amplitude = with.slots[on.header.he1_shift as usize];
    let is_pure = |l: &usize| on.lines[*l].terms == 1 && on.terms[on.lines[*l].first_term as usize].shift != NONE;
    let pure: Vec<usize> = (0..on.lines.len()).filter(is_pure).collect();
    assert!(pure.len() > 2 && amplitude.abs() > 0.1, "{pure:?} {amplitude}");
    for l in pure {
        let term = &on.terms[on.lines[l].first_term as usize];
        let (t, n) = on.header.zone(term.zone as usize);
        let stencil = set.grid.at(with.slots[t].log10(), with.slots[n]);
        let [direction, ..] = set.grid.value::<f64>(term.shift as usize, &stencil);
        let per_abundance = |of: &Values| of.fluxes[l] / of.abundances[term.ion as usize];
        same(
            per_abundance(&with) / per_abundance(&without),
            (amplitude * direction).exp(),
        );
    }
}

#[test]
fn four_coefficients_are_the_emissivity() {
    let (on, _, values) = on_and_off(Correction::FourCoefficients);
    let ion = flux_ions(&on)[0] as usize;
    let (t, n) = on.header.zone(on.ions[ion].zone as usize);
    let (t, n) = (1e-4 * values.slots[t], 10_f64.powf(values.slots[n]));
    let pure = on.lines.iter().position(|line| {
        let term = &on.terms[line.first_term as usize];
        line.terms == 1 && term.ion as usize == ion && term.thick == 0
    });
    let pure = pure.expect("a line of one term");
    let term = &on.terms[on.lines[pure].first_term as usize];
    let k1 = term.constant + on.ions[ion].base;
    let ratio = (k1 + term.k2 / t + term.k3 * t.ln() + (1.0 + term.k4 * n).ln()).exp();
    same(
        values.fluxes[pure],
        ratio * values.abundances[ion] * transmitted(&on, pure, &values.slots),
    );
}

/// Low-S/N coordinates change the density by their own slopes. Fluxes and prior stay.
#[test]
fn low_snr_coordinates_add_their_slopes_alone() {
    let (set, problems) = problems();
    let mut plain = problems[0].object.clone();
    plain.slots.iter_mut().for_each(|slot| slot.low_snr = 0);
    plain.ions.iter_mut().for_each(|ion| ion.low_snr = 0);
    let on = corrected(&plain, &[Correction::LowSnr]);
    let at = position(&on, 1);
    let mut moved = at.clone();
    let mut slopes = 0.0;
    for ion in on.ions.iter().filter(|ion| ion.low_snr == 1) {
        let [phi, slope, ..] = low_snr_flux(at[ion.source as usize], ion.ln_unit, ion.tail_slope);
        moved[ion.source as usize] = phi;
        slopes += slope.ln();
    }
    for slot in on.slots.iter().filter(|slot| slot.low_snr == 1) {
        let x = at[slot.coordinate as usize];
        let [z, slope, ..] = slot_score(slot, x);
        assert!((score_coordinate(slot, z) - x).abs() < 1e-9);
        // The problem's constant has ln of the scale.
        moved[slot.coordinate as usize] = z;
        slopes += (slope / slot.scale).ln();
    }
    let mut grad = vec![0.0; at.len()];
    let low_snr = Evaluator::new(&on, &set.grid).logdensity(&at, &mut grad);
    let truth = Evaluator::new(&plain, &set.grid).logdensity(&moved, &mut grad);
    assert!(
        (low_snr - slopes - truth).abs() < 1e-11 * truth.abs(),
        "{low_snr} {slopes} {truth}"
    );
    let (low_snr, truth) = (values(&on, &set, &at), values(&plain, &set, &moved));
    low_snr.fluxes.iter().zip(&truth.fluxes).for_each(|(&a, &b)| same(a, b));
}

/// Log density of all measurements: the sum of the lines' own, with their constants.
#[test]
fn lines_and_priors_add_up_to_the_log_density() {
    let (set, problems) = problems();
    let object = &problems[0].object;
    let mut evaluator = Evaluator::new(object, &set.grid);
    let near = position(object, 1);
    let mut grad = vec![0.0; near.len()];
    let total = evaluator.logdensity(&near, &mut grad);
    let lines: f64 = (0..object.lines.len()).map(|l| evaluator.ln_likelihood(l)).sum();
    let mut halved = object.clone();
    halved.lines.iter_mut().for_each(|line| line.inverse_sigma *= 0.5);
    let mut evaluator = Evaluator::new(&halved, &set.grid);
    let total_halved = evaluator.logdensity(&near, &mut grad);
    let lines_halved: f64 = (0..object.lines.len()).map(|l| evaluator.ln_likelihood(l)).sum();
    // The problem's constant still has the full σ of the lines.
    let constants = object.lines.len() as f64 * std::f64::consts::LN_2;
    let (a, b) = (total - lines, total_halved - lines_halved - constants);
    assert!((a - b).abs() < 1e-11 * total.abs(), "{a} {b}");
}
