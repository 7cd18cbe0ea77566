//! Does what commits asked for: jobs, in the background.
//!
//! In scope: when a job is done, how often it is tried, and when it is given up; letters here, what endpoints are told in
//! `deliveries`, on lanes of their own. Out of scope: what a job is about (`service`), how mail is sent (`mail`).
//!
//! Invariant: a job is removed only after it was done or given up, in a commit of its own. So each is done at least once: a
//! process that dies between a mail server's "I have it" and that commit sends the letter again, under the same message id.
//! No visitor waits for any of this: letters are written on a thread that steps back when the processor is busy. And a mail server that is down stops
//! nothing but mail.

use std::sync::Arc;
use std::time::Duration;

use shared::time::Timestamp;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::mail::{Mailer, SendError};
use crate::sequencer::{Draft, SequenceError};
use crate::service::Service;
use crate::service::letters::Wanted;
use crate::store::jobs::{Job, JobKind, due_by};
use crate::store::{Batch, Space, StoreError};
use crate::undelivered::{Undelivered, What};

pub mod attempt;
pub mod deliveries;
pub mod lane;

/// Jobs under way at once: what the mail server is asked at once.
const AT_ONCE_MAX: usize = 8;

/// The longest pause between two looks, also when nobody rings: a job that was put off becomes due by the clock.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// How far the thread of letters steps back, as in nice(2): on a busy processor it gets a tenth of what an answer gets. A letter costs as much
/// as some receipts, and a visitor who waits comes first; yet no crowd holds letters up for ever.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// After which try a job waits how long, in seconds: quick at first, then as mail servers themselves do it (RFC 5321 §4.5.4.1),
/// for four days in all.
const WAIT_SECONDS: [i64; 12] =
    [10, 60, 5 * 60, 15 * 60, 60 * 60, 2 * 3_600, 4 * 3_600, 8 * 3_600, 16 * 3_600, 86_400, 86_400, 86_400];

/// When a letter is looked at again for which its organisation had sent too many, in seconds.
const ENOUGH_SECONDS: i64 = 10 * 60;

/// What came of a job.
enum Outcome {
    /// It is done, or there is nothing left to do.
    Done,
    /// It will never be done.
    GivenUp,
    /// It is tried again.
    Later,
    /// It was not tried: this organisation has sent enough for now.
    Enough,
}

/// Starts a thread that does jobs until told to stop, and then finishes what is under way. What is returned resolves when it has ended.
///
/// # Errors
///
/// When the system gives no thread.
pub fn start(
    service: Arc<Service>,
    mailer: Arc<Mailer>,
    stop: watch::Receiver<bool>,
) -> std::io::Result<oneshot::Receiver<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (ended, end) = oneshot::channel();
    std::thread::Builder::new().name("outbox".into()).spawn(move || {
        step_back();
        runtime.block_on(run(service, mailer, stop));
        // Nobody may wait for it any more.
        let _ = ended.send(());
    })?;
    Ok(end)
}

/// Lets everything else on this machine go before this thread and those that it starts. Linux only: elsewhere the same call means the process.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "letters cannot step back for visitors");
    }
}

async fn run(service: Arc<Service>, mailer: Arc<Mailer>, mut stop: watch::Receiver<bool>) {
    let bell = service.sequencer.bell();
    let mut pace = tokio::time::interval(LOOK_EVERY);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let more = match round(&service, &mailer, Service::now()).await {
            Ok(more) => more,
            Err(error) => {
                tracing::warn!(%error, "jobs cannot be read or removed; they are tried again");
                false
            }
        };
        if *stop.borrow() {
            return;
        }
        if more {
            continue;
        }
        tokio::select! {
            () = bell.notified() => {}
            _ = pace.tick() => {}
            _ = stop.changed() => return,
        }
    }
}

