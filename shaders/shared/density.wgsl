// The log density of one object and its gradient: slots forward, ions and lines, slots back. Twin: src/model/density.rs.
// Reads the records that the kernel binds under their plural names.

// The object and the position, to be set before; the gradient, set after.
var<private> header: Header;
var<private> position: array<f32, MAX_DIMENSION>;
var<private> grad: array<f32, MAX_DIMENSION>;

var<private> at: Shared;
var<private> slot_values: array<SlotValue, MAX_SLOTS>;
var<private> zones: array<ZonePoint, MAX_ZONES>;
// Of each ion that shares lines with others: its abundance relative to its base, and what pulls on ln of that.
var<private> abundances: array<f32, MAX_IONS>;
var<private> ion_pull: array<f32, MAX_IONS>;
// Of each term of the line of several ions last taken: its flux and the derivatives of that by its zone's T and log10 n_e.
var<private> line_terms: array<vec3<f32>, MAX_LINE_TERMS>;
// What pulls on slots, each zone's T and log10 n_e, what all zones share, ln F(Hbeta) and nu.
var<private> slot_pull: array<f32, MAX_SLOTS>;
var<private> zone_pull: array<vec2<f32>, MAX_ZONES>;
var<private> shared_pull: Partials;
var<private> ln_f_pull: f32;
var<private> nu_pull: f32;

// The temperature and density slots of a zone.
fn zone_slots(zone: u32) -> vec2<u32> {
    switch zone {
        case 0u: { return vec2(header.t_0, header.n_0); }
        case 1u: { return vec2(header.t_1, header.n_1); }
        case 2u: { return vec2(header.t_2, header.n_2); }
        default: { return vec2(header.t_3, header.n_3); }
    }
}

// Log density of the sampled slots' coordinates; slots and zones stand at the position afterwards.
fn slots_at() -> f32 {
    var sum = 0.0;
    shared_pull = Partials();
    ln_f_pull = 0.0;
    nu_pull = 0.0;
    for (var s = 0u; s < header.slots; s++) {
        let slot = slots[header.first_slot + s];
        var z = 0.0;
        if slot.coordinate != NONE {
            z = position[slot.coordinate];
        }
        var parent = 0.0;
        if slot.parent != NONE {
            parent = slot_values[slot.parent].value;
        }
        var density = 0.0;
        if slot.density != NONE {
            density = slot_values[slot.density].value;
        }
        let value = slot_value(slot, z, parent, density);
        slot_values[s] = value;
        slot_pull[s] = 0.0;
        if slot.coordinate != NONE {
            sum += value.logdensity;
            grad[slot.coordinate] = value.d_logdensity;
        }
    }
    let undimmed = 1.0 + header.absorption_hbeta * slot_values[header.a_h].value;
    at = Shared(
        slot_values[header.tau].value, slot_values[header.c_hbeta].value, slot_values[header.a_h].value,
        slot_values[header.a_he].value, slot_values[header.ln_f_hbeta].value + log(undimmed),
        slot_values[header.rv].value,
        1.0 / (header.law_a_hbeta * slot_values[header.rv].value + header.law_b_hbeta),
        slot_values[header.xi].value, vec2(0.0),
        header.absorption_hbeta / undimmed, slot_values[header.nu].value, vec2(0.0),
    );
    let law = TauLaw(
        header.tau_form, header.tau_density, vec2(header.tau_x_least, header.tau_x_most),
        vec2(header.tau_s_least, header.tau_s_most),
    );
    for (var zone = 0u; zone < header.zones; zone++) {
        let of_zone = zone_slots(zone);
        zone_pull[zone] = vec2(0.0);
        zones[zone] = zone_point(slot_values[of_zone.x].value, slot_values[of_zone.y].value, law);
    }
    if at.xi != 0.0 {
        // Every other line is a ratio to recombination's Hbeta.
        let grown = excited(COLLISIONAL_HBETA, at.xi, zones[ions[header.first_ion].zone]);
        at.ln_f_hbeta -= grown.x;
        at.d_hbeta = grown.yz;
    }
    if at.nu > 0.0 {
        at.student = student_norm(at.nu);
    }
    return sum;
}

// From zones and what they share to the slots.
fn spread_zones() {
    for (var zone = 0u; zone < header.zones; zone++) {
        let of_zone = zone_slots(zone);
        slot_pull[of_zone.x] += zone_pull[zone].x;
        slot_pull[of_zone.y] += zone_pull[zone].y;
    }
    let law = shared_pull[0].w + LN_10 * ln_f_pull;
    slot_pull[header.tau] += shared_pull[0].z;
    slot_pull[header.c_hbeta] -= shared_pull[0].w;
    slot_pull[header.rv] -= at.c_hbeta * (at.law_unit * (shared_pull[1].x - header.law_a_hbeta * law));
    slot_pull[header.a_h] += shared_pull[1].y + ln_f_pull * at.d_undimmed;
    slot_pull[header.a_he] += shared_pull[1].z;
    slot_pull[header.ln_f_hbeta] += ln_f_pull;
    slot_pull[header.xi] += shared_pull[1].w - ln_f_pull * at.d_hbeta.x;
    slot_pull[zone_slots(ions[header.first_ion].zone).x] -= ln_f_pull * at.d_hbeta.y;
    slot_pull[header.nu] += nu_pull;
}

// Turns what pulls on zones and slots into derivatives by the coordinates.
fn spread() {
    spread_zones();
    for (var s = header.slots; s > 0u; s--) {
        let slot = slots[header.first_slot + s - 1u];
        let value = slot_values[s - 1u];
        if slot.coordinate != NONE {
            grad[slot.coordinate] += slot_pull[s - 1u] * value.d_coordinate;
        }
        if slot.parent != NONE {
            slot_pull[slot.parent] += slot_pull[s - 1u] * value.d_parent;
        }
        if slot.density != NONE {
            slot_pull[slot.density] += slot_pull[s - 1u] * value.d_density;
        }
    }
}

fn is_finite(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// ln of the posterior density at `position`, without the header's constant, and its gradient in `grad`; REJECTED where
// single precision cannot hold it.
fn logdensity() -> f32 {
    overflow = false;
    let sum = slots_at() + ions_and_lines();
    spread();
    var sound = !overflow && is_finite(sum);
    for (var k = 0u; k < header.dimension; k++) {
        sound = sound && is_finite(grad[k]);
    }
    return select(REJECTED, sum, sound);
}
