//! Why a request failed, and what its caller is told: a code and a sentence, never a cause.
use crate::value::WireType;
use fluxstack_live_protocol::{
    error::ErrorCode,
    server::{Error, ErrorPayload},
};
use std::collections::BTreeMap;

/// Why a mount or a request failed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Failure {
    /// No component is registered under the name, or this visitor may not see it: answered alike.
    UnknownComponent,
    /// The component has no such action.
    UnknownAction,
    /// A client may not set this property, or there is none of that name.
    NotBindable,
    /// Props, payload or value do not fit; by field, where that is known.
    Invalid(BTreeMap<String, String>),
    /// The action's own error, as JSON.
    Action(serde_json::Value),
    /// The component is not mounted.
    Gone,
    /// Too many requests in flight.
    Busy,
    /// The named limit is reached.
    TooMany(&'static str),
    /// The named thing is larger than allowed.
    TooLarge(&'static str),
    /// The component id is in use for another mount.
    Conflict,
    /// The action did not end in time.
    Timeout,
    /// A fault of the server or of the component's code. The cause is for the log.
    Internal(String),
    /// The message could not be read, or is not allowed here.
    BadMessage(&'static str),
}

/// What failed: names for the answer's text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) component: Option<&'a str>,
    pub(crate) action: Option<&'a str>,
    pub(crate) property: Option<&'a str>,
}

impl Failure {
    pub(crate) fn code(&self) -> ErrorCode {
        match self {
            Failure::UnknownComponent => ErrorCode::UnknownComponent,
            Failure::UnknownAction => ErrorCode::UnknownAction,
            Failure::NotBindable => ErrorCode::NotBindable,
            Failure::Invalid(_) => ErrorCode::Invalid,
            Failure::Action(_) => ErrorCode::Action,
            Failure::Gone => ErrorCode::Gone,
            Failure::Busy => ErrorCode::Busy,
            Failure::TooMany(_) => ErrorCode::TooMany,
            Failure::TooLarge(_) => ErrorCode::TooLarge,
            Failure::Conflict => ErrorCode::Conflict,
            Failure::Timeout => ErrorCode::Timeout,
            Failure::Internal(_) => ErrorCode::Internal,
            Failure::BadMessage(_) => ErrorCode::BadMessage,
        }
    }

    /// The `ERROR` about it. `id` finds an internal failure in the log, whither its cause goes with it.
    pub(crate) fn tell(self, subject: Subject, id: impl FnOnce() -> String) -> Error {
        let plain = |name: Option<&str>| {
            name.filter(|name| fluxstack_live_protocol::id::is_plain_name(name)).map(str::to_owned)
        };
        let code = self.code();
        let mut payload = ErrorPayload {
            error: self.text(subject),
            action: plain(subject.action),
            property: plain(subject.property),
            ..ErrorPayload::default()
        };
        match self {
            Failure::Invalid(fields) => payload.fields = Some(fields),
            Failure::Action(data) => payload.data = Some(data),
            Failure::Internal(cause) => {
                let id = id();
                let Subject { component, action, property } = subject;
                tracing::error!(id, component, action, property, cause, "a request failed");
                payload.id = Some(id);
            }
            Failure::UnknownComponent | Failure::UnknownAction | Failure::NotBindable | Failure::Gone => {}
            Failure::Busy | Failure::TooMany(_) | Failure::TooLarge(_) | Failure::Conflict => {}
            Failure::Timeout | Failure::BadMessage(_) => {}
        }
        Error { code, payload, component_id: None, request_id: None, retry_after_ms: None }
    }

    /// Bytes that it brings along for its caller.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Failure::Action(data) => serde_json::to_vec(data).map_or(0, |json| json.len()),
            Failure::Invalid(fields) => fields.iter().map(|(field, text)| field.len() + text.len()).sum(),
            _ => 0,
        }
    }
    /// What the server's own code is told.
    pub(crate) fn cause(self) -> String {
        match self {
            Failure::Internal(cause) => cause,
            other => other.text(Subject::default()),
        }
    }
    fn text(&self, subject: Subject) -> String {
        let named = |what: &str, name: Option<&str>| match name {
            Some(name) if fluxstack_live_protocol::id::is_plain_name(name) => format!("{what} `{name}`"),
            _ => what.to_owned(),
        };
        let component = named("the component", subject.component);
        let action = named("action", subject.action);
        let property = named("property", subject.property);
        match self {
            // Not even its name: whether it is registered is not for everyone to know.
            Failure::UnknownComponent => "there is no component of this name".to_owned(),
            Failure::UnknownAction if action == "action" => format!("{component} has no action of this name"),
            Failure::UnknownAction => format!("{component} has no {action}"),
            Failure::NotBindable => format!("{component} has no {property} that a client may set"),
            Failure::Invalid(_) if subject.property.is_some() => {
                format!("the value does not fit the {property}")
            }
            Failure::Invalid(_) if subject.action.is_some() => {
                format!("the payload does not fit the {action}")
            }
            Failure::Invalid(_) => format!("the props do not fit {component}"),
            Failure::Action(_) => format!("the {action} failed"),
            Failure::Gone => "the component is not mounted".to_owned(),
            Failure::Busy => "too many requests are waiting for their answer".to_owned(),
            Failure::TooMany(what) => format!("there are too many {what}"),
            Failure::TooLarge(what) => format!("{what} is too large"),
            Failure::Conflict => "the component id is in use for another component or other props".to_owned(),
            Failure::Timeout if subject.action.is_none() => {
                format!("{component} could not be mounted in time")
            }
            Failure::Timeout => format!("the {action} did not end in time and was undone"),
            Failure::Internal(_) => "the server failed; `id` finds the cause in its log".to_owned(),
            Failure::BadMessage(reason) => (*reason).to_owned(),
        }
    }
}

