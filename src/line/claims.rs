//! Lines claimed by the names of a table: for each line at most two of them, enough to know whether
//! another one does.

/// Two different names at most, by number.
#[derive(Debug, Clone, Copy, Default)]
struct Two([Option<usize>; 2]);

impl Two {
    fn add(&mut self, name: usize) {
        match self.0 {
            [None, _] => self.0[0] = Some(name),
            [Some(first), None] if first != name => self.0[1] = Some(name),
            _ => {}
        }
    }

    fn has_other(self, name: Option<usize>) -> bool {
        self.0.iter().flatten().any(|&other| Some(other) != name)
    }
}

/// Names by line.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Names that give the line, alone or in a sum.
    named: Vec<Two>,
    /// These, and names between the lines of its multiplet.
    touched: Vec<Two>,
    /// Distance \[Å\] of the nearest wavelength that stands without an ion.
    nearest: Vec<f64>,
}

impl Claims {
    /// No claims on any of so many lines.
    pub(super) fn new(lines: usize) -> Claims {
        Claims {
            named: vec![Two::default(); lines],
            touched: vec![Two::default(); lines],
            nearest: vec![f64::INFINITY; lines],
        }
    }

    /// A name gives these lines.
    pub(super) fn name(&mut self, lines: &[usize], name: usize) {
        for &line in lines {
            self.named[line].add(name);
        }
        self.touch(lines, name);
    }

    /// A name lies between these lines.
    pub(super) fn touch(&mut self, lines: &[usize], name: usize) {
        for &line in lines {
            self.touched[line].add(name);
        }
    }

    /// A wavelength without an ion lies at this distance \[Å\] from a line.
    pub(super) fn approach(&mut self, line: usize, distance: f64) {
        self.nearest[line] = self.nearest[line].min(distance);
    }

    /// True if another name gives the line.
    pub(super) fn is_named(&self, line: usize, but: Option<usize>) -> bool {
        self.named[line].has_other(but)
    }

    /// True if another name gives the line or lies between it and others.
    pub(super) fn is_touched(&self, line: usize, but: Option<usize>) -> bool {
        self.touched[line].has_other(but)
    }

    /// Distance \[Å\] of the wavelength nearest to a line.
    pub(super) fn nearest(&self, line: usize) -> f64 {
        self.nearest[line]
    }
}
