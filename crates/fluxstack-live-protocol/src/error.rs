//! The closed lists of error and close codes. `spec/protocol.md` has a row for each; a test compares them.
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Why a request, a mount or a message failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub enum ErrorCode { $($(#[$doc])* $name,)* }

        impl ErrorCode {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name,)*];
            /// As it travels.
            pub const fn as_str(self) -> &'static str { match self { $(ErrorCode::$name => $text,)* } }
        }
    };
}

codes! {
    /// The message could not be read, or is not allowed here.
    BadMessage = "bad_message",
    /// No component of that name, or not for this visitor.
    UnknownComponent = "unknown_component",
    /// The component has no such action.
    UnknownAction = "unknown_action",
    /// A client may not set this property.
    NotBindable = "not_bindable",
    /// Props, payload or value do not fit; `fields` says where.
    Invalid = "invalid",
    /// Nobody is signed in, or the token expired.
    Unauthorized = "unauthorized",
    /// The visitor may not do this.
    Forbidden = "forbidden",
    /// The component is not mounted.
    Gone = "gone",
    /// More requests in flight than agreed.
    Busy = "busy",
    /// A cap on components or stores is reached.
    TooMany = "too_many",
    /// A message, a result or the state is larger than allowed.
    TooLarge = "too_large",
    /// A limit the author set on this action; `retryAfterMs` says when to come back.
    RateLimited = "rate_limited",
    /// The action did not end within its deadline and was rolled back.
    Timeout = "timeout",
    /// The action's own typed error, in `data`.
    Action = "action",
    /// The component id is in use for something else.
    Conflict = "conflict",
    /// A fault of the server; `id` finds it in the log.
    Internal = "internal",
    /// History was lost: the request may or may not have run.
    UnknownOutcome = "unknown_outcome",
    /// The server speaks another version of the protocol.
    VersionMismatch = "version_mismatch",
}

macro_rules! close_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Why a connection ended, as the number in its close frame.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum CloseCode { $($(#[$doc])* $name = $code,)* }

        impl CloseCode {
            /// Every code the server sends, in the order of the catalogue.
            pub const ALL: &'static [CloseCode] = &[$(CloseCode::$name,)*];
            /// The number in the close frame.
            pub const fn code(self) -> u16 { self as u16 }
        }
    };
}

impl CloseCode {
    /// Whether an honest client comes back after it by itself, or when its user returns.
    pub const fn is_temporary(self) -> bool {
        use CloseCode::*;
        match self {
            GoingAway | MessageTooLarge | InternalError | Restart | TryLater | Unauthorized => true,
            FirstMessageTimeout | Replaced | Lifetime | TooSlow => true,
            Done | ProtocolError | UnsupportedData | InvalidData | PolicyViolation | Forbidden => false,
            VersionMismatch => false,
        }
    }
}

close_codes! {
    /// All is done.
    Done = 1000,
    /// The server is going away.
    GoingAway = 1001,
    /// The client broke the protocol, for instance by a gap in its request numbers.
    ProtocolError = 1002,
    /// A frame of a kind the subprotocol does not carry.
    UnsupportedData = 1003,
    /// Text that is not UTF-8.
    InvalidData = 1007,
    /// A rule was broken that no honest client breaks.
    PolicyViolation = 1008,
    /// A message larger than `limits.messageBytes`.
    MessageTooLarge = 1009,
    /// A fault of the server.
    InternalError = 1011,
    /// The server restarts.
    Restart = 1012,
    /// The server is full; try later.
    TryLater = 1013,
    /// Authentication is needed or has expired.
    Unauthorized = 4401,
    /// The visitor is refused.
    Forbidden = 4403,
    /// No first message within its deadline.
    FirstMessageTimeout = 4408,
    /// A newer connection of the session took over.
    Replaced = 4409,
    /// The client speaks a version the server does not.
    VersionMismatch = 4410,
    /// The connection reached its maximum lifetime.
    Lifetime = 4412,
    /// The client read too slowly.
    TooSlow = 4413,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(heading: &str) -> Vec<String> {
        let spec =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/protocol.md")).unwrap();
        let section = spec.split(heading).nth(1).expect("the catalogue is in the spec");
        let section = section.split("\n## ").next().unwrap();
        section
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned))
            .collect()
    }

    #[test]
    fn the_spec_lists_every_error_code_in_order() {
        let listed = catalogue("## Errors");
        assert_eq!(listed, ErrorCode::ALL.iter().map(|c| c.as_str().to_owned()).collect::<Vec<_>>());
    }

    #[test]
    fn the_spec_lists_every_close_code_in_order() {
        let listed = catalogue("## Close codes");
        assert_eq!(listed, CloseCode::ALL.iter().map(|c| c.code().to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn a_code_travels_as_its_text() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.as_str()));
        }
    }
}
