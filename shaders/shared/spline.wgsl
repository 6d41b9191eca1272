// Uniform cubic B-splines of two variables, in powers within a cell. Twins: src/number/spline.rs.

struct Location {
    cell: u32,
    fraction: f32,
    beyond: f32,
}

// The cell of x on an axis, held on the axis; the fraction of the cell that lies below x, held in
// it; and what is beyond that.
fn locate(x: f32, first: f32, inverse_step: f32, nodes: u32) -> Location {
    let position = (x - first) * inverse_step;
    let cell = clamp(floor(position), 0.0, f32(nodes) - 2.0);
    let fraction = position - cell;
    let held = clamp(fraction, 0.0, 1.0);
    return Location(u32(cell), held, fraction - held);
}

// The cubic with these coefficients, from the lowest power up, and its derivative.
fn cubic(c: vec4<f32>, x: f32) -> vec2<f32> {
    let second = c.w * x + c.z;
    let slope = c.w * x + second;
    let value = second * x + c.y;
    return vec2(value * x + c.x, slope * x + value);
}

// The sum of p[j][i] u^i v^j, its derivatives by u and v, and by both.
fn surface(p: mat4x4<f32>, u: f32, v: f32) -> vec4<f32> {
    let second = p[3] * v + p[2];
    let slope = p[3] * v + second;
    let value = second * v + p[1];
    let of_values = cubic(value * v + p[0], u);
    return vec4(of_values, cubic(slope * v + value, u));
}

// The surface at the edge of a cell, extended beyond it along its tangents: the value and
// its derivatives.
fn extended(at: vec4<f32>, beyond_u: f32, beyond_v: f32) -> vec3<f32> {
    let along_v = beyond_u * at.w + at.z;
    return vec3(beyond_u * at.y + (beyond_v * along_v + at.x), beyond_v * at.w + at.y, along_v);
}
