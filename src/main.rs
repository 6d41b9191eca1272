//! The command-line program.

use std::process::ExitCode;

/// Where a desktop session keeps its sockets.
const SESSION: &str = "XDG_RUNTIME_DIR";
/// Set, it keeps Mesa's device-select layer out of the Vulkan drivers (mesa3d.org, environment
/// variables).
const NO_LAYER: &str = "NODEVICE_SELECT";

fn main() -> ExitCode {
    if std::env::var_os(SESSION).is_none() {
        // Without a session that layer writes errors to the terminal while devices are listed, and
        // has nothing to say. SAFETY: no other thread has been started that could read the
        // environment meanwhile.
        unsafe { std::env::set_var(NO_LAYER, "1") };
    }
    nebulium::cli::run()
}
