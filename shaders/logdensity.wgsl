// Log density and gradient of one object at one position, one invocation a request. Host:
// src/backend/gpu/logdensity.rs.
//
// requests: the number of requests R; R objects; then R words a coordinate, the bits of the
// positions.
// results: R log densities (REJECTED where single precision fails), then R derivatives a
// coordinate.

@group(0) @binding(6) var<storage, read> requests: array<u32>;
@group(0) @binding(7) var<storage, read_write> results: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let count = requests[0];
    let request = id.x;
    if request >= count {
        return;
    }
    header = headers[requests[1u + request]];
    for (var k = 0u; k < header.dimension; k++) {
        position[k] = bitcast<f32>(requests[1u + (1u + k) * count + request]);
    }
    results[request] = logdensity();
    for (var k = 0u; k < header.dimension; k++) {
        results[(1u + k) * count + request] = grad[k];
    }
}
