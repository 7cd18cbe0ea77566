//! A lane: the deliveries of one endpoint.
//!
//! In scope: when each is tried, what its end writes, when the endpoint is left alone for a while, and when for good. Out of
//! scope: the try itself (`attempt`).
//!
//! Invariant: a delivery is removed only after its endpoint took it, or when it was given up while the endpoint took others. When an
//! endpoint takes nothing for days, it is disabled and its deliveries stay: so no end of a consent is ever lost by waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use shared::refusal::Refusal;
use shared::time::Timestamp;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::attempt::{self, Came};
use crate::calls::{Caller, Trust};
use crate::endpoints::log::{self, Try, TryResult};
use crate::endpoints::row::{EndpointId, Gets, State, Why};
use crate::endpoints::waiting::{self, Waiting};
use crate::endpoints::{Endpoint, put_state};
use crate::keys::random;
use crate::sequencer::{Draft, SequenceError};
use crate::service::Service;
use crate::store::{Batch, Space, StoreError};

/// Calls to one endpoint at once, as long as it takes them.
const AT_ONCE_MAX: usize = 16;

/// After which try a delivery waits how long, in seconds (Standard Webhooks): three days in all.
const WAIT_SECONDS: [i64; 9] =
    [5, 5 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600, 14 * 3_600, 20 * 3_600, 24 * 3_600];

/// After so many seconds without a delivery that was taken an endpoint is disabled: a little longer than all waits together.
const SILENT_SECONDS: i64 = 77 * 3_600;

/// How long an endpoint is left alone after so many failures on end, in seconds.
const PAUSE_SECONDS: [u64; 4] = [5, 20, 80, 300];

/// The longest wait without a look.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// How long somebody's address stays sealed beside an endpoint that is disabled, in seconds: a month, as Art. 12(3) gives for
/// acting on what people ask.
const PERSON_SECONDS_MAX: i64 = 30 * 24 * 3_600;

/// Rows that are looked at together.
const PAGE_ROWS: usize = 256;

/// The lane of an endpoint.
pub struct Lane {
    service: Arc<Service>,
    trust: Trust,
    places: Arc<Semaphore>,
    id: EndpointId,
    caller: Option<Caller>,
    /// Rounds on end in which nothing was taken.
    failures: usize,
    /// Until when it is left alone.
    pause: Option<Instant>,
    /// The number of the next try; none before the log was read.
    next: Option<Arc<AtomicU64>>,
}

#[derive(Debug, thiserror::Error)]
enum RoundError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sequence(#[from] SequenceError),
    #[error("what is to be told cannot be read")]
    Unreadable(Refusal),
    #[error("a task ended in a panic")]
    Died,
}

/// What a try says about its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Taken,
    Failed(Option<i64>),
    Gone,
    Nothing,
}

impl Lane {
    /// A lane that does nothing yet.
    #[must_use]
    pub const fn new(service: Arc<Service>, trust: Trust, places: Arc<Semaphore>, id: EndpointId) -> Self {
        Self { service, trust, places, id, caller: None, failures: 0, pause: None, next: None }
    }

