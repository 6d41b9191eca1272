//! Constants that kernels see under their Rust names, as WGSL text.

/// Value of a shared constant.
#[derive(Clone, Copy, Debug)]
pub enum Constant {
    /// Number of things, or a code.
    Index(u32),
    /// Real number.
    Real(f64),
    /// Coefficients of a polynomial, from the lowest power up.
    Polynomial(&'static [f64]),
    /// Pairs of indices.
    Pairs(&'static [[u32; 2]]),
    /// Rows (a, b, c) of Σ a exp(b x + c y).
    Exponentials(&'static [[f64; 3]]),
}

impl Constant {
    /// Declaration of the constant: a `const`, or a function of its name in lower case. The
    /// function of a polynomial evaluates it by Horner's scheme. The function of exponentials
    /// returns their sum and its derivatives with respect to x and y.
    pub fn declaration(&self, name: &str) -> String {
        match self {
            Constant::Index(value) => format!("const {name} = {value}u;\n"),
            Constant::Real(value) => format!("const {name} = {};\n", literal(*value)),
            Constant::Polynomial(coefficients) => {
                let (highest, rest) = coefficients.split_last().expect("a polynomial has coefficients");
                let sum = rest
                    .iter()
                    .rev()
                    .fold(literal(*highest), |sum, &c| format!("({sum}) * x + {}", literal(c)));
                format!("fn {}(x: f32) -> f32 {{ return {sum}; }}\n", name.to_lowercase())
            }
            Constant::Pairs(pairs) => {
                let items: Vec<String> = pairs.iter().map(|[a, b]| format!("vec2({a}u, {b}u)")).collect();
                format!("const {name} = array({});\n", items.join(", "))
            }
            Constant::Exponentials(rows) => {
                let name = name.to_lowercase();
                let row = |[a, b, c]: &[f64; 3]| {
                    let (a, b, c) = (literal(*a), literal(*b), literal(*c));
                    format!("    sum += {a} * exp({b} * x + {c} * y) * vec3(1.0, {b}, {c});\n")
                };
                let rows: String = rows.iter().map(row).collect();
                format!(
                    "fn {name}(x: f32, y: f32) -> vec3<f32> {{\n    var sum = vec3(0.0);\n{rows}    return sum;\n}}\n"
                )
            }
        }
    }
}

/// Number of single precision nearest to `value`, as a WGSL literal.
pub fn literal(value: f64) -> String {
    format!("{:e}f", value as f32)
}

/// Declarations of a module's shared constants.
pub fn declarations(constants: &[(&str, Constant)]) -> String {
    constants.iter().map(|(name, value)| value.declaration(name)).collect()
}

macro_rules! constant_value {
    (u32, $name:ident) => {
        $crate::number::wgsl::Constant::Index($name)
    };
    (usize, $name:ident) => {
        $crate::number::wgsl::Constant::Index($name as u32)
    };
    (f64, $name:ident) => {
        $crate::number::wgsl::Constant::Real($name)
    };
    ([[u32; 2]; $length:literal], $name:ident) => {
        $crate::number::wgsl::Constant::Pairs(&$name)
    };
    ([[f64; 3]; $length:literal], $name:ident) => {
        $crate::number::wgsl::Constant::Exponentials(&$name)
    };
    ([f64; $length:literal], $name:ident) => {
        $crate::number::wgsl::Constant::Polynomial(&$name)
    };
}

/// Declares constants for Rust, and `CONSTANTS`, their names and values for kernels.
macro_rules! shared_constants {
    ($($(#[$doc:meta])* $visibility:vis const $name:ident: $type:tt = $value:expr;)+) => {
        $($(#[$doc])* $visibility const $name: $type = $value;)+

        /// Constants of this module that kernels use.
        pub(crate) const CONSTANTS: &[(&str, $crate::number::wgsl::Constant)] =
            &[$((stringify!($name), $crate::number::wgsl::constant_value!($type, $name))),+];
    };
}

/// Declares a closed set of codes: an enum for Rust, `ALL` of them, and `CODES`, the names and
/// numbers that kernels see.
macro_rules! shared_enum {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident = $code:ident),+ $(,)?
    }) => {
        $(#[$meta])*
        #[repr(u32)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $visibility enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// Codes in the order of their numbers.
            pub const ALL: &'static [Self] = &[$($name::$variant),+];

            /// Codes under the names that kernels use.
            pub(crate) const CODES: &'static [(&'static str, $crate::number::wgsl::Constant)] =
                &[$((stringify!($code), $crate::number::wgsl::Constant::Index($name::$variant as u32))),+];
        }

        // SAFETY: `repr(u32)`, so four bytes without padding.
        unsafe impl bytemuck::NoUninit for $name {}
    };
}

pub(crate) use {constant_value, shared_constants, shared_enum};

/// WGSL `switch` over the names of codes, each of which returns its expression. The last one also
/// stands for any number that is no code.
pub fn switch(selector: &str, cases: &[(&str, &str)]) -> String {
    let mut text = format!("    switch {selector} {{\n");
    for (k, (code, expression)) in cases.iter().enumerate() {
        let default = if k + 1 == cases.len() { ", default" } else { "" };
        text += &format!("        case {code}{default}: {{ return {expression}; }}\n");
    }
    text + "    }\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_hold_the_nearest_single() {
        assert_eq!(
            Constant::Index(u32::MAX).declaration("NONE"),
            "const NONE = 4294967295u;\n"
        );
        assert_eq!(Constant::Real(0.1).declaration("A"), "const A = 1e-1f;\n");
        assert_eq!(
            literal(1.0 / 3.0).trim_end_matches('f').parse::<f32>(),
            Ok((1.0 / 3.0) as f32)
        );
        assert_eq!(
            Constant::Polynomial(&[1.0, 2.0, 3.0]).declaration("SUM"),
            "fn sum(x: f32) -> f32 { return ((3e0f) * x + 2e0f) * x + 1e0f; }\n"
        );
    }
}
