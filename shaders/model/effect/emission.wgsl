// Emission of a term without a table.

fn four_coefficients(term: Term, t4: f32, ln_t4: f32, n: f32) -> vec3<f32> {
    let over_t = term.k2 / t4;
    let of_density = term.k4 * n;
    let factor = max(1.0 + of_density, COEFFICIENT_FLOOR);
    return vec3(
        over_t + term.k3 * ln_t4 + log(factor),
        LN_10 * (term.k3 - over_t),
        LN_10 * of_density / factor,
    );
}
