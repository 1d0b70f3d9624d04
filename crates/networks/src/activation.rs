//! The functions between the matrices.
//!
//! They are written so that the compiler turns them into vector instructions: no branch, no call, no conversion that
//! saturates.

/// The function applied to each number of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    /// The number itself.
    None,
    /// What is above zero.
    Relu,
    /// x Φ(x), Φ being the normal distribution.
    Gelu,
    /// x / (1 + e^-x).
    Swish,
    /// x max(0, min(1, x / 6 + 1/2)).
    HardSwish,
    /// 1 / (1 + e^-x).
    Sigmoid,
}

/// e^x, to 2e-7 of its value between -87 and 88; what is outside is taken for the bound.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    const ROUNDING: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    // The power of two and what remains, at most half of ln 2; ln 2 in two parts keeps the remainder exact.
    let shifted = x * std::f32::consts::LOG2_E + ROUNDING;
    let whole = shifted - ROUNDING;
    let rest = (x - whole * 0.693_359_4) + whole * 2.121_944_4e-4;
    let power = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    // Taylor's series, whose seventh term is below 2e-8 there.
    let series = 1.0 / 720.0;
    let series = series * rest + 1.0 / 120.0;
    let series = series * rest + 1.0 / 24.0;
    let series = series * rest + 1.0 / 6.0;
    let series = series * rest + 0.5;
    let series = series * rest + 1.0;
    let series = series * rest + 1.0;
    series * power
}

#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The function the networks use to weigh channels: a straight line between 0 and 1.
#[inline(always)]
pub(crate) fn hard_sigmoid(x: f32, slope: f32) -> f32 {
    (x * slope + 0.5).clamp(0.0, 1.0)
}

/// x Φ(x), to 6e-5: eight bits a number see no more than 4e-3 of it.
///
/// Φ - 1/2 is odd, so it is x times a polynomial of x². The coefficients are the least greatest error between -4.25 and
/// 4.25 (Lawson's iteration), with Φ = 0 and 1 at the ends so that what is outside stays right.
#[inline(always)]
pub(crate) fn gelu<const FUSED: bool>(x: f32) -> f32 {
    const END: f32 = 4.25;
    let inner = if x < -END { -END } else { x };
    let inner = if inner > END { END } else { inner };
    let square = inner * inner;
    let mut series = 4.495_235e-11;
    for coefficient in [
        -4.474_974_4e-9,
        1.973_128_4e-7,
        -5.124_923_3e-6,
        8.826_278e-5,
        -1.077_766_3e-3,
        9.714_653e-3,
        -6.618_435e-2,
        3.988_17e-1,
    ] {
        series = multiply_add::<FUSED>(series, square, coefficient);
    }
    x * multiply_add::<FUSED>(inner, series, 0.5)
}

/// `a b + c`, in one instruction where the processor is known to have it: without, it would be a slow call.
#[inline(always)]
pub(crate) fn multiply_add<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

impl Activation {
    #[inline(always)]
    pub(crate) fn apply<const FUSED: bool>(self, x: f32) -> f32 {
        match self {
            Self::None => x,
            Self::Relu => {
                if x > 0.0 {
                    x
                } else {
                    0.0
                }
            }
            Self::Gelu => gelu::<FUSED>(x),
            Self::Swish => x * sigmoid(x),
            Self::HardSwish => x * hard_sigmoid(x, 1.0 / 6.0),
            Self::Sigmoid => sigmoid(x),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_right_to_single_precision() {
        for step in -8700..8800 {
            let x = step as f32 / 100.0;
            let exact = f64::from(x).exp();
            let error = (f64::from(exp(x)) - exact).abs() / exact;
            assert!(error < 4e-7, "e^{x} is off by {error}");
        }
        assert!(exp(-1000.0) < 1e-37 && exp(1000.0).is_finite());
    }

    #[test]
    fn known_values_of_the_functions() {
        // Φ(1) = 0.841345, Φ(-2) = 0.022750, Φ(3) = 0.998650 (tables of the normal distribution).
        for (x, expected) in [(0.0, 0.0), (1.0, 0.841_345), (-2.0, -0.045_500), (3.0, 2.995_95)] {
            let (fused, plain) = (gelu::<true>(x), gelu::<false>(x));
            assert!((fused - expected).abs() < 6e-5, "gelu({x}) = {fused}");
            assert!((plain - fused).abs() < 1e-5, "gelu({x}) = {plain} or {fused}");
        }
        assert!(gelu::<true>(-100.0).abs() < 0.01 && (gelu::<true>(100.0) - 100.0).abs() < 0.01);
        assert!((sigmoid(1.0) - 0.731_058_6).abs() < 1e-6);
        assert_eq!(hard_sigmoid(9.0, 0.2), 1.0);
        assert_eq!(hard_sigmoid(-9.0, 0.2), 0.0);
        assert_eq!(Activation::Relu.apply::<true>(-1.0), 0.0);
        assert_eq!(Activation::HardSwish.apply::<true>(3.0), 3.0);
        assert!((Activation::Swish.apply::<true>(1.0) - 0.731_058_6).abs() < 1e-6);
    }
}
