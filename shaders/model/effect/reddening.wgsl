// Reddening.

fn law_unit(law_a: f32, law_b: f32, rv: f32) -> f32 {
    return 1.0 / (law_a * rv + law_b);
}

fn f_lambda(term: Term, rv: f32, unit: f32) -> f32 {
    return (term.law_a * rv + term.law_b) * unit - LN_10;
}
