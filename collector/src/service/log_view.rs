//! From a log to its page.
//!
//! Invariant: the code holds the checkpoint with the log's signature only, so that it stays small enough to scan; the text
//! and the file hold the cosignatures too.

use shared::Language;
use shared::ids::OrganisationId;
use shared::log::Checkpoint;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use widget::fill::{controller_view, moment, number};
use widget::model::{LogView, Watching, WitnessView};

use super::code::qr_svg;
use super::views::language_links;
use super::{Service, Wish};

impl Service {
    /// The page of an organisation's log.
    ///
    /// # Errors
    ///
    /// As [`Service::checkpoint`].
    pub fn log_view(&self, name: &OrganisationId, wish: &Wish<'_>) -> Result<LogView, Refusal> {
        let organisation = self.registry.now().named(name).cloned().ok_or(Refusal::PageUnknown)?;
        let mut note = self.checkpoint(name)?;
        let checkpoint = note.to_string();
        let head = Checkpoint::parse(note.text()).map_err(|_| Refusal::StoreUnavailable)?;
        // The log's own signature comes first.
        note.signatures.truncate(1);
        let languages = &organisation.catalogue.languages;
        let language = wish.language(languages);
        let url = format!("{}/log/{name}", self.base_url);
        let now = Self::now();
        let size = head.size;
        let kept = format!("{name}-{size}.txt");
        Ok(LogView {
            language,
            languages: language_links(&url, languages),
            controller: controller_view(&organisation.catalogue.controller),
            size: number(size, language),
            seen: moment(now, language),
            seen_machine: now.to_string(),
            qr_svg: qr_svg(&note.to_string()),
            checkpoint,
            key_url: format!("{url}/key"),
            extension_url: format!("{url}/extension/{size}"),
            command: format!("vinkje verify --checkpoint {kept} --extension {size} --log-key key"),
            file: (format!("{url}/checkpoint"), kept),
            verify_url: self.verify_url(language),
            origin: head.origin,
            witnesses: self.witness_views(organisation.number, language),
        })
    }

    fn witness_views(&self, organisation: u32, language: Language) -> Vec<WitnessView> {
        let each = self.witnesses.of_log(organisation).into_iter();
        each.map(|(name, log, stale)| {
            let contradicts = log.trouble.is_some_and(|trouble| trouble.contradicts());
            let time = Timestamp::from_unix_seconds(i64::try_from(log.time).unwrap_or(i64::MAX));
            let saw = (log.size > 0).then(|| (number(log.size, language), moment(time, language)));
            let standing = match (contradicts, stale) {
                (true, _) => Watching::Contradicts,
                (false, true) => Watching::Stale,
                (false, false) => Watching::Fresh,
            };
            WitnessView { name, saw, standing }
        })
        .collect()
    }
}
