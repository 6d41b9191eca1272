// One term of one line: its flux per unit abundance and the derivatives of ln of that. Twins:
// src/model/terms.rs and src/emissivity/grid.rs, where the equations stand.

// Set where an exponent was beyond what single precision can hold.
var<private> overflow: bool;

// e^x; an x beyond what single precision can hold rejects the position.
fn flux_exp(x: f32) -> f32 {
    overflow = overflow || x > EXPONENT;
    return bounded_exp(x);
}

// Derivatives of a log flux. First column: with respect to the zone's T [K], its log10 n_e, and
// tau. Second: with respect to -cHbeta, then law_a, then with respect to a_H. Third: with respect to
// a_He, xi and he1_shift.
alias Partials = mat3x3<f32>;

// Where in the grid a zone lies.
struct Stencil {
    t: Location,
    n: Location,
}

// The cell and the place in it of log10_t [K] and log10_ne [1/cm3].
fn grid_at(log10_t: f32, log10_ne: f32) -> Stencil {
    return Stencil(
        locate(log10_t, FIRST_T, INVERSE_STEP_T, NODES_T),
        locate(log10_ne, FIRST_N, INVERSE_STEP_N, NODES_N),
    );
}

// One zone at one point: where it lies in the tables and what f_tau needs.
struct ZonePoint {
    stencil: Stencil,
    d_log10_t: f32,
    t4: f32,
    ln_t4: f32,
    n: f32,
    tau: TauPoint,
}

// The zone at temperature t [K] and log_n = log10 n_e [1/cm3] under a law of f_tau.
fn zone_point(t: f32, log_n: f32, law: TauLaw) -> ZonePoint {
    let n = bounded_exp(LN_10 * log_n);
    let t4 = t * T4_PER_KELVIN;
    let ln_t4 = log(t4);
    let stencil = grid_at(LOG10_E * ln_t4 + LOG10_T4, log_n);
    return ZonePoint(stencil, LOG10_E / t, t4, ln_t4, n, tau_point(law, t4, ln_t4, n, log_n));
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
    xi: f32,
    d_hbeta: vec2<f32>,
    // Derivative of ln(1 + a_H/EW(Hbeta)), which ln_f_hbeta has in it, with respect to a_H.
    d_undimmed: f32,
    nu: f32,
    student: vec2<f32>,
}

struct TermPoint {
    flux: f32,
    d: Partials,
}

// A term in its zone; emissivity is its value and derivatives there, d_shift the derivative with
// respect to the amplitude of the shift of He I, loss its line's absorption.
fn term_point(
    term: Term, emissivity: vec3<f32>, d_shift: f32, zone: ZonePoint, at: Shared, loss: vec3<f32>,
) -> TermPoint {
    let reddening = f_lambda(term, at.rv, at.law_unit);
    var exponent = term.constant + emissivity.x - reddening * at.c_hbeta + at.ln_f_hbeta;
    var d = vec3(emissivity.y * zone.d_log10_t, emissivity.z, 0.0);
    var factor = loss.x;
    if term.thick == 1u {
        let thick = thickened(term, zone.tau, at.tau);
        factor *= thick.x;
        d += thick.yzw;
    }
    var d_xi = 0.0;
    if term.collisional != 0u && at.xi != 0.0 {
        let grown = excited(term.collisional, at.xi, zone.t4, zone.ln_t4);
        exponent += grown.x;
        d_xi = grown.y;
        d.x += grown.z;
    }
    let partials = Partials(d, vec3(reddening, term.law_a, loss.y), vec3(loss.z, d_xi, d_shift));
    return TermPoint(flux_exp(exponent) * factor, partials);
}
