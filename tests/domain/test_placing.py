"""A response is placed by what names its letter or its case, or held with ranked guesses; a code proves nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from urgent_appeals.domain.authenticated import Authentication
from urgent_appeals.domain.case_code import CaseCode, parse
from urgent_appeals.domain.guesses import MOST_GUESSES
from urgent_appeals.domain.placing import (
    Clues,
    Guess,
    Index,
    KnownAppeal,
    Placement,
    Reason,
    SentLetter,
    index_of,
    place,
)
from urgent_appeals.domain.quoted import Certainty, KnownCodes, find
from urgent_appeals.domain.response import CodeFound, ResponseKind, Where

PRESIDENT, MINISTER, EMBASSY = "kazakhstan/president", "kazakhstan/minister", "kazakhstan/embassy"
FIRST, SECOND = "KAZ 001/0802/OBS 053.01", "KAZ 001/0802/OBS 053.02"
OTHER = "CHN 002/1103/OBS 060"
INDEX_CODE = "EUR 57/001/2012"
CASE = "KAZ 001/0802/OBS 053"
PASSED = Authentication(domain="president.kz", why="mx.ours.example says dmarc=pass for president.kz")


def letter(item: str, code: str, to: str, on: date, **more: Any) -> SentLetter:
    return SentLetter(item=item, code=parse(code), recipient=to, on=on, **more)


LETTERS = (
    letter("first", FIRST, PRESIDENT, date(2003, 1, 10), token="tokenfirst", message_ids=("<first@ours.example>",)),
    letter("second", SECOND, PRESIDENT, date(2003, 3, 13), token="tokensecond", message_ids=("second@ours.example",)),
    letter("again", SECOND, PRESIDENT, date(2003, 4, 1), token="tokenagain", address="Office@President.kz"),
    letter("minister", FIRST, MINISTER, date(2003, 1, 11), token="tokenminister"),
    letter(
        "china", OTHER, "china/president", date(2003, 11, 20), token="tokenchina", message_ids=("china@ours.example",)
    ),
)
APPEALS = (
    KnownAppeal(code=parse(FIRST), issued=date(2003, 1, 9), recipients=(PRESIDENT, MINISTER)),
    KnownAppeal(
        code=parse(SECOND), other_codes=(parse(INDEX_CODE),), issued=date(2003, 3, 12), recipients=(PRESIDENT,)
    ),
    KnownAppeal(code=parse("KAZ 001/0802/OBS 053.03"), issued=date(2003, 9, 1), recipients=(EMBASSY,)),
    KnownAppeal(code=parse(OTHER), issued=date(2003, 11, 19), recipients=("china/president",)),
)
ADDRESSES = {
    MINISTER: ("minister@justice.gov.kz", "Justice@mail.ru"),
    EMBASSY: ("consul@mail.ru",),
    "china/president": (),
}
INDEX = index_of(APPEALS, LETTERS, ADDRESSES, ours=("Replies@ours.example",))


def found(text: str, where: Where = Where.NEW, index: Index = INDEX) -> tuple[CodeFound, ...]:
    return tuple(CodeFound(**code.model_dump(), where=where) for code in find(text, known=KnownCodes(index.codes)))


def placed(*codes: CodeFound, index: Index = INDEX, **clues: Any) -> Placement:
    return place(Clues(codes=codes, **{"date": datetime(2003, 5, 1, tzinfo=UTC), **clues}), index)


def appeal(placement: Placement) -> str | None:
    return placement.code.canonical if placement.code is not None else None


# ── By token and Message-ID ──


def test_a_token_places_with_the_letter_it_belongs_to() -> None:
    placement = placed(tokens=("unknown", "TokenFirst"))
    assert (appeal(placement), placement.recipient, placement.item) == (FIRST, PRESIDENT, "first")
    assert (placement.where, placement.certainty) == (Where.TOKEN, Certainty.EXACT)
    assert placement.placed
    assert placement.ours_alone


@pytest.mark.parametrize("cited", ["<first@ours.example>", "first@ours.example", " <first@ours.example> "])
def test_our_message_id_places_with_its_letter(cited: str) -> None:
    placement = placed(threads=("<x@y.example>", cited))
    assert (placement.item, placement.where) == ("first", Where.THREAD)


def test_of_several_letters_to_one_recipient_the_newest_is_answered() -> None:
    assert placed(threads=("first@ours.example", "second@ours.example")).item == "second"
    assert placed(tokens=("tokensecond", "tokenagain", "tokenfirst")).item == "again"


def test_the_token_goes_before_the_message_id() -> None:
    assert placed(tokens=("tokenfirst",), threads=("second@ours.example",)).item == "first"


def test_letters_of_two_cases_hold_a_response() -> None:
    placement = placed(tokens=("tokenfirst", "tokenchina"))
    assert placement.held == "it answers letters of two cases"
    assert {guess.code.canonical for guess in placement.guesses} == {FIRST, OTHER}


def test_letters_to_two_recipients_hold_a_response() -> None:
    assert placed(tokens=("tokenfirst", "tokenminister")).held == "it answers letters to two recipients"


@pytest.mark.parametrize("text", ["", CASE, FIRST, f"{FIRST} and {SECOND}", INDEX_CODE + " " + FIRST, "KAZ 2/2011"])
def test_codes_that_do_not_contradict_the_token_leave_it_so(text: str) -> None:
    assert placed(*found(text), tokens=("tokenfirst",)).item == "first"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param(OTHER, OTHER, id="another case"),
        pytest.param(SECOND, SECOND, id="another update"),
        pytest.param(f"{CASE}.07", f"{CASE}.07", id="an update that was never issued"),
        pytest.param("UZB 003/1208/OBS 212", "UZB 003/1208/OBS 212", id="a case that nobody knows"),
        pytest.param(f"{FIRST} and {OTHER}", OTHER, id="another case beside its own"),
    ],
)
@pytest.mark.parametrize("evidence", [{"tokens": ("tokenfirst",)}, {"threads": ("first@ours.example",)}])
def test_a_code_that_contradicts_the_letter_holds_the_response(text: str, named: str, evidence: dict[str, Any]) -> None:
    placement = placed(*found(text), **evidence)
    assert placement.held == f"it answers our letter on {FIRST}, and quotes {named} in the new part"
    assert placement.guesses[0].item == "first"


def test_a_suggested_code_contradicts_nothing() -> None:
    assert placed(*found("CHN OO2/11O3/OBS O60"), tokens=("tokenfirst",)).item == "first"


# ── By codes ──


@pytest.mark.parametrize("where", [each for each in Where if each not in (Where.TOKEN, Where.THREAD)])
@pytest.mark.parametrize("text", [SECOND, "КАZ-001-0802-ОВЅ-053.02"])
def test_a_code_of_a_known_case_places_wherever_it_stands(where: Where, text: str) -> None:
    (code,) = found(text, where)
    placement = placed(code)
    assert (appeal(placement), placement.where, placement.certainty) == (SECOND, where, code.certainty)
    assert not placement.ours_alone


def test_the_weightiest_place_is_told_first() -> None:
    placement = placed(*found(SECOND, Where.QUOTED), *found("KAZ-001-0802-OBS-053.02", Where.SUBJECT))
    assert [reason.where for reason in placement.reasons] == [Where.SUBJECT, Where.QUOTED]
    assert placement.certainty is Certainty.NORMALISED


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2003, 2, 1), FIRST, id="between the two"),
        pytest.param(date(2003, 3, 13), SECOND, id="the day of the second"),
        pytest.param(date(2099, 1, 1), SECOND, id="of the third no letter was sent"),
        pytest.param(date(2003, 1, 9), FIRST, id="issued, nothing sent yet"),
        pytest.param(date(1999, 1, 1), FIRST, id="before it all"),
        pytest.param(None, SECOND, id="no day"),
    ],
)
def test_a_code_without_update_means_the_newest_sent_at_the_day_of_the_response(on: date | None, expected: str) -> None:
    at = datetime(on.year, on.month, on.day, tzinfo=UTC) if on is not None else None
    assert appeal(placed(*found(CASE), date=at)) == expected


def test_a_code_without_update_means_the_newest_sent_to_who_answers() -> None:
    placement = placed(*found(CASE), sender="minister@justice.gov.kz")
    assert (appeal(placement), placement.recipient, placement.item) == (FIRST, MINISTER, "minister")


def test_two_codes_of_one_case_mean_the_newer() -> None:
    assert appeal(placed(*found(f"{SECOND}, {FIRST}"))) == SECOND
    assert appeal(placed(*found(FIRST, Where.SUBJECT), *found(SECOND, Where.QUOTED))) == SECOND
    assert appeal(placed(*found(f"{CASE} and {FIRST}"))) == FIRST


def test_another_organisations_code_of_an_appeal_is_of_the_same_case() -> None:
    assert appeal(placed(*found(INDEX_CODE))) == SECOND
    assert appeal(placed(*found(f"{INDEX_CODE} ({CASE})"))) == SECOND


def test_another_organisations_code_that_two_cases_have_is_decided_by_the_others() -> None:
    both = (parse(INDEX_CODE),)
    index = index_of([KnownAppeal(code=parse(code), other_codes=both) for code in (FIRST, OTHER)])
    assert placed(*found(INDEX_CODE), index=index).held.startswith("two cases are meant or may be")
    assert appeal(placed(*found(f"{INDEX_CODE} {OTHER}"), index=index)) == OTHER


def test_codes_of_two_cases_hold_a_response() -> None:
    placement = placed(*found(OTHER, Where.SUBJECT), *found(SECOND, Where.QUOTED))
    assert placement.held == (
        f"two cases are meant or may be: it quotes {OTHER} in the subject and {SECOND} in quoted text"
    )
    assert [guess.code.canonical for guess in placement.guesses] == [OTHER, SECOND]


def test_an_update_that_was_never_issued_holds_a_response() -> None:
    placement = placed(*found(f"{CASE}.07"))
    assert placement.held == f"it quotes {CASE}.07 in the new part, and the case has no such appeal"
    assert placement.guesses[0].code.canonical == SECOND


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        pytest.param(found("UZB 003/1208/OBS 212"), "no appeal has UZB 003/1208/OBS 212 in the new part", id="unknown"),
        pytest.param(found("OBS 999"), "'OBS 999' only suggests OBS 999 in the new part", id="suggested"),
        pytest.param((), "it quotes no code, and answers no letter that we know of", id="nothing"),
    ],
)
def test_without_a_code_of_a_known_case_a_response_is_held(codes: tuple[CodeFound, ...], reason: str) -> None:
    placement = placed(*codes)
    assert (placement.held, placement.guesses, placement.placed) == (reason, (), False)
    assert placement.because == f"it is not placed: {reason}"


STRANGER = "UZB 003/1208/OBS 212"


@pytest.mark.parametrize(
    ("codes", "is_placed"),
    [
        pytest.param((*found(STRANGER, Where.SUBJECT), *found(SECOND, Where.QUOTED)), False, id="weightier"),
        pytest.param(found(f"{STRANGER} {SECOND}"), False, id="beside it"),
        pytest.param((*found(STRANGER, Where.QUOTED), *found(SECOND)), True, id="less weighty"),
        pytest.param((*found("KAZ 2/2011", Where.SUBJECT), *found(SECOND)), False, id="of another scheme, weightier"),
        pytest.param(found(f"KAZ 2/2011 {SECOND}"), True, id="of another scheme, beside it"),
    ],
)
def test_a_code_of_no_known_case_holds_where_it_may_be_what_is_meant(
    codes: tuple[CodeFound, ...], is_placed: bool
) -> None:
    assert placed(*codes).placed is is_placed


def test_letters_of_an_appeal_whose_files_are_gone_still_place() -> None:
    index = index_of((), LETTERS)
    assert appeal(placed(*found(SECOND, index=index), index=index)) == SECOND


# ── Who answers ──


@pytest.mark.parametrize(
    ("sender", "recipient"),
    [
        pytest.param("MINISTER@justice.gov.kz", MINISTER, id="the address"),
        pytest.param("press@justice.gov.kz", MINISTER, id="the domain"),
        pytest.param("office@president.kz", PRESIDENT, id="the address that a letter went to"),
        pytest.param("justice@mail.ru", MINISTER, id="an address where everybody can have one"),
        pytest.param("anybody@mail.ru", None, id="a domain where everybody can have an address"),
        pytest.param("spy@evil.example", None, id="nobody known"),
        pytest.param(None, None, id="no address"),
    ],
)
def test_the_recipient_is_known_by_address_then_by_domain(sender: str | None, recipient: str | None) -> None:
    placement = placed(*found(FIRST), sender=sender)
    assert (appeal(placement), placement.recipient) == (FIRST, recipient)
    assert (placement.reasons[-1].where is None) is (recipient is not None)


def test_two_recipients_of_one_domain_leave_open_who_answers() -> None:
    index = index_of(APPEALS, LETTERS, {PRESIDENT: ["a@gov.kz"], MINISTER: ["b@gov.kz"]})
    assert placed(*found(FIRST), sender="c@gov.kz", index=index).recipient is None
    assert placed(*found(FIRST), sender="b@gov.kz", index=index).recipient == MINISTER


def test_the_letter_answered_is_the_last_that_was_sent_by_then() -> None:
    sender = "office@president.kz"
    assert placed(*found(SECOND), sender=sender).item == "again"
    assert placed(*found(SECOND), sender=sender, date=datetime(2003, 3, 20, tzinfo=UTC)).item == "second"
    assert placed(*found(SECOND), sender=sender, date=datetime(2003, 2, 1, tzinfo=UTC)).item is None


def test_mail_from_our_own_address_is_held() -> None:
    placement = placed(*found(SECOND), sender="replies@OURS.example", tokens=("tokenfirst",), authentication=PASSED)
    assert placement.held == "it comes from our own address"
    assert not placement.verified


# ── From the recipient, or unverified ──

GENUINE: dict[str, Any] = {
    "tokens": ("tokenagain",),
    "sender": "office@president.kz",
    "source": "imap",
    "authentication": PASSED,
}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="by token"),
        pytest.param({"tokens": (), "threads": ("<second@ours.example>",)}, id="by Message-ID"),
        pytest.param({"source": "eml"}, id="from a file"),
        pytest.param({"sender": "chancery@president.kz"}, id="another of the recipient's domain"),
    ],
)
def test_token_or_message_id_with_an_authenticated_sender_is_from_the_recipient(change: dict[str, Any]) -> None:
    placement = placed(**{**GENUINE, **change})
    assert placement.verified
    assert placement.counts_as_reply
    assert "kazakhstan/president, and mx.ours.example says dmarc=pass" in placement.because


@pytest.mark.parametrize(
    ("change", "because"),
    [
        pytest.param({"tokens": ()}, "a code is public and proves nothing", id="code alone"),
        pytest.param(
            {"authentication": Authentication(why="mx.ours.example says dmarc=fail")},
            "dmarc=fail",
            id="not authenticated",
        ),
        pytest.param({"source": "mbox"}, "an mbox", id="mbox"),
        pytest.param({"source": "pdf"}, "no mail that our server received", id="scan"),
        pytest.param({"source": "typed"}, "no mail that our server received", id="typed"),
        pytest.param({"bearer": "friend@x.example"}, "passed on by friend@x.example", id="passed on"),
        pytest.param({"sender": "spy@evil.example"}, "spy@evil.example is no known address", id="another domain"),
        pytest.param({"sender": None}, "nobody is no known address", id="no sender"),
    ],
)
def test_anything_less_is_unverified_and_says_why(change: dict[str, Any], because: str) -> None:
    placement = placed(*found(SECOND), **{**GENUINE, **change})
    assert placement.placed
    assert not placement.verified
    assert because in placement.because
    assert not placement.counts_as_reply
    assert placement.model_copy(update={"confirmed": True}).counts_as_reply


@pytest.mark.parametrize("kind", list(ResponseKind))
def test_only_replies_count_as_replied(kind: ResponseKind) -> None:
    counts = kind in (ResponseKind.REPLY, ResponseKind.FORWARDED_REPLY)
    assert placed(**GENUINE, kind=kind).counts_as_reply is counts


def test_a_held_response_counts_for_nobody_even_confirmed() -> None:
    assert not placed().model_copy(update={"confirmed": True}).counts_as_reply


def test_a_placement_is_the_same_after_json() -> None:
    placement = placed(*found(f"{SECOND} {OTHER}"), sender="office@president.kz")
    assert Placement.model_validate_json(placement.model_dump_json()) == placement


# ── Guesses ──


def guessed(placement: Placement) -> list[tuple[str, str | None]]:
    return [(guess.code.canonical, guess.recipient) for guess in placement.guesses]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("KAZ OO1/O8O2/OBS O53.O2", "'KAZ OO1/O8O2/OBS O53.O2' in an attachment", id="a scanner's slips"),
        pytest.param("KAZ 001/0802/OBS 058.02", "'KAZ 001/0802/OBS 058.02' in an attachment", id="one figure off"),
        pytest.param("OBS 053.02", "'OBS 053.02' in an attachment", id="its end"),
    ],
)
def test_the_likeliest_guess_stands_first_with_its_reason(text: str, words: str) -> None:
    placement = placed(*found(text, Where.ATTACHMENT))
    assert not placement.placed
    first = placement.guesses[0]
    assert (first.code.canonical, first.reasons[0].words) == (SECOND, words)
    assert first.reasons[0].certainty is Certainty.SUGGESTED


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("KAZ 001/0802/OBS 058", "one figure is another"),
        ("KAZ 001/O802/OBS 053", "a scanner may have misread it"),
        ("OBS 053", "the number at its end is the same"),
    ],
)
def test_codes_found_without_knowing_ours_are_compared_all_the_same(case: str, why: str) -> None:
    code = CodeFound(
        scheme="observatory", written=case, canonical=case, case=case, update=None, start=0, end=len(case),
        certainty=Certainty.EXACT, where=Where.SUBJECT,
    )  # fmt: skip
    placement = placed(code)
    assert placement.guesses[0].code.case == CASE
    assert any(why in reason.words for reason in placement.guesses[0].reasons)


def test_what_is_surer_and_stands_in_a_weightier_place_is_guessed_first() -> None:
    codes = (*found(OTHER, Where.QUOTED), *found(SECOND, Where.SUBJECT))
    assert [code for code, _ in guessed(placed(*codes))] == [SECOND, OTHER]
    codes = (*found("CHN 002/1108/OBS 060", Where.SUBJECT), *found("KAZ 001/0802/OBS O53", Where.SUBJECT))
    assert [code for code, _ in guessed(placed(*codes))] == [SECOND, OTHER]


def test_sender_and_day_alone_give_guesses_but_never_place() -> None:
    assert guessed(placed(sender="minister@justice.gov.kz")) == [(FIRST, MINISTER)]
    assert guessed(placed(sender="press@justice.gov.kz")) == [(FIRST, MINISTER)]
    assert guessed(placed(sender="spy@evil.example")) == []


def test_of_two_cases_of_one_sender_the_later_written_about_is_likelier() -> None:
    old = letter("old", "CHN 002/1103/OBS 060", PRESIDENT, date(2002, 1, 1))
    index = index_of(APPEALS[:3], (*LETTERS[:3], old))
    cases = [guess.code.case for guess in placed(sender="office@president.kz", index=index).guesses]
    assert cases == [CASE, OTHER]
    without_day = placed(sender="office@president.kz", index=index, date=None)
    assert {guess.code.case for guess in without_day.guesses} == {CASE, OTHER}


def test_there_are_never_more_guesses_than_a_person_reads() -> None:
    index = index_of([KnownAppeal(code=parse(f"KAZ 00{n}/0802/OBS 05{n}"), recipients=(MINISTER,)) for n in range(10)],
                     addresses={MINISTER: ("m@justice.gov.kz",)})  # fmt: skip
    assert len(placed(sender="m@justice.gov.kz", index=index).guesses) == MOST_GUESSES


def test_a_person_accepts_a_guess_in_one_step() -> None:
    placement = placed(*found("OBS 053.02"), sender="office@president.kz")
    accepted = placement.accepting(placement.guesses[0])
    assert (appeal(accepted), accepted.recipient, accepted.item) == (SECOND, PRESIDENT, "again")
    assert (accepted.held, accepted.confirmed, accepted.verified) == ("", True, False)
    assert accepted.counts_as_reply


def test_a_guess_of_the_token_has_its_letter() -> None:
    placement = placed(*found(OTHER), tokens=("tokenfirst",))
    assert placement.guesses[0] == Guess(
        code=parse(FIRST),
        recipient=PRESIDENT,
        item="first",
        score=100,
        reasons=(
            Reason(
                where=Where.TOKEN,
                certainty=Certainty.EXACT,
                words="the address it came to is that of our letter to kazakhstan/president",
            ),
        ),
    )


def test_the_index_gives_every_code_to_look_for() -> None:
    assert set(INDEX.codes) == {each.code for each in APPEALS} | {parse(INDEX_CODE)}
    assert all(isinstance(code, CaseCode) for code in INDEX.codes)
