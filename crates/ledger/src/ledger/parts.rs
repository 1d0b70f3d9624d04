//! Work on the many entries of a long case, done by several threads at once: somebody waits for the case.

use std::{num::NonZero, thread};

/// So many entries at least are worth a thread of their own, which costs as much as twenty of them.
const PART: usize = 128;
/// More do not make it faster: the rest of opening a case is the database's.
const MOST: usize = 4;

/// What `work` makes of the parts of `items`, in their order; the first failure in their order, if one fails.
pub(super) fn in_parts<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: impl Fn(&[T]) -> Result<Vec<R>, E> + Sync,
) -> Result<Vec<R>, E> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let count = (items.len() / PART).clamp(1, processors.min(MOST));
    let mut parts = items.chunks(items.len().div_ceil(count).max(1));
    let own = parts.next().unwrap_or_default();
    thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(|| work(part))).collect();
        let mut done = work(own)?;
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(done)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubled(items: &[u32]) -> Result<Vec<u32>, u32> {
        in_parts(items, |part| {
            part.iter().map(|item| if item % 1_000 == 999 { Err(*item) } else { Ok(2 * item) }).collect()
        })
    }

    #[test]
    fn parts_come_in_the_order_of_their_items() {
        for count in [0, 1, PART - 1, PART, 2 * PART, 2 * PART + 1, 7 * PART + 3] {
            let items: Vec<u32> = (0..u32::try_from(count).unwrap()).collect();
            let expected: Vec<u32> = items.iter().map(|item| 2 * item).collect();
            assert_eq!(doubled(&items), Ok(expected), "{count}");
        }
    }

    #[test]
    fn the_first_failure_in_their_order_counts() {
        assert_eq!(doubled(&(0..5_000).collect::<Vec<_>>()), Err(999));
        assert_eq!(doubled(&(1_000..5_000).collect::<Vec<_>>()), Err(1_999));
    }
}
