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

fn choices(answers: &[(&str, u32, Choice)]) -> Command {
    let answers = answers.iter().map(|(name, number, choice)| Answer {
        purpose: purpose(name),
        version: version(*number),
        validity_months: 24,
        choice: *choice,
    });
    Command::Record(Choices::from_answers(answers.collect()))
}

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

fn any_command() -> impl Strategy<Value = Command> {
    let name = prop::sample::select(vec!["news", "post", "farm"]);
    let choice = prop::sample::select(vec![Given, NotGiven]);
    prop_oneof![
        (name.clone(), 1..3u32, choice).prop_map(|answer| choices(&[answer])),
        name.prop_map(|name| Command::Withdraw(purpose(name))),
        Just(Command::WithdrawAll),
        prop::sample::select(vec![UNTIL - 1, UNTIL]).prop_map(Command::Expire),
    ]
}

proptest! {
    #[test]
    fn only_a_tick_can_make_a_consent_stand(commands in prop::collection::vec(any_command(), 0..12)) {
        let state = run(&commands);
        for consent in &state.0 {
            let last = commands.iter().rposition(|command| match command {
                Command::Record(choices) => choices.answers().iter().any(|a| a.purpose == consent.purpose && a.choice == Given),
                Command::Withdraw(purpose) => *purpose == consent.purpose,
                Command::WithdrawAll => true,
                Command::Expire(now) => *now >= UNTIL,
            });
            let ticked_last = last.is_some_and(|index| matches!(commands[index], Command::Record(_)));
            prop_assert_eq!(consent.is_given(), ticked_last);
        }
    }

    #[test]
    fn after_withdrawing_all_nothing_stands(mut commands in prop::collection::vec(any_command(), 0..12)) {
        commands.push(Command::WithdrawAll);
        prop_assert!(!run(&commands).any_given());
    }
}
