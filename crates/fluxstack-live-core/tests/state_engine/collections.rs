//! Every method of the collections that changes one, by chance.
use crate::dice::{Dice, Edit, Roll};
use fluxstack_live_core::{
    feed::Feed,
    list::List,
    map::{Entry, Map},
    text::Text,
    value::{LiveValue, MapKey},
};

impl<T: LiveValue + Roll> Roll for List<T> {
    fn roll(dice: &mut Dice) -> Self {
        T::some(dice).into()
    }
}
impl<T: LiveValue + Edit + PartialEq> Edit for List<T> {
    fn edit(&mut self, dice: &mut Dice) {
        let len = self.len();
        let Some(at) = dice.index(len) else {
            dice.did("List::push");
            return self.push(T::roll(dice));
        };
        match dice.roll(48) {
            29..33 => {
                dice.did("List::push");
                self.push(T::roll(dice));
            }
            0..4 => {
                dice.did("List::insert");
                self.insert(at, T::roll(dice));
            }
            4 => {
                dice.did("List::remove");
                self.remove(at);
            }
            5 => {
                dice.did("List::swap_remove");
                self.swap_remove(at);
            }
            6 => {
                dice.did("List::pop");
                self.pop();
            }
            7 | 33 | 34 => {
                dice.did("List::move_to");
                self.move_to(at, dice.roll(len));
            }
            8 => {
                dice.did("List::swap");
                self.swap(at, dice.roll(len));
            }
            9 => {
                dice.did("List::truncate");
                self.truncate(len - 1);
            }
            10 => {
                dice.did("List::drain");
                self.drain(dice.range(len));
            }
            11 => {
                dice.did("List::splice");
                self.splice(dice.range(len), T::some(dice));
            }
            12 => {
                dice.did("List::extend");
                self.extend(T::some(dice));
            }
            13 => {
                dice.did("List::extend_from_slice");
                self.extend_from_slice(&T::some(dice));
            }
            14 => {
                dice.did("List::append");
                self.append(&mut T::some(dice).into());
            }
            15 => {
                dice.did("List::split_off");
                let mut tail = self.split_off(at);
                tail.truncate(1);
                self.append(&mut tail);
            }
            16 => {
                dice.did("List::retain");
                let mut position = 0;
                let gone = dice.roll(3);
                self.retain(|_| {
                    position += 1;
                    position % 3 != gone
                });
            }
            17 => {
                dice.did("List::retain_mut");
                let mut position = 0;
                self.retain_mut(|item| {
                    item.edit(dice);
                    position += 1;
                    position != 2
                });
            }
            18 => {
                dice.did("List::dedup");
                self.dedup();
            }
            19 => {
                dice.did("List::reverse");
                self.reverse();
            }
            20 => {
                dice.did("List::sort_by_key");
                // By what a reader sees of an item, so that the twin sorts alike.
                self.sort_by_key(|item| serde_json::to_string(item).expect("it can be sent"));
            }
            21 => {
                dice.did("List::resize");
                self.resize(len + 1, T::roll(dice));
            }
            22 => {
                dice.did("List::iter_mut");
                self.iter_mut().for_each(|item| item.edit(dice));
            }
            23 => {
                dice.did("List::first_mut");
                self.first_mut().expect("there is one").edit(dice);
            }
            24 => {
                dice.did("List::last_mut");
                self.last_mut().expect("there is one").edit(dice);
            }
            25 => {
                dice.did("List::clear");
                self.clear();
            }
            26 => {
                dice.did("List = ..");
                *self = Roll::roll(dice);
            }
            27 | 35 | 36 => {
                dice.did("List[..] = ..");
                self[at] = T::roll(dice);
            }
            28 => {
                dice.did("List: two items swapped by mem::swap");
                let mut other = self.remove(at);
                if let Some(first) = self.first_mut() {
                    std::mem::swap(first, &mut other);
                }
                self.push(other);
            }
            _ => {
                dice.did("List::get_mut");
                self.get_mut(at).expect("there is one").edit(dice);
            }
        }
    }
}

