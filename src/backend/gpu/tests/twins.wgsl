// Calls one shared function a case, for comparison with its twin. Host: twins.rs.

struct Case {
    function: u32,
    x: f32,
    parent: f32,
    density: f32,
    slot: u32,
}

@group(0) @binding(0) var<storage, read> cases: array<Case>;
@group(0) @binding(1) var<storage, read> slots: array<Slot>;
@group(0) @binding(2) var<storage, read_write> results: array<array<f32, 8>>;

fn call(case_: Case) -> array<f32, 8> {
    var out = array<f32, 8>();
    switch case_.function {
        case 0u: { out[0] = normal_cdf(case_.x); }
        case 1u: { out[0] = normal_quantile(case_.x); }
        case 2u: { out[0] = softplus(case_.x); }
        case 3u: { out[0] = sigmoid(case_.x); }
        case 4u: { out[0] = log_sigmoid(case_.x); }
        case 5u: { out[0] = normal_pdf(case_.x); }
        case 6u: { out[0] = bounded_exp(case_.x); }
        case 7u: { out[0] = log_normal_cdf(case_.x).x; }
        case 8u: { out[0] = log_normal_cdf(case_.x).y; }
        case 9u: { out[0] = student_norm(case_.x).x; }
        case 10u: { out[0] = student_norm(case_.x).y; }
        case 11u: {
            var p: mat4x4<f32>;
            for (var j = 0u; j < 4u; j++) {
                p[j] = 1.0 + 0.25 * f32(j) - 0.5 * vec4(0.0, 1.0, 2.0, 3.0);
            }
            let u = clamp(case_.x, 0.0, 1.0);
            let at = extended(surface(p, u, 0.75), case_.x - u, -2.0);
            out[0] = at.x;
            out[1] = at.y;
            out[2] = at.z;
        }
        case 12u: {
            let location = locate(case_.x, FIRST_T, INVERSE_STEP_T, NODES_T);
            out[0] = f32(location.cell);
            out[1] = location.fraction;
            out[2] = location.beyond;
        }
        default: {
            let value = slot_value(slots[case_.slot], case_.x, case_.parent, case_.density);
            out[0] = value.value;
            out[1] = value.d_coordinate;
            out[2] = value.d_parent;
            out[3] = value.d_density;
            out[4] = value.logdensity;
            out[5] = value.d_logdensity;
        }
    }
    return out;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < arrayLength(&cases) {
        results[id.x] = call(cases[id.x]);
    }
}
