//! What changed in one commit, as a reader sees it, and how a reader applies it: data, never code.
//! The engine writes ops straight to bytes; this is the other half, for tests and Rust clients.
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeSeq};
use serde_json::Value;

/// One step of a path: a field or key by name, a list item by index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Segment {
    /// A list item.
    Index(#[cfg_attr(test, ts(type = "number"))] u64),
    /// A field or a map's key.
    Key(String),
}

/// Where a value is, from the state's root.
pub type Path = Vec<Segment>;

/// One change of a state.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(
    test,
    ts(type = "['=', Array<string | number>, unknown] | ['+', Array<string | number>, ...Array<unknown>] \
        | ['i', Array<string | number>, number, ...Array<unknown>] | ['-', Array<string | number>, number, number] \
        | ['-', Array<string | number>, string] | ['>', Array<string | number>, number, number] \
        | ['~', Array<string | number>, string] | ['~', Array<string | number>, number, number, string]")
)]
pub enum Op {
    /// `["=", path, value]`
    Set(Path, Value),
    /// `["+", path, v1, v2 …]`: append to a list.
    Push(Path, Vec<Value>),
    /// `["i", path, index, v1 …]`
    Insert(Path, usize, Vec<Value>),
    /// `["-", path, index, count]`
    Remove(Path, usize, usize),
    /// `["-", path, key]`
    RemoveKey(Path, String),
    /// `[">", path, from, to]`: `to` is the index after the removal.
    Move(Path, usize, usize),
    /// `["~", path, tail]`
    Append(Path, String),
    /// `["~", path, at, deleted, inserted]`, in UTF-16 units.
    Splice(Path, usize, usize, String),
}

impl Serialize for Op {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn write<S: Serializer>(
            serializer: S,
            op: &str,
            path: &Path,
            arguments: &[Value],
        ) -> Result<S::Ok, S::Error> {
            let mut seq = serializer.serialize_seq(Some(2 + arguments.len()))?;
            seq.serialize_element(op)?;
            seq.serialize_element(path)?;
            arguments.iter().try_for_each(|argument| seq.serialize_element(argument))?;
            seq.end()
        }
        match self {
            Op::Set(path, value) => write(serializer, "=", path, std::slice::from_ref(value)),
            Op::Push(path, values) => write(serializer, "+", path, values),
            Op::Insert(path, at, values) => {
                let arguments: Vec<Value> =
                    std::iter::once((*at).into()).chain(values.iter().cloned()).collect();
                write(serializer, "i", path, &arguments)
            }
            Op::Remove(path, at, count) => write(serializer, "-", path, &[(*at).into(), (*count).into()]),
            Op::RemoveKey(path, key) => write(serializer, "-", path, &[key.as_str().into()]),
            Op::Move(path, from, to) => write(serializer, ">", path, &[(*from).into(), (*to).into()]),
            Op::Append(path, tail) => write(serializer, "~", path, &[tail.as_str().into()]),
            Op::Splice(path, at, deleted, inserted) => {
                write(serializer, "~", path, &[(*at).into(), (*deleted).into(), inserted.as_str().into()])
            }
        }
    }
}

impl<'de> Deserialize<'de> for Op {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut parts = Vec::<Value>::deserialize(deserializer)?.into_iter();
        let code = parts.next().ok_or_else(|| D::Error::custom("an op has a code"))?;
        let path = parts.next().ok_or_else(|| D::Error::custom("an op has a path"))?;
        let path = Path::deserialize(path).map_err(D::Error::custom)?;
        let arguments: Vec<Value> = parts.collect();
        let op = match (code.as_str(), arguments.as_slice()) {
            (Some("="), [value]) => Some(Op::Set(path, value.clone())),
            (Some("+"), [_, ..]) => Some(Op::Push(path, arguments)),
            (Some("i"), [at, values @ ..]) if !values.is_empty() => {
                index(at).map(|at| Op::Insert(path, at, values.to_vec()))
            }
            (Some("-"), [Value::String(key)]) => Some(Op::RemoveKey(path, key.clone())),
            (Some("-"), [at, count]) => index(at).zip(index(count)).map(|(at, n)| Op::Remove(path, at, n)),
            (Some(">"), [from, to]) => index(from).zip(index(to)).map(|(from, to)| Op::Move(path, from, to)),
            (Some("~"), [Value::String(tail)]) => Some(Op::Append(path, tail.clone())),
            (Some("~"), [at, deleted, Value::String(inserted)]) => {
                index(at).zip(index(deleted)).map(|(at, n)| Op::Splice(path, at, n, inserted.clone()))
            }
            _ => None,
        };
        op.ok_or_else(|| D::Error::custom("not an op"))
    }
}

