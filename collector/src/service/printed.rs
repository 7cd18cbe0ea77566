//! A form on paper, filled from today's notice.
//!
//! Invariant: the words are those of the notice whose hash stands on the paper, and of nothing else.

use shared::purpose::ContactField;
use shared::refusal::Refusal;
use widget::code::qr_view;
use widget::fill::{controller_view, purpose_view, sections};
use widget::model::PrintedView;

use super::views::language_links;
use super::{Service, Shown};

/// On which paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// To tick and sign.
    Paper,
    /// To hang up.
    Poster,
}

impl Sheet {
    /// The end of its address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Poster => "poster",
        }
    }
}

impl Service {
    /// A form on paper.
    ///
    /// # Errors
    ///
    /// [`Refusal::StoreUnavailable`] where the address is too long for a QR code.
    pub fn printed_view(&self, shown: &Shown, sheet: Sheet) -> Result<PrintedView, Refusal> {
        let notice = &shown.notice.notice;
        let form = format!("{}/f/{}", self.base_url, shown.form);
        let url = format!("{form}?lang={}", notice.language.tag());
        let needed = |field: &ContactField| {
            notice.purposes.iter().any(|shown| shown.purpose.terms.needs.contains(field))
        };
        Ok(PrintedView {
            language: notice.language,
            languages: language_links(
                &format!("{form}/{}", sheet.name()),
                &shown.organisation.catalogue.languages,
            ),
            controller: controller_view(&notice.controller),
            title: notice.title.clone(),
            intro: notice.intro.clone(),
            purposes: notice.purposes.iter().map(purpose_view).collect(),
            withdrawal: notice.withdrawal.clone(),
            sections: sections(notice),
            fields: ContactField::ALL.into_iter().filter(needed).collect(),
            hash: shown.notice.hash.to_string(),
            qr: qr_view(&url).ok_or(Refusal::StoreUnavailable)?,
            url,
        })
    }
}
