//! Errors of the zones of a nebula.

/// Zones that make no nebula.
#[derive(Debug, thiserror::Error)]
pub enum ZoneError {
    /// More zones than a problem holds.
    #[error("{found} zones: expected {most} at most")]
    TooManyZones {
        /// Number of zones.
        found: usize,
        /// Largest number of zones.
        most: usize,
    },

    /// A zone tied to a zone that does not exist.
    #[error("zone `{zone}` follows `{named}`: expected one of the zones {known}")]
    UnknownZone {
        /// The zone.
        zone: String,
        /// Name of the zone to which it is tied.
        named: String,
        /// Names of the zones, joined by commas.
        known: String,
    },

    /// Zones tied to one another in a circle.
    #[error("the zones {zones} follow one another in a circle: expected one of them to be free")]
    ZoneCycle {
        /// Zones on the circle, or behind it.
        zones: String,
    },

    /// A name without a published relation.
    #[error(
        "zone `{zone}`: unknown relation `{relation}`: expected one of {known}, or `slope` and \
         `intercept`"
    )]
    UnknownRelation {
        /// The zone.
        zone: String,
        /// The name.
        relation: String,
        /// Known names, joined by commas.
        known: String,
    },

    /// A zone that cannot be used.
    #[error("zone `{zone}`: expected {expected}")]
    BadZone {
        /// The zone.
        zone: String,
        /// Description of a usable zone.
        expected: &'static str,
    },

    /// An ion that two zones list.
    #[error("ion {ion} stands in the zones `{first}` and `{second}`: expected it in one")]
    IonInTwoZones {
        /// The ion.
        ion: String,
        /// The first zone.
        first: String,
        /// The second.
        second: String,
    },

    /// An ion that no zone takes.
    #[error(
        "no zone takes the ion {ion}: list it, or leave `ions` out of one zone, which then takes \
         what is left"
    )]
    HomelessIon {
        /// The ion.
        ion: String,
    },

    /// An ion without lines in the emissivities.
    #[error("ion {ion}: the emissivities hold no line of it")]
    IonWithoutLines {
        /// The ion.
        ion: String,
    },
}
