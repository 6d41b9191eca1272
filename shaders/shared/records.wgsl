// The records of a batch and the emissivities, bindings 0 to 5 of every kernel of the model. Host:
// src/backend/gpu/records.rs.

@group(0) @binding(0) var<storage, read> headers: array<Header>;
@group(0) @binding(1) var<storage, read> slots: array<Slot>;
@group(0) @binding(2) var<storage, read> ions: array<IonRecord>;
@group(0) @binding(3) var<storage, read> terms: array<Term>;
@group(0) @binding(4) var<storage, read> lines: array<LineRecord>;
@group(0) @binding(5) var<storage, read> coefficients: array<vec4<f32>>;