    /// Delivers until told to stop, or until the endpoint is gone.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) -> EndpointId {
        let bell = self.service.sequencer.bells().of(self.id.prefix());
        while !*stop.borrow() {
            let Some(endpoint) = self.service.endpoints.get(self.id) else { break };
            let wait = self.round(&endpoint).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "deliveries cannot be done now; they are tried again");
                self.pause = Some(Instant::now() + Duration::from_secs(PAUSE_SECONDS[0]));
                None
            });
            let Some(wait) = wait else { continue };
            tokio::select! {
                _ = tokio::time::timeout(wait, bell.notified()) => {}
                _ = stop.changed() => {}
            }
        }
        self.id
    }

    /// Does what is due, at most a round of it. Gives how long to wait, if there is nothing to do.
    async fn round(&mut self, endpoint: &Arc<Endpoint>) -> Result<Option<Duration>, RoundError> {
        if !endpoint.is_on() {
            (self.failures, self.pause) = (0, None);
            self.forget_people().await?;
            return Ok(Some(LOOK_EVERY));
        }
        let left = self.pause.and_then(|until| until.checked_duration_since(Instant::now()));
        if let Some(left) = left.filter(|left| !left.is_zero()) {
            return Ok(Some(left));
        }
        let now = Service::now();
        // One that fails is asked with one delivery, until it takes one.
        let failing = self.failures > 0 || endpoint.state.failing_since.is_some();
        let at_once = if failing { 1 } else { AT_ONCE_MAX };
        let snapshot = self.service.engine.snapshot()?;
        let rows = snapshot.page(Space::Delivery, &waiting::due_by(self.id, now), at_once)?;
        if rows.is_empty() {
            let next = snapshot.page(Space::Delivery, &waiting::of(self.id), 1)?;
            let next = next.first().map(|(key, row)| Waiting::read(key, row)).transpose()?;
            let left = next.map(|next| next.due.unix_seconds() - now.unix_seconds());
            let left = left.and_then(|left| u64::try_from(left).ok()).map(Duration::from_secs);
            return Ok(Some(left.unwrap_or(LOOK_EVERY).clamp(Duration::from_secs(1), LOOK_EVERY)));
        }
        drop(snapshot);
        let read = rows.iter().map(|(key, row)| Waiting::read(key, row));
        let said = self.try_all(endpoint, read.collect::<Result<_, _>>()?).await?;
        self.judge(endpoint, &said).await?;
        Ok(None)
    }

    async fn try_all(
        &mut self,
        endpoint: &Arc<Endpoint>,
        due: Vec<Waiting>,
    ) -> Result<Vec<Says>, RoundError> {
        let caller = self.caller.get_or_insert_with(|| attempt::caller(&self.trust, endpoint, AT_ONCE_MAX));
        if self.next.is_none() {
            let tries = log::read(self.service.engine.snapshot()?.as_ref(), self.id)?;
            self.next = Some(Arc::new(tries.first().map_or(0, |newest| newest.number + 1).into()));
        }
        let next = self.next.get_or_insert_default();
        let mut tasks = JoinSet::new();
        for one in due {
            let (service, caller, endpoint) = (self.service.clone(), caller.clone(), endpoint.clone());
            let (places, next) = (self.places.clone(), next.clone());
            tasks.spawn(async move {
                // It is never closed.
                let _place = places.acquire_owned().await;
                let came = attempt::try_once(&service, &caller, &endpoint, &one).await;
                let came = came.map_err(RoundError::Unreadable)?;
                let (mut rows, says) =
                    after(&one, &came, (&endpoint.row.gets, endpoint.state), Service::now(), jitter());
                if let Some(id) = came.id {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let came = (came.result, came.milliseconds);
                    Try::of(&one, number, Service::now(), id, came).put(endpoint.id, &mut rows);
                }
                // Those of a round are often ready together, and share a commit.
                service.sequencer.store(Draft { rows, ..Draft::default() }).await?;
                Ok(says)
            });
        }
        let mut said: Vec<Says> = Vec::new();
        let mut failed = None;
        while let Some(done) = tasks.join_next().await {
            match done.map_err(|_| RoundError::Died).and_then(|done| done) {
                Ok(says) => said.push(says),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(said), Err)
    }

    /// What a round says about the endpoint: whether it is well, is left alone for a while, or for good.
    async fn judge(&mut self, endpoint: &Endpoint, said: &[Says]) -> Result<(), RoundError> {
        let (now, before) = (Service::now().unix_seconds(), endpoint.state);
        let pause = said.iter().filter_map(|says| match says {
            Says::Failed(pause) => Some(pause.unwrap_or_default()),
            _ => None,
        });
        let after = if said.contains(&Says::Gone) {
            State { disabled: Some((now, Why::Gone)), failing_since: before.failing_since.or(Some(now)) }
        } else if said.contains(&Says::Taken) {
            self.failures = 0;
            State::default()
        } else if let Some(asked) = pause.max() {
            let usual = PAUSE_SECONDS[self.failures.min(PAUSE_SECONDS.len() - 1)];
            let pause = usual.max(u64::try_from(asked).unwrap_or_default());
            self.failures += 1;
            self.pause = Some(Instant::now() + Duration::from_secs(pause));
            failing(before, now)
        } else {
            before
        };
        if after == before {
            return Ok(());
        }
        self.report(endpoint, after);
        let mut draft = Draft::default();
        put_state(&mut draft.rows, self.id, &after);
        self.service.sequencer.store(draft).await?;
        Ok(self.service.endpoints.reload()?)
    }

    /// Says once what changed, where the owner of the machine looks.
    fn report(&self, endpoint: &Endpoint, after: State) {
        let (organisation, number) = (self.id.organisation, self.id.number);
        match (after.disabled, after.failing_since) {
            (Some((_, why)), _) => tracing::error!(
                organisation,
                endpoint = number,
                why = why.words(),
                "an endpoint is disabled: what happens from now on is sent when it is enabled again"
            ),
            (None, Some(_)) => tracing::warn!(organisation, endpoint = number, "an endpoint fails"),
            (None, None) if endpoint.state.failing_since.is_some() => {
                tracing::info!(organisation, endpoint = number, "the endpoint takes deliveries again");
            }
            (None, None) => {}
        }
    }

    /// Of an endpoint that is disabled: addresses do not wait for ever.
    async fn forget_people(&self) -> Result<(), RoundError> {
        let until = Service::now().plus_seconds(-PERSON_SECONDS_MAX);
        let mut range = waiting::of(self.id);
        loop {
            let rows = self.service.engine.snapshot()?.page(Space::Delivery, &range, PAGE_ROWS)?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            range = range.after(last);
            let mut draft = Draft::default();
            for (key, row) in &rows {
                let waiting = Waiting::read(key, row)?;
                if waiting.person.is_some() && waiting.asked < until {
                    waiting.remove(&mut draft.rows);
                }
            }
            if !draft.rows.writes.is_empty() {
                self.service.sequencer.store(draft).await?;
            }
        }
    }
}

