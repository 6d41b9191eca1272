// Relations between temperatures.

// The location of a slot for its parent's value and log10 n_e, and its derivatives with
// respect to these two.
fn relation(slot: Slot, parent: f32, log_n: f32) -> vec3<f32> {
    if slot.relation == INVERSE {
        let t = T4_UNIT / (slot.location + slot.slope * (T4_UNIT / parent));
        let ratio = t / parent;
        return vec3(t, slot.slope * ratio * ratio, 0.0);
    }
    if slot.relation == PEREZ_MONTERO_2009 {
        return perez_montero(parent, log_n);
    }
    return vec3(slot.location + slot.slope * parent, slot.slope, 0.0);
}

// t[O II] from t[O III] and the density, which is held inside the models behind the fit.
fn perez_montero(parent: f32, log_n: f32) -> vec3<f32> {
    let above = PM_SHARPNESS * (LN_10 * log_n - PM_LN_LOWEST);
    let beyond = PM_SHARPNESS * (LN_10 * log_n - PM_LN_HIGHEST);
    let n = bounded_exp(PM_LN_LOWEST + (softplus(above) - softplus(beyond)) / PM_SHARPNESS);
    let inverse_n = 1.0 / n;
    let inverse = T4_UNIT / parent;
    let numerator = PM_A0 + PM_A1 * n + PM_A2 * inverse_n;
    let denominator = inverse + PM_B0 + PM_B1 * n + PM_B2 * inverse_n;
    let t = T4_UNIT * numerator / denominator;
    let d_numerator = PM_A1 * n - PM_A2 * inverse_n;
    let d_denominator = PM_B1 * n - PM_B2 * inverse_n;
    let by_ln_n = (T4_UNIT * d_numerator - t * d_denominator) / denominator;
    let held = LN_10 * (sigmoid(above) - sigmoid(beyond));
    return vec3(t, t * inverse / (parent * denominator), by_ln_n * held);
}
