//! Reading what a customer sent, and the slip that follows from it.
//!
//! In scope: the same checks as everywhere (`shared`), and what the form says where they fail. Out of scope: sealing (`entries`).
//!
//! Invariant: the slip shows what the entry says.

use shared::api::ContactText;
use shared::choice::{Choice, Choices};
use shared::ids::{NoticeHash, PurposeId};
use shared::kiosk::{Answer, Deed};
use shared::notice::Notice;
use shared::purpose::ContactField;
use shared::refusal::Refusal;
use shared::slip::SlipCode;
use shared::time::Timestamp;
use widget::code::qr_view;
use widget::fill::{clock, controller_view};
use widget::model::{ChoiceView, Decided, ProblemView, SlipView};
use widget::text::Text;
use widget::view::NOTHING_TICKED;

use super::{Answered, Screen, Sent, Session};

impl Session {
    pub(super) fn read(
        &self,
        notice: &Notice,
        offered_at: Timestamp,
        sent: &Sent<'_>,
    ) -> Result<Answered, Refusal> {
        let ticked: Result<Vec<PurposeId>, _> = match sent.refuses {
            true => Ok(Vec::new()),
            false => sent.ticked.iter().map(|id| PurposeId::parse(id)).collect(),
        };
        let ticked = ticked.map_err(|_| Refusal::PurposeNotOffered)?;
        if ticked.is_empty() && !sent.refuses {
            return Err(Refusal::NothingTicked);
        }
        let choices = Choices::parse(notice, &ticked)?;
        let contact = sent.contact.read(notice, &ticked)?;
        let text = |text: Option<&str>| text.map(str::to_owned);
        let slip = SlipCode::from_random(&sent.random);
        let answer = Answer {
            contact: ContactText {
                email: text(contact.email.as_ref().map(|email| email.as_str())),
                name: text(contact.name.as_ref().map(|name| name.as_str())),
                phone: text(contact.phone.as_ref().map(|phone| phone.as_str())),
                address: text(contact.address.as_ref().map(|address| address.as_str())),
            },
            notice: notice_hash(notice),
            offered_at,
            slip,
            ticked,
        };
        let mail = contact.email.is_some();
        let slip = Box::new(self.slip_view(notice, &choices, &slip, sent.at));
        Ok(Answered { deed: Deed::Answer(answer), slip, mail })
    }

    fn slip_view(&self, notice: &Notice, choices: &Choices, code: &SlipCode, at: Timestamp) -> SlipView {
        let setting = self.setting.as_ref();
        let organisation = notice.organisation.as_str();
        let base = setting.map(|setting| setting.base_url.as_str()).unwrap_or_default();
        let url = format!("{base}/s/{organisation}");
        let choice = |answer: &shared::choice::Answer| ChoiceView {
            title: notice.purpose(&answer.purpose).map(|shown| shown.title.clone()).unwrap_or_default(),
            decided: if answer.choice == Choice::Given { Decided::Given } else { Decided::NotGiven },
            until: None,
        };
        let local = at.plus_seconds(self.sending.offset);
        SlipView {
            language: notice.language,
            languages: Vec::new(),
            controller: controller_view(&notice.controller),
            place: setting.map(|setting| setting.place.clone()),
            at: clock(local, notice.language),
            at_machine: at.to_string(),
            choices: choices.answers().iter().map(choice).collect(),
            code: code.groups().collect(),
            qr: qr_view(&format!("{url}/{}", code.digits())).expect("an address fits in a code"),
            url,
            sent: false,
        }
    }

    pub(super) fn complain(&mut self, notice: Box<Notice>, offered_at: Timestamp, refusal: Refusal) {
        let text = |text: Text| text.in_language(self.language).to_owned();
        let problem = match refusal {
            Refusal::NothingTicked => {
                ProblemView { code: NOTHING_TICKED.into(), text: text(Text::NothingTickedText), field: None }
            }
            Refusal::ContactMissing(ContactField::Email) => field(refusal, text(Text::EmailMissing)),
            Refusal::ContactInvalid(ContactField::Email) => field(refusal, text(Text::EmailInvalid)),
            other => field(other, other.sentence(self.language).into()),
        };
        self.screen = Screen::Form { notice, offered_at, problem: Some(problem) };
    }
}

fn field(refusal: Refusal, text: String) -> ProblemView {
    ProblemView { code: refusal.code().into(), text, field: refusal.field() }
}

fn notice_hash(notice: &Notice) -> NoticeHash {
    notice.canonical().1
}
