//! The lifecycle as sentences, and its laws as properties.

use alloc::vec;
use alloc::vec::Vec;
use proptest::prelude::*;

use super::*;

fn purpose(name: &str) -> PurposeId {
    PurposeId::parse(name).unwrap()
}

fn version(number: u32) -> PurposeVersion {
    PurposeVersion::try_from(number).unwrap()
}

fn answered(answers: &[(&str, u32, Choice)]) -> Choices {
    let answers = answers.iter().map(|(name, number, choice)| Answer {
        purpose: purpose(name),
        version: version(*number),
        validity_months: 24,
        by_email: *name != "post",
        choice: *choice,
    });
    Choices::from_answers(answers.collect())
}

fn choices(answers: &[(&str, u32, Choice)]) -> Command {
    Command::Record(answered(answers))
}

/// A form whose e-mail purposes wait for the owner of the address.
fn request(answers: &[(&str, u32, Choice)]) -> Command {
    Command::Request(answered(answers), DEADLINE)
}

fn confirm(answers: &[(&str, u32, Choice)]) -> Command {
    Command::Confirm(answered(answers))
}

const DEADLINE: UnixSeconds = 7_000;
const REQUESTED: ConsentState = ConsentState::Requested { until: DEADLINE };

const UNTIL: UnixSeconds = 1_000_000;

fn until(_months: u16) -> UnixSeconds {
    UNTIL
}

fn run(commands: &[Command]) -> Consents {
    let mut state = Consents::default();
    for (second, command) in commands.iter().enumerate() {
        let at = Timestamp::from_unix_seconds(i64::try_from(second).unwrap());
        for event in decide(&state, command, &until).unwrap_or_default() {
            state = apply(state, &event, at);
        }
    }
    state
}

#[track_caller]
fn check(commands: &[Command], expected: &[ConsentState]) {
    let states: Vec<_> = run(commands).0.into_iter().map(|consent| consent.state).collect();
    assert_eq!(states, expected);
}

use Choice::{Given, NotGiven};
const GIVEN: ConsentState = ConsentState::Given { until: UNTIL };

#[test]
fn a_consent_ends_with_its_term_and_can_be_given_anew() {
    let (before, after) = (Command::Expire(UNTIL - 1), Command::Expire(UNTIL));
    let tick = choices(&[("news", 1, Given)]);
    check(&[tick.clone(), before], &[GIVEN]);
    check(&[tick.clone(), after.clone()], &[ConsentState::Expired]);
    check(&[tick.clone(), Command::WithdrawAll, after.clone()], &[ConsentState::Withdrawn]);
    check(&[choices(&[("news", 1, NotGiven)]), after.clone()], &[ConsentState::Refused]);
    check(&[tick.clone(), after.clone(), choices(&[("news", 1, NotGiven)])], &[ConsentState::Expired]);
    check(&[tick.clone(), after.clone(), tick], &[GIVEN]);
    let over = run(&[choices(&[("news", 1, Given)]), after]);
    assert_eq!(decide(&over, &Command::WithdrawAll, &until), Err(Refusal::NothingToWithdraw));
}

#[test]
fn a_person_who_was_never_asked_has_consented_to_nothing() {
    let nobody = Consents::default();
    assert!(!nobody.may_process(&purpose("news"), version(1), Timestamp::from_unix_seconds(0)));
    assert_eq!(decide(&nobody, &Command::WithdrawAll, &until), Err(Refusal::NothingToWithdraw));
}

#[test]
fn an_untouched_form_is_a_stored_refusal() {
    check(
        &[choices(&[("news", 1, NotGiven), ("post", 1, NotGiven)])],
        &[ConsentState::Refused, ConsentState::Refused],
    );
}

#[test]
fn a_tick_gives_and_a_second_tick_renews() {
    let tick = choices(&[("news", 1, Given)]);
    check(std::slice::from_ref(&tick), &[GIVEN]);
    let events = decide(&run(std::slice::from_ref(&tick)), &tick, &until).unwrap();
    assert_eq!(events[0].kind, EventKind::Renewed { until: UNTIL });
}