fn index(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|n| usize::try_from(n).ok())
}

/// An op that does not fit the state it was to change: the reader has a gap and asks for a snapshot.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("an op does not fit the state")]
pub struct Misfit;

/// Applies ops in their order. After a [`Misfit`] the state is of no version; drop it.
pub fn apply(state: &mut Value, ops: &[Op]) -> Result<(), Misfit> {
    ops.iter().try_for_each(|op| apply_one(state, op).ok_or(Misfit))
}

fn apply_one(state: &mut Value, op: &Op) -> Option<()> {
    match op {
        Op::Set(path, value) => match path.split_last() {
            None => *state = value.clone(),
            Some((Segment::Key(key), parent)) => {
                let map = at(state, parent)?.as_object_mut()?;
                map.insert(key.clone(), value.clone());
            }
            Some((Segment::Index(_), _)) => *at(state, path)? = value.clone(),
        },
        Op::Push(path, values) => at(state, path)?.as_array_mut()?.extend(values.iter().cloned()),
        Op::Insert(path, index, values) => {
            let list = at(state, path)?.as_array_mut().filter(|list| *index <= list.len())?;
            list.splice(index..index, values.iter().cloned());
        }
        Op::Remove(path, index, count) => {
            let list = at(state, path)?.as_array_mut()?;
            let end = index.checked_add(*count).filter(|end| *end <= list.len())?;
            list.drain(index..&end);
        }
        Op::RemoveKey(path, key) => drop(at(state, path)?.as_object_mut()?.remove(key)?),
        Op::Move(path, from, to) => {
            let list = at(state, path)?.as_array_mut().filter(|list| from.max(to) < &list.len())?;
            let item = list.remove(*from);
            list.insert(*to, item);
        }
        Op::Append(path, tail) => {
            let Value::String(text) = at(state, path)? else { return None };
            text.push_str(tail);
        }
        Op::Splice(path, from, deleted, inserted) => {
            let Value::String(text) = at(state, path)? else { return None };
            let units: Vec<u16> = text.encode_utf16().collect();
            let end = from.checked_add(*deleted).filter(|end| *end <= units.len())?;
            let (head, tail) = (&units[..*from], &units[end..]);
            *text =
                [String::from_utf16(head).ok()?, inserted.clone(), String::from_utf16(tail).ok()?].concat();
        }
    }
    Some(())
}

fn at<'a>(state: &'a mut Value, path: &[Segment]) -> Option<&'a mut Value> {
    path.iter().try_fold(state, |value, segment| match segment {
        Segment::Key(key) => value.as_object_mut()?.get_mut(key),
        Segment::Index(index) => value.as_array_mut()?.get_mut(usize::try_from(*index).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn applied(state: Value, ops: Value) -> Result<Value, Misfit> {
        let ops: Vec<Op> = serde_json::from_value(ops).unwrap();
        let mut state = state;
        apply(&mut state, &ops).map(|()| state)
    }

    #[test]
    fn every_op_does_what_the_protocol_says() {
        let state = json!({"n": 1, "list": [1, 2, 3], "map": {"a": 1}, "text": "aé𝄞b"});
        let ops = json!([
            ["=", ["n"], 2], ["+", ["list"], 4, 5], ["i", ["list"], 0, 0], ["-", ["list"], 1, 2],
            [">", ["list"], 0, 2], ["-", ["map"], "a"], ["=", ["map", "b"], {"c": 1}], ["=", ["map", "b", "c"], 2],
            ["=", ["list", 0], 9], ["~", ["text"], "!"], ["~", ["text"], 2, 2, "_"]
        ]);
        let expected = json!({"n": 2, "list": [9, 4, 0, 5], "map": {"b": {"c": 2}}, "text": "aé_b!"});
        assert_eq!(applied(state, ops), Ok(expected));
    }

    #[test]
    fn what_does_not_fit_is_a_misfit() {
        for ops in [
            json!([["+", ["n"], 1]]),
            json!([["-", ["list"], 1, 2]]),
            json!([["i", ["list"], 3, 1]]),
            json!([[">", ["list"], 0, 2]]),
            json!([["-", ["map"], "nope"]]),
            json!([["=", ["list", 2], 1]]),
            json!([["=", ["gone", "x"], 1]]),
            json!([["~", ["text"], 1, 1, ""]]),
        ] {
            let state = json!({"n": 1, "list": [1, 2], "map": {}, "text": "𝄞"});
            assert_eq!(applied(state, ops.clone()), Err(Misfit), "{ops}");
        }
    }
}
