//! Lines claimed by the names of a table. At most two names per line are stored, enough to tell
//! whether another name claims the line.

/// At most two different names, by number.
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
    /// Names that give the line, or lie between the lines of its multiplet.
    touched: Vec<Two>,
    /// Distance \[Å\] to the nearest wavelength without an ion.
    nearest: Vec<f64>,
}

impl Claims {
    /// Claims on none of this number of lines.
    pub(super) fn new(lines: usize) -> Claims {
        Claims {
            named: vec![Two::default(); lines],
            touched: vec![Two::default(); lines],
            nearest: vec![f64::INFINITY; lines],
        }
    }

    /// Notes that a name gives these lines.
    pub(super) fn name(&mut self, lines: &[usize], name: usize) {
        for &line in lines {
            self.named[line].add(name);
        }
        self.touch(lines, name);
    }

    /// Notes that a name lies between these lines.
    pub(super) fn touch(&mut self, lines: &[usize], name: usize) {
        for &line in lines {
            self.touched[line].add(name);
        }
    }

    /// Notes a wavelength without an ion at this distance \[Å\] from a line.
    pub(super) fn approach(&mut self, line: usize, distance: f64) {
        self.nearest[line] = self.nearest[line].min(distance);
    }

    /// Tells whether another name gives the line.
    pub(super) fn is_named(&self, line: usize, but: Option<usize>) -> bool {
        self.named[line].has_other(but)
    }

    /// Tells whether another name gives the line, or lies between the line and others.
    pub(super) fn is_touched(&self, line: usize, but: Option<usize>) -> bool {
        self.touched[line].has_other(but)
    }

    /// Distance \[Å\] of the nearest wavelength to a line.
    pub(super) fn nearest(&self, line: usize) -> f64 {
        self.nearest[line]
    }
}