#[test]
fn leaving_a_box_empty_later_takes_nothing_back() {
    check(&[choices(&[("news", 1, Given)]), choices(&[("news", 1, NotGiven)])], &[GIVEN]);
}

#[test]
fn withdrawing_one_leaves_the_other() {
    let both = choices(&[("news", 1, Given), ("post", 1, Given)]);
    check(&[both, Command::Withdraw(purpose("news"))], &[ConsentState::Withdrawn, GIVEN]);
}

#[test]
fn withdrawing_all_ends_all_and_a_fresh_tick_gives_again() {
    let both = choices(&[("news", 1, Given), ("post", 1, Given)]);
    let again = choices(&[("post", 1, Given)]);
    check(&[both.clone(), Command::WithdrawAll], &[ConsentState::Withdrawn; 2]);
    check(&[both, Command::WithdrawAll, again], &[ConsentState::Withdrawn, GIVEN]);
}

#[test]
fn what_is_not_given_cannot_be_withdrawn() {
    let state = run(&[choices(&[("news", 1, NotGiven)])]);
    assert_eq!(decide(&state, &Command::Withdraw(purpose("news")), &until), Err(Refusal::NothingToWithdraw));
    assert_eq!(decide(&state, &Command::Withdraw(purpose("else")), &until), Err(Refusal::NothingToWithdraw));
}

#[test]
fn consent_to_an_old_version_does_not_carry_over() {
    let state = run(&[choices(&[("news", 1, Given)])]);
    let now = Timestamp::from_unix_seconds(10);
    assert!(state.may_process(&purpose("news"), version(1), now));
    assert!(!state.may_process(&purpose("news"), version(2), now));
    let again = decide(&state, &choices(&[("news", 2, Given)]), &until).unwrap();
    assert_eq!(again[0].kind, EventKind::Given { until: UNTIL });
}

#[test]
fn consent_ends_at_its_last_second() {
    let state = run(&[choices(&[("news", 1, Given)])]);
    assert!(state.may_process(&purpose("news"), version(1), Timestamp::from_unix_seconds(UNTIL - 1)));
    assert!(!state.may_process(&purpose("news"), version(1), Timestamp::from_unix_seconds(UNTIL)));
}

#[test]
fn what_is_asked_for_by_mail_waits_and_the_rest_is_given() {
    let asked = request(&[("news", 1, Given), ("post", 1, Given), ("farm", 1, NotGiven)]);
    check(std::slice::from_ref(&asked), &[REQUESTED, GIVEN, ConsentState::Refused]);
    let state = run(&[asked]);
    assert!(!state.may_process(&purpose("news"), version(1), Timestamp::from_unix_seconds(1)));
}

#[test]
fn only_what_waits_can_be_confirmed_and_only_once() {
    let tick = [("news", 1, Given)];
    check(&[request(&tick), confirm(&tick)], &[GIVEN]);
    let nothing = Err(Refusal::NothingToConfirm);
    let decided = |before: &[Command]| decide(&run(before), &confirm(&tick), &until);
    assert_eq!(decided(&[]), nothing);
    assert_eq!(decided(&[request(&tick), confirm(&tick)]), nothing);
    assert_eq!(decided(&[request(&tick), Command::WithdrawAll]), nothing);
    assert_eq!(decided(&[request(&tick), Command::Expire(DEADLINE)]), nothing);
    assert_eq!(decided(&[request(&[("news", 2, Given)])]), nothing);
}

#[test]
fn what_nobody_confirms_lapses() {
    let tick = [("news", 1, Given), ("post", 1, Given)];
    check(&[request(&tick), Command::Expire(DEADLINE - 1)], &[REQUESTED, GIVEN]);
    check(&[request(&tick), Command::Expire(DEADLINE)], &[ConsentState::Lapsed, GIVEN]);
}

#[test]
fn a_request_that_waits_can_be_stopped() {
    check(&[request(&[("news", 1, Given)]), Command::WithdrawAll], &[ConsentState::Withdrawn]);
}

