//! Members of a sum, single lines: given in `[blends]` or named one by one.

use super::spelling::{Part, spell};
use super::{EQUALLY_NEAR, LineList, Resolved};
use crate::error::{LineError, Result};

impl LineList {
    /// Lines of the members given by the user, in their order. Each is the line with that label,
    /// else the nearest line of its ion, without regard to other names. `O2_7319A` given as its own
    /// member is that line alone.
    ///
    /// # Errors
    /// [`LineError::LineName`], [`LineError::UnknownLine`], [`LineError::AmbiguousLine`],
    /// [`LineError::RepeatedMember`], and [`LineError::MergedWithoutMembers`] for a member that is
    /// itself a sum, or for no member.
    pub fn sum_of(&self, label: &str, members: &[String]) -> Result<Resolved, LineError> {
        let without = |label: &str| LineError::MergedWithoutMembers {
            label: label.to_owned(),
        };
        let mut indices = Vec::with_capacity(members.len());
        for member in members {
            let spelled = spell(member).ok_or_else(|| LineError::LineName { name: member.clone() })?;
            let [part] = &spelled.parts[..] else {
                return Err(without(member));
            };
            if spelled.is_sum {
                return Err(without(member));
            }
            let index = nearest(self, member, part, &[])?;
            if indices.contains(&index) {
                let (label, member) = (label.to_owned(), self.lines[index].label.clone());
                return Err(LineError::RepeatedMember { label, member });
            }
            indices.push(index);
        }
        match indices.is_empty() {
            true => Err(without(label)),
            false => Ok(Resolved {
                label: label.to_owned(),
                members: indices,
            }),
        }
    }
}

/// Lines of a sum named one by one, `OII_3727_29`: each part takes the nearest free line.
pub(super) fn of_parts(list: &LineList, name: &str, parts: &[Part]) -> Result<Vec<usize>, LineError> {
    let mut taken = Vec::with_capacity(parts.len());
    for part in parts {
        taken.push(nearest(list, name, part, &taken)?);
    }
    Ok(taken)
}

/// Line with the label of a part, else the nearest line of its ions, in air or vacuum, that is not
/// `taken`.
fn nearest(list: &LineList, name: &str, part: &Part, taken: &[usize]) -> Result<usize, LineError> {
    if let Some(index) = part.label.as_ref().and_then(|label| list.position(label)) {
        return Ok(index);
    }
    let of_ions = |index: &usize| part.ions.is_empty() || part.ions.contains(&list.lines[*index].ion);
    let off = |index: usize| list.lines[index].distance(part.wavelength);
    let mut near: Vec<usize> = (0..list.lines.len())
        .filter(of_ions)
        .filter(|&index| off(index) <= part.tolerance)
        .collect();
    near.retain(|index| !taken.contains(index));
    near.sort_by(|&a, &b| off(a).total_cmp(&off(b)));
    let label = |index: usize| list.lines[index].label.clone();
    match near[..] {
        [first, second, ..] if taken.is_empty() && off(second) - off(first) < EQUALLY_NEAR => {
            Err(LineError::AmbiguousLine {
                label: name.to_owned(),
                first: label(first),
                second: label(second),
            })
        }
        [first, ..] => Ok(first),
        [] => {
            let known: Vec<String> = (0..list.lines.len()).filter(of_ions).map(label).collect();
            let ions: Vec<String> = part.ions.iter().map(ToString::to_string).collect();
            Err(LineError::UnknownLine {
                label: name.to_owned(),
                ion: ions.join(" or "),
                known: known.join(", "),
            })
        }
    }
}
