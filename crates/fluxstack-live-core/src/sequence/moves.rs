//! The fewest moves that bring items into another order.

/// The moves, each from an index to the one it has afterwards, that put at each place `j` what was at `order[j]`. None if
/// more than `most` items have to move.
///
/// The items of a longest increasing run of `order` stay; each of the others moves once, behind the one it is to follow.
/// O(n log n), and O(`most`) for each move.
pub(super) fn moves(order: &[usize], most: usize) -> Option<Vec<(usize, usize)>> {
    let stays = longest_increasing(order);
    if order.len() - stays.len() > most {
        return None;
    }
    let mut stays = stays.into_iter().peekable();
    let mut moves = Vec::new();
    // Places are told by the indexes of the beginning: of the items that have moved, and, in the order of the moves, of
    // what each of them stands behind by now.
    let (mut gone, mut behind): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    // Behind the last item that stays.
    let mut last = 0;
    for &old in order {
        if stays.next_if_eq(&old).is_some() {
            last = old + 1;
            continue;
        }
        let before = gone.partition_point(|gone| *gone < old);
        let from = old - before + behind.partition_point(|last| *last <= old);
        // As it is now: what has not moved yet may stand before it.
        let place = last - gone.partition_point(|gone| *gone < last) + behind.len();
        moves.push((from, if from < place { place - 1 } else { place }));
        gone.insert(before, old);
        behind.push(last);
    }
    Some(moves)
}

/// A longest run of values that increase, in their order. O(n log n).
fn longest_increasing(values: &[usize]) -> Vec<usize> {
    // For each length of a run, the place where one of that length ends lowest; for each place, the one before it.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    for (place, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values[*end] < *value);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let back = std::iter::successors(ends.last().copied(), |place| before[*place]);
    let mut run: Vec<usize> = back.map(|place| values[place]).collect();
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn moves_bring_items_into_the_order(order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle()) {
            let moves = moves(&order, usize::MAX).unwrap();
            let mut items: Vec<usize> = (0..order.len()).collect();
            for (from, to) in moves {
                prop_assert_ne!(from, to);
                let item = items.remove(from);
                items.insert(to, item);
            }
            prop_assert_eq!(items, order);
        }
    }

    #[test]
    fn an_item_that_is_out_of_place_moves_alone() {
        assert_eq!(moves(&[0, 1, 2, 3], 0), Some(vec![]));
        assert_eq!(moves(&[1, 2, 3, 0], 1), Some(vec![(0, 3)]));
        assert_eq!(moves(&[3, 0, 1, 2], 1), Some(vec![(3, 0)]));
        assert_eq!(moves(&[0, 3, 1, 2, 4], 1), Some(vec![(3, 1)]));
        assert_eq!(moves(&[2, 1, 0], 1), None);
    }
}
