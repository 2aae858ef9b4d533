//! The built page, from inside the binary.
use axum::{
    Router,
    http::{
        StatusCode, Uri,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use rust_embed::Embed;

/// What `npm run build -w showcase-page` has written; empty if it did not run before the compiler.
#[derive(Embed)]
#[folder = "page/dist/"]
#[allow_missing = true]
struct Files;

/// Answers every path that is not a route of its own.
pub(crate) fn router() -> Router {
    Router::new().fallback(file)
}

async fn file(uri: Uri) -> Response {
    let path = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let Some(file) = Files::get(path) else {
        return if Files::iter().next().is_none() {
            (StatusCode::SERVICE_UNAVAILABLE, "the page was not built; run `cargo xtask demo`\n")
                .into_response()
        } else {
            (StatusCode::NOT_FOUND, "there is nothing here\n").into_response()
        };
    };
    // A file under assets/ is named after its content; the page itself is asked for anew.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(CONTENT_TYPE, file.metadata.mimetype()), (CACHE_CONTROL, cache)];
    (headers, file.data).into_response()
}
