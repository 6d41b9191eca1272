//! Sets of emissivities in the program, by name, and sets mixed ion by ion.

use std::path::Path;

use super::{Set, hexadecimal};
use crate::error::{EmissivityError, Error, Result};
use crate::line::Ion;

/// Prefix of the path of a set's directory, in place of a name.
pub const DIRECTORY_PREFIX: &str = "dir:";

/// Name, manifest and nodes of a set.
type Files = (&'static str, &'static str, &'static [u8]);

macro_rules! set {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../data/emissivities/", $name, "/manifest.toml")),
            include_bytes!(concat!("../../data/emissivities/", $name, "/nodes.npy")),
        )
    };
}

/// All sets, the complete one first.
const SETS: [Files; 5] = [
    set!("pyneb23"),
    set!("He1-DZS22"),
    set!("O3-AK99"),
    set!("S2-TZ10"),
    set!("S3-GRHK14"),
];

impl Set {
    /// Names of the sets in the program: the complete one first, then those of one ion each.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SETS.iter().map(|(name, ..)| *name)
    }

    /// The complete set in the program, `pyneb23`.
    ///
    /// # Errors
    /// None in a program that passed its tests.
    pub fn built_in() -> Result<Set> {
        Set::named(SETS[0].0)
    }

    /// The set with this name in the program, or, for `dir:PATH`, the set in that directory.
    ///
    /// # Errors
    /// An unknown name; as [`Set::read`].
    pub fn named(name: &str) -> Result<Set> {
        if let Some(directory) = name.strip_prefix(DIRECTORY_PREFIX) {
            return Set::read(Path::new(directory));
        }
        Set::raw(name)?.with_helium_shift()
    }

    /// The set with this name in the program, without the shift of He I.
    pub(super) fn raw(name: &str) -> Result<Set> {
        let Some((name, manifest, nodes)) = SETS.iter().find(|(known, ..)| *known == name) else {
            let known: Vec<&str> = Set::names().collect();
            return Err(Error::Emissivity(EmissivityError::UnknownSet {
                name: name.to_owned(),
                known: known.join(", "),
            }));
        };
        let path = Path::new(*name);
        Set::from_texts(manifest, path, nodes, path)
    }

    /// Ions of the lines, each once.
    pub fn ions(&self) -> Vec<Ion> {
        let mut ions: Vec<Ion> = self.list.lines.iter().map(|line| line.ion).collect();
        ions.sort_unstable();
        ions.dedup();
        ions
    }

    /// Copy of this set with the lines of `ion` taken from `other`: values, validity and
    /// provenance, exactly. Its name becomes `NAME+ION=OTHER`, and its hash that of both hashes and
    /// the ion.
    ///
    /// # Errors
    /// An ion without a line in either set, other axes, a line of the ion that `other` lacks.
    pub fn with(mut self, ion: Ion, other: &Set) -> Result<Set> {
        for set in [&self, other] {
            let ions = set.ions();
            if !ions.contains(&ion) {
                let known: Vec<String> = ions.iter().map(Ion::to_string).collect();
                return Err(Error::Emissivity(EmissivityError::WithoutIon {
                    set: set.name.clone(),
                    ion: ion.to_string(),
                    known: known.join(", "),
                }));
            }
        }
        if self.axes != other.axes {
            return Err(Error::Emissivity(EmissivityError::Axes {
                set: other.name.clone(),
                base: self.name.clone(),
            }));
        }
        for place in 0..self.list.lines.len() {
            if self.list.lines[place].ion == ion {
                self.take_line(place, other)?;
            }
        }
        self.hash = hexadecimal(&[self.hash.as_bytes(), ion.to_string().as_bytes(), other.hash.as_bytes()]);
        self.name = format!("{}+{ion}={}", self.name, other.name);
        let more = other
            .citations
            .iter()
            .filter(|citation| !self.citations.contains(citation));
        let more: Vec<String> = more.cloned().collect();
        self.citations.extend(more);
        Ok(self)
    }

    /// Replaces the line with index `place` by the line of `other` with the same label.
    fn take_line(&mut self, place: usize, other: &Set) -> Result<()> {
        let label = &self.list.lines[place].label;
        let Some(theirs) = other.list.position(label) else {
            return Err(Error::Emissivity(EmissivityError::WithoutLine {
                set: other.name.clone(),
                line: label.clone(),
            }));
        };
        self.grid.take_row(1 + place, &other.grid, 1 + theirs);
        self.reference[1 + place] = other.reference[1 + theirs];
        self.list.lines[place] = other.list.lines[theirs].clone();
        self.provenance[place] = other.provenance[theirs].clone();
        Ok(())
    }
}
