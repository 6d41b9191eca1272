//! The entries of `data/references.bib`, each with the topics that it documents.

/// The file.
const REFERENCES: &str = include_str!("../../data/references.bib");
/// Opening of the line above an entry that lists its topics.
const USE: &str = "% use: ";
/// Mark between two topics.
const BETWEEN: &str = " | ";
/// Opening of a topic that is a part of a reference in the tables of emissivities.
pub(super) const ATOMIC: &str = "atomic ";

/// One entry.
pub(super) struct Entry<'a> {
    /// Topics as the file lists them.
    topics: Vec<&'a str>,
    /// The entry in BibTeX.
    pub(super) text: &'a str,
}

impl Entry<'_> {
    /// Tests whether the entry documents a topic: the same words, or a part of an atomic reference.
    pub(super) fn documents(&self, topic: &str) -> bool {
        self.topics.iter().any(|own| {
            own == &topic
                || own
                    .strip_prefix(ATOMIC)
                    .zip(topic.strip_prefix(ATOMIC))
                    .is_some_and(|(part, reference)| reference.contains(part))
        })
    }
}

/// All entries in the order of the file.
pub(super) fn entries() -> Vec<Entry<'static>> {
    let paragraphs = REFERENCES.split("\n\n").map(str::trim);
    paragraphs
        .filter_map(|paragraph| {
            let (topics, text) = paragraph.strip_prefix(USE)?.split_once('\n')?;
            Some(Entry {
                topics: topics.split(BETWEEN).collect(),
                text,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_whole_and_has_a_key_of_its_own() {
        let entries = entries();
        assert_eq!(entries.len(), REFERENCES.matches("\n@").count());
        let mut keys: Vec<&str> = entries
            .iter()
            .map(|entry| entry.text.split(['{', ',']).nth(1).unwrap())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), entries.len());
        for Entry { text, topics } in entries {
            assert!(text.starts_with('@') && text.ends_with("\n}"), "{text}");
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{text}");
            assert!(topics.iter().all(|topic| !topic.is_empty()), "{text}");
        }
    }
}
