//! `#[derive(LiveComponent)]`, `#[live_actions]` and `#[live_type]` of FluxStack Live. Each is attributes → model (every
//! check, all errors at once) → code; the code is what one would write by hand. The user's item is always given back, so
//! that half-typed code keeps its completion in an editor.
use proc_macro::TokenStream;

mod component; // the derive: a component's state
mod actions; // the attribute of the `impl`: what may be done to it
mod live_type; // the attribute of types that travel
mod attributes; // what stands in `#[live(..)]`
mod serde_words; // what may stand in `#[serde(..)]`
mod conditions; // what `#[cfg]` says of a part of an item
mod docs; // what `///` says
mod refusals; // which types do not travel
mod self_type; // a field's type as it reads outside of its struct
mod hygiene; // where code about a type stands
mod wire_name; // Rust names as they travel

/// Makes a struct with named fields a live component's state.
///
/// On the struct:
/// - `#[live(name = "..")]`: the name it is mounted by; the struct's own if absent.
/// - `#[live(shared)]`: everyone who mounts the same key shares one instance.
/// - `#[live(events(MessageReceived))]`: the types of the events it tells, marked `#[live_type]`; this one is told as
///   `MESSAGE_RECEIVED`.
///
/// On a field:
/// - nothing: it never leaves the server. It is `Clone`, so that a failed action can be undone.
/// - `#[live]`: the browser sees it, under its name in camelCase.
/// - `#[live(bind)]`: the browser sees it and may set it. An input that is bound to it keeps what its user types while it is
///   focused; an action that overrules that for its caller, such as one that empties a draft, says `cx.force("draft")`.
/// - `#[live(bind, on_set = Self::check_name)]`: after the browser has set it, the method is called: `fn (&mut self)`
///   that returns nothing, or `Result<(), Invalid>`. It may change other fields, in the same commit; `Err` undoes all.
/// - `#[live(leaf)]` (also `bind, leaf`): a visible field whose type is of another crate; it is compared and sent as a
///   whole. In the page's types it is `unknown`, or what `#[live(leaf, ts = "string")]` says.
/// - `#[live(as = "string")]` (also `bind`): an `i64`, `u64`, `i128`, `u128`, `isize` or `usize`, or an `Option` of one, that
///   travels as decimal digits, because a browser's numbers are exact only up to 2^53; a number beyond fails its action. In
///   the page's types it is `Digits`. What a client sends is what the server would write, or `invalid`.
/// - `#[live(hidden)]`: never leaves the server, and is put back by its own record when an action fails, without a copy
///   before each: a `List` or a `Map`, or any other type that could be visible.
/// - `#[live(resource)]`: never leaves the server and is not put back when an action fails: pools, handles.
#[proc_macro_derive(LiveComponent, attributes(live))]
pub fn live_component(input: TokenStream) -> TokenStream {
    component::derive(input.into()).into()
}

/// Makes the methods of an `impl` block a component's actions, and some its lifecycle.
///
/// - `fn mount(props: Props, cx: &MountContext) -> Result<Self, MountError>` (may be `async`; `cx` may be left out) makes
///   an instance.
/// - `fn key(props: &Props) -> String`: which instance of a shared component is meant; it may take `cx: &MountContext`.
/// - `fn authorize(props: &Props, visitor: &Visitor) -> Result<(), Denied>` (may be `async`): who may mount a shared
///   component; `cx: &MountContext` in place of or beside the visitor.
/// - `async fn joined(&mut self, cx: &mut Context<Self>)`, `async fn left(..)` likewise (`cx` may be left out): a visitor
///   who was not there mounted this shared component; the last of a visitor's mounts is gone.
/// - `#[live(computed)] fn remaining(&self) -> usize`: a function of the state, server-only fields included, that is shown
///   as a field behind the others, and sent when a commit has changed its value. It runs once for the mount and once for
///   each action that succeeds, whether that changed anything or not, and its value is kept and compared by `PartialEq`: it
///   costs what it computes. It returns what may be a part of a leaf; a panic in it fails the action. It goes by the state
///   and by nothing else: what it reads of a clock, or behind an `Arc`, is looked at when an action ends, and only then.
/// - Every other `async fn (&mut self, ..)` is an action: any browser that has mounted the component may call it, by its name
///   in camelCase. It takes at most one payload, and `cx: &mut Context<Self>` if it wants it; it returns a value or a
///   `Result`. On `Err` or a panic every field is as it was before.
///
/// Everything else belongs into an `impl` block without the attribute.
#[proc_macro_attribute]
pub fn live_actions(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    actions::expand(item.into()).into()
}

/// Makes a struct or an enum one that may travel: as props, as a payload, as a result, as a visible field.
///
/// It adds the derives `Clone`, `Debug` and `PartialEq` that are not there, serde's own two, which are refused beside it,
/// camelCase names, and the refusal of unknown fields. Of a struct with named fields only the changed fields are sent; any other type is
/// compared and sent as a whole.
///
/// A large integer among its fields, those of its variants or its parts travels as decimal digits if it is marked
/// `#[live(as = "string")]`, as in a component. A `SystemTime`, a `Duration`, an unmarked `i128` and a `Secret` do not
/// compile: times travel as `Timestamp`, or as RFC 3339 text.
///
/// Of serde's attributes it takes `tag` and `content` on an enum, and `default` on a field with a name.
///
/// With `Ord` among the derives, a struct around one value that can be a map's key, and an enum of plain names, can be a
/// map's key as well.
///
/// It stands above the derives, whose list it completes. Below them it cannot see them, adds `Clone` a second time, and
/// the compiler says E0119:
///
/// ```text
/// #[live_type]
/// #[derive(Clone, Default)]
/// struct Message { text: String }
/// ```
#[proc_macro_attribute]
pub fn live_type(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    live_type::expand(item.into()).into()
}
