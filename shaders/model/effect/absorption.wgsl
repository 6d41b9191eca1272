// Stellar absorption under the lines.

fn absorption(line: LineRecord, a_h: f32, a_he: f32) -> vec3<f32> {
    let inverse = 1.0 / (1.0 + line.absorption_h * a_h + line.absorption_he * a_he);
    return inverse * vec3(1.0, -line.absorption_h, -line.absorption_he);
}

fn undimmed_hbeta(per_width: f32, a_h: f32) -> vec2<f32> {
    let undimmed = 1.0 + per_width * a_h;
    return vec2(log(undimmed), per_width / undimmed);
}
