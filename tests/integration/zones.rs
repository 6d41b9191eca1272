//! Zones as users configure them: what each temperature and density becomes for an object, and what
//! is refused.

use std::collections::BTreeMap;
use std::path::Path;

use nebulium::config::Config;
use nebulium::model::code::RelationForm;
use nebulium::model::record::NONE;
use nebulium::problem::Problem;

use crate::galaxies::{Fixture, objects};
use crate::program::{file, nebulium, rows, scratch};

const LINES: &str = "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,H1_6563A,2.9,0.03\na,O3_5007A,5,0.05\na,O2_3726A_m,1,0.02\n\
                     a,S3_9069A,0.3,0.01\na,S2_6716A,0.2,0.01\na,S2_6731A,0.15,0.01\n";
const O3_AURORAL: &str = "a,O3_4363A,0.1,0.005\n";
const S3_AURORAL: &str = "a,S3_6312A,0.02,0.001\n";

/// The problem of some lines under a configuration.
fn problem(name: &str, toml: &str, lines: &[&str]) -> Result<Problem, String> {
    let config: Config = toml::from_str(toml).map_err(|error| error.to_string())?;
    let recipe = config.recipe(&Fixture::get().set).map_err(|error| error.to_string())?;
    let object = &objects(&format!("zones_{name}.csv"), &format!("{LINES}{}", lines.concat()))[0];
    Problem::new(&recipe, object).map_err(|error| error.to_string())
}

fn names(problem: &Problem) -> Vec<&str> {
    problem
        .parameters
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect()
}

fn flags(problem: &Problem) -> Vec<String> {
    problem.flags.iter().map(ToString::to_string).collect()
}

const THREE: &str = "[zones.low]\n[zones.high]\n[zones.mid]\nions = [\"S3\", \"Ar3\"]\n\
                     temperature = { from = \"high\", relation = \"hagele2006\", scatter = 700, when = \"no_thermometer\" }\n";

/// With the default preset T_low and T_mid are near their relations to T_high, which follows
/// nothing; the row names a relation where the zone has no auroral line.
#[test]
fn low_and_mid_zone_follow_the_high_one() {
    let at = |lines: &[&str], name: &str| problem(name, "", lines).expect("a problem");
    let high = at(&[O3_AURORAL], "high");
    assert!(flags(&high).contains(&"tied:T_low:garnett1992".to_owned()));
    assert!(flags(&high).contains(&"tied:T_mid:garnett1992-s3".to_owned()));
    let mid = at(&[S3_AURORAL], "mid");
    assert!(!flags(&mid).iter().any(|flag| flag.starts_with("tied:T_mid")));
    assert!(!flags(&mid).iter().any(|flag| flag.starts_with("tied:T_high")));
    let header = &mid.object.header;
    let [t_low, t_high, t_mid] = [header.t_0, header.t_1, header.t_2].map(|slot| &mid.object.slots[slot as usize]);
    assert_eq!(
        (t_low.parent, t_high.parent, t_mid.parent),
        (header.t_1, NONE, header.t_1)
    );
    assert!((t_low.location + t_low.slope * 10_000.0 - 10_000.0).abs() < 1e-9);
    assert!((t_mid.location + t_mid.slope * 15_000.0 - 14_150.0).abs() < 1e-9);
    assert_eq!((t_low.width, t_mid.width), (1500.0, 1500.0));
    let written = "[priors]\nT_low = { family = \"Normal\", mean = 9000, sd = 900 }\n";
    let written = problem("written", written, &[S3_AURORAL]).expect("a problem");
    assert_eq!(written.object.slots[written.object.header.t_0 as usize].parent, NONE);
    let two = problem("two", "[model]\nhigh_zone = [\"O3\"]\n", &[S3_AURORAL]).expect("a problem");
    assert_eq!(two.zones.len(), 2);
}

/// Three zones: the relation takes over where the zone has no auroral line, and the row says so.
#[test]
fn a_relation_stands_in_for_a_missing_auroral_line() {
    let lacking = problem("lacking", THREE, &[O3_AURORAL]).expect("a problem");
    assert_eq!(&names(&lacking)[..5], ["T_low", "T_high", "T_mid", "n_e", "cHbeta"]);
    assert!(
        flags(&lacking).contains(&"tied:T_mid:hagele2006".to_owned()),
        "{:?}",
        flags(&lacking)
    );
    let sn = |problem: &Problem, name: &str| problem.snr.iter().find(|(of, _)| of == name).expect("a zone").1;
    assert!(sn(&lacking, "T_mid") == 0.0 && (15.0..20.5).contains(&sn(&lacking, "T_high")));
    let header = &lacking.object.header;
    assert_eq!(header.zones, 3);
    let (mid, high) = (&lacking.object.slots[header.t_2 as usize], header.t_1);
    assert_eq!(
        (mid.parent, mid.location, mid.slope, mid.width),
        (high, -3200.0, 1.19, 700.0)
    );
    assert_eq!(lacking.zones[2].temperature, "T_mid");
    let s3 = lacking.ions.iter().position(|ion| ion.to_string() == "S3").expect("S3");
    assert_eq!(lacking.object.ions[s3].zone, 2);

    let measured = problem("measured", THREE, &[O3_AURORAL, S3_AURORAL]).expect("a problem");
    assert_eq!(measured.object.slots[measured.object.header.t_2 as usize].parent, NONE);
    assert!(!flags(&measured).iter().any(|flag| flag.starts_with("tied:T_mid")));
    let always = problem(
        "always",
        &THREE.replace("no_thermometer", "always"),
        &[O3_AURORAL, S3_AURORAL],
    );
    assert!(flags(&always.expect("a problem")).contains(&"tied:T_mid:hagele2006".to_owned()));

    let none = problem("none", THREE, &[]).expect("a problem");
    assert!(["T_low", "T_mid", "T_high"].iter().all(|name| sn(&none, name) < 3.0));
}

