// The log density of one object and its gradient: slots forward, ions and lines, slots back. Host,
// in another order: src/model/density.rs. Reads the records that the kernel binds under their
// plural names.

// The object and the position, to be set before; the gradient, set after.
var<private> header: Header;
var<private> position: array<f32, MAX_DIMENSION>;
var<private> grad: array<f32, MAX_DIMENSION>;

var<private> at: Shared;
var<private> slot_values: array<SlotValue, MAX_SLOTS>;
var<private> zones: array<ZonePoint, MAX_ZONES>;
// Ions that share lines with others: abundance relative to its base, and the adjoint of
// ln of that.
var<private> abundances: array<f32, MAX_IONS>;
var<private> ion_adjoint: array<f32, MAX_IONS>;
// Terms of the line of several ions last taken: flux, and the derivatives of the flux with respect
// to T and log10 n_e of the term's zone.
var<private> line_terms: array<vec3<f32>, MAX_LINE_TERMS>;
// Adjoints of slots, of each zone's T and log10 n_e, of the quantities that all zones share, of ln
// F(Hbeta) and of nu.
var<private> slot_adjoint: array<f32, MAX_SLOTS>;
var<private> zone_adjoint: array<vec2<f32>, MAX_ZONES>;
var<private> shared_adjoint: Partials;
var<private> ln_f_adjoint: f32;
var<private> nu_adjoint: f32;

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
    shared_adjoint = Partials();
    ln_f_adjoint = 0.0;
    nu_adjoint = 0.0;
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
        slot_adjoint[s] = 0.0;
        if slot.coordinate != NONE {
            sum += value.logdensity;
            grad[slot.coordinate] = value.d_logdensity;
        }
    }
    let undimmed = undimmed_hbeta(header.absorption_hbeta, slot_values[header.a_h].value);
    at = Shared(
        slot_values[header.tau].value, slot_values[header.c_hbeta].value, slot_values[header.a_h].value,
        slot_values[header.a_he].value, slot_values[header.ln_f_hbeta].value + undimmed.x,
        slot_values[header.rv].value,
        law_unit(header.law_a_hbeta, header.law_b_hbeta, slot_values[header.rv].value),
        slot_values[header.xi].value, vec2(0.0),
        undimmed.y, slot_values[header.nu].value, vec2(0.0),
    );
    let law = TauLaw(
        header.tau_form, header.tau_density, vec2(header.tau_x_least, header.tau_x_most),
        vec2(header.tau_s_least, header.tau_s_most),
    );
    for (var zone = 0u; zone < header.zones; zone++) {
        let of_zone = zone_slots(zone);
        zone_adjoint[zone] = vec2(0.0);
        zones[zone] = zone_point(slot_values[of_zone.x].value, slot_values[of_zone.y].value, law);
    }
    if at.xi != 0.0 {
        // Every other line is a ratio to recombination's Hbeta.
        let hydrogen = zones[ions[header.first_ion].zone];
        let grown = excited(COLLISIONAL_HBETA, at.xi, hydrogen.t4, hydrogen.ln_t4);
        at.ln_f_hbeta -= grown.x;
        at.d_hbeta = grown.yz;
    }
    if at.nu > 0.0 {
        at.student = student_norm(at.nu);
    }
    return sum;
}

// From zones and what they share to the slots.
fn backpropagate_zones() {
    for (var zone = 0u; zone < header.zones; zone++) {
        let of_zone = zone_slots(zone);
        slot_adjoint[of_zone.x] += zone_adjoint[zone].x;
        slot_adjoint[of_zone.y] += zone_adjoint[zone].y;
    }
    let law = shared_adjoint[1].x + LN_10 * ln_f_adjoint;
    slot_adjoint[header.tau] += shared_adjoint[0].z;
    slot_adjoint[header.c_hbeta] -= shared_adjoint[1].x;
    slot_adjoint[header.rv] -= at.c_hbeta * (at.law_unit * (shared_adjoint[1].y - header.law_a_hbeta * law));
    slot_adjoint[header.a_h] += shared_adjoint[1].z + ln_f_adjoint * at.d_undimmed;
    slot_adjoint[header.a_he] += shared_adjoint[2].x;
    slot_adjoint[header.ln_f_hbeta] += ln_f_adjoint;
    slot_adjoint[header.xi] += shared_adjoint[2].y - ln_f_adjoint * at.d_hbeta.x;
    slot_adjoint[zone_slots(ions[header.first_ion].zone).x] -= ln_f_adjoint * at.d_hbeta.y;
    slot_adjoint[header.he1_shift] += shared_adjoint[2].z;
    slot_adjoint[header.nu] += nu_adjoint;
}

// Adds the adjoints of zones and slots to the derivatives with respect to the coordinates.
fn backpropagate() {
    backpropagate_zones();
    for (var s = header.slots; s > 0u; s--) {
        let slot = slots[header.first_slot + s - 1u];
        let value = slot_values[s - 1u];
        if slot.coordinate != NONE {
            grad[slot.coordinate] += slot_adjoint[s - 1u] * value.d_coordinate;
        }
        if slot.parent != NONE {
            slot_adjoint[slot.parent] += slot_adjoint[s - 1u] * value.d_parent;
        }
        if slot.density != NONE {
            slot_adjoint[slot.density] += slot_adjoint[s - 1u] * value.d_density;
        }
    }
}

fn is_finite(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// ln of the posterior density at `position`, without the header's constant, and its gradient in
// `grad`; REJECTED where single precision cannot hold it.
fn logdensity() -> f32 {
    overflow = false;
    let sum = slots_at() + ions_and_lines();
    backpropagate();
    var sound = !overflow && is_finite(sum);
    for (var k = 0u; k < header.dimension; k++) {
        sound = sound && is_finite(grad[k]);
    }
    return select(REJECTED, sum, sound);
}