#[test]
fn a_request_changes_nothing_where_consent_stands_already() {
    let tick = [("news", 1, Given)];
    check(&[choices(&tick), request(&tick)], &[GIVEN]);
    check(&[choices(&tick), request(&[("news", 2, Given)])], &[REQUESTED]);
}

#[test]
fn the_owner_of_the_address_can_undo_a_withdrawal_for_a_while() {
    let tick = [("news", 1, Given)];
    let undo = |from| Command::Undo(answered(&tick), from);
    check(&[choices(&tick), Command::WithdrawAll, undo(1)], &[GIVEN]);
    check(&[choices(&tick), Command::WithdrawAll, undo(2)], &[ConsentState::Withdrawn]);
    check(&[choices(&[("news", 1, NotGiven)]), undo(0)], &[ConsentState::Refused]);
}

fn import(name: &str, until: Option<UnixSeconds>) -> Command {
    Command::Import(purpose(name), version(1), until)
}

fn buy(name: &str, until: Option<UnixSeconds>) -> Command {
    Command::Buy(purpose(name), version(1), until)
}

#[test]
fn a_list_says_something_only_where_nothing_is_known() {
    check(&[import("news", Some(UNTIL))], &[GIVEN]);
    check(&[import("news", None)], &[ConsentState::Unproven]);
    let tick = [("news", 1, Given)];
    for (before, stays) in [
        (vec![choices(&tick)], GIVEN),
        (vec![choices(&[("news", 1, NotGiven)])], ConsentState::Refused),
        (vec![request(&tick)], REQUESTED),
        (vec![request(&tick), Command::Expire(DEADLINE)], ConsentState::Lapsed),
        (vec![choices(&tick), Command::WithdrawAll], ConsentState::Withdrawn),
        (vec![choices(&tick), Command::Expire(UNTIL)], ConsentState::Expired),
        (vec![import("news", None)], ConsentState::Unproven),
    ] {
        for until in [None, Some(UNTIL + 1)] {
            check(&[before.clone(), vec![import("news", until)]].concat(), &[stays]);
        }
    }
}

#[test]
fn what_a_list_proves_ends_and_is_taken_back_like_any_consent() {
    check(&[import("news", Some(UNTIL)), Command::WithdrawAll], &[ConsentState::Withdrawn]);
    check(&[import("news", Some(UNTIL)), Command::Expire(UNTIL)], &[ConsentState::Expired]);
}

#[test]
fn what_a_list_does_not_prove_waits_for_a_tick_and_nothing_else() {
    let listed = import("news", None);
    let state = run(std::slice::from_ref(&listed));
    assert!(!state.may_process(&purpose("news"), version(1), Timestamp::from_unix_seconds(1)));
    assert_eq!(decide(&state, &Command::WithdrawAll, &until), Err(Refusal::NothingToWithdraw));
    let tick = [("news", 1, Given)];
    assert_eq!(decide(&state, &confirm(&tick), &until), Err(Refusal::NothingToConfirm));
    check(&[listed.clone(), Command::Expire(UNTIL)], &[ConsentState::Unproven]);
    check(&[listed.clone(), choices(&[("news", 1, NotGiven)])], &[ConsentState::Unproven]);
    check(&[listed.clone(), request(&tick)], &[REQUESTED]);
    check(&[listed, choices(&tick)], &[GIVEN]);
}

#[test]
fn an_objection_takes_back_what_stands_and_is_none_the_less_where_nothing_does() {
    let tick = [("news", 1, Given)];
    check(&[choices(&tick), Command::Object], &[ConsentState::Withdrawn]);
    check(&[request(&tick), Command::Object], &[ConsentState::Withdrawn]);
    for before in [
        vec![],
        vec![choices(&[("news", 1, NotGiven)])],
        vec![request(&tick), Command::Expire(DEADLINE)],
        vec![choices(&tick), Command::WithdrawAll],
        vec![choices(&tick), Command::Expire(UNTIL)],
        vec![import("news", None)],
    ] {
        assert_eq!(decide(&run(&before), &Command::Object, &until), Ok(vec![]), "{before:?}");
    }
    check(&[choices(&tick), Command::Object, choices(&tick)], &[GIVEN]);
}

