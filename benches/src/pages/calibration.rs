//! Whether a confidence of 0.9 means right nine times of ten.

/// A line's confidence, and whether the line was exactly right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// From 0 to 1.
    pub confidence: f32,
    /// Exactly right.
    pub right: bool,
}

/// The lines of like confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub count: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// Which share was right.
    pub right: f64,
}

/// Ten bins of the same number of lines each, the least sure first: most lines are surer than 0.95, and bins of equal width
/// would show nothing of them.
#[must_use]
pub fn bins(trials: &[Trial]) -> Vec<Bin> {
    let mut sorted = trials.to_vec();
    sorted.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let edge = |bin: usize| sorted.len() * bin / 10;
    (0..10).map(|bin| of(&sorted[edge(bin)..edge(bin + 1)])).filter(|bin| bin.count > 0).collect()
}

/// The mean distance between confidence and share of right ones, weighted by lines.
#[must_use]
pub fn expected_error(bins: &[Bin]) -> f64 {
    let all: usize = bins.iter().map(|bin| bin.count).sum();
    bins.iter().map(|bin| bin.count as f64 * (bin.confidence - bin.right).abs()).sum::<f64>()
        / all.max(1) as f64
}

fn of(trials: &[Trial]) -> Bin {
    let count = trials.len();
    let share = |sum: f64| sum / count.max(1) as f64;
    Bin {
        count,
        confidence: share(trials.iter().map(|trial| f64::from(trial.confidence)).sum()),
        right: share(trials.iter().filter(|trial| trial.right).count() as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_equally_many_lines_from_unsure_to_sure() {
        let trials: Vec<Trial> =
            (0..40).map(|index| Trial { confidence: index as f32 / 40.0, right: index >= 20 }).collect();
        let bins = bins(&trials);
        assert_eq!(bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), [4; 10]);
        assert_eq!((bins[0].right, bins[9].right), (0.0, 1.0));
        assert!(bins[0].confidence < bins[9].confidence);
    }

    #[test]
    fn a_reader_that_knows_itself_has_no_error() {
        let sure = Bin { count: 10, confidence: 0.9, right: 0.9 };
        let vain = Bin { count: 10, confidence: 0.9, right: 0.5 };
        assert!(expected_error(&[sure]) < 1e-9);
        assert!((expected_error(&[sure, vain]) - 0.2).abs() < 1e-9);
    }
}
