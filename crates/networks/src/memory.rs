//! Memory that is used again.
//!
//! To ask the system for a fresh megabyte and give it back costs more than to fill it, so a thread keeps the memory of
//! the maps it no longer needs for its next ones.

use std::cell::RefCell;

/// Pieces that a thread keeps; a block needs three at a time.
const MOST_KEPT: usize = 8;

thread_local! {
    static NUMBERS: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
    static BYTES: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Numbers, of which every one is about to be written.
pub(crate) fn numbers(length: usize) -> Vec<f32> {
    NUMBERS.with_borrow_mut(|kept| take(kept, length))
}

/// Gives numbers back.
pub(crate) fn keep_numbers(piece: Vec<f32>) {
    NUMBERS.with_borrow_mut(|kept| keep(kept, piece));
}

/// Bytes, of which every one is about to be written.
pub(crate) fn bytes(length: usize) -> Vec<u8> {
    BYTES.with_borrow_mut(|kept| take(kept, length))
}

/// Gives bytes back.
pub(crate) fn keep_bytes(piece: Vec<u8>) {
    BYTES.with_borrow_mut(|kept| keep(kept, piece));
}

/// Gives back to the system what this thread keeps.
pub(crate) fn release() {
    NUMBERS.with_borrow_mut(Vec::clear);
    BYTES.with_borrow_mut(Vec::clear);
}

/// A piece of this length, which needs no filling, else the smallest that is large enough, cut or filled to length.
fn take<T: Clone + Default>(kept: &mut Vec<Vec<T>>, length: usize) -> Vec<T> {
    let fitting = kept.iter().enumerate().filter(|(_, piece)| piece.capacity() >= length);
    let smallest = fitting.min_by_key(|(_, piece)| (piece.len() != length, piece.capacity()));
    let smallest = smallest.map(|(index, _)| index);
    let mut piece = smallest.map(|index| kept.swap_remove(index)).unwrap_or_default();
    piece.resize(length, T::default());
    piece
}

fn keep<T>(kept: &mut Vec<Vec<T>>, piece: Vec<T>) {
    kept.push(piece);
    if kept.len() > MOST_KEPT {
        let smallest = (0..kept.len()).min_by_key(|index| kept[*index].capacity());
        smallest.map(|index| kept.swap_remove(index));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_fitting_piece_is_taken_and_the_smallest_is_dropped() {
        let mut kept: Vec<Vec<u8>> = vec![vec![1; 100], vec![2; 1000], vec![3; 10]];
        let piece = take(&mut kept, 50);
        assert_eq!((piece.len(), piece[0]), (50, 1));
        assert_eq!(kept.len(), 2);
        assert_eq!(take(&mut kept, 5000), vec![0; 5000]);
        for _ in 0..MOST_KEPT {
            keep(&mut kept, vec![0; 500]);
        }
        assert_eq!(kept.len(), MOST_KEPT);
        assert!(kept.iter().all(|piece| piece.len() >= 500));
    }
}
