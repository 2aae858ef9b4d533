//! Who may connect, and how: decided on the HTTP request, before there is a socket.
use axum::{
    http::{
        HeaderMap, HeaderName, StatusCode, Uri,
        header::{HOST, ORIGIN, SEC_WEBSOCKET_PROTOCOL},
    },
    response::{IntoResponse, Response},
};
use fluxstack_live_core::encoding::Encoding;
use fluxstack_live_protocol::{SUBPROTOCOL_JSON, SUBPROTOCOL_MSGPACK};

/// The subprotocols this server speaks.
const SUBPROTOCOLS: [&str; 2] = [SUBPROTOCOL_JSON, SUBPROTOCOL_MSGPACK];

/// Why a request does not become a connection.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("a token does not belong into a URL, which ends up in logs and histories; send it in `HELLO`")]
    TokenInUrl,
    #[error("pages of this origin may not connect; allow it with `.allow_origin(..)` on Live::builder()")]
    Origin,
    #[error("none of the offered subprotocols is spoken here; supported: {}", SUBPROTOCOLS.join(", "))]
    Subprotocol,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            Refusal::TokenInUrl | Refusal::Subprotocol => StatusCode::BAD_REQUEST,
            Refusal::Origin => StatusCode::FORBIDDEN,
        };
        (status, format!("{self}\n")).into_response()
    }
}

/// Refuses a token in the URL, and a page of a foreign origin.
pub(crate) fn check(uri: &Uri, headers: &HeaderMap, allowed: &[String]) -> Result<(), Refusal> {
    let names =
        uri.query().unwrap_or_default().split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    if names.into_iter().any(|name| ["token", "access_token", "auth"].contains(&name)) {
        return Err(Refusal::TokenInUrl);
    }
    // A browser always names the origin; what names none is a script or a native app, and has no cookies to misuse.
    let Some(origin) = only(headers, &ORIGIN).map_err(|()| Refusal::Origin)? else { return Ok(()) };
    let host = only(headers, &HOST).map_err(|()| Refusal::Origin)?;
    let is_own = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))
        .is_some_and(|it| Some(it) == host);
    if is_own || allowed.iter().any(|allowed| allowed == origin) { Ok(()) } else { Err(Refusal::Origin) }
}

/// The one value of a header, if it is there; `Err` if it is there twice or is no text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(|value| value.to_str().map_err(drop)).transpose()?;
    if values.next().is_some() { Err(()) } else { Ok(value) }
}

/// The subprotocol to speak, the first of those offered that is spoken here; None if the client offered none, which means
/// JSON.
pub(crate) fn subprotocol(headers: &HeaderMap) -> Result<Option<&'static str>, Refusal> {
    let mut offered = headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .peekable();
    if offered.peek().is_none() {
        return Ok(None);
    }
    let spoken = offered.find_map(|offer| SUBPROTOCOLS.into_iter().find(|spoken| *spoken == offer));
    spoken.map(Some).ok_or(Refusal::Subprotocol)
}

/// How the messages of a subprotocol are written.
pub(crate) fn encoding(subprotocol: Option<&str>) -> Encoding {
    match subprotocol {
        Some(SUBPROTOCOL_MSGPACK) => Encoding::Compact,
        Some(_) | None => Encoding::Json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| ((*name).clone(), value.parse().unwrap())).collect()
    }
    fn checked(pairs: &[(&HeaderName, &str)]) -> Result<(), Refusal> {
        check(&Uri::from_static("/live"), &headers(pairs), &["https://app.example".to_owned()])
    }

    #[test]
    fn only_the_own_host_and_allowed_origins_connect() {
        let own = (&HOST, "shop.example:3000");
        assert_eq!(checked(&[own]), Ok(()));
        for origin in ["http://shop.example:3000", "https://shop.example:3000", "https://app.example"] {
            assert_eq!(checked(&[own, (&ORIGIN, origin)]), Ok(()), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://shop.example",
            "http://shop.example:3000.evil.example",
            "http://evil.example",
            "http://app.example",
            "https://app.example:444",
            "ws://shop.example:3000",
            "shop.example:3000",
        ] {
            assert_eq!(checked(&[own, (&ORIGIN, origin)]), Err(Refusal::Origin), "{origin}");
        }
        let twice = [own, (&ORIGIN, "https://app.example"), (&ORIGIN, "https://app.example")];
        assert_eq!(checked(&twice), Err(Refusal::Origin));
        assert_eq!(checked(&[(&ORIGIN, "http://")]), Err(Refusal::Origin));
    }

    #[test]
    fn a_token_in_the_url_is_refused() {
        for (uri, expected) in [
            ("/live", Ok(())),
            ("/live?page=token", Ok(())),
            ("/live?token=x", Err(Refusal::TokenInUrl)),
            ("/live?a=1&access_token=x", Err(Refusal::TokenInUrl)),
            ("/live?auth", Err(Refusal::TokenInUrl)),
        ] {
            assert_eq!(check(&Uri::from_static(uri), &HeaderMap::new(), &[]), expected, "{uri}");
        }
    }

    #[test]
    fn a_spoken_subprotocol_is_chosen_or_the_request_refused() {
        let offer = |values: &[&str]| {
            let pairs: Vec<_> = values.iter().map(|value| (&SEC_WEBSOCKET_PROTOCOL, *value)).collect();
            subprotocol(&headers(&pairs))
        };
        assert_eq!(offer(&[]), Ok(None));
        assert_eq!(offer(&[SUBPROTOCOL_JSON]), Ok(Some(SUBPROTOCOL_JSON)));
        assert_eq!(offer(&["soap, fluxstack-live.v1.json"]), Ok(Some(SUBPROTOCOL_JSON)));
        assert_eq!(offer(&["soap", SUBPROTOCOL_JSON]), Ok(Some(SUBPROTOCOL_JSON)));
        assert_eq!(offer(&[SUBPROTOCOL_MSGPACK]), Ok(Some(SUBPROTOCOL_MSGPACK)));
        let both = "fluxstack-live.v1.msgpack, fluxstack-live.v1.json";
        assert_eq!(offer(&[both]), Ok(Some(SUBPROTOCOL_MSGPACK)), "the client's first choice");
        assert_eq!(offer(&[SUBPROTOCOL_JSON, SUBPROTOCOL_MSGPACK]), Ok(Some(SUBPROTOCOL_JSON)));
        assert_eq!(offer(&["soap"]), Err(Refusal::Subprotocol));
        assert_eq!(offer(&[""]), Err(Refusal::Subprotocol));
    }

    #[test]
    fn the_subprotocol_decides_the_encoding() {
        assert_eq!(encoding(None), Encoding::Json);
        assert_eq!(encoding(Some(SUBPROTOCOL_JSON)), Encoding::Json);
        assert_eq!(encoding(Some(SUBPROTOCOL_MSGPACK)), Encoding::Compact);
    }
}
