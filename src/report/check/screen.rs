//! Sections of a summary laid out on a screen of so many rows and columns; what does not fit is
//! counted.

/// Longest row of a summary \[characters\].
pub(super) const WIDTH: usize = 100;
/// Most rows of one item.
const ITEM_ROWS: usize = 3;

/// A part of a summary: a head, items of one or more rows, and words for the items that do not fit.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// Rows above the items.
    pub(super) head: Vec<String>,
    /// Rows of each item.
    pub(super) items: Vec<Vec<String>>,
    /// Plural noun of the items.
    pub(super) noun: &'static str,
    /// The way to see all items.
    pub(super) all: &'static str,
    /// Items that are added in turn with those of other sections.
    pub(super) share: usize,
}

impl Section {
    /// Rows that the section takes with the first `shown` of its items, and a blank row before it.
    fn rows(&self, shown: usize) -> usize {
        let items: usize = self.items[..shown].iter().map(Vec::len).sum();
        1 + self.head.len() + items + usize::from(shown < self.items.len())
    }

    fn write(&self, shown: usize, text: &mut String) {
        let items = self.items[..shown].iter().flatten();
        let more = match self.items.len() - shown {
            0 => None,
            more => Some(format!("  and {more} more {}: {}", self.noun, self.all)),
        };
        text.push('\n');
        for row in self.head.iter().chain(items).chain(&more) {
            text.push_str(&cut(row));
            text.push('\n');
        }
    }
}

/// The head and the sections that hold something, in `rows` rows if their heads fit in.
pub(super) fn laid_out(head: &[String], sections: &[Section], rows: usize) -> String {
    let sections: Vec<&Section> = sections.iter().filter(|section| !section.items.is_empty()).collect();
    let mut shown = vec![0; sections.len()];
    let total = |shown: &[usize]| {
        let of_sections = sections.iter().zip(shown).map(|(section, &shown)| section.rows(shown));
        head.len() + of_sections.sum::<usize>()
    };
    loop {
        let before = shown.clone();
        for (place, section) in sections.iter().enumerate() {
            for _ in 0..section.share.min(section.items.len() - shown[place]) {
                shown[place] += 1;
                if total(&shown) > rows {
                    shown[place] -= 1;
                    break;
                }
            }
        }
        if shown == before {
            break;
        }
    }
    let mut text: String = head.iter().map(|row| format!("{}\n", cut(row))).collect();
    sections
        .iter()
        .zip(shown)
        .for_each(|(section, shown)| section.write(shown, &mut text));
    text
}

/// A row no longer than the screen is wide.
fn cut(row: &str) -> String {
    match row.char_indices().nth(WIDTH) {
        None => row.to_owned(),
        Some(_) => row.chars().take(WIDTH - 1).chain(['…']).collect(),
    }
}

/// A text broken at blanks into rows of the screen's width, the first after `lead`, the others as
/// far from the left and two columns more.
pub(super) fn broken(lead: &str, text: &str) -> Vec<String> {
    let indent = " ".repeat(lead.chars().count() + 2);
    let mut rows = vec![lead.to_owned()];
    let mut length = 0;
    for word in text.split_whitespace() {
        let start = if rows.len() == 1 { lead } else { indent.as_str() }.chars().count();
        let added = word.chars().count() + usize::from(length > 0);
        if length > 0 && start + length + added > WIDTH {
            rows.push(indent.clone());
            length = 0;
        }
        let Some(row) = rows.last_mut() else { break };
        if length > 0 {
            row.push(' ');
            length += 1;
        }
        row.push_str(word);
        length += word.chars().count();
    }
    rows
}
/// A text broken in the same way and cut after three rows.
/// The same, cut after three rows.
pub(super) fn shortened(lead: &str, text: &str) -> Vec<String> {
    let mut rows = broken(lead, text);
    if rows.len() > ITEM_ROWS {
        rows.truncate(ITEM_ROWS);
        let last = &mut rows[ITEM_ROWS - 1];
        *last = last.chars().take(WIDTH - 2).chain(" …".chars()).collect();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(items: usize, rows: usize) -> Section {
        Section {
            head: vec!["head".to_owned()],
            items: vec![vec!["item".to_owned(); rows]; items],
            noun: "items",
            all: "--all prints them",
            share: 1,
        }
    }

    #[test]
    fn sections_share_the_screen() {
        let sections = [section(100, 1), section(2, 3), section(0, 1), section(50, 2)];
        let text = laid_out(&["a catalogue".to_owned()], &sections, 48);
        assert!((46..=48).contains(&text.lines().count()), "{text}");
        assert_eq!(text.matches("head").count(), 3);
        assert_eq!(text.matches("more items: --all prints them").count(), 2);
    }

    #[test]
    fn a_large_screen_shows_everything() {
        let text = laid_out(&[], &[section(100, 1), section(3, 2)], usize::MAX);
        assert_eq!(text.matches("item").count(), 106);
        assert!(!text.contains("more"));
    }

    #[test]
    fn long_texts_are_broken_at_blanks_and_cut() {
        let text = "word ".repeat(100);
        assert_eq!(broken("  12: ", &text).concat().matches("word").count(), 100);
        let rows = shortened("  12: ", &text);
        assert_eq!(rows.len(), ITEM_ROWS);
        assert!(rows.iter().all(|row| row.chars().count() <= WIDTH), "{rows:?}");
        assert!(
            rows[2].ends_with('…') && rows[1].starts_with("        word"),
            "{rows:?}"
        );
        assert_eq!(broken("  ", "a b"), ["  a b"]);
        assert_eq!(cut(&"x".repeat(200)).chars().count(), WIDTH);
    }
}