/// Tied zones share a slot, and the parameter has one name; densities of their own are named by
/// their zone.
#[test]
fn zones_share_or_own_their_parameters() {
    let tied = problem(
        "tied",
        "[zones.low]\ntemperature = { tied = \"high\" }\n[zones.high]\n",
        &[O3_AURORAL],
    );
    let tied = tied.expect("a problem");
    assert_eq!(names(&tied)[0], "T_high");
    assert_eq!(
        (tied.object.header.t_0, tied.zones[0].temperature.as_str()),
        (tied.object.header.t_1, "T_high")
    );
    let own = "[zones.low]\n[zones.high]\ndensity = \"free\"\n[priors]\nlog_ne_high = { family = \"Normal\", mean = 3, sd = 0.2 }\n";
    let own = problem("own", own, &[O3_AURORAL]).expect("a problem");
    assert_eq!(&names(&own)[..4], ["T_low", "T_high", "n_e", "n_e_high"]);
    assert_ne!(own.object.header.n_0, own.object.header.n_1);
    let prior = own.parameters[own.parameter_index("n_e_high").expect("a density")].prior;
    assert_eq!((prior.mean, prior.support()), (Some(3.0), (0.0, 6.5)));
    let related =
        "[zones.low]\n[zones.high]\ndensity = { from = \"low\", slope = 1, intercept = 0.5, scatter = 0.2 }\n";
    let related = problem("related", related, &[O3_AURORAL]).expect("a problem");
    let slot = &related.object.slots[related.object.header.n_1 as usize];
    assert_eq!(
        (slot.parent, slot.location, slot.slope, slot.width),
        (related.object.header.n_0, 0.5, 1.0, 0.2)
    );
    let one = problem("one", "[zones.all]\n", &[O3_AURORAL]).expect("a problem");
    assert_eq!((one.object.header.zones, &names(&one)[..2]), (1, &["T_all", "n_e"][..]));
}

/// Each form of relation reaches its slot; parents stand before children whatever their names.
#[test]
fn relations_reach_their_slots() {
    for (relation, form, location) in [
        ("arellano-cordova-rodriguez2020-low", RelationForm::Inverse, 0.52),
        ("perez-montero-contini2009", RelationForm::PerezMontero2009, 0.0),
    ] {
        let toml =
            format!("[zones.low]\ntemperature = {{ from = \"high\", relation = \"{relation}\" }}\n[zones.high]\n");
        let problem = problem(&format!("form_{form:?}"), &toml, &[O3_AURORAL]).expect("a problem");
        let (header, slots) = (&problem.object.header, &problem.object.slots);
        let slot = &slots[header.t_0 as usize];
        assert_eq!((slot.relation, slot.location, slot.width), (form, location, 1000.0));
        assert!(slot.parent == header.t_1 && slot.parent < header.t_0);
        assert_eq!(slot.density == header.n_0, form == RelationForm::PerezMontero2009);
    }
    let talk = "[zones.low]\n[zones.high]\ntemperature = { from = \"low\", relation = \"talk\" }\n";
    let talk = problem("talk", talk, &[S3_AURORAL]).expect("a problem");
    assert_eq!(
        talk.object.slots[talk.object.header.t_1 as usize].parent,
        talk.object.header.t_0
    );
}

