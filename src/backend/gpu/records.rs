//! The records of a batch as flat buffers on the device, and its requests and results as words.

use bytemuck::{NoUninit, cast_slice};
use wgpu::util::{BufferInitDescriptor, DeviceExt};

use super::device::Device;
use super::grouped::grouped;
use crate::emissivity::Grid;
use crate::error::{DeviceError, Error, Result};
use crate::model::ModelObject;
use crate::model::record::{
    Header, IonRecord, LineRecord, MAX_DIMENSION, MAX_IONS, MAX_LINE_TERMS, MAX_SLOTS, MAX_ZONES, REJECTED, Slot, Term,
};

/// A batch on the device.
pub(super) struct Records {
    headers: wgpu::Buffer,
    slots: wgpu::Buffer,
    ions: wgpu::Buffer,
    terms: wgpu::Buffer,
    lines: wgpu::Buffer,
    /// Dimension and constant of the log density of each object. The kernels leave the constant
    /// out: in single precision a large constant would swallow digits.
    objects: Vec<(usize, f64)>,
    stride: usize,
}

impl Records {
    pub(super) fn new(device: &Device, objects: &[ModelObject<f64>]) -> Result<Self> {
        let mut headers: Vec<Header<f32>> = Vec::with_capacity(objects.len());
        let mut slots: Vec<Slot<f32>> = Vec::new();
        let mut ions: Vec<IonRecord<f32>> = Vec::new();
        let mut terms: Vec<Term<f32>> = Vec::new();
        let mut lines: Vec<LineRecord<f32>> = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            within_limits(index, object)?;
            let object = grouped(object);
            headers.push(Header {
                first_slot: slots.len() as u32,
                first_ion: ions.len() as u32,
                first_term: terms.len() as u32,
                first_line: lines.len() as u32,
                ..object.header.cast()
            });
            slots.extend(object.slots.iter().map(Slot::cast::<f32>));
            ions.extend(object.ions.iter().map(IonRecord::cast::<f32>));
            terms.extend(object.terms.iter().map(Term::cast::<f32>));
            lines.extend(object.lines.iter().map(LineRecord::cast::<f32>));
        }
        let facts: Vec<(usize, f64)> = objects
            .iter()
            .map(|object| (object.dimension(), object.header.constant))
            .collect();
        Ok(Records {
            headers: buffer(device, "headers", &headers)?,
            slots: buffer(device, "slots", &slots)?,
            ions: buffer(device, "ions", &ions)?,
            terms: buffer(device, "terms", &terms)?,
            lines: buffer(device, "lines", &lines)?,
            stride: facts.iter().map(|fact| fact.0).max().unwrap_or(0),
            objects: facts,
        })
    }

    /// The largest dimension among the objects.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// Constant of an object's log density, which the kernels leave out.
    pub(super) fn constant(&self, object: usize) -> f64 {
        self.objects[object].1
    }

    /// The kernel's bindings 0 to 5.
    pub(super) fn bindings<'a>(&'a self, coefficients: &'a wgpu::Buffer) -> [&'a wgpu::Buffer; 6] {
        [
            &self.headers,
            &self.slots,
            &self.ions,
            &self.terms,
            &self.lines,
            coefficients,
        ]
    }

    /// The requests as `logdensity.wgsl` reads them.
    pub(super) fn fill(&self, words: &mut Vec<u32>, objects: &[u32], positions: &[f64]) {
        let count = objects.len();
        words.clear();
        words.push(count as u32);
        words.extend_from_slice(objects);
        words.resize(1 + (1 + self.stride) * count, 0);
        let by_coordinate = &mut words[1 + count..];
        for (i, (position, &object)) in positions.chunks_exact(self.stride).zip(objects).enumerate() {
            for (k, &z) in position[..self.objects[object as usize].0].iter().enumerate() {
                by_coordinate[k * count + i] = (z as f32).to_bits();
            }
        }
    }

    /// The results as `logdensity.wgsl` writes them.
    pub(super) fn take(&self, results: &[f32], objects: &[u32], logdensity: &mut [f64], grad: &mut [f64]) {
        let (values, by_coordinate) = results.split_at(objects.len());
        for (i, (row, &object)) in grad.chunks_exact_mut(self.stride).zip(objects).enumerate() {
            let (dimension, constant) = self.objects[object as usize];
            row.fill(0.0);
            for (k, g) in row[..dimension].iter_mut().enumerate() {
                *g = f64::from(by_coordinate[k * objects.len() + i]);
            }
            let value = f64::from(values[i]);
            logdensity[i] = value + constant;
            let sound = value.is_finite() && value > 0.5 * REJECTED && row.iter().all(|g| g.is_finite());
            if !sound {
                logdensity[i] = f64::NEG_INFINITY;
                row.fill(0.0);
            }
        }
    }
}

/// An error if the kernel's private arrays cannot hold the object.
fn within_limits(index: usize, object: &ModelObject<f64>) -> Result<()> {
    let line_terms = object.lines.iter().map(|line| line.terms as usize).max().unwrap_or(0);
    let sizes = [
        ("sampled parameters", object.dimension(), MAX_DIMENSION),
        ("quantities", object.slots.len(), MAX_SLOTS),
        ("ions", object.ions.len(), MAX_IONS),
        ("zones", object.header.zones as usize, MAX_ZONES),
        ("terms of a line", line_terms, MAX_LINE_TERMS),
    ];
    match sizes.into_iter().find(|(_, found, most)| found > most) {
        Some((what, found, most)) => Err(Error::Device(DeviceError::ObjectTooLarge {
            index,
            what,
            found,
            most,
        })),
        None => Ok(()),
    }
}

/// The emissivities of `grid` in powers within its cells, row by row.
pub(super) fn coefficients(device: &Device, grid: &Grid<f64>) -> Result<wgpu::Buffer> {
    let single: Vec<f32> = (0..grid.rows())
        .flat_map(|row| grid.cells(row).as_flattened())
        .map(|&coef| coef as f32)
        .collect();
    buffer(device, "coefficients", &single)
}

/// A read-only storage buffer of `items`, one word where there are none.
pub(super) fn buffer<T: NoUninit>(device: &Device, name: &'static str, items: &[T]) -> Result<wgpu::Buffer> {
    let contents: &[u8] = if items.is_empty() { &[0; 4] } else { cast_slice(items) };
    let (bytes, most) = (contents.len() as u64, device.most_bytes());
    if bytes > most {
        return Err(Error::Device(DeviceError::BatchTooLarge {
            device: device.info().name.clone(),
            what: name,
            bytes,
            most,
        }));
    }
    device.guarded("storing a batch", || {
        let usage = wgpu::BufferUsages::STORAGE;
        device.wgpu().create_buffer_init(&BufferInitDescriptor {
            label: Some(name),
            contents,
            usage,
        })
    })
}
