// Ions and lines of one object: what they add to the log density, and what pulls on slots and ions. Twin:
// src/model/density.rs. Reads the state of density.wgsl and the records and coefficients that the kernel binds.

// e^x; an x beyond what single precision can hold rejects the position.
fn flux_exp(x: f32) -> f32 {
    overflow = overflow || x > EXPONENT;
    return bounded_exp(x);
}

// Value of a row of the grid and its derivatives per unit of log10 T and log10 n.
fn grid_value(row: u32, at: Stencil) -> vec3<f32> {
    var c: mat4x4<f32>;
    let stride = NODES_N + 2u;
    let first = (row * (NODES_T + 2u) + at.cell_t) * stride + at.cell_n;
    for (var k = 0u; k < 4u; k++) {
        let s = first + k * stride;
        c[k] = vec4(coefficients[s], coefficients[s + 1u], coefficients[s + 2u], coefficients[s + 3u]);
    }
    return tensor(c, at.wt, at.dwt, at.wn, at.dwn);
}

fn term_at(term: Term, loss: vec3<f32>) -> TermPoint {
    let zone = zones[term.zone];
    return term_point(term, grid_value(term.table, zone.stencil), zone, at, loss);
}

// Adds to the pulls on an ion and on its zone's temperature and density slots.
fn pull(ion: u32, of_ion: f32, of_zone: vec2<f32>) {
    let zone = zone_slots(ions[header.first_ion + ion].zone);
    slot_pull[zone.x] += of_zone.x;
    slot_pull[zone.y] += of_zone.y;
    ion_pull[ion] += of_ion;
}

// r = ln of the ion's share of its reference line per unit abundance, and its partials.
fn reference(ion: IonRecord) -> TermPoint {
    let loss = absorption(lines[header.first_line + ion.reference_line], at);
    var sum = 0.0;
    var d = Partials();
    for (var k = 0u; k < ion.references; k++) {
        let term = term_at(terms[header.first_term + ion.first_reference + k], loss);
        let flux = flux_exp(term.ln_flux);
        sum += flux;
        d += flux * term.d;
    }
    return TermPoint(log(sum), (1.0 / sum) * d);
}

// Log density of the abundances of FLUX ions; all ions stand at the position afterwards.
fn ions_at() -> f32 {
    var sum = 0.0;
    for (var i = 0u; i < header.ions; i++) {
        let ion = ions[header.first_ion + i];
        ln_abundances[i] = 0.0;
        ion_d[i] = Partials();
        ion_pull[i] = 0.0;
        if ion.kind == FLUX {
            let r = reference(ion);
            ln_abundances[i] = position[ion.source] - r.ln_flux;
            ion_d[i] = -1.0 * r.d;
            grad[ion.source] = 0.0;
            let score = (ln_abundances[i] - ion.location) * ion.inverse_width;
            sum -= 0.5 * score * score;
            let weight = -score * ion.inverse_width;
            shared_pull += weight * ion_d[i];
            pull(i, weight, weight * ion_d[i][0].xy);
        } else if ion.kind == SLOT_LOG10 {
            ln_abundances[i] = LN_10 * (slot_values[ion.source].value - ABUNDANCE_ZERO) + ion.base;
        } else if ion.kind == SLOT_LINEAR {
            ln_abundances[i] = log(max(slot_values[ion.source].value, MIN_POSITIVE)) + ion.base;
        }
    }
    return sum;
}

// Log likelihood of one line; what it pulls on is added to the pulls.
fn line_at(line: LineRecord) -> f32 {
    let loss = absorption(line, at);
    let first = header.first_term + line.first_term;
    var flux = 0.0;
    var d = Partials();
    for (var k = 0u; k < line.terms; k++) {
        let term = terms[first + k];
        let point = term_at(term, loss);
        let of_term = flux_exp(point.ln_flux + ln_abundances[term.ion]);
        let d_term = of_term * (point.d + ion_d[term.ion]);
        flux += of_term;
        d += d_term;
        line_terms[k] = vec3(of_term, d_term[0].xy);
    }
    let residual = (flux - line.flux) * line.inverse_sigma;
    let weight = -residual * line.inverse_sigma;
    shared_pull += weight * d;
    for (var k = 0u; k < line.terms; k++) {
        pull(terms[first + k].ion, weight * line_terms[k].x, weight * line_terms[k].yz);
    }
    return -0.5 * residual * residual;
}
