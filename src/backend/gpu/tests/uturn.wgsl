// The U-turn checks of random walks of momenta, one invocation a walk. Host: uturn.rs.
//
// momenta: those of LEAVES leaves, walk by walk. turned: the number of leaves, the turning one
// included, of each walk; 0 if it does not turn.

const MAX_DIMENSION = 2u;
const MOMENTA = 0u;
const SUMS = 1u;
const BEFORE = 2u;
const LEVELS = 4u;
const LEAVES = 16u;

struct Size {
    dimension: u32,
}

var<private> header: Size;
var<private> end_momentum: array<f32, MAX_DIMENSION>;
var<private> checkpoints: array<f32, 3u * LEVELS * MAX_DIMENSION>;

@group(0) @binding(0) var<storage, read> momenta: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read_write> turned: array<u32>;

fn kept(kind: u32, level: u32, k: u32) -> f32 {
    return checkpoints[(kind * LEVELS + level) * MAX_DIMENSION + k];
}

fn keep(kind: u32, level: u32, k: u32, value: f32) {
    checkpoints[(kind * LEVELS + level) * MAX_DIMENSION + k] = value;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= arrayLength(&turned) {
        return;
    }
    header.dimension = MAX_DIMENSION;
    var leaves = 0u;
    for (var n = 0u; n < LEAVES && leaves == 0u; n++) {
        latest = end_momentum;
        for (var k = 0u; k < MAX_DIMENSION; k++) {
            end_momentum[k] = momenta[id.x * LEAVES + n][k];
            momentum_sum[k] += end_momentum[k];
        }
        if add_leaf(n) {
            leaves = n + 1u;
        }
    }
    turned[id.x] = leaves;
}
