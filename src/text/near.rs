//! Names similar to one that was not found, collected while names are read.

/// Number of names that are kept.
const KEPT: usize = 3;
/// Least similarity of a name (Jaro–Winkler, 0 to 1).
const ALIKE: f64 = 0.8;

/// Nearest names to a wanted one, among any number of names.
#[derive(Clone, Debug)]
pub(crate) struct Near {
    /// Wanted name, in lower case.
    wanted: String,
    /// Names with their similarities, the nearest first.
    found: Vec<(f64, String)>,
}

impl Near {
    /// A search for names near `wanted`; case does not matter.
    pub(crate) fn to(wanted: &str) -> Near {
        Near {
            wanted: wanted.to_lowercase(),
            found: Vec::new(),
        }
    }

    /// Keeps a name that is nearer than one of those kept.
    pub(crate) fn see(&mut self, name: &str) {
        let likeness = strsim::jaro_winkler(&self.wanted, &name.to_lowercase());
        let least = if self.found.len() < KEPT {
            ALIKE
        } else {
            self.found[KEPT - 1].0
        };
        if likeness <= least || self.found.iter().any(|(_, known)| known == name) {
            return;
        }
        let place = self.found.partition_point(|(known, _)| *known >= likeness);
        self.found.insert(place, (likeness, name.to_owned()));
        self.found.truncate(KEPT);
    }

    /// Names kept, the nearest first.
    pub(crate) fn names(self) -> Vec<String> {
        self.found.into_iter().map(|(_, name)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_are_kept() {
        let mut near = Near::to("shoc57");
        for name in ["K932", "SHOC58", "SHOC579", "SHOC57b", "SHOC579", "SHOC5", "H1013"] {
            near.see(name);
        }
        let names = near.names();
        assert_eq!(names.len(), KEPT);
        assert!(
            names.contains(&"SHOC579".to_owned()) && !names.contains(&"K932".to_owned()),
            "{names:?}"
        );
    }
}
