//! What `vinkje webhook` and `vinkje connector` do with endpoints.
//!
//! In scope: the deeds, and what is said of them. Out of scope: reading arguments (`webhook`, `connector`).
//!
//! Invariant: a signing secret is printed when it is made, and not again; what a tool knows us by is never printed.

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use shared::Language;
use shared::ids::{OrganisationId, PurposeId};
use shared::limits::ENDPOINTS_MAX;
use shared::refusal::Refusal;
use shared::time::Timestamp;

use super::{Data, open};
use crate::catalogue::Organisation;
use crate::connectors;
use crate::control;
use crate::endpoints::event::EventType;
use crate::endpoints::row::{Address, EndpointRow, Gets, Tool};
use crate::endpoints::secret::Secret;
use crate::endpoints::{self, Endpoint, Endpoints, log};
use crate::keys::Keys;
use crate::outbox::attempt;
use crate::seal::SealedBytes;
use crate::sequencer::{Draft, Sequencer};
use crate::service::Service;
use crate::store::Engine;

/// For how long a secret still signs after a new one was made, in seconds: a working day and a night.
const ROTATION_SECONDS: i64 = 24 * 60 * 60;

/// What is done with endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Make one.
    Add {
        /// What it is called.
        name: String,
        /// Where it is.
        url: String,
        /// Hosts that may be inside.
        allow: Vec<String>,
        /// What it gets.
        gets: Added,
    },
    /// Name all.
    List,
    /// Something with one of them.
    One {
        /// Which.
        name: String,
        /// What.
        act: Act,
    },
}

/// What a new endpoint gets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Added {
    /// Messages of these types, and every end.
    Messages(Vec<String>),
    /// People.
    People {
        /// Which tool.
        tool: Tool,
        /// Which of its lists.
        list: String,
        /// For which purpose.
        purpose: PurposeId,
        /// How the tool knows us.
        secret: String,
    },
}

impl std::fmt::Debug for Added {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Added(..)")
    }
}

/// What is done with one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Remove it.
    Remove,
    /// Make a new signing secret.
    Rotate,
    /// Send to it again after it was disabled.
    Enable,
    /// Send a message that says nothing, and wait for the answer.
    Test,
    /// Print the last tries.
    Deliveries,
    /// Send something once more.
    Replay(Again),
}

/// What is sent once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    /// The message of this id.
    Id(String),
    /// Everything since a moment.
    Since(Timestamp),
}

impl Deed {
    const fn needs_the_collector(&self) -> bool {
        matches!(self, Self::One { act: Act::Enable | Act::Test | Act::Replay(_), .. })
    }
}

/// Does it, by the collector that serves or without one.
///
/// # Errors
///
/// What cannot be done, with the next step.
pub(super) fn run(organisation: &str, data: &Data, deed: &Deed) -> Result<String> {
    let name = OrganisationId::parse(organisation)?;
    open::runtime()?.block_on(async {
        let Some(opened) = open::open(&data.data)? else {
            let deed = serde_json::to_string(deed)?;
            return control::ask(&data.data, "POST", &format!("/endpoint/{name}"), deed).await;
        };
        ensure!(!deed.needs_the_collector(), "the collector does this: start it with `vinkje serve` first");
        let organisation = opened.organisation(&name)?;
        let endpoints = Endpoints::open(opened.engine.clone(), opened.keys.clone())?;
        let work = async |sequencer: &Sequencer| {
            let (engine, keys) = (opened.engine.as_ref(), opened.keys.as_ref());
            Keeper { engine, keys, sequencer, endpoints: &endpoints, organisation: &organisation }
                .keep(deed)
                .await
        };
        opened.writing(work).await?
    })
}

/// The same in the collector that serves.
///
/// # Errors
///
/// As [`run`].
pub async fn serving(service: &Service, organisation: &Organisation, deed: &Deed) -> Result<String> {
    let keeper = Keeper {
        engine: service.engine.as_ref(),
        keys: &service.keys,
        sequencer: &service.sequencer,
        endpoints: &service.endpoints,
        organisation,
    };
    let Deed::One { name, act } = deed else { return keeper.keep(deed).await };
    match act {
        Act::Enable => enable(service, &keeper, &*keeper.named(name)?).await,
        Act::Test => test(&*keeper.named(name)?, &organisation.catalogue.organisation).await,
        Act::Replay(again) => replay(service, &*keeper.named(name)?, again).await,
        Act::Remove | Act::Rotate | Act::Deliveries => keeper.keep(deed).await,
    }
}

struct Keeper<'a> {
    engine: &'a dyn Engine,
    keys: &'a Keys,
    sequencer: &'a Sequencer,
    endpoints: &'a Endpoints,
    organisation: &'a Organisation,
}

