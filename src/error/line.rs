//! Errors of names and labels of lines.

/// Name or label that means no line, or more than one.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// A text that names no ion.
    #[error(
        "`{ion}` is no ion: expected an element and its spectroscopic number, such as O3 for [O \
         III]"
    )]
    Ion {
        /// The text.
        ion: String,
    },

    /// A text that is no label.
    #[error(
        "`{label}` is no line label: expected ion, wavelength and unit, such as O3_5007A, \
         S3_18.7um, O2_3726A_m"
    )]
    Label {
        /// The text.
        label: String,
    },

    /// A label without a line of its ion near it.
    #[error("unknown line `{label}`: {}", nothing_near(ion, known))]
    UnknownLine {
        /// The label as given.
        label: String,
        /// The ion of the label.
        ion: String,
        /// Labels of the ion's lines, joined by commas; empty for an ion without lines.
        known: String,
    },

    /// A label equally near to two lines.
    #[error("label `{label}` lies equally near {first} and {second}: give one of these")]
    AmbiguousLine {
        /// The label as given.
        label: String,
        /// Label of one line.
        first: String,
        /// Label of the other line.
        second: String,
    },

    /// A text that is no name of a line.
    #[error(
        "`{name}` is no name of a line: expected a label such as O3_5007A, a name such as \
         [OIII]5007 or Hbeta, or a wavelength in Å; or say which it is: [lines] {name:?} = \
         \"O3_5007A\""
    )]
    LineName {
        /// The text.
        name: String,
    },

    /// An ion without a wavelength.
    #[error("`{name}` can be any of {lines}: say which, such as [lines] {name:?} = \"{example}\"")]
    SeveralLines {
        /// The name as given.
        name: String,
        /// Labels of the ion's lines, joined by commas.
        lines: String,
        /// Label of one line of the ion.
        example: String,
    },

    /// A name between the lines of a multiplet, some of which other names of the table give.
    #[error(
        "`{name}` lies between {}, and other names of the table give or mean some of them: say \
         which it is, [lines] {name:?} = \"{}\", or \"{sum}\" for the sum",
        lines.join(" and "), lines.first().map_or("", String::as_str)
    )]
    BetweenLines {
        /// The name as given.
        name: String,
        /// Labels of the lines around the name.
        lines: Vec<String>,
        /// The merged label of the sum of these lines.
        sum: String,
    },

    /// A wavelength without a line near it.
    #[error(
        "no line lies near {name} Å, within 0.6 Å in {medium}, or another wavelength of the table \
         is nearer to it"
    )]
    UnknownWavelength {
        /// The wavelength as given.
        name: String,
        /// `air` or `vacuum`.
        medium: &'static str,
    },

    /// A wavelength of a line beside a hydrogen line that the emissivities lack.
    #[error(
        "{name} Å may be {line} or {stranger}, which the emissivities do not hold: nothing tells \
         them apart"
    )]
    NearHydrogen {
        /// The wavelength as given.
        name: String,
        /// The line.
        line: String,
        /// The hydrogen line.
        stranger: String,
    },

    /// A merged label outside the table of merged labels, given without members.
    #[error("merged line `{label}` has no known members: give them, joined by `+`")]
    MergedWithoutMembers {
        /// The label as given.
        label: String,
    },

    /// A merged label with a line twice among its members.
    #[error("merged line `{label}` names its member {member} twice")]
    RepeatedMember {
        /// The label as given.
        label: String,
        /// The line.
        member: String,
    },
}

impl LineError {
    /// True if a name is refused because it may mean one of several lines or sums.
    pub(crate) fn is_unclear(&self) -> bool {
        matches!(
            self,
            LineError::AmbiguousLine { .. }
                | LineError::BetweenLines { .. }
                | LineError::SeveralLines { .. }
                | LineError::NearHydrogen { .. }
        )
    }
}

/// Reason for which a label found no line.
fn nothing_near(ion: &str, known: &str) -> String {
    match known {
        "" => format!("the emissivities hold no line of {ion}"),
        known => format!("no line of {ion} lies near it, within 3 Å in air or vacuum (known: {known})"),
    }
}
