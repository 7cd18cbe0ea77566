//! The purposes that a form may ask for, in the words of DPV 2.3.
//!
//! In scope: the closed list, what each is a kind of, and the one that follows from a channel. Out of scope: the words
//! that people read (`notice`).
//!
//! Invariant: every term here exists in DPV 2.3; `tests/verifiers/dpv-2.3.txt` is the list it is held against.

use crate::purpose::{Channel, PurposeTerms};

/// What a purpose is a kind of. DPV has no term "newsletter": it is direct marketing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurposeTerm {
    /// Newsletters, offers and invitations, sent to a person.
    DirectMarketing,
    /// Offers chosen by what is known of a person.
    PersonalisedAdvertising,
    /// Tips chosen by what is known of a person.
    PersonalisedRecommendations,
    /// Invitations chosen by what is known of a person.
    EventRecommendations,
    /// Showing advertisements on social media to people on the list.
    SocialMediaMarketing,
    /// A savings or loyalty programme.
    PersonalisedBenefits,
    /// Surveys and market research.
    CommercialResearch,
    /// Passing data on to a third party, for money or not.
    SharingWithThirdParties,
}

impl PurposeTerm {
    /// All of them, in the order in which they are listed for people.
    pub const ALL: [Self; 8] = [
        Self::DirectMarketing,
        Self::PersonalisedAdvertising,
        Self::PersonalisedRecommendations,
        Self::EventRecommendations,
        Self::SocialMediaMarketing,
        Self::PersonalisedBenefits,
        Self::CommercialResearch,
        Self::SharingWithThirdParties,
    ];

    /// The term, as a definition and a notice write it.
    #[must_use]
    pub const fn term(self) -> &'static str {
        self.broader()[0]
    }

    /// All terms that the purpose is a kind of (`skos:broader`).
    #[must_use]
    pub const fn broader(self) -> &'static [&'static str] {
        match self {
            Self::DirectMarketing => &["dpv:DirectMarketing"],
            Self::PersonalisedAdvertising => &["dpv:PersonalisedAdvertising"],
            Self::PersonalisedRecommendations => &["dpv:ProvidePersonalisedRecommendations"],
            Self::EventRecommendations => &["dpv:ProvideEventRecommendations"],
            Self::SocialMediaMarketing => &["dpv:SocialMediaMarketing", "dpv:TargetedAdvertising"],
            Self::PersonalisedBenefits => &["dpv:PersonalisedBenefits"],
            Self::CommercialResearch => &["dpv:CommercialResearch"],
            Self::SharingWithThirdParties => &["dpv:SellDataToThirdParties"],
        }
    }

    /// Reads a term of the list.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|term| term.term() == text)
    }

    /// The usual purpose of a channel.
    #[must_use]
    pub const fn of_channel(channel: Channel) -> Self {
        match channel {
            Channel::Email | Channel::Post | Channel::Phone | Channel::Sms => Self::DirectMarketing,
            Channel::Profiling => Self::PersonalisedAdvertising,
            Channel::Sharing => Self::SharingWithThirdParties,
        }
    }

    /// The term of a purpose. Terms from before the list was closed count as the usual one of their channel.
    #[must_use]
    pub fn of(terms: &PurposeTerms) -> Self {
        Self::parse(&terms.dpv).unwrap_or(Self::of_channel(terms.channel))
    }
}
