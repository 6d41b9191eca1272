//! Signals that ask a run to stop: the first stops it after the objects in hand, the second ends
//! the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use super::warn;

/// Ctrl-C of a terminal, SIGINT.
const INTERRUPT: u8 = 2;
/// Exit codes of a signal begin here.
const SIGNALLED: u8 = 128;
/// The signal that asked this program to stop.
static SIGNAL: AtomicU8 = AtomicU8::new(INTERRUPT);

/// Sets `stop` at the first signal and ends the program at the second.
pub(super) fn stop_at_signal(stop: &Arc<AtomicBool>) {
    let flag = Arc::clone(stop);
    let handler = move |signal: u8| {
        SIGNAL.store(signal, Ordering::Relaxed);
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(exit_code()));
        }
        warn("stopping after the objects in hand; again to stop at once");
    };
    // Without a handler a signal ends the program at once; that leaves no file under a final name.
    let _ = handle(handler);
}

/// Exit code of a run that a signal stopped: 128 and the number of the signal.
pub(super) fn exit_code() -> u8 {
    SIGNALLED + SIGNAL.load(Ordering::Relaxed)
}

/// Calls `handler` with the number of each signal: SIGINT of Ctrl-C; SIGTERM, which Slurm sends
/// before the end of a job's time; SIGUSR1, which `sbatch --signal` may send earlier; and SIGHUP of
/// a closed terminal, unless `nohup` has the program ignore it.
#[cfg(unix)]
fn handle(mut handler: impl FnMut(u8) + Send + 'static) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
    let mut asked = vec![SIGINT, SIGTERM, SIGUSR1];
    if !is_ignored(SIGHUP) {
        asked.push(SIGHUP);
    }
    let mut signals = signal_hook::iterator::Signals::new(asked)?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            handler(u8::try_from(signal).unwrap_or(INTERRUPT));
        }
    });
    Ok(())
}

/// True if the program ignores a signal.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let mut present = std::mem::MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: a null action changes nothing; the present one is read only if the call filled it.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), present.as_mut_ptr()) == 0
            && present.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

/// Calls `handler` at each Ctrl-C.
#[cfg(not(unix))]
fn handle(mut handler: impl FnMut(u8) + Send + 'static) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(move || handler(INTERRUPT))
}
