// Random words, a uniform number and a normal one of every address. Host: random.rs.

@group(0) @binding(0) var<storage, read> addresses: array<array<u32, 8>>;
@group(0) @binding(1) var<storage, read_write> words: array<array<u32, 6>>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= arrayLength(&addresses) {
        return;
    }
    let a = addresses[id.x];
    let key = vec4(a[4], a[5], a[6], a[7]);
    let four = threefry4x32(vec4(a[0], a[1], a[2], a[3]), key);
    let u = uniform_at(key, a[0], a[1], a[2], a[3]);
    let z = normal_at(key, a[0], a[1], a[2], a[3]);
    words[id.x] = array(four.x, four.y, four.z, four.w, bitcast<u32>(u), bitcast<u32>(z));
}
