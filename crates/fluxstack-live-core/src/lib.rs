//! The engine of FluxStack Live: stores, sessions, requests, fan-out. It has no socket, no clock and no randomness of
//! its own; what it needs of the world it asks of a [`host::Host`], so that the same code runs behind a server, in a
//! test, and under simulation.
//!
//! The modules stand in the order a message travels: in through [`peer`], down to the user's action in
//! `instance`, and out again as a commit of a `store`, read by cursors into an [`outbox`].
//! A module imports only what is listed below it.

#[cfg(panic = "abort")]
compile_error!("FluxStack Live rolls back an action that panics; it needs `panic = \"unwind\"`");

#[doc(hidden)]
pub mod __private; // what the macros' output names
pub mod peer; // one connection: for which session it speaks
pub mod engine; // the components and sessions of a process
mod sessions; // by name, also those without a connection
mod session; // one client: its components, its requests
mod secrets; // what proves that a session is its client's
mod caller; // who asked, and how it is answered
mod requests; // numbers, stored answers
mod lane; // one component of a session, in turns
mod components; // the registered components, what they share
mod stay; // a visitor's stay in a store
mod quota; // how much each visitor has mounted
mod registry; // components by name
pub mod typescript; // a schema as TypeScript reads it
mod faults; // what of a schema has no true TypeScript
mod shape; // what of a schema travels by places
mod directory; // shared stores by key, their lifetime
pub mod job_store; // work beside a store
mod update; // a change by the server's own code
mod instance; // a component in its store's seat
mod changing; // what changed; a commit in the middle
pub mod actions; // what may be done to a component
pub mod context; // what an action may do beside changing state
mod store; // one instance, its transactions
mod line; // a session's way to its client
mod ledger; // how a transaction ends in a commit
mod audience; // a store as its readers see it
mod log; // recent commits and a snapshot
mod merge; // several commits as one slice
mod seat; // a component without its type
mod jobs; // how many there are, and their end
pub mod component; // a component's state, as the derive describes it
pub mod payload; // a value from a client, undecoded
mod turns; // one at a time, in the order they came
mod guard; // a user's code, its panics and deadlines
pub mod failure; // why a request failed, and what its caller is told
pub mod visitor; // who is behind a session
pub mod outbox; // what waits for one connection
pub mod encoding; // how messages are written for a connection
mod flight; // how many requests are under way
pub mod feed; // the last of something, recorded
pub mod list; // a list that records what is done to it
pub mod map; // a map that records what is done to it
pub mod text; // a text that records what is done to it
mod sequence; // items in a row, recorded
mod tracked; // what collections that record have in common
mod event; // what a component tells once
pub mod secret; // a value that never leaves the server
mod refused; // types that do not travel, and why
pub mod timestamp; // a moment as it travels
pub mod value; // a value the browser may see
pub mod digits; // integers that travel as text
pub mod schema; // what travels, described
pub mod ops; // what changed, straight to bytes
pub mod limits; // every bound, with its reason
pub mod host; // clock, randomness and tasks, from outside