fn any_command() -> impl Strategy<Value = Command> {
    let name = prop::sample::select(vec!["news", "post", "farm"]);
    let choice = prop::sample::select(vec![Given, NotGiven]);
    prop_oneof![
        (name.clone(), 1..3u32, choice.clone()).prop_map(|answer| choices(&[answer])),
        (name.clone(), 1..3u32, choice).prop_map(|answer| request(&[answer])),
        (name.clone(), 1..3u32).prop_map(|(name, number)| confirm(&[(name, number, Given)])),
        (name.clone(), 1..3u32)
            .prop_map(|(name, number)| Command::Undo(answered(&[(name, number, Given)]), 3)),
        (name.clone(), prop::option::of(Just(UNTIL))).prop_map(|(name, until)| import(name, until)),
        (name.clone(), prop::option::of(Just(UNTIL))).prop_map(|(name, until)| buy(name, until)),
        name.prop_map(|name| Command::Withdraw(purpose(name))),
        Just(Command::WithdrawAll),
        Just(Command::Object),
        prop::sample::select(vec![DEADLINE, UNTIL - 1, UNTIL]).prop_map(Command::Expire),
    ]
}

#[test]
fn what_rests_on_a_sale_is_no_consent_and_ends_like_one() {
    let at = Timestamp::from_unix_seconds(1);
    let bought = run(&[buy("mail", Some(UNTIL))]);
    let stands = bought.get(&purpose("mail")).unwrap();
    assert!(stands.is_soft_opt_in() && !stands.is_given() && stands.state.may_process(at));
    assert_eq!(decide(&bought, &buy("mail", Some(UNTIL + 9)), &until), Ok(vec![]), "a sale begins a record");
    for command in [Command::Withdraw(purpose("mail")), Command::WithdrawAll, Command::Object] {
        let events = decide(&bought, &command, &until).unwrap();
        assert_eq!(events[0].kind, EventKind::Objected, "{command:?}");
        let after = apply(bought.clone(), &events[0], at);
        assert_eq!(after.get(&purpose("mail")).unwrap().state, ConsentState::Withdrawn);
    }
    let events = decide(&bought, &Command::Expire(UNTIL), &until).unwrap();
    assert_eq!(events[0].kind, EventKind::Ended);
    let objected = run(&[buy("mail", None)]);
    assert_eq!(objected.get(&purpose("mail")).unwrap().state, ConsentState::Withdrawn);
    assert!(!objected.any_open());
}

proptest! {
    #[test]
    fn only_a_tick_or_a_list_with_proof_can_make_a_consent_stand(commands in prop::collection::vec(any_command(), 0..12)) {
        let mut state = Consents::default();
        for (second, command) in (0..).zip(&commands) {
            for event in decide(&state, command, &until).unwrap_or_default() {
                let before = state.get(&event.purpose).cloned();
                state = apply(state, &event, Timestamp::from_unix_seconds(second));
                let now_given = state.get(&event.purpose).is_some_and(Consent::is_given);
                if now_given {
                    let unknown = before.is_none();
                    let waited = before.is_some_and(|before| before.may_be_confirmed());
                    let ticked = match command {
                        Command::Record(_) => true,
                        // Without an answer of the address's owner nothing stands that is done by mail.
                        Command::Request(..) => event.purpose == purpose("post"),
                        Command::Confirm(_) | Command::Undo(..) => waited,
                        Command::Import(_, _, until) => unknown && until.is_some(),
                        Command::Buy(..)
                        | Command::Withdraw(_)
                        | Command::WithdrawAll
                        | Command::Object
                        | Command::Expire(_) => false,
                    };
                    prop_assert!(ticked, "{:?}", command);
                }
            }
        }
    }

    #[test]
    fn after_withdrawing_all_nothing_stands(mut commands in prop::collection::vec(any_command(), 0..12)) {
        commands.push(Command::WithdrawAll);
        prop_assert!(!run(&commands).any_open());
    }
}
