// Ions and lines of one object: their part of the log density, and the adjoints of slots and
// coordinates. Host, in another order: src/model/evaluator.rs, density.rs and backpropagate.rs.
// Reads the state of density.wgsl and the records and coefficients that the kernel binds.

// An ion at the position: its abundance relative to its base. A FLUX ion also has dphi/dx, the
// derivatives of r, which is ln of its flux in its reference line per unit abundance, the log
// density of its prior and coordinate, the derivative of ln dphi/dx with respect to x, and the
// derivative of the log density with respect to ln of the abundance.
struct IonPoint {
    abundance: f32,
    slope: f32,
    r: Partials,
    logdensity: f32,
    d_logdensity: f32,
    adjoint: f32,
}

// The flux of some terms, and its derivatives.
struct Flux {
    flux: f32,
    d: Partials,
}

// Value of a row of the grid and its derivatives per unit of log10 T and log10 n.
fn grid_value(row: u32, at: Stencil) -> vec3<f32> {
    let cell = (row * (NODES_T - 1u) + at.t.cell) * (NODES_N - 1u) + at.n.cell;
    var p: mat4x4<f32>;
    for (var j = 0u; j < 4u; j++) {
        p[j] = coefficients[4u * cell + j];
    }
    let edge = surface(p, at.t.fraction, at.n.fraction);
    return extended(edge, at.t.beyond, at.n.beyond) * vec3(1.0, INVERSE_STEP_T, INVERSE_STEP_N);
}

fn term_at(term: Term, zone: ZonePoint, loss: vec3<f32>) -> TermPoint {
    var emissivity: vec3<f32>;
    if term.table == NONE {
        emissivity = four_coefficients(term, zone.t4, zone.ln_t4, zone.n);
    } else {
        emissivity = grid_value(term.table, zone.stencil);
    }
    var d_shift = 0.0;
    if term.shift != NONE {
        let direction = grid_value(term.shift, zone.stencil);
        emissivity = shifted(emissivity, direction, slot_values[header.he1_shift].value);
        d_shift = direction.x;
    }
    return term_point(term, emissivity, d_shift, zone, at, loss);
}

// phi of a FLUX ion at its coordinate x, dphi/dx, ln of dphi/dx and the derivative of ln dphi/dx
// with respect to x.
fn ion_flux(ion: IonRecord) -> vec4<f32> {
    if ion.low_snr == 1u {
        return low_snr_flux(position[ion.source], ion.ln_unit, ion.tail_slope);
    }
    return vec4(position[ion.source], 1.0, 0.0, 0.0);
}

// Some terms of one zone from `first` on, per unit abundance.
fn flux_of(first: u32, count: u32, zone: ZonePoint, loss: vec3<f32>) -> Flux {
    var sum = Flux();
    for (var k = 0u; k < count; k++) {
        let term = term_at(terms[header.first_term + first + k], zone, loss);
        sum.flux += term.flux;
        sum.d += term.flux * term.d;
    }
    return sum;
}

// Flux of an ion in its reference line per unit abundance.
fn reference_of(ion: IonRecord, zone: ZonePoint) -> Flux {
    let loss = absorption(lines[header.first_line + ion.reference_line], at.a_h, at.a_he);
    return flux_of(ion.first_reference, ion.references, zone, loss);
}

// ln X of a FLUX ion is phi(x) - r.
fn ion_at(ion: IonRecord, reference: Flux) -> IonPoint {
    var point = IonPoint();
    var ln_abundance = 0.0;
    if ion.kind == FLUX {
        let flux = ion_flux(ion);
        point.r = (1.0 / reference.flux) * reference.d;
        point.slope = flux.y;
        ln_abundance = flux.x - log(reference.flux);
        let score = (ln_abundance - ion.location) * ion.inverse_width;
        point.logdensity = flux.z - 0.5 * score * score;
        point.d_logdensity = flux.w;
        point.adjoint = -score * ion.inverse_width;
    } else if ion.kind == SLOT_LOG10 {
        ln_abundance = LN_10 * (slot_values[ion.source].value - ABUNDANCE_ZERO) + ion.base;
    } else if ion.kind == SLOT_LINEAR {
        ln_abundance = log(max(slot_values[ion.source].value, MIN_POSITIVE)) + ion.base;
    }
    point.abundance = flux_exp(ln_abundance);
    return point;
}

// Adds the adjoint of ln of an ion's abundance to the derivatives of its coordinate and to those of
// zones and slots.
fn backpropagate_ion(ion: IonRecord, point: IonPoint, adjoint: f32) {
    if ion.kind == FLUX {
        grad[ion.source] = point.d_logdensity + adjoint * point.slope;
        shared_adjoint -= adjoint * point.r;
        ln_f_adjoint -= adjoint;
        zone_adjoint[ion.zone] -= adjoint * point.r[0].xy;
    } else if ion.kind == SLOT_LOG10 {
        slot_adjoint[ion.source] += adjoint * LN_10;
    } else if ion.kind == SLOT_LINEAR {
        slot_adjoint[ion.source] += adjoint / max(slot_values[ion.source].value, MIN_POSITIVE);
    }
}

