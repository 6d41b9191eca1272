//! Ctrl-C: the first stops a run after the objects in hand, the second ends the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{INTERRUPTED, warn};

/// Sets `stop` at the first Ctrl-C and ends the program at the second.
pub(super) fn stop_at_interrupt(stop: &Arc<AtomicBool>) {
    let flag = Arc::clone(stop);
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
        warn("stopping after the objects in hand; again to stop at once");
    };
    // Without a handler Ctrl-C ends the program at once; that leaves no file under a final name.
    let _ = ctrlc::set_handler(handler);
}