/// Does what is due, at most a round of it. Says whether more may be due.
async fn round(service: &Arc<Service>, mailer: &Arc<Mailer>, now: Timestamp) -> Result<bool, RoundError> {
    let rows = service.engine.snapshot()?.page(Space::Job, &due_by(now), AT_ONCE_MAX)?;
    let more = rows.len() == AT_ONCE_MAX;
    let mut tasks = JoinSet::new();
    for (key, value) in rows {
        let job = Job::read(&key, &value)?;
        let (service, mailer) = (service.clone(), mailer.clone());
        tasks.spawn(async move {
            let outcome = letter(&service, &mailer, &job, now).await;
            let rows = after(&job, &outcome, now);
            // Those of a round are ready together, so they share a commit.
            service.sequencer.store(Draft { rows, ..Draft::default() }).await
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.map_err(|_| RoundError::Died)??;
    }
    Ok(more)
}

#[derive(Debug, thiserror::Error)]
enum RoundError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sequence(#[from] SequenceError),
    #[error("couldn't do a job: its task ended in a panic")]
    Died,
}

/// Sends the letter of a job.
async fn letter(service: &Service, mailer: &Mailer, job: &Job, now: Timestamp) -> Outcome {
    if job.kind == JobKind::Confirm && !service.bots.allows_letter(job.organisation) {
        return Outcome::Enough;
    }
    let letter = match service.letter(job, now).await {
        Ok(Wanted::Letter(letter)) => letter,
        Ok(Wanted::Nothing) => return Outcome::Done,
        Err(refusal) => {
            tracing::warn!(code = refusal.code(), kind = ?job.kind, "a letter cannot be written now");
            return Outcome::Later;
        }
    };
    match mailer.send(&letter).await {
        Ok(()) => Outcome::Done,
        Err(SendError::Later) => Outcome::Later,
        Err(SendError::Never) => Outcome::GivenUp,
    }
}

/// What a job's end writes: its removal, or a later moment. A letter that no server will take is noted where the
/// organisation finds it.
fn after(job: &Job, outcome: &Outcome, now: Timestamp) -> Batch {
    let mut rows = Batch::default();
    let wait = WAIT_SECONDS.get(usize::from(job.attempts));
    match (outcome, wait) {
        (Outcome::Done, _) => job.remove(&mut rows),
        (Outcome::Enough, _) => job.wait(&mut rows, now.plus_seconds(ENOUGH_SECONDS)),
        (Outcome::Later, Some(wait)) => job.put_off(&mut rows, now.plus_seconds(*wait)),
        (Outcome::Later, None) | (Outcome::GivenUp, _) => {
            let kind: JobKind = job.kind;
            tracing::warn!(?kind, organisation = job.organisation, "a letter was given up");
            job.remove(&mut rows);
            let (what, about) = (What::Letter(kind), job.about.clone());
            Undelivered { what, about, at: now, status: None }.note(job.organisation, &mut rows);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::jobs::{fresh, prefix};

    fn job(attempts: u16) -> Job {
        let at = Timestamp::from_unix_seconds(1_000);
        let key = [prefix(at, 1, JobKind::Confirm), 5u64.to_be_bytes().to_vec()].concat();
        let mut job = Job::read(&key, &fresh()).unwrap();
        job.attempts = attempts;
        job
    }

    fn written(attempts: u16, outcome: &Outcome) -> Vec<(Space, bool)> {
        let rows = after(&job(attempts), outcome, Timestamp::from_unix_seconds(2_000));
        rows.writes.iter().map(|write| (write.space, write.value.is_some())).collect()
    }

    #[test]
    fn a_job_is_removed_when_it_is_done_and_put_off_when_it_is_not() {
        assert_eq!(written(0, &Outcome::Done), [(Space::Job, false)]);
        assert_eq!(written(0, &Outcome::Later), [(Space::Job, false), (Space::Job, true)]);
    }

    #[test]
    fn a_letter_that_nobody_takes_is_noted() {
        let noted = [(Space::Job, false), (Space::Undelivered, true)];
        assert_eq!(written(0, &Outcome::GivenUp), noted);
        let last = u16::try_from(WAIT_SECONDS.len()).unwrap();
        assert_eq!(written(last, &Outcome::Later), noted);
        assert_eq!(written(last, &Outcome::Enough), [(Space::Job, false), (Space::Job, true)]);
        assert_eq!(written(last - 1, &Outcome::Later), [(Space::Job, false), (Space::Job, true)]);
    }
}