/// The client's input is wrong, field by field: an action's error that becomes the code `invalid`.
///
/// ```
/// use fluxstack_live_core::failure::Invalid;
///
/// fn check(email: &str) -> Result<(), Invalid> {
///     if email.contains('@') { Ok(()) } else { Err(Invalid::field("email", "not an address")) }
/// }
/// # assert!(check("x").is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid {
    pub(crate) fields: BTreeMap<String, String>,
}

impl Invalid {
    /// One field is wrong, and why: a sentence for the person who typed it.
    pub fn field(name: impl Into<String>, text: impl Into<String>) -> Self {
        Invalid::default().and(name, text)
    }
    /// And another one.
    #[must_use]
    pub fn and(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.fields.insert(name.into(), text.into());
        self
    }
}

/// A fault of the server, such as a database that does not answer: an action's error that becomes the code `internal`. Any
/// error becomes one by `?`; its text goes to the log, the client gets an id that finds it there. The action is undone.
///
/// ```
/// use fluxstack_live_core::failure::Fault;
///
/// fn read(text: &str) -> Result<i64, Fault> {
///     Ok(text.parse()?)
/// }
/// # assert!(read("x").is_err());
/// ```
#[derive(Debug)]
pub struct Fault(pub(crate) String);

impl Fault {
    /// A fault with this cause, for the log: for what is no [`std::error::Error`].
    pub fn new(cause: impl std::fmt::Display) -> Self {
        Fault(cause.to_string())
    }
}

impl<E: std::error::Error> From<E> for Fault {
    fn from(error: E) -> Self {
        Fault(with_sources(&error))
    }
}

/// An error and what caused it, as one line for the log.
pub(crate) fn with_sources(error: &dyn std::error::Error) -> String {
    let sources = std::iter::successors(error.source(), |error| error.source());
    sources.fold(error.to_string(), |text, source| format!("{text}: {source}"))
}

/// The error of an action that may refuse, with a type of your own, and may fail by a [`Fault`].
///
/// ```
/// use fluxstack_live_core::failure::{Failed, OrFault};
///
/// // `String` stands for a type of your own.
/// fn book(seats: &str) -> Result<u32, Failed<String>> {
///     let seats: u32 = seats.parse().or_fault()?;
///     if seats > 8 { Err("too many".to_owned())? }
///     Ok(seats)
/// }
/// # assert!(matches!(book("9"), Err(Failed::Refused(_))));
/// # assert!(matches!(book("x"), Err(Failed::Fault(_))));
/// ```
#[derive(Debug)]
pub enum Failed<E> {
    /// The action's own typed error: code `action`, its caller's code sees it as `error.data`.
    Refused(E),
    /// A fault of the server: code `internal`.
    Fault(Fault),
}

impl<E: WireType> From<E> for Failed<E> {
    fn from(error: E) -> Self {
        Failed::Refused(error)
    }
}
impl From<Invalid> for Failed<Invalid> {
    fn from(error: Invalid) -> Self {
        Failed::Refused(error)
    }
}
impl<E> From<Fault> for Failed<E> {
    fn from(fault: Fault) -> Self {
        Failed::Fault(fault)
    }
}

/// Makes a fault of an error, where the action has a typed error besides.
pub trait OrFault<T> {
    /// The value, or the error as a [`Fault`].
    fn or_fault(self) -> Result<T, Fault>;
}
impl<T, E: std::error::Error> OrFault<T> for Result<T, E> {
    fn or_fault(self) -> Result<T, Fault> {
        self.map_err(Fault::from)
    }
}
