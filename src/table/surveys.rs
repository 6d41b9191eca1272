//! Surveys with known column names, and the rules for the cells of a catalogue.

use super::Settings;
use super::header::Header;
use super::rules::{Rules, Spread};
use super::settings::Format;
use super::settings::LINE;
use super::settings::Missing;

/// Catalogue of a survey: names of its columns, signs for a missing line, names of its objects.
pub(crate) struct Survey {
    pub(super) format: Format,
    pub(super) flux: &'static str,
    pub(super) error: &'static str,
    pub(super) is_ivar: bool,
    pub(super) ew: Option<&'static str>,
    pub(super) ew_negative: bool,
    pub(super) missing: &'static [Missing],
    /// True if an error of 0 means that the error is unknown.
    pub(super) zero_is_unknown: bool,
    /// Templates for the object's name; the first whose columns all exist is taken.
    pub(super) objects: &'static [&'static str],
    /// Flux of Hβ where it has no column.
    pub(super) hbeta: Option<f64>,
}

static SURVEYS: [Survey; 4] = [
    // Tremonti et al. 2004, ApJ 613, 898; columns of galSpecLine, SDSS data release 8. Emission has
    // EW < 0.
    Survey {
        format: Format::MpaJhu,
        flux: "{line}_flux",
        error: "{line}_flux_err",
        is_ivar: false,
        ew: Some("{line}_eqw"),
        ew_negative: true,
        missing: &[Missing::NotFinite, Missing::ErrorNotPositive, Missing::Flux(-9999.0)],
        zero_is_unknown: false,
        objects: &["specObjID", "{plate}-{mjd}-{fiberid}", "{plateid}-{mjd}-{fiberid}"],
        hbeta: None,
    },
    // FastSpecFit 3.1, HDU FASTSPEC (fastspecfit.readthedocs.io); inverse variance 0 where a line
    // was not fitted.
    Survey {
        format: Format::Desi,
        flux: "{line}_flux",
        error: "{line}_flux_ivar",
        is_ivar: true,
        ew: Some("{line}_ew"),
        ew_negative: false,
        missing: &[Missing::NotFinite, Missing::ErrorNotPositive],
        zero_is_unknown: false,
        objects: &["targetid"],
        hbeta: None,
    },
    // Pérez-Montero 2014, MNRAS 441, 2663: ratios to Hβ, 0 where a line was not measured.
    Survey {
        format: Format::Hcm,
        flux: "{line}",
        error: "e{line}",
        is_ivar: false,
        ew: None,
        ew_negative: false,
        missing: &[Missing::NotFinite, Missing::Flux(0.0)],
        zero_is_unknown: true,
        objects: &["id"],
        hbeta: Some(1.0),
    },
    // Sánchez et al. 2016, RMxAA 52, 171; the tables of edge_pydb (Wong et al. 2024, ApJS 271, 35).
    Survey {
        format: Format::Pipe3d,
        flux: "flux_{line}",
        error: "e_flux_{line}",
        is_ivar: false,
        ew: None,
        ew_negative: false,
        missing: &[Missing::NotFinite, Missing::BothZero, Missing::ErrorNotPositive],
        zero_is_unknown: false,
        objects: &["{name}-{ix}-{iy}", "{ix}-{iy}"],
        hbeta: None,
    },
];

impl Survey {
    /// Survey of a format, if the format is that of a survey.
    pub(super) fn of(format: Format) -> Option<&'static Survey> {
        SURVEYS.iter().find(|survey| survey.format == format)
    }
}

/// Survey whose column names the header has.
pub(crate) fn recognise(header: &Header) -> Option<Format> {
    let has = |pattern: &str, line: &str| header.find(&pattern.replace(LINE, line)).is_some();
    let line = |survey: &Survey| match survey.hbeta {
        Some(_) => "OIII_5007",
        None if survey.format == Format::MpaJhu => "h_beta",
        None => "Hbeta",
    };
    let of = |survey: &&Survey| has(survey.flux, line(survey)) && has(survey.error, line(survey));
    SURVEYS.iter().find(of).map(|survey| survey.format)
}

/// Rules of a catalogue in a format.
pub(crate) fn rules(format: Format, settings: &Settings) -> Rules {
    let names = &settings.columns;
    let survey = Survey::of(format);
    let pyneb = format == Format::Pyneb;
    let spread = match (&names.ivar, &names.error, survey) {
        (Some(_), ..) => Spread::Ivar,
        (None, None, Some(survey)) if survey.is_ivar => Spread::Ivar,
        _ if settings.percent_errors == Some(true) => Spread::Percent,
        _ if settings.relative_errors.unwrap_or(pyneb) => Spread::Fraction,
        _ => Spread::Sigma,
    };
    let of_survey = || survey.map_or_else(Vec::new, |survey| survey.missing.to_vec());
    Rules {
        spread,
        missing: names.missing.clone().unwrap_or_else(of_survey),
        limit_error: names.limit_error,
        zero_is_unknown: settings
            .zero_error_unknown
            .unwrap_or(survey.is_some_and(|survey| survey.zero_is_unknown)),
        ew_negative: names
            .ew_negative
            .unwrap_or(survey.is_some_and(|survey| survey.ew_negative)),
        strict_ew: survey.is_none(),
        hbeta_snr: settings.hbeta_snr,
        hbeta: names.hbeta.or_else(|| survey.and_then(|survey| survey.hbeta)),
        flux_error: settings.flux_error,
    }
}
