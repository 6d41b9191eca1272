//! Links between zones: what each temperature and density follows.

use super::bad;
use super::relations::Relation;
use super::settings::{Form, Related, Rule, Tied, When, Word};
use crate::error::Result;
use crate::model::code::RelationForm;

/// Scatter \[K\] of a temperature around its relation where none is given. Measured low-zone
/// temperatures scatter so around Garnett's (1992) relation. The other papers' samples do not beat
/// it.
pub(super) const SCATTER: f64 = 1000.0;
/// Scatter \[dex\] of a density around its relation where none is given.
const DENSITY_SCATTER: f64 = 0.3;

/// Link of a zone's temperature or density to other zones, as indices of the zones.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::problem) enum Link {
    /// Parameter of its own.
    Own,
    /// Density that all zones of this kind share.
    Shared,
    /// Slot of another zone.
    Same(usize),
    /// Relation to another zone.
    Follows(Follows),
}

/// Relation to another zone.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::problem) struct Follows {
    pub from: usize,
    pub relation: Relation,
    pub scatter: f64,
    pub when: When,
    /// True if the preset chose the relation, so that a prior of the user wins.
    pub by_preset: bool,
}

impl Link {
    /// Zone that must have a slot before this one.
    pub fn parent(&self) -> Option<usize> {
        match self {
            Link::Own | Link::Shared => None,
            Link::Same(parent) => Some(*parent),
            Link::Follows(follows) => Some(follows.from),
        }
    }
}

/// Index of a zone, asked for by a zone, from the name.
type Lookup<'a> = &'a dyn Fn(&str, &str) -> Result<usize>;

/// Link of the temperature of `zone` under a rule; free without one.
pub(super) fn temperature(zone: &str, rule: Option<&Rule>, index: Lookup<'_>) -> Result<Link> {
    match rule {
        None | Some(Rule::Word(Word::Free)) => Ok(Link::Own),
        Some(Rule::Word(Word::Shared)) => Err(bad(zone, "a temperature that is \"free\", tied or by a relation")),
        Some(Rule::Tied(Tied { tied })) => Ok(Link::Same(index(zone, tied)?)),
        Some(Rule::Related(related)) => {
            let relation = match (&related.relation, related.slope, related.intercept, related.form) {
                (Some(name), None, None, None) => Relation::named(zone, name)?,
                (None, Some(slope), Some(intercept), form) => Relation {
                    name: "custom".into(),
                    form: if form == Some(Form::Inverse) {
                        RelationForm::Inverse
                    } else {
                        RelationForm::Linear
                    },
                    slope,
                    intercept,
                    range: None,
                },
                _ => return Err(bad(zone, "`relation` alone, or both `slope` and `intercept`")),
            };
            follows(zone, related, relation, SCATTER, index)
        }
    }
}

/// Link of the density of `zone` under a rule; shared without one.
pub(super) fn density(zone: &str, rule: Option<&Rule>, index: Lookup<'_>) -> Result<Link> {
    match rule {
        None | Some(Rule::Word(Word::Shared)) => Ok(Link::Shared),
        Some(Rule::Word(Word::Free)) => Ok(Link::Own),
        Some(Rule::Tied(Tied { tied })) => Ok(Link::Same(index(zone, tied)?)),
        Some(Rule::Related(related)) => match (&related.relation, related.slope, related.intercept, related.form) {
            (None, Some(slope), Some(intercept), None) if related.when == When::Always => {
                let relation = Relation {
                    name: "custom".into(),
                    form: RelationForm::Linear,
                    slope,
                    intercept,
                    range: None,
                };
                follows(zone, related, relation, DENSITY_SCATTER, index)
            }
            _ => Err(bad(
                zone,
                "a relation of its density by `slope` and `intercept` of log10 n_e, for all objects",
            )),
        },
    }
}

fn follows(zone: &str, related: &Related, relation: Relation, scatter: f64, index: Lookup<'_>) -> Result<Link> {
    let scatter = related.scatter.unwrap_or(scatter);
    if !(scatter > 0.0 && scatter.is_finite() && relation.slope.is_finite() && relation.intercept.is_finite()) {
        return Err(bad(zone, "finite `slope` and `intercept`, and `scatter` > 0"));
    }
    Ok(Link::Follows(Follows {
        from: index(zone, &related.from)?,
        relation,
        scatter,
        when: related.when,
        by_preset: false,
    }))
}

/// Link to the zone `from` by the relation called `relation`.
pub(super) fn by_name(zone: &str, relation: &str, from: usize, scatter: f64, by_preset: bool) -> Result<Link> {
    Ok(Link::Follows(Follows {
        from,
        relation: Relation::named(zone, relation)?,
        scatter,
        when: When::Always,
        by_preset,
    }))
}
