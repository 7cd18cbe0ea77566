//! Waiting for a condition with a bound, instead of sleeping and hoping.
//!
//! Invariant: nothing waits longer than its deadline, and who waited in vain is told for what.

use std::future::Future;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How long a test waits for something that a person would expect at once, on a busy machine.
pub const PATIENCE_SECONDS: u64 = 20;

/// Asks `look` again and again until it finds something.
///
/// # Errors
///
/// If it finds nothing within `seconds`; the last error of `look` is in the message.
pub async fn until<T, F>(what: &str, seconds: u64, mut look: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let deadline = Instant::now() + Duration::from_secs(seconds);
    let mut pace = interval(Duration::from_millis(15));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last = String::new();
    loop {
        pace.tick().await;
        match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(error) => last = format!(" (last: {error:#})"),
        }
        if Instant::now() > deadline {
            bail!("waited {seconds} s in vain for {what}{last}");
        }
    }
}
