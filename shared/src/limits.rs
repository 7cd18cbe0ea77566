//! Every bound on what may come in, in one place, each with its reason.
//!
//! Invariant: a parser of this project takes its bound from here, and says the bound's name when it refuses.

/// Slugs (organisation, form, purpose) appear in URLs and store keys: short, but enough for words.
pub const SLUG_BYTES_MAX: usize = 40;

/// Purposes on one form. Past a dozen boxes nobody reads them (EDPB 03/2022, overloading).
pub const PURPOSES_MAX: usize = 12;

/// RFC 5321 §4.5.3.1.3: a path is at most 256 octets including the two angle brackets.
pub const EMAIL_BYTES_MAX: usize = 254;

/// RFC 5321 §4.5.3.1.1.
pub const EMAIL_LOCAL_BYTES_MAX: usize = 64;

/// A full name with room for several given names in scripts of three bytes a letter.
pub const NAME_BYTES_MAX: usize = 200;

/// A phone number as somebody types it, in characters: fifteen digits (E.164) with something between each two.
pub const PHONE_CHARS_MAX: usize = 32;

/// Four or five lines of a postal address.
pub const ADDRESS_BYTES_MAX: usize = 400;

/// One sentence or short paragraph of a notice.
pub const TEXT_BYTES_MAX: usize = 2_000;

/// A heading, title or label.
pub const TITLE_BYTES_MAX: usize = 160;

/// Sections of an Art. 13 notice: its 14 items, with room for local additions.
pub const SECTIONS_MAX: usize = 24;

/// Paragraphs in one section of a notice.
pub const PARAGRAPHS_MAX: usize = 12;

/// Earlier answers to the same form that one answer may replace: whoever corrects more often than this starts anew.
pub const EARLIER_MAX: usize = 4;

/// A submit: 12 purposes × 41 + offer 300 + contact 900, in JSON or percent-encoded (×3), and in JSON 4 earlier
/// answers of 400 each; rounded up.
pub const SUBMIT_BYTES_MAX: usize = 8 * 1024;

/// The text form of an offer (see `offer`): 96 raw bytes and two slugs, base64url.
pub const OFFER_BYTES_MAX: usize = 320;

/// A nonce is 16 random bytes: 22 characters of base64url.
pub const NONCE_BYTES: usize = 16;

/// A receipt as JWS: payload of 12 purposes at about 100 bytes plus 900, base64url, rounded up.
pub const JWS_BYTES_MAX: usize = 8 * 1024;

/// Keys in a JWK Set: one receipt key a year for thirty years.
pub const JWKS_KEYS_MAX: usize = 32;

/// How long an offer may be used, in seconds: a form left open overnight still works, last week's does not.
pub const OFFER_AGE_SECONDS_MAX: i64 = 24 * 60 * 60;

/// How far a collector's clock may run ahead of the one that issued the offer, in seconds.
pub const OFFER_SKEW_SECONDS_MAX: i64 = 5 * 60;

/// People in one question of a program: about a megabyte of answers, some tens of milliseconds of one core.
pub const API_PEOPLE_MAX: usize = 10_000;

/// People in one question that is answered from their receipts: each costs as much as a hundred others.
pub const API_HISTORIES_MAX: usize = 1_000;

/// One question of a program about people, in bytes: as many of the longest addresses, each with quotes, comma and space.
pub const API_BYTES_MAX: usize = API_PEOPLE_MAX * (EMAIL_BYTES_MAX + 4) + 1024;

/// Sales in one request: a busy web shop's morning.
pub const SALES_MAX: usize = 1_000;

/// Sales in bytes: each has an address, a number and a handful of names.
pub const SALES_BYTES_MAX: usize = SALES_MAX * 1024;

/// A list that a program hands in, in bytes, with all that it says of it: some tens of thousands of people. Longer ones go by the
/// command.
pub const IMPORT_API_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A message that came back, in bytes: a report has a page of its own words and the head of what did not arrive, or all of it.
pub const MAIL_BYTES_MAX: usize = 1024 * 1024;

