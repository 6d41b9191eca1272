//! Progress of a run: a bar on a terminal, elsewhere a line every 30 s.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::warn;

/// Time between two lines off a terminal.
const EVERY: Duration = Duration::from_secs(30);
/// Time between two pictures of the bar.
const TICK: Duration = Duration::from_millis(200);
/// Template of the bar.
const BAR: &str = "{elapsed_precise} {wide_bar} {pos}/{len} {msg}, {per_sec}, {eta} left";

/// Progress of a run on the standard error; the bar disappears with the value.
pub(super) struct Progress(Kind);

enum Kind {
    Quiet,
    Bar(ProgressBar),
    Lines {
        done: Arc<AtomicUsize>,
        ended: Option<Sender<()>>,
        thread: Option<JoinHandle<()>>,
    },
}

impl Progress {
    /// Shows the progress over a number of objects, unless `quiet`.
    pub(super) fn new(objects: usize, quiet: bool) -> Progress {
        Progress::of("objects", objects, quiet)
    }

    /// Shows the progress over `total` things with the name `what`, unless `quiet`.
    pub(super) fn of(what: &'static str, total: usize, quiet: bool) -> Progress {
        if quiet {
            return Progress(Kind::Quiet);
        }
        if !std::io::stderr().is_terminal() {
            return Progress(lines(what, total, EVERY));
        }
        let style = ProgressStyle::with_template(BAR).expect("the template is a constant");
        let bar = ProgressBar::new(total as u64).with_style(style).with_message(what);
        bar.enable_steady_tick(TICK);
        Progress(Kind::Bar(bar))
    }

    /// Counts one more as done.
    pub(super) fn advance(&self) {
        match &self.0 {
            Kind::Quiet => {}
            Kind::Bar(bar) => bar.inc(1),
            Kind::Lines { done, .. } => {
                done.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        match &mut self.0 {
            Kind::Quiet => {}
            Kind::Bar(bar) => bar.finish_and_clear(),
            Kind::Lines { ended, thread, .. } => {
                drop(ended.take());
                let _ = thread.take().map(JoinHandle::join);
            }
        }
    }
}

/// Starts a thread that prints a line each time `every` has passed.
fn lines(what: &'static str, total: usize, every: Duration) -> Kind {
    let done = Arc::new(AtomicUsize::new(0));
    let (ended, end) = mpsc::channel();
    let begun = Instant::now();
    let counter = Arc::clone(&done);
    let thread = thread::spawn(move || {
        while end.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
            warn(&line(what, counter.load(Ordering::Relaxed), total, begun.elapsed()));
        }
    });
    Kind::Lines {
        done,
        ended: Some(ended),
        thread: Some(thread),
    }
}

/// Text of a line: `128 of 1000 objects, 2.1/s, about 410 s left`.
fn line(what: &str, done: usize, total: usize, elapsed: Duration) -> String {
    let rate = done as f64 / elapsed.as_secs_f64();
    if done == 0 {
        return format!("0 of {total} {what} after {:.0} s", elapsed.as_secs_f64());
    }
    let left = (total - done) as f64 / rate;
    format!("{done} of {total} {what}, {rate:.1}/s, about {left:.0} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_rate_and_time_left() {
        let after = Duration::from_secs(60);
        assert_eq!(
            line("objects", 120, 1000, after),
            "120 of 1000 objects, 2.0/s, about 440 s left"
        );
        assert_eq!(line("runs", 0, 1000, after), "0 of 1000 runs after 60 s");
    }

    #[test]
    fn the_thread_ends_with_the_progress() {
        let progress = Progress(lines("objects", 3, Duration::from_secs(3600)));
        progress.advance();
        drop(progress);
    }
}
