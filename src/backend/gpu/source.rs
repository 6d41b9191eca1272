//! The source of a kernel: a prelude of shared records and constants, the shared pieces, its own
//! file.

use super::words;
use crate::emissivity::Grid;
use crate::number::special;
use crate::number::wgsl::{Constant, declarations};
use crate::{model, nuts, rng};

/// Invocations of a workgroup.
pub(crate) const WORKGROUP: u32 = 64;

const SPECIAL: &str = include_str!("../../../shaders/shared/special.wgsl");
const SPLINE: &str = include_str!("../../../shaders/shared/spline.wgsl");
const LINES: &str = include_str!("../../../shaders/shared/lines.wgsl");
const RECORDS: &str = include_str!("../../../shaders/shared/records.wgsl");
const DENSITY: &str = include_str!("../../../shaders/shared/density.wgsl");
const THREEFRY: &str = include_str!("../../../shaders/shared/threefry.wgsl");
const LEAPFROG: &str = include_str!("../../../shaders/shared/leapfrog.wgsl");
const UTURN: &str = include_str!("../../../shaders/shared/uturn.wgsl");
const GROWTH: &str = include_str!("../../../shaders/shared/growth.wgsl");
const TREE: &str = include_str!("../../../shaders/shared/tree.wgsl");
const CHAINS: &str = include_str!("../../../shaders/shared/chains.wgsl");
const RESIDENT: &str = include_str!("../../../shaders/resident.wgsl");
const LOGDENSITY: &str = include_str!("../../../shaders/logdensity.wgsl");

/// Constants that kernels need besides those of the modules.
const OF_FLOATS: [(&str, Constant); 5] = [
    ("LN_10", Constant::Real(std::f64::consts::LN_10)),
    ("LOG10_E", Constant::Real(std::f64::consts::LOG10_E)),
    ("FRAC_PI_2", Constant::Real(std::f64::consts::FRAC_PI_2)),
    ("MIN_POSITIVE", Constant::Real(f32::MIN_POSITIVE as f64)),
    ("WORKGROUP", Constant::Index(WORKGROUP)),
];

/// The kernel of `logdensity.wgsl` for emissivities on the axes of `grid`.
pub(crate) fn logdensity(grid: &Grid<f64>) -> String {
    functions(grid) + RECORDS + LINES + DENSITY + LOGDENSITY
}

/// The kernel of `resident.wgsl` for emissivities on the axes of `grid`.
pub(crate) fn resident(grid: &Grid<f64>) -> String {
    let constants = nuts::ALL_CONSTANTS.into_iter().chain([words::CONSTANTS]);
    let constants: String = constants.map(declarations).collect();
    let model = [&random(), RECORDS, LINES, DENSITY].concat();
    let sampler = [LEAPFROG, UTURN, GROWTH, CHAINS, TREE, RESIDENT].concat();
    functions(grid) + &constants + &model + &sampler
}

/// Random numbers; after [`functions`].
pub(crate) fn random() -> String {
    declarations(rng::CONSTANTS) + THREEFRY
}

/// Records, constants and the functions that bind nothing.
pub(crate) fn functions(grid: &Grid<f64>) -> String {
    let constants: String = special::ALL_CONSTANTS.into_iter().map(declarations).collect();
    [
        &declarations(&OF_FLOATS),
        &constants,
        &axes(grid),
        SPECIAL,
        SPLINE,
        &model::wgsl(),
    ]
    .concat()
}

/// The axes of `grid` as constants.
fn axes(grid: &Grid<f64>) -> String {
    declarations(&[
        ("FIRST_T", Constant::Real(grid.first_t)),
        ("INVERSE_STEP_T", Constant::Real(grid.inverse_step_t)),
        ("NODES_T", Constant::Index(grid.nodes_t)),
        ("FIRST_N", Constant::Real(grid.first_n)),
        ("INVERSE_STEP_N", Constant::Real(grid.inverse_step_n)),
        ("NODES_N", Constant::Index(grid.nodes_n)),
    ])
}

#[cfg(test)]
mod tests {
    use crate::emissivity::Set;
    use crate::model::record::{Header, IonRecord, LineRecord, Slot, Term};
    use naga::back::{hlsl, msl, spv};
    use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};
    use naga::{Module, TypeInner};

    use super::*;

    fn grid() -> Grid<f64> {
        Set::built_in().expect("emissivities").grid
    }

    /// The module of `source`, valid without any optional capability.
    fn validated(source: &str) -> (Module, ModuleInfo) {
        let module =
            naga::front::wgsl::parse_str(source).unwrap_or_else(|error| panic!("{}", error.emit_to_string(source)));
        let info = Validator::new(ValidationFlags::all(), Capabilities::empty())
            .validate(&module)
            .unwrap_or_else(|error| panic!("{}", error.emit_to_string(source)));
        (module, info)
    }

    #[test]
    fn kernels_are_valid_and_translate_to_spirv_msl_and_hlsl() {
        for source in [logdensity(&grid()), resident(&grid())] {
            translates(&source);
        }
    }

    fn translates(source: &str) {
        let (module, info) = validated(source);
        let words = spv::write_vec(&module, &info, &spv::Options::default(), None).expect("SPIR-V");
        assert_eq!(words[0], 0x0723_0203);
        let options = msl::Options {
            fake_missing_bindings: true,
            ..msl::Options::default()
        };
        let (text, _) = msl::write_string(&module, &info, &options, &msl::PipelineOptions::default()).expect("MSL");
        assert!(text.contains("kernel void main_"));
        let mut text = String::new();
        let options = hlsl::Options {
            fake_missing_bindings: true,
            ..hlsl::Options::default()
        };
        hlsl::Writer::new(&mut text, &options, &hlsl::PipelineOptions::default())
            .write(&module, &info, None)
            .expect("HLSL");
        assert!(text.contains("[numthreads(64, 1, 1)]"));
    }

    #[test]
    fn records_lie_in_wgsl_as_in_rust() {
        let (module, _) = validated(&logdensity(&grid()));
        let layout = |name: &str| {
            let found = module.types.iter().find(|(_, ty)| ty.name.as_deref() == Some(name));
            let Some(TypeInner::Struct { members, span }) = found.map(|(_, ty)| &ty.inner) else {
                panic!("{name} is no record of the kernel")
            };
            let offset = move |member: &str| {
                let member = members.iter().find(|found| found.name.as_deref() == Some(member));
                member.expect("a member of this name").offset as usize
            };
            (offset, *span as usize)
        };
        fn check(fields: &[(&str, usize)], (offset, span): (impl Fn(&str) -> usize, usize), size: usize) {
            for (field, at) in fields {
                assert_eq!(offset(field), *at, "{field}");
            }
            assert_eq!((span, 4 * fields.len()), (size, size));
        }
        check(Slot::FIELDS, layout("Slot"), size_of::<Slot<f32>>());
        check(IonRecord::FIELDS, layout("IonRecord"), size_of::<IonRecord<f32>>());
        check(Term::FIELDS, layout("Term"), size_of::<Term<f32>>());
        check(LineRecord::FIELDS, layout("LineRecord"), size_of::<LineRecord<f32>>());
        check(Header::FIELDS, layout("Header"), size_of::<Header<f32>>());
    }
}
