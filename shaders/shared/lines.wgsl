// Ions and lines of one object: what they add to the log density, and what pulls on slots and ions. Twin:
// src/model/density.rs. Reads the state of density.wgsl and the records and coefficients that the kernel binds.

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

fn term_at(term: Term, loss: vec3<f32>) -> TermPoint {
    let zone = zones[term.zone];
    var emissivity: vec3<f32>;
    if term.table == NONE {
        emissivity = four_coefficients(term, zone);
    } else {
        emissivity = grid_value(term.table, zone.stencil);
    }
    return term_point(term, emissivity, zone, at, loss);
}

// phi of a FLUX ion at its coordinate x, dphi/dx, ln of that and its derivative by x.
fn ion_flux(ion: IonRecord) -> vec4<f32> {
    if ion.weak == 1u {
        return weak_flux(position[ion.source], ion.ln_unit, ion.squeeze);
    }
    return vec4(position[ion.source], 1.0, 0.0, 0.0);
}

// ln abundance of a FLUX ion whose log flux is phi, and the derivatives of r = ln of what the ion sends into its reference
// line per unit abundance, left in ion_r.
fn flux_ion(i: u32, ion: IonRecord, phi: f32) -> f32 {
    let loss = absorption(lines[header.first_line + ion.reference_line], at);
    var sum = 0.0;
    var d = Partials();
    for (var k = 0u; k < ion.references; k++) {
        let term = term_at(terms[header.first_term + ion.first_reference + k], loss);
        sum += term.flux;
        d += term.flux * term.d;
    }
    ion_r[i] = (1.0 / sum) * d;
    return phi - log(sum);
}

// Log density of the abundances of FLUX ions; all ions stand at the position afterwards.
fn ions_at() -> f32 {
    var sum = 0.0;
    for (var i = 0u; i < header.ions; i++) {
        let ion = ions[header.first_ion + i];
        var ln_abundance = 0.0;
        ion_pull[i] = 0.0;
        if ion.kind == FLUX {
            let flux = ion_flux(ion);
            ln_abundance = flux_ion(i, ion, flux.x);
            ion_slope[i] = flux.y;
            grad[ion.source] = flux.w;
            let score = (ln_abundance - ion.location) * ion.inverse_width;
            sum += flux.z - 0.5 * score * score;
            ion_pull[i] = -score * ion.inverse_width;
        } else if ion.kind == SLOT_LOG10 {
            ln_abundance = LN_10 * (slot_values[ion.source].value - ABUNDANCE_ZERO) + ion.base;
        } else if ion.kind == SLOT_LINEAR {
            ln_abundance = log(max(slot_values[ion.source].value, MIN_POSITIVE)) + ion.base;
        }
        abundances[i] = flux_exp(ln_abundance);
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

// Adds what pulls on ln of a term's flux to the pulls on its ions.
fn pull_ions(term: Term, weight: f32) {
    ion_pull[term.ion] += weight;
    if term.times != NONE {
        ion_pull[term.times] += weight;
    }
    if term.over != NONE {
        ion_pull[term.over] -= weight;
    }
}

// Log likelihood of one line; what it pulls on is added to the pulls.
fn line_at(line: LineRecord) -> f32 {
    let loss = absorption(line, at);
    let first = header.first_term + line.first_term;
    var calibration = 1.0;
    if line.arm != NONE {
        calibration = bounded_exp(slot_values[line.arm].value);
    }
    var flux = 0.0;
    var d = Partials();
    for (var k = 0u; k < line.terms; k++) {
        let term = terms[first + k];
        let point = term_at(term, loss);
        let of_term = calibration * (point.flux * abundance_of(term));
        flux += of_term;
        d += of_term * point.d;
        line_terms[k] = of_term * vec3(1.0, point.d[0].xy);
    }
    let of_line = line_likelihood(line, flux, at.nu, at.student);
    let weight = of_line.y;
    slot_pull[header.nu] += of_line.z;
    if line.arm != NONE {
        slot_pull[line.arm] += weight * flux;
    }
    shared_pull += weight * d;
    ln_f_pull += weight * flux;
    for (var k = 0u; k < line.terms; k++) {
        let term = terms[first + k];
        pull_ions(term, weight * line_terms[k].x);
        zone_pull[term.zone] += weight * line_terms[k].yz;
    }
    return of_line.x;
}
