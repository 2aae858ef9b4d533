//! The cases as files, for clients in other languages: `vectors.jsonl`, a line a case, and `wire.json`, what a client
//! needs to know of the types. Each message with the state before and after it is a vector; the last one of a case is that
//! of a late reader.
use crate::reader::Reader;
use fluxstack_live_core::engine::Engine;
use fluxstack_live_protocol::compact::{Fields, Part};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::PathBuf,
};

/// Where the cases are written to, if anywhere.
pub(crate) struct Vectors {
    folder: Option<PathBuf>,
    file: Option<BufWriter<File>>,
    count: usize,
    /// Cases in which nothing was committed, or a late reader got a snapshot.
    left_out: usize,
}

impl Vectors {
    pub(crate) fn from_environment() -> Self {
        let folder = std::env::var_os("FLUXSTACK_VECTORS").map(PathBuf::from);
        let file = folder.as_ref().map(|folder| {
            fs::create_dir_all(folder).expect("the folder of FLUXSTACK_VECTORS");
            BufWriter::new(File::create(folder.join("vectors.jsonl")).expect("a new file"))
        });
        Vectors { folder, file, count: 0, left_out: 0 }
    }
    pub(crate) fn case(
        &mut self,
        engine: &Engine,
        base: &Value,
        prompt: &[Reader; 3],
        late: &[Reader; 3],
        result: &Value,
    ) {
        let (Some(folder), Some(file)) = (&self.folder, &mut self.file) else { return };
        let [merged] = late[0].messages.as_slice() else {
            self.left_out += 1;
            return;
        };
        if merged["type"] != "STATE_DELTA" || prompt[0].frames.len() != prompt[0].messages.len() {
            self.left_out += 1;
            return;
        }
        if self.count == 0 {
            let wire = wire(engine).to_string();
            fs::write(folder.join("wire.json"), wire).expect("a new file");
        }
        let forms = |readers: &[Reader; 3], at: usize| {
            let hex = |reader: &Reader| {
                reader.frames[at].iter().map(|byte| format!("{byte:02x}")).collect::<String>()
            };
            let text = std::str::from_utf8(&readers[0].frames[at]).expect("JSON is text");
            json!({"json": text, "compact": hex(&readers[1]), "places": hex(&readers[2])})
        };
        let count = prompt[0].frames.len() + 1;
        let steps: Vec<Value> = (0..prompt[0].frames.len())
            .map(|at| {
                let mut step = forms(prompt, at);
                step["state"] = prompt[0].states[at].clone();
                step
            })
            .collect();
        let line = json!({"base": base, "steps": steps, "merged": forms(late, 0), "result": result});
        writeln!(file, "{line}").expect("the file can be written to");
        self.count += count;
    }
    pub(crate) fn finish(self) {
        let (Some(folder), Some(mut file)) = (self.folder, self.file) else { return };
        file.flush().expect("the file can be written to");
        println!("{} vectors in {}; {} cases without one", self.count, folder.display(), self.left_out);
    }
}

/// The constant `wire` of the generated file, as JSON.
fn wire(engine: &Engine) -> Value {
    let shape = engine.shape("Vectors").expect("it is registered");
    let fields =
        |fields: &Fields| -> Value { fields.iter().map(|(name, of)| json!([name, part(of)])).collect() };
    let component =
        json!({"fields": fields(&shape.fields), "actions": shape.actions, "events": fields(&shape.events)});
    let structs: Value = shape.structs.iter().map(fields).collect();
    json!({"schema": engine.schema(), "structs": structs, "components": {"Vectors": component}})
}

fn part(of: &Part) -> Value {
    match of {
        Part::AsIs => json!(0),
        Part::Struct(place) => json!(place + 1),
        Part::List(item) => json!({"list": part(item)}),
        Part::Map(value) => json!({"map": part(value)}),
        Part::Tuple(parts) => json!({"tuple": parts.iter().map(part).collect::<Vec<_>>()}),
    }
}
