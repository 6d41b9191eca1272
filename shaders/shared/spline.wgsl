// Uniform cubic B-splines of two variables, in powers within a cell. Twins: src/shared/spline.rs.

struct Location {
    cell: u32,
    fraction: f32,
    beyond: f32,
}

// The cell of x on an axis, held on the axis; the fraction of the cell that lies below x, held in it; and what is beyond that.
fn locate(x: f32, first: f32, inverse_step: f32, nodes: u32) -> Location {
    let position = (x - first) * inverse_step;
    let cell = clamp(floor(position), 0.0, f32(nodes) - 2.0);
    let fraction = position - cell;
    let held = clamp(fraction, 0.0, 1.0);
    return Location(u32(cell), held, fraction - held);
}

// The cubic of these coefficients, from the lowest power up, and its derivative.
fn cubic(p: vec4<f32>, v: f32) -> vec2<f32> {
    let second = p.w * v + p.z;
    let slope = p.w * v + second;
    let value = second * v + p.y;
    return vec2(value * v + p.x, slope * v + value);
}

// The sum of p[i][j] u^i v^j and its derivatives by u and v.
fn surface(p: mat4x4<f32>, u: f32, v: f32) -> vec3<f32> {
    var at = cubic(p[3], v);
    var d_u = at.x;
    at = at * u + cubic(p[2], v);
    d_u = d_u * u + at.x;
    at = at * u + cubic(p[1], v);
    d_u = d_u * u + at.x;
    at = at * u + cubic(p[0], v);
    return vec3(at.x, d_u, at.y);
}

// The derivative at v of the cubic of these coefficients.
fn cubic_slope(p: vec4<f32>, v: f32) -> f32 {
    return (3.0 * p.w * v + 2.0 * p.z) * v + p.y;
}

// As surface, extended from the edge of the cell along its tangents.
fn extended(p: mat4x4<f32>, t: Location, n: Location) -> vec3<f32> {
    let at = surface(p, t.fraction, n.fraction);
    if t.beyond == 0.0 && n.beyond == 0.0 {
        return at;
    }
    let v = n.fraction;
    let slopes = vec4(0.0, cubic_slope(p[1], v), cubic_slope(p[2], v), cubic_slope(p[3], v));
    let mixed = cubic_slope(slopes, t.fraction);
    let along_u = n.beyond * mixed + at.y;
    return vec3(t.beyond * at.y + (n.beyond * (t.beyond * mixed + at.z) + at.x), along_u, t.beyond * mixed + at.z);
}