/// Letters a day to one address that somebody may have filled in for another: enough for who mistypes, too few to annoy.
pub const LETTERS_PER_DAY_MAX: usize = 3;

/// Addresses whose letters are counted at once: 100 bytes each, so 20 MB at most.
pub const LIMITED_ADDRESSES_MAX: usize = 200_000;

/// A slip code as somebody types it, in characters: 16 digits, each with something before and behind it, and room for spaces around.
pub const SLIP_CODE_CHARS_MAX: usize = 64;

/// Wrong slip codes an hour from one network: whoever reads digits off paper errs a few times, and a wrong digit is seen before it counts.
pub const SLIP_WRONG_PER_NETWORK: u32 = 20;

/// Wrong slip codes an hour for one organisation, from all networks. A code has 15 random digits. With 100,000 slips one guess in 10^10
/// opens one; 1,000 guesses an hour are 8.8 million a year, so one slip falls in a thousand years. With a million slips, in a hundred.
pub const SLIP_WRONG_PER_ORGANISATION: u32 = 1_000;

/// Wrong slip codes an hour that an organisation's own staff and programs may type.
pub const SLIP_WRONG_BY_STAFF: u32 = 100;

/// Networks and organisations whose wrong codes are counted at once: 50 bytes each, so 5 MB at most.
pub const SLIP_COUNTED_MAX: usize = 100_000;

/// How an organisation calls somebody of its staff on a receipt, in bytes: a name and a counter.
pub const STAFF_LABEL_BYTES_MAX: usize = 80;

/// A list that is taken over, in bytes: it is held in memory twice.
pub const IMPORT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Rows of such a list.
pub const IMPORT_ROWS_MAX: usize = 1_000_000;

/// One row of it, in bytes: a dozen columns of what a newsletter tool knows of somebody.
pub const IMPORT_ROW_BYTES_MAX: usize = 8 * 1024;

/// Columns of it.
pub const IMPORT_COLUMNS_MAX: usize = 128;

/// Where a list comes from, in the organisation's words: a sentence that its people read.
pub const IMPORT_SOURCE_BYTES_MAX: usize = 200;

/// A reference to the organisation's own proof of a row: a number or code.
pub const IMPORT_REFERENCE_BYTES_MAX: usize = 80;

/// The words that were shown to the people of a list: a page.
pub const IMPORT_WORDING_BYTES_MAX: usize = 16 * 1024;

/// Validity of a consent in months. Art. 7 sets no term; EDPB 05/2020 ¶111 advises to refresh.
pub const VALIDITY_MONTHS_MAX: u16 = 120;

/// Months for which proof is kept after consent has ended: the longest term of a claim in Dutch law (art. 3:306 BW).
pub const PROOF_MONTHS_MAX: u16 = 240;

/// A form definition (`shop.toml`): a dozen purposes in a few languages fit in a tenth of it.
pub const DEFINITION_BYTES_MAX: usize = 256 * 1024;

/// An origin such as `https://shop.example`: a host name is at most 253 bytes.
pub const ORIGIN_BYTES_MAX: usize = 280;

/// Forms in one definition: a form for every counter and page of an organisation.
pub const FORMS_MAX: usize = 64;

/// Purposes in one definition, over all its forms.
pub const DEFINITION_PURPOSES_MAX: usize = 64;

/// Recipients in one definition.
pub const RECIPIENTS_MAX: usize = 64;

/// Origins that may embed an organisation's forms; each answer to a browser is compared with all of them.
pub const ORIGINS_MAX: usize = 32;

/// Longest signed note read, in bytes: C2SP asks to take 16 signatures, and those of tomorrow have 5 kB each.
pub const NOTE_BYTES_MAX: usize = 128 * 1024;

