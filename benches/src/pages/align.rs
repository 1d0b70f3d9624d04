//! The least changes from the one text to the other.

/// One step of the way from the truth to what was read, with places in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The same character.
    Same(usize, usize),
    /// Another character.
    Other(usize, usize),
    /// A character of the truth that was not read.
    Missing(usize),
    /// A character that does not stand there.
    Added(usize),
}

/// The shortest way, by edit distance; of equally short ones, one that keeps runs together.
#[must_use]
pub fn align(truth: &[char], read: &[char]) -> Vec<Step> {
    let costs = costs(truth, read);
    let wide = read.len() + 1;
    let (mut row, mut column, mut steps) = (truth.len(), read.len(), Vec::new());
    while row > 0 || column > 0 {
        let here = costs[row * wide + column];
        let same = row > 0 && column > 0 && truth[row - 1] == read[column - 1];
        if same && here == costs[(row - 1) * wide + column - 1] {
            (row, column) = (row - 1, column - 1);
            steps.push(Step::Same(row, column));
        } else if row > 0 && column > 0 && here == costs[(row - 1) * wide + column - 1] + 1 {
            (row, column) = (row - 1, column - 1);
            steps.push(Step::Other(row, column));
        } else if row > 0 && here == costs[(row - 1) * wide + column] + 1 {
            row -= 1;
            steps.push(Step::Missing(row));
        } else {
            column -= 1;
            steps.push(Step::Added(column));
        }
    }
    steps.reverse();
    steps
}

/// Edit distances of all beginnings, row by row.
fn costs(truth: &[char], read: &[char]) -> Vec<u32> {
    let wide = read.len() + 1;
    let mut costs = vec![0; (truth.len() + 1) * wide];
    for (column, cost) in (0..).zip(&mut costs[..wide]) {
        *cost = column;
    }
    for row in 1..=truth.len() {
        costs[row * wide] = costs[(row - 1) * wide] + 1;
        for column in 1..wide {
            let above = (row - 1) * wide + column;
            let changed = u32::from(truth[row - 1] != read[column - 1]);
            let least =
                (costs[above - 1] + changed).min(costs[above] + 1).min(costs[row * wide + column - 1] + 1);
            costs[row * wide + column] = least;
        }
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(truth: &str, read: &str) -> usize {
        let (truth, read): (Vec<char>, Vec<char>) = (truth.chars().collect(), read.chars().collect());
        align(&truth, &read).iter().filter(|step| !matches!(step, Step::Same(..))).count()
    }

    #[test]
    fn it_counts_edits() {
        assert_eq!(errors("Bcl-2", "Bcl-2"), 0);
        assert_eq!(errors("Bcl-2", "Bc1-2"), 1);
        assert_eq!(errors("III", "II"), 1);
        assert_eq!(errors("", "ab"), 2);
        assert_eq!(errors("kitten", "sitting"), 3);
    }

    #[test]
    fn each_character_has_its_place() {
        let (truth, read): (Vec<char>, Vec<char>) = ("ab".chars().collect(), "axb".chars().collect());
        assert_eq!(align(&truth, &read), [Step::Same(0, 0), Step::Added(1), Step::Same(1, 2)]);
    }
}
