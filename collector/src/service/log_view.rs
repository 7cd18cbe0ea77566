//! From a log to its page.
//!
//! Invariant: the code holds the checkpoint with the log's signature only, so that it stays small enough to scan; the text
//! and the file hold the cosignatures too.

use shared::Language;
use shared::ids::OrganisationId;
use shared::log::Checkpoint;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use widget::model::{LogView, Watching, WitnessView};

use super::views::{controller_view, language_links, moment, qr_svg};
use super::{Service, Wish};

impl Service {
    /// The page of an organisation's log.
    ///
    /// # Errors
    ///
    /// As [`Service::checkpoint`].
    pub fn log_view(&self, name: &OrganisationId, wish: &Wish<'_>) -> Result<LogView, Refusal> {
        let organisation = self.registry.now().named(name).cloned().ok_or(Refusal::LinkUnknown)?;
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

/// A number as people write it: 12.345 in Dutch, 12,345 in English.
fn number(number: u64, language: Language) -> String {
    let mark = match language {
        Language::Nl => '.',
        Language::En => ',',
    };
    let digits = number.to_string();
    let grouped = digits.chars().enumerate().flat_map(|(at, digit)| {
        let starts_a_group = at > 0 && (digits.len() - at).is_multiple_of(3);
        starts_a_group.then_some(mark).into_iter().chain([digit])
    });
    grouped.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        for (plain, shown) in [(0, "0"), (999, "999"), (1_000, "1.000"), (1_234_567, "1.234.567")] {
            assert_eq!(number(plain, Language::Nl), shown);
        }
        assert_eq!(number(12_345, Language::En), "12,345");
    }
}
