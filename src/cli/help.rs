//! Groups of flags, and the examples below the help of each command.

/// Groups of flags.
pub(super) mod headings {
    /// Format and columns of the table.
    pub(crate) const CATALOGUE: &str = "Reading the catalogue";
    /// Priors, physics and atomic data.
    pub(crate) const MODEL: &str = "Model";
    /// Posterior or classical answer.
    pub(crate) const METHOD: &str = "Method";
    /// Chains and draws.
    pub(crate) const SAMPLER: &str = "Sampler";
    /// Device and threads.
    pub(crate) const MACHINE: &str = "Machine";
    /// Files of the result.
    pub(crate) const RESULT: &str = "Result";
    /// Parts of a catalogue that are printed.
    pub(crate) const SHOWN: &str = "What is shown";
    /// Output to the terminal, and exit codes.
    pub(crate) const RUN: &str = "Messages and exit code";
    /// Runs of `convergence`.
    pub(crate) const GRID: &str = "Runs and reference";
    /// The galaxies of `simulate`.
    pub(crate) const TRUTH: &str = "Truth";
    /// The noise of `simulate`.
    pub(crate) const NOISE: &str = "Noise";
}

/// Below the list of commands.
pub(super) const AFTER: &str = "\
Examples:
  nebulium check galaxies.csv
  nebulium fit galaxies.csv --out result
  nebulium cite result

Exit codes:
  0    good
  1    a result or the output could not be written
  2    usage or configuration is wrong
  3    the input is unusable
  4    objects were rejected or failed, with --strict
  5    the device failed
  128 + N  stopped by signal N: 130 by Ctrl-C, 143 by SIGTERM";

/// Below `fit --help`.
pub(super) const FIT: &str = "\
Examples:
  nebulium fit galaxies.csv --out result
  nebulium fit log.txt --config nebulium.toml --preset plain
  nebulium fit survey.fits --out result --keep targetid,z --keep-draws none
  nebulium fit survey.fits --method importance --audit 0.01 --out first_look
  nebulium fit galaxies.csv --method both --out result";

/// Below `compare --help`.
pub(super) const COMPARE: &str = "\
Example:
  nebulium compare galaxies.csv --with O3=O3-AK99 --with S3=S3-GRHK14 --out shifts.csv";

/// Below `convergence --help`.
pub(super) const CONVERGENCE: &str = "\
Example:
  nebulium convergence galaxies.csv --object SHOC579 --chains 4,64 --out grid";

/// Below `check --help`.
pub(super) const CHECK: &str = "\
Examples:
  nebulium check galaxies.csv
  nebulium check galaxies.csv --object SHOC579
  nebulium check galaxies.csv --rejected";

/// Below `init --help`.
pub(super) const INIT: &str = "\
Example:
  nebulium init survey.fits --out survey.toml";

/// Below `simulate --help`.
pub(super) const SIMULATE: &str = "\
Examples:
  nebulium simulate --objects 300 --seed 1 --out simulated.csv
  nebulium simulate --objects 300 --truth prior --config model.toml --noise student-t:4 --out simulated.csv";

/// Below `emissivity --help`.
pub(super) const EMISSIVITY: &str = "\
Examples:
  nebulium emissivity --list
  nebulium emissivity --points points.csv --with O3=O3-AK99";

/// Below `lines --help`.
pub(super) const LINES: &str = "\
Examples:
  nebulium lines
  nebulium lines OII3727 '[OIII]5007' HB4861";

/// Below `cite --help`.
pub(super) const CITE: &str = "\
Examples:
  nebulium cite > nebulium.bib
  nebulium cite result > paper.bib";

/// Below `completions --help`.
pub(super) const COMPLETIONS: &str = "\
Examples:
  nebulium completions bash > ~/.local/share/bash-completion/completions/nebulium
  nebulium completions zsh > ~/.zfunc/_nebulium
  nebulium completions fish > ~/.config/fish/completions/nebulium.fish";

/// Below `man --help`.
pub(super) const MAN: &str = "\
Examples:
  nebulium man | man -l -
  nebulium man ~/.local/share/man/man1";
