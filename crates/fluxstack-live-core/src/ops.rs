//! What changed in one commit, written straight to JSON as it is found.
use fluxstack_live_protocol::strict;
use serde::Serialize;

/// Where a value is; lives on the stack, and is written only when an op is.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// The state itself.
    Root,
    /// A field of a struct, by its wire name.
    Field(&'a Path<'a>, &'static str),
}

impl Path<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Path::Root => {}
            Path::Field(parent, name) => {
                parent.write(out);
                if !matches!(parent, Path::Root) {
                    out.push(b',');
                }
                // A wire name is a Rust identifier in camelCase: nothing in it needs escaping.
                out.push(b'"');
                out.extend_from_slice(name.as_bytes());
                out.push(b'"');
            }
        }
    }
}

/// The ops of one commit: the inside of the `ops` array.
#[derive(Debug, Default)]
pub struct Ops {
    bytes: Vec<u8>,
    /// Some once a value could not be written; then the whole is worth nothing.
    error: Option<serde_json::Error>,
}

impl Ops {
    /// `["=", path, value]`
    pub fn set<T: Serialize + ?Sized>(&mut self, path: &Path, value: &T) {
        if !self.bytes.is_empty() {
            self.bytes.push(b',');
        }
        self.bytes.extend_from_slice(br#"["=",["#);
        path.write(&mut self.bytes);
        self.bytes.extend_from_slice(b"],");
        if let Err(error) = strict::write_json(value, &mut self.bytes) {
            self.error.get_or_insert(error);
        }
        self.bytes.push(b']');
    }
    /// The written ops, or why a browser could not hold them.
    pub fn finish(self) -> serde_json::Result<Vec<u8>> {
        self.error.map_or(Ok(self.bytes), Err)
    }
}
