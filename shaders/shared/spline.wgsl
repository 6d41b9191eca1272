// Uniform cubic B-splines of two variables. Twins: src/shared/spline.rs.

struct Location {
    cell: u32,
    fraction: f32,
}

// The cell of x on an axis, held on the axis, and the fraction of the cell that lies below x.
fn locate(x: f32, first: f32, inverse_step: f32, nodes: u32) -> Location {
    let position = (x - first) * inverse_step;
    let cell = clamp(floor(position), 0.0, f32(nodes) - 2.0);
    return Location(u32(cell), position - cell);
}

struct Weights {
    w: vec4<f32>,
    dw: vec4<f32>,
}

// Weights of a cell's four coefficients and their derivatives per cell, linear beyond the ends (de Boor 1978, ch. IX).
fn weights(fraction: f32) -> Weights {
    let u = clamp(fraction, 0.0, 1.0);
    let beyond = fraction - u;
    let v = 1.0 - u;
    let dw = vec4(-0.5 * v * v, u * (1.5 * u - 2.0), v * (2.0 - 1.5 * v), 0.5 * u * u);
    let w = vec4(
        1.0 / 6.0 * v * v * v,
        2.0 / 3.0 + u * u * (0.5 * u - 1.0),
        2.0 / 3.0 + v * v * (0.5 * v - 1.0),
        1.0 / 6.0 * u * u * u,
    );
    return Weights(w + beyond * dw, dw);
}

// Value and derivatives along t and n, from the sixteen coefficients of the cell: column k of c is row k, along n.
fn tensor(c: mat4x4<f32>, wt: vec4<f32>, dwt: vec4<f32>, wn: vec4<f32>, dwn: vec4<f32>) -> vec3<f32> {
    let along_n = c * wt;
    return vec3(dot(along_n, wn), dot(c * dwt, wn), dot(along_n, dwn));
}