/// One more round in which nothing was taken.
fn failing(before: State, now: i64) -> State {
    let since = before.failing_since.unwrap_or(now);
    let disabled = (now - since > SILENT_SECONDS).then_some((now, Why::Silent));
    State { disabled, failing_since: Some(since) }
}

/// What the end of a try writes, and what it says about the endpoint.
fn after(
    waiting: &Waiting,
    came: &Came,
    (gets, state): (&Gets, State),
    now: Timestamp,
    jitter: i64,
) -> (Batch, Says) {
    let mut rows = Batch::default();
    if came.id.is_none() {
        waiting.remove(&mut rows);
        return (rows, Says::Nothing);
    }
    if came.result.is_taken() || came.result == TryResult::Refused {
        waiting.remove(&mut rows);
        return (rows, Says::Taken);
    }
    if came.result == TryResult::Status(410) && matches!(gets, Gets::Messages(_)) {
        return (rows, Says::Gone);
    }
    // It took others meanwhile, so there is something about this one.
    let took_others = state.failing_since.is_none_or(|since| since > waiting.asked.unix_seconds());
    let [.., last] = WAIT_SECONDS;
    match WAIT_SECONDS.get(usize::from(waiting.tries)) {
        None if took_others => {
            tracing::warn!(organisation = waiting.endpoint.organisation, "a delivery was given up");
            waiting.remove(&mut rows);
        }
        wait => {
            let wait = *wait.unwrap_or(&last);
            let wait = wait + wait * jitter / 1_000;
            waiting.put_off(&mut rows, now.plus_seconds(wait.max(came.retry_after.unwrap_or_default())));
        }
    }
    (rows, Says::Failed(came.retry_after))
}