/// Signatures on one note; C2SP asks to take at least 16.
pub const NOTE_SIGNATURES_MAX: usize = 64;

/// Longest tlog-proof read, in bytes: a note and 64 hashes.
pub const LOG_PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + 4 * 1024;

/// Receipts in one evidence bundle: somebody who changes their mind every day for eleven years.
pub const BUNDLE_RECEIPTS_MAX: usize = 4_096;

/// Wordings in one evidence bundle: every version of a form in every language for longer than any form lives.
pub const BUNDLE_NOTICES_MAX: usize = 256;

/// An evidence bundle in bytes: its receipts at about 3 kB each with their proofs, and some hundred kB of wordings.
pub const BUNDLE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// One line of the bundle of an organisation, in bytes: a wording is no longer than the definition that it is made from.
pub const BUNDLE_LINE_BYTES_MAX: usize = 2 * DEFINITION_BYTES_MAX;

/// Wordings in the bundle of an organisation: each form in each language, changed every week for years.
pub const BUNDLE_LINE_NOTICES_MAX: usize = 16_384;

/// A name of a file as the verifier's page shows it, in characters: file systems allow 255 bytes.
pub const GIVEN_NAME_CHARS_MAX: usize = 255;

/// Keys of witnesses that the verifier's page takes; a log has a handful.
pub const GIVEN_WITNESSES_MAX: usize = 16;

/// A picture of a code in bytes, as a file: a telephone's largest photos have a third of it.
pub const PICTURE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// A picture of a code in pixels, after the browser made it smaller: 2,000 × 2,000.
pub const PICTURE_PIXELS_MAX: usize = 4_000_000;

/// Endpoints of one organisation: each gets a row in the commit of every receipt that it hears of.
pub const ENDPOINTS_MAX: usize = 16;

/// The address of an endpoint, in bytes: what browsers and servers take without a thought.
pub const ENDPOINT_URL_BYTES_MAX: usize = 2_000;

/// Hosts that an endpoint may have inside.
pub const ENDPOINT_ALLOWED_MAX: usize = 8;

/// The secret by which a newsletter tool knows us, in bytes: the longest API keys have a fifth of it.
pub const TOOL_SECRET_BYTES_MAX: usize = 512;

/// Entries that a kiosk holds while it cannot send: a busy market day, three times.
pub const KIOSK_HELD_MAX: u32 = 500;

/// Seconds for which a kiosk goes on without having sent: after a week somebody has to look at it.
pub const KIOSK_SILENT_SECONDS_MAX: i64 = 7 * 24 * 60 * 60;

/// Entries in one request: about 200 kB of sealed text, some hundred commits.
pub const KIOSK_BATCH_MAX: usize = 50;

/// Such a request, in bytes.
pub const KIOSK_BATCH_BYTES_MAX: usize = (KIOSK_BATCH_MAX + 1) * (JWS_BYTES_MAX + 4) + 1024;

/// People who hand a screen over, by the names they have at work.
pub const KIOSK_STAFF_MAX: usize = 24;

/// Refused entries that are kept of one kiosk, the newest; a forger can fill no more than this.
pub const KIOSK_REFUSED_MAX: u64 = 500;

/// Seconds for which a pairing code counts: long enough to walk to the counter.
pub const KIOSK_PAIRING_SECONDS_MAX: i64 = 60 * 60;

/// Kiosks of one organisation.
pub const KIOSKS_MAX: usize = 100;

/// For how long somebody can begin on their own phone what a kiosk showed them, in seconds.
pub const TICKET_OPEN_SECONDS_MAX: i64 = 10 * 60;

/// For how long somebody who began in time can finish, in seconds: nobody is hurried who reads.
pub const TICKET_ANSWER_SECONDS_MAX: i64 = 60 * 60;

/// Seconds without a touch after which a kiosk may ask whether somebody is still there.
pub const KIOSK_IDLE_SECONDS: core::ops::RangeInclusive<u16> = 20..=600;