impl Keeper<'_> {
    fn named(&self, name: &str) -> Result<std::sync::Arc<Endpoint>> {
        let found = self.endpoints.of(self.organisation.number);
        let found = found.into_iter().find(|endpoint| endpoint.row.name == name.trim());
        found.context("there is no endpoint of that name; `vinkje webhook list` names them")
    }

    async fn store(&self, draft: Draft) -> Result<()> {
        self.sequencer.store(draft).await?;
        Ok(self.endpoints.reload()?)
    }

    async fn keep(&self, deed: &Deed) -> Result<String> {
        match deed {
            Deed::Add { name, url, allow, gets } => self.add(&Address::parse(name, url, allow)?, gets).await,
            Deed::List => {
                let of = self.endpoints.of(self.organisation.number);
                let line = |one: &_| endpoints::line(one, &self.organisation.catalogue.organisation);
                Ok(of.iter().map(|endpoint| line(endpoint)).collect())
            }
            Deed::One { name, act: Act::Remove } => {
                let mut draft = Draft::default();
                self.named(name)?.remove(&mut draft.rows);
                self.store(draft).await?;
                Ok("removed; what was not delivered yet is dropped\n".into())
            }
            Deed::One { name, act: Act::Rotate } => self.rotate(&*self.named(name)?).await,
            Deed::One { name, .. } => {
                let tries = log::read(self.engine.snapshot()?.as_ref(), self.named(name)?.id)?;
                tries.iter().map(line_of).collect()
            }
        }
    }

    async fn add(&self, address: &Address, gets: &Added) -> Result<String> {
        ensure!(
            self.named(&address.name).is_err(),
            "there is an endpoint of that name already; remove it first, or choose another name"
        );
        let (gets, secret) = self.gets(gets)?;
        let Address { name, url, allowed } = address.clone();
        let made = Service::now().unix_seconds();
        let mut draft = Draft::default();
        let (snapshot, mut sealed) = (self.engine.snapshot()?, Ok(()));
        let make = |id: endpoints::row::EndpointId| {
            let secret = SealedBytes::seal(secret.bytes(), &id.prefix(), &self.keys.master);
            let secret = secret.unwrap_or_else(|error| {
                sealed = Err(error);
                SealedBytes::default()
            });
            EndpointRow { name, url, allowed, gets: gets.clone(), secret, before: None, made }
        };
        let id = endpoints::add(snapshot.as_ref(), self.organisation.number, make, &mut draft.rows)?;
        drop(snapshot);
        sealed?;
        ensure!(id.is_some(), "there are {ENDPOINTS_MAX} endpoints already; remove one first");
        self.store(draft).await?;
        Ok(match gets {
            Gets::Messages(_) => format!("{}\n", secret.text()),
            Gets::People { .. } => "added\n".into(),
        })
    }

    fn gets(&self, added: &Added) -> Result<(Gets, Secret)> {
        match added {
            Added::Messages(names) => {
                let event =
                    |name: &String| EventType::named(name).ok_or(endpoints::row::NewEndpointError::Event);
                let mut events: Vec<EventType> = names.iter().map(event).collect::<Result<_, _>>()?;
                if events.is_empty() {
                    events.extend(EventType::USUAL);
                }
                events.sort_unstable();
                events.dedup();
                Ok((Gets::Messages(events), Secret::make()?))
            }
            Added::People { tool, list, purpose, secret } => {
                let (list, secret) = (list.trim(), secret.trim());
                connectors::check(*tool, list, secret)?;
                if self.organisation.number_of(purpose).is_none() {
                    bail!("{}", Refusal::PurposeNotOffered.sentence(Language::En));
                }
                let gets = Gets::People { tool: *tool, list: list.into(), purpose: purpose.clone() };
                Ok((gets, Secret::of(secret.into())))
            }
        }
    }

    async fn rotate(&self, endpoint: &Endpoint) -> Result<String> {
        if let Gets::People { .. } = endpoint.row.gets {
            bail!(
                "the secret of a connector is made by its tool: remove the connector and add it with the new one"
            );
        }
        let secret = Secret::make()?;
        let sealed = SealedBytes::seal(secret.bytes(), &endpoint.id.prefix(), &self.keys.master)?;
        let until = Service::now().plus_seconds(ROTATION_SECONDS);
        let before = Some((endpoint.row.secret.clone(), until.unix_seconds()));
        let mut draft = Draft::default();
        endpoint.change(&mut draft.rows, &EndpointRow { secret: sealed, before, ..endpoint.row.clone() });
        self.store(draft).await?;
        Ok(format!("{}\nthe secret before it signs as well until {until}\n", secret.text()))
    }
}

async fn enable(service: &Service, keeper: &Keeper<'_>, endpoint: &Endpoint) -> Result<String> {
    let Some((since, _)) = endpoint.state.disabled else { return Ok("it is not disabled\n".into()) };
    let mut draft = Draft::default();
    endpoints::put_state(&mut draft.rows, endpoint.id, &endpoints::row::State::default());
    keeper.store(draft).await?;
    let missed = service.replay_since(endpoint, Timestamp::from_unix_seconds(since)).await.map_err(said)?;
    Ok(format!("enabled; of what happened meanwhile {missed} deliveries are on their way\n"))
}

async fn test(endpoint: &Endpoint, organisation: &OrganisationId) -> Result<String> {
    let test = attempt::test(endpoint, organisation.as_str()).await?;
    ensure!(test.is_taken(), "it did not take the message: {test}");
    Ok(format!("it took the message: {test}\n"))
}

async fn replay(service: &Service, endpoint: &Endpoint, again: &Again) -> Result<String> {
    ensure!(endpoint.is_on(), "it is disabled; `vinkje webhook enable` sends what it missed");
    let all = match again {
        Again::Id(id) => u64::from(service.replay_one(endpoint, id).await.map_err(said)?),
        Again::Since(since) => service.replay_since(endpoint, *since).await.map_err(said)?,
    };
    ensure!(all > 0, "there is nothing to send again: no such delivery, or its person is erased");
    Ok(format!("sent again: {all}\n"))
}

fn said(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!("{}", refusal.sentence(Language::En))
}

fn line_of(one: &log::Try) -> Result<String> {
    let (at, event) = (Timestamp::from_unix_seconds(one.at), one.about()?.event().name());
    let log::Try { id, tried, result, milliseconds, .. } = one;
    Ok(format!("{at} {id} {event} try {tried}: {result}, {milliseconds} ms\n"))
}
