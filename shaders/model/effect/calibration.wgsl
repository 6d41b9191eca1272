// The calibration of a spectrograph arm relative to that of Hbeta.

fn calibration(ln_factor: f32) -> f32 {
    return bounded_exp(ln_factor);
}