#[test]
fn zones_that_cannot_be_say_why() {
    let cases = [
        (
            "[zones.a]\n[zones.b]\n[zones.c]\n[zones.d]\n[zones.e]\n",
            "5 zones: expected 4 at most",
        ),
        (
            "[zones.low]\ntemperature = { tied = \"top\" }\n",
            "zone `low` follows `top`: expected one of the zones low",
        ),
        (
            "[zones.low]\ntemperature = { tied = \"high\" }\n[zones.high]\ntemperature = { tied = \"low\" }\n",
            "low, high follow one another in a circle",
        ),
        ("[zones.low]\ntemperature = { tied = \"low\" }\n", "in a circle"),
        ("[zones.low]\nions = [\"O2\", \"O9x\"]\n", "`O9x` is no ion"),
        (
            "[zones.low]\nions = [\"Xe4\"]\n",
            "ion Xe4: the emissivities hold no line of it",
        ),
        (
            "[zones.low]\nions = [\"O2\"]\n[zones.high]\nions = [\"O2\"]\n",
            "ion O2 stands in the zones `low` and `high`",
        ),
        (
            "[zones.a]\nions = [\"O2\"]\n[zones.b]\nions = [\"O3\"]\n",
            "no zone takes the ion",
        ),
        ("[zones.a]\n[zones.b]\n", "zone `a`: expected `ions`"),
        (
            "[zones.low]\ntemperature = { from = \"high\", relation = \"garnet\" }\n[zones.high]\n",
            "unknown relation `garnet`",
        ),
        (
            "[zones.low]\ntemperature = { from = \"high\", slope = 1 }\n[zones.high]\n",
            "both `slope` and `intercept`",
        ),
        (
            "[zones.low]\ntemperature = { from = \"high\", relation = \"talk\", scatter = 0 }\n[zones.high]\n",
            "`scatter` > 0",
        ),
        (
            "[zones.low]\ntemperature = { from = \"high\", colour = 3 }\n[zones.high]\n",
            "line 2, column 15",
        ),
        ("[zones.low]\n[zones.high]\n[model]\nhigh_zone = [\"O3\"]\n", "not both"),
        (
            "[zones.low]\ntemperature = { tied = \"high\" }\n[zones.high]\n[priors]\nT_low = { fixed = 1e4 }\n",
            "unknown parameter `T_low`",
        ),
    ];
    for (toml, words) in cases {
        let message = problem("refused", toml, &[]).expect_err(toml);
        assert!(message.contains(words), "{toml}: {message}");
    }
}

/// An uncertainty of the emissivities adds in quadrature; floors go by line, then ion, then all.
#[test]
fn floors_and_emissivity_errors_widen_sigma() {
    let toml = "[model]\npreset = \"plain\"\nerror_floor = 0.03\n[model.emissivity_error]\nO3 = 0.04\n[error_floors]\n\
                O3_5007A = 0.05\nS2 = 0.1\nS2_6731A = 0.2\n";
    let problem = problem("floors", toml, &[O3_AURORAL]).expect("a problem");
    let sigma: BTreeMap<&str, f64> = problem
        .lines
        .iter()
        .map(|line| (line.label.as_str(), line.sigma / line.flux))
        .collect();
    for (line, relative) in [
        ("H1_6563A", 0.03_f64),
        ("O3_5007A", 0.05_f64.hypot(0.04)),
        ("O3_4363A", 0.05_f64.hypot(0.04)),
        ("S2_6716A", 0.1),
        ("S2_6731A", 0.2),
        ("S3_9069A", 0.01 / 0.3),
    ] {
        assert!((sigma[line] / relative - 1.0).abs() < 1e-12, "{line}: {}", sigma[line]);
    }
}

/// The paper's code: ratios, its zones and priors.
#[test]
fn the_preset_of_the_paper_has_its_zones_and_priors() {
    let problem = problem("paper", "[model]\npreset = \"fernandez2019\"\n", &[O3_AURORAL]).expect("a problem");
    let prior = |name: &str| problem.parameters[problem.parameter_index(name).expect("a parameter")].prior;
    assert_eq!(
        (prior("T_high").mean, prior("T_high").sd),
        (Some(12_000.0), Some(2500.0))
    );
    assert_eq!((prior("n_e").mean, prior("n_e").sd), (Some(200.0), Some(100.0)));
    assert_eq!(problem.lines.len(), 7, "Hβ divides");
    let set = &Fixture::get().set;
    let config: Config = toml::from_str("[model]\npreset = \"fernandez2019\"\n").expect("a configuration");
    let text = "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,Ne3_3869A,1,0.01\na,Ar4_4740A,0.1,0.01\n";
    let object = &objects("zones_paper_ions.csv", text)[0];
    let ions = Problem::new(&config.recipe(set).expect("a recipe"), object).expect("a problem");
    let zone = |name: &str| {
        ions.object.ions[ions
            .ions
            .iter()
            .position(|ion| ion.to_string() == name)
            .expect("an ion")]
        .zone
    };
    assert_eq!((zone("H1"), zone("Ne3"), zone("Ar4")), (0, 0, 1));
}

/// Garnett's models reach 18 kK; the prior holds T_high.
#[test]
fn a_median_outside_the_range_of_a_relation_is_said() {
    let directory = scratch("zones_range");
    for (mean, is_outside) in [(19_000, true), (15_000, false)] {
        let prior = format!("[priors]\nT_high = {{ family = \"Normal\", mean = {mean}, sd = 50 }}\n");
        let config = file(&directory, &format!("{mean}.toml"), &prior);
        let out = directory.join(mean.to_string());
        let line = "fit data/shoc579.csv --warmup 100 --draws 100 --keep-draws none --out";
        let run = nebulium(line, &[out.as_path(), Path::new("--config"), &config]);
        let flags = &rows(&out.join("results.csv"))[0]["flags"];
        for said in [
            "relation_range:T_low:garnett1992",
            "relation_range:T_mid:garnett1992-s3",
        ] {
            assert_eq!(flags.contains(said), is_outside, "{mean}: {flags} {}", run.err);
        }
    }
}
