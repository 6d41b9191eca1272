// One term of one line: its flux per unit abundance and the derivatives of ln of that. Twins: src/model/terms.rs and
// src/emissivity/grid.rs, where the equations stand.

// Set where an exponent was beyond what single precision can hold.
var<private> overflow: bool;

// e^x; an x beyond what single precision can hold rejects the position.
fn flux_exp(x: f32) -> f32 {
    overflow = overflow || x > EXPONENT;
    return bounded_exp(x);
}

// Derivatives of a log flux: by the zone's T [K] and log10 n_e, tau and -cHbeta; then law_a, and by a_H and a_He.
alias Partials = mat2x4<f32>;

// Where in the grid a zone lies.
struct Stencil {
    cell_t: u32,
    cell_n: u32,
    wt: vec4<f32>,
    dwt: vec4<f32>,
    wn: vec4<f32>,
    dwn: vec4<f32>,
}

// The weights at log10_t [K] and log10_ne [1/cm3].
fn grid_at(log10_t: f32, log10_ne: f32) -> Stencil {
    let t = locate(log10_t, FIRST_T, INVERSE_STEP_T, NODES_T);
    let n = locate(log10_ne, FIRST_N, INVERSE_STEP_N, NODES_N);
    let along_t = weights(t.fraction);
    let along_n = weights(n.fraction);
    return Stencil(
        t.cell, n.cell,
        along_t.w, along_t.dw * INVERSE_STEP_T,
        along_n.w, along_n.dw * INVERSE_STEP_N,
    );
}

// One zone at one point: where it lies in the tables and what f_tau needs.
struct ZonePoint {
    stencil: Stencil,
    d_log10_t: f32,
    t4: f32,
    n_held: f32,
    d_n_held: f32,
}

// The zone at temperature t [K] and log_n = log10 n_e [1/cm3].
fn zone_point(t: f32, log_n: f32) -> ZonePoint {
    let ratio = min(bounded_exp(LN_10 * log_n) / TAU_DENSITY, TAU_DENSITY_RATIO);
    let square = ratio * ratio;
    let fourth = square * square;
    let eighth = 1.0 + fourth * fourth;
    let n_held = TAU_DENSITY * ratio / sqrt(sqrt(sqrt(eighth)));
    return ZonePoint(grid_at(LOG10_E * log(t), log_n), LOG10_E / t, t * T4_PER_KELVIN, n_held, n_held * LN_10 / eighth);
}

// The quantities that all zones share.
struct Shared {
    tau: f32,
    c_hbeta: f32,
    a_h: f32,
    a_he: f32,
    ln_f_hbeta: f32,
    rv: f32,
    law_unit: f32,
}

// What stellar absorption leaves of a line, and the derivatives of ln of it by a_H and a_He.
fn absorption(line: LineRecord, at: Shared) -> vec3<f32> {
    let hbeta = 1.0 + line.absorption_hbeta * at.a_h;
    let here = 1.0 + line.absorption_h * at.a_h + line.absorption_he * at.a_he;
    return vec3(
        hbeta / here,
        line.absorption_hbeta / hbeta - line.absorption_h / here,
        -line.absorption_he / here,
    );
}

struct TermPoint {
    flux: f32,
    d: Partials,
}

// A term in its zone; emissivity is its row's value and derivatives there, loss its line's absorption.
fn term_point(term: Term, emissivity: vec3<f32>, zone: ZonePoint, at: Shared, loss: vec3<f32>) -> TermPoint {
    let half_tau = 0.5 * at.tau;
    let by_t = term.tau_b0 + zone.n_held * (term.tau_b1 + zone.n_held * term.tau_b2);
    let bracket = term.tau_a + by_t * zone.t4;
    let f_tau = max(1.0 + half_tau * bracket, TAU_FLOOR);
    let by_n = term.tau_b1 + 2.0 * term.tau_b2 * zone.n_held;
    let f_lambda = (term.law_a * at.rv + term.law_b) * at.law_unit - LN_10;
    let d_t = emissivity.y * zone.d_log10_t + half_tau * by_t * T4_PER_KELVIN / f_tau;
    let d_n = emissivity.z + half_tau * by_n * zone.d_n_held * zone.t4 / f_tau;
    let d_tau = 0.5 * bracket / f_tau;
    let exponent = term.constant + emissivity.x - f_lambda * at.c_hbeta + at.ln_f_hbeta;
    let flux = flux_exp(exponent) * f_tau * loss.x;
    return TermPoint(flux, Partials(d_t, d_n, d_tau, f_lambda, term.law_a, loss.y, loss.z, 0.0));
}