// The calibration of a line's spectrograph arm.
fn arm_factor(line: LineRecord) -> f32 {
    if line.arm == NONE {
        return 1.0;
    }
    return calibration(slot_values[line.arm].value);
}

// ln L of a line and its derivative with respect to the line's flux; adds the adjoints besides
// those of terms.
fn line_at(line: LineRecord, flux: f32) -> vec2<f32> {
    let of_line = line_likelihood(line, flux, at.nu, at.student);
    nu_adjoint += of_line.z;
    if line.arm != NONE {
        slot_adjoint[line.arm] += of_line.y * flux;
    }
    ln_f_adjoint += of_line.y * flux;
    return of_line.xy;
}

// Ion i and the lines that it alone sends, from `first` on: what they add to the log density.
fn ion_with_lines(i: u32, first: u32) -> f32 {
    let ion = ions[header.first_ion + i];
    let zone = zones[ion.zone];
    let reference = reference_of(ion, zone);
    let point = ion_at(ion, reference);
    var sum = point.logdensity;
    var adjoint = point.adjoint;
    var of_lines = Partials();
    for (var l = first; l < first + ion.own_lines; l++) {
        let line = lines[header.first_line + l];
        var flux = reference;
        if l != ion.reference_line {
            flux = flux_of(line.first_term, line.terms, zone, absorption(line, at.a_h, at.a_he));
        }
        let factor = arm_factor(line) * point.abundance;
        let of_line = line_at(line, factor * flux.flux);
        sum += of_line.x;
        adjoint += of_line.y * factor * flux.flux;
        of_lines += (of_line.y * factor) * flux.d;
    }
    zone_adjoint[ion.zone] += of_lines[0].xy;
    shared_adjoint += of_lines;
    if ion.shares == 1u {
        abundances[i] = point.abundance;
        ion_adjoint[i] = adjoint;
    } else {
        backpropagate_ion(ion, point, adjoint);
    }
    return sum;
}

// The abundance that a term's flux is proportional to.
fn abundance_of(term: Term) -> f32 {
    var abundance = abundances[term.ion];
    if term.times != NONE {
        abundance *= abundances[term.times];
    }
    if term.over != NONE {
        abundance /= abundances[term.over];
    }
    return abundance;
}

// Adds the adjoint of ln of a term's flux to those of its ions.
fn add_ion_adjoints(term: Term, weight: f32) {
    ion_adjoint[term.ion] += weight;
    if term.times != NONE {
        ion_adjoint[term.times] += weight;
    }
    if term.over != NONE {
        ion_adjoint[term.over] -= weight;
    }
}

// Log likelihood of a line of several ions; adds the adjoints of the ions.
fn shared_line(line: LineRecord) -> f32 {
    let loss = absorption(line, at.a_h, at.a_he);
    let first = header.first_term + line.first_term;
    let factor = arm_factor(line);
    var sum = Flux();
    for (var k = 0u; k < line.terms; k++) {
        let term = terms[first + k];
        let point = term_at(term, zones[term.zone], loss);
        let flux = factor * (point.flux * abundance_of(term));
        sum.flux += flux;
        sum.d += flux * point.d;
        line_terms[k] = flux * vec3(1.0, point.d[0].xy);
    }
    let of_line = line_at(line, sum.flux);
    shared_adjoint += of_line.y * sum.d;
    for (var k = 0u; k < line.terms; k++) {
        let term = terms[first + k];
        add_ion_adjoints(term, of_line.y * line_terms[k].x);
        zone_adjoint[term.zone] += of_line.y * line_terms[k].yz;
    }
    return of_line.x;
}

// Ions and lines: first each ion with its own lines, then the lines of several ions, then the way
// back from the ions of these.
fn ions_and_lines() -> f32 {
    var sum = 0.0;
    var own = 0u;
    for (var i = 0u; i < header.ions; i++) {
        sum += ion_with_lines(i, own);
        own += ions[header.first_ion + i].own_lines;
    }
    if own == header.lines {
        return sum;
    }
    for (var l = own; l < header.lines; l++) {
        sum += shared_line(lines[header.first_line + l]);
    }
    for (var i = 0u; i < header.ions; i++) {
        let ion = ions[header.first_ion + i];
        if ion.shares == 1u {
            backpropagate_ion(ion, ion_at(ion, reference_of(ion, zones[ion.zone])), ion_adjoint[i]);
        }
    }
    return sum;
}