impl<K: MapKey + Roll, V: LiveValue + Roll> Roll for Map<K, V> {
    fn roll(dice: &mut Dice) -> Self {
        <(K, V)>::some(dice).into_iter().collect()
    }
}
impl<K: MapKey + Roll, V: LiveValue + Edit> Edit for Map<K, V> {
    fn edit(&mut self, dice: &mut Dice) {
        let there = dice.index(self.len()).and_then(|at| self.keys().nth(at).cloned());
        let Some(key) = there else {
            dice.did("Map::insert");
            self.insert(K::roll(dice), V::roll(dice));
            return;
        };
        match dice.roll(32) {
            0..2 => {
                dice.did("Map::insert");
                self.insert(K::roll(dice), V::roll(dice));
            }
            2 => {
                dice.did("Map::insert over a value");
                self.insert(key, V::roll(dice));
            }
            3..5 => {
                dice.did("Map::remove");
                self.remove(&key);
            }
            5 => {
                dice.did("Map::remove, then insert");
                let value = self.remove(&key).expect("it is there");
                self.insert(K::roll(dice), value.clone());
                self.insert(key, value);
            }
            6 => {
                dice.did("Map::pop_first");
                self.pop_first();
            }
            7 => {
                dice.did("Map::pop_last");
                self.pop_last();
            }
            8 => {
                dice.did("Map::append");
                self.append(&mut Roll::roll(dice));
            }
            9 => {
                dice.did("Map::extend");
                self.extend(<(K, V)>::some(dice));
            }
            10 => {
                dice.did("Map::retain");
                self.retain(|other, _| *other == key);
            }
            11 => {
                dice.did("Map::clear");
                self.clear();
            }
            12 => {
                dice.did("Map = ..");
                *self = Roll::roll(dice);
            }
            13 => {
                dice.did("Map::entry().or_insert");
                let value = V::roll(dice);
                self.entry(K::roll(dice)).or_insert(value).edit(dice);
            }
            14 => {
                dice.did("Map::entry().and_modify");
                self.entry(key).and_modify(|value| value.edit(dice));
            }
            15 => {
                dice.did("Map::entry, occupied");
                if let Entry::Occupied(entry) = self.entry(key) {
                    entry.remove();
                }
            }
            16 => {
                dice.did("Map::values_mut");
                self.values_mut().for_each(|value| value.edit(dice));
            }
            17 => {
                dice.did("Map::iter_mut");
                self.iter_mut().for_each(|(_, value)| value.edit(dice));
            }
            _ => {
                dice.did("Map::get_mut");
                self.get_mut(&key).expect("it is there").edit(dice);
            }
        }
    }
}

impl<T: LiveValue + Roll, const N: usize> Roll for Feed<T, N> {
    fn roll(dice: &mut Dice) -> Self {
        T::some(dice).into_iter().collect()
    }
}
impl<T: LiveValue + Edit, const N: usize> Edit for Feed<T, N> {
    fn edit(&mut self, dice: &mut Dice) {
        let Some(at) = dice.index(self.len()) else {
            dice.did("Feed::push");
            return self.push(T::roll(dice));
        };
        match dice.roll(22) {
            0..4 => {
                dice.did("Feed::push");
                self.push(T::roll(dice));
            }
            4 => {
                dice.did("Feed::extend");
                self.extend([T::some(dice), T::some(dice)].into_iter().flatten());
            }
            5 => {
                dice.did("Feed::pop_first");
                self.pop_first();
            }
            6 => {
                dice.did("Feed::pop_last");
                self.pop_last();
            }
            7 => {
                dice.did("Feed::remove");
                self.remove(at);
            }
            8 => {
                dice.did("Feed::retain");
                let mut position = 0;
                self.retain(|_| {
                    position += 1;
                    position % 2 == 0
                });
            }
            9 => {
                dice.did("Feed::clear");
                self.clear();
            }
            10 => {
                dice.did("Feed = ..");
                *self = Roll::roll(dice);
            }
            11 => {
                dice.did("Feed::iter_mut");
                self.iter_mut().for_each(|item| item.edit(dice));
            }
            12 => {
                dice.did("Feed::first_mut");
                self.first_mut().expect("there is one").edit(dice);
            }
            14 => {
                dice.did("Feed[..] = ..");
                *self.get_mut(at).expect("there is one") = T::roll(dice);
            }
            13 => {
                dice.did("Feed::last_mut");
                self.last_mut().expect("there is one").edit(dice);
            }
            _ => {
                dice.did("Feed::get_mut");
                self.get_mut(at).expect("there is one").edit(dice);
            }
        }
    }
}

impl Roll for Text {
    fn roll(dice: &mut Dice) -> Self {
        String::roll(dice).into()
    }
}
impl Edit for Text {
    fn edit(&mut self, dice: &mut Dice) {
        let ends: Vec<usize> = self.char_indices().map(|(at, _)| at).chain([self.len()]).collect();
        let at = ends[dice.roll(ends.len())];
        match dice.roll(14) {
            0..3 => {
                dice.did("Text::push_str");
                self.push_str(&String::roll(dice));
            }
            3 => {
                dice.did("Text::push");
                self.push('𝄞');
            }
            4 => {
                dice.did("Text::insert_str");
                self.insert_str(at, &String::roll(dice));
            }
            5 => {
                dice.did("Text::insert");
                self.insert(at, 'é');
            }
            6 if at < self.len() => {
                dice.did("Text::remove");
                self.remove(at);
            }
            7 => {
                dice.did("Text::pop");
                self.pop();
            }
            8 => {
                dice.did("Text::truncate");
                self.truncate(at);
            }
            9 => {
                dice.did("Text::replace_range");
                self.replace_range(at.., &String::roll(dice));
            }
            10 => {
                dice.did("Text::retain");
                self.retain(|character| character != 'a');
            }
            11 => {
                dice.did("Text::set");
                let new = [&self[..at], "…", &self[at..]].concat();
                self.set(&new);
            }
            12 if dice.roll(2) == 0 => {
                dice.did("Text = ..");
                *self = Roll::roll(dice);
            }
            13 if dice.roll(2) == 0 => {
                dice.did("Text::clear");
                self.clear();
            }
            _ => {
                dice.did("Text::insert_str");
                self.insert_str(at, "in between");
            }
        }
    }
}
