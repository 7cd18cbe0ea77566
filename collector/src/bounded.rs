//! Reading a request's body, up to its limit.
//!
//! In scope: how many bytes are kept, and how many are let by so that the sender is still there when the answer comes.
//! Out of scope: what the bytes say; how long it may take (`http`, `witness`).
//!
//! Invariant: memory holds as many bytes of a body as its limit says, at most.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Request};
use shared::limits::SUBMIT_BYTES_MAX;
use shared::refusal::Refusal;

/// Bytes past the limit that are read and dropped. Browsers send the whole of a body before they listen: who is cut off meanwhile sees
/// a broken line and never learns why.
const LET_BY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A whole body, or why there is none.
pub struct Bounded<const BYTES_MAX: usize = SUBMIT_BYTES_MAX>(pub Result<Bytes, Refusal>);

impl<S: Send + Sync, const BYTES_MAX: usize> FromRequest<S> for Bounded<BYTES_MAX> {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(read(request.into_body(), BYTES_MAX).await))
    }
}

async fn read(mut body: Body, bytes_max: usize) -> Result<Bytes, Refusal> {
    let (mut kept, mut arrived) = (Vec::new(), 0);
    while arrived <= bytes_max + LET_BY_BYTES_MAX
        && let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        let frame = frame.map_err(|_| Refusal::BodyInvalid)?;
        let Ok(data) = frame.into_data() else { continue };
        arrived += data.len();
        if arrived <= bytes_max {
            kept.extend_from_slice(&data);
        }
    }
    if arrived > bytes_max { Err(Refusal::BodyTooLarge) } else { Ok(kept.into()) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::Relaxed;

    use super::*;

    #[tokio::test]
    async fn who_sends_some_more_than_the_limit_has_sent_it_all_when_the_answer_comes() {
        for bytes_max in [SUBMIT_BYTES_MAX, LET_BY_BYTES_MAX, 2 * LET_BY_BYTES_MAX] {
            let let_by = [bytes_max, LET_BY_BYTES_MAX].map(|bytes| Ok::<_, Infallible>(vec![b'x'; bytes]));
            let taken = Arc::new(AtomicUsize::new(0));
            let counted = taken.clone();
            let pieces = let_by.into_iter().inspect(move |_| _ = counted.fetch_add(1, Relaxed));
            let body = Body::from_stream(tokio_stream::iter(pieces));
            assert_eq!(read(body, bytes_max).await, Err(Refusal::BodyTooLarge));
            assert_eq!(taken.load(Relaxed), 2, "the rest of {bytes_max} and more is not waited for");
        }
    }

    async fn check(bytes: usize, expected: Result<usize, Refusal>) {
        assert_eq!(
            read(Body::from(vec![b'x'; bytes]), SUBMIT_BYTES_MAX).await.map(|body| body.len()),
            expected,
            "{bytes}"
        );
    }

    #[tokio::test]
    async fn a_body_is_kept_up_to_its_limit() {
        check(0, Ok(0)).await;
        check(SUBMIT_BYTES_MAX, Ok(SUBMIT_BYTES_MAX)).await;
        check(SUBMIT_BYTES_MAX + 1, Err(Refusal::BodyTooLarge)).await;
        check(2 * LET_BY_BYTES_MAX, Err(Refusal::BodyTooLarge)).await;
    }
}
