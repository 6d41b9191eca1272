// The leapfrog integrator in whitened coordinates, and the map to the model's. Twins:
// src/nuts/leapfrog.rs and src/metric/map.rs, where the equations stand. Reads `metrics`.

// The last leaf: whitened position and gradient, and momentum.
var<private> end_position: array<f32, MAX_DIMENSION>;
var<private> end_momentum: array<f32, MAX_DIMENSION>;
var<private> end_grad: array<f32, MAX_DIMENSION>;
// The first words of the object in `metrics`: its centre, and the rows of its factor up to the
// diagonal.
var<private> first_centre: u32;
var<private> first_factor: u32;

fn half_kick(step_size: f32) {
    for (var k = 0u; k < header.dimension; k++) {
        end_momentum[k] += 0.5 * step_size * end_grad[k];
    }
}

fn kick_and_drift(step_size: f32) {
    half_kick(step_size);
    for (var k = 0u; k < header.dimension; k++) {
        end_position[k] += step_size * end_momentum[k];
    }
}

fn kinetic_energy() -> f32 {
    var sum = 0.0;
    for (var k = 0u; k < header.dimension; k++) {
        sum += end_momentum[k] * end_momentum[k];
    }
    return 0.5 * sum;
}

// position = centre + L x.
fn to_position() {
    var entry = first_factor;
    for (var i = 0u; i < header.dimension; i++) {
        var sum = 0.0;
        for (var k = 0u; k <= i; k++) {
            sum += metrics[entry] * end_position[k];
            entry++;
        }
        position[i] = metrics[first_centre + i] + sum;
    }
}

// The whitened gradient from that in position: L^T g.
fn pull_gradient() {
    for (var k = 0u; k < header.dimension; k++) {
        end_grad[k] = 0.0;
    }
    var entry = first_factor;
    for (var i = 0u; i < header.dimension; i++) {
        for (var k = 0u; k <= i; k++) {
            end_grad[k] += metrics[entry] * grad[i];
            entry++;
        }
    }
}