/// Up to a tenth more, in thousandths, so that those who failed together do not come back together.
fn jitter() -> i64 {
    random().map_or(0, |bytes| i64::from(bytes[0]) * 100 / 255)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoints::event::EventType;
    use crate::endpoints::waiting::About;

    const MESSAGES: Gets = Gets::Messages(Vec::new());

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    fn waiting(tries: u16) -> Waiting {
        let about = About::Decision { event: EventType::Withdrawn, index: 0, sequence: 5 };
        let endpoint = EndpointId { organisation: 1, number: 1 };
        let mut waiting = Waiting::new(endpoint, about, None, at(1_000));
        waiting.tries = tries;
        waiting
    }

    fn came(result: TryResult, retry_after: Option<i64>) -> Came {
        Came { id: Some("msg_1".into()), result, retry_after, milliseconds: 1 }
    }

    /// When a delivery comes again: never when it is done, given up or kept as it is.
    fn again(tries: u16, came: &Came, failing_since: Option<i64>) -> (Option<i64>, Says) {
        let state = State { failing_since, disabled: None };
        let (rows, says) = after(&waiting(tries), came, (&MESSAGES, state), at(2_000), 0);
        let put = rows.writes.iter().find_map(|write| Some((&write.key, write.value.as_ref()?)));
        (put.map(|(key, row)| Waiting::read(key, row).unwrap().due.unix_seconds() - 2_000), says)
    }

    #[test]
    fn a_delivery_waits_as_the_standard_says_and_as_its_endpoint_asks() {
        let failed = came(TryResult::Status(500), None);
        let waits: Vec<i64> = (0..9).filter_map(|tries| again(tries, &failed, None).0).collect();
        assert_eq!(waits, WAIT_SECONDS);
        assert_eq!(waits.iter().sum::<i64>() / 3_600, 75);
        let asks = came(TryResult::Status(429), Some(600));
        assert_eq!(again(0, &asks, None), (Some(600), Says::Failed(Some(600))));
        assert_eq!(again(4, &asks, None).0, Some(5 * 3_600));
        for result in [TryResult::Status(302), TryResult::NoConnection, TryResult::Forbidden] {
            assert_eq!(again(0, &came(result, None), None).0, Some(5), "{result}");
        }
        assert!((0..=100).contains(&jitter()));
    }

    #[test]
    fn only_what_an_endpoint_refuses_while_it_takes_others_is_given_up() {
        let failed = came(TryResult::Status(400), None);
        assert_eq!(again(9, &failed, None).0, None);
        assert_eq!(again(9, &failed, Some(1_500)).0, None, "it took others after this was asked for");
        assert_eq!(again(9, &failed, Some(900)).0, Some(24 * 3_600), "it takes nothing at all");
    }

    #[test]
    fn what_is_taken_is_removed_and_what_is_gone_stays() {
        assert_eq!(again(0, &came(TryResult::Status(204), None), None), (None, Says::Taken));
        assert_eq!(again(0, &came(TryResult::Refused, None), None), (None, Says::Taken));
        let gone = came(TryResult::Status(410), None);
        let (rows, says) = after(&waiting(0), &gone, (&MESSAGES, State::default()), at(2_000), 0);
        assert!(rows.writes.is_empty() && says == Says::Gone);
        let nothing = Came { id: None, ..gone };
        assert_eq!(again(0, &nothing, None).1, Says::Nothing);
    }

    #[test]
    fn who_takes_nothing_for_three_days_is_disabled() {
        let first = failing(State::default(), 1_000);
        assert_eq!(first, State { disabled: None, failing_since: Some(1_000) });
        assert_eq!(failing(first, 1_000 + SILENT_SECONDS), first);
        let late = 1_001 + SILENT_SECONDS;
        assert_eq!(failing(first, late).disabled, Some((late, Why::Silent)));
        assert!(SILENT_SECONDS > WAIT_SECONDS.iter().sum::<i64>());
    }
}
