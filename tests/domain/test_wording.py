"""Forms of address, and notes numbered in the order in which a document is read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import an_office, notes, paragraphs, phrases
from urgent_appeals.domain.directory import Holder, Office
from urgent_appeals.domain.prose import (
    Block,
    Heading,
    Inline,
    Listing,
    Note,
    NoteMark,
    Paragraph,
    Quotation,
    Request,
    RequestGroup,
    RequestHeading,
    Run,
    Scope,
    Table,
    note_labels,
    renumbered,
)
from urgent_appeals.domain.wording import close, kind_of, number_notes, salutation

RULES = {
    "minister": {"m": "Mr {title}!", "f": "Ms {title}!", "unknown": "Excellency!"},
    "ambassador": {"m": "Sir {name}!", "*": "Ambassador!"},
    "judge": "Your Honour!",
    "commissioner": {"m": "Mr Commissioner!"},
    "official": {"m": "Dear Sir,", "f": "Dear Madam,", "unknown": "Dear Sir or Madam,"},
    "body": "Dear all,",
}
PHRASES = phrases(
    "en", letter={"salutations": RULES, "closes": {"minister": "Respectfully,", "default": "Faithfully,"}}
)


def an_holder(gender: str = "m", name: Any = "Tomas Berg") -> Holder:
    return Holder.model_validate({"name": name, "gender": gender, "from": "2020"})


def office(*tags: str, **changes: Any) -> Office:
    return an_office(tags=tags, **changes)


@pytest.mark.parametrize(
    ("tags", "holder", "kind"),
    [
        pytest.param(("minister",), an_holder(), "minister", id="its tag"),
        pytest.param(("justice", "judge", "minister"), an_holder(), "judge", id="its first tag with wording"),
        pytest.param(("minister",), None, "body", id="nobody, whatever its tag"),
        pytest.param(("justice",), an_holder(), "official", id="a person without a known tag"),
        pytest.param((), None, "body", id="nobody and no tag"),
    ],
)
def test_the_form_of_address_goes_by_the_office(tags: tuple[str, ...], holder: Holder | None, kind: str) -> None:
    assert kind_of(office(*tags), holder, PHRASES) == kind


@pytest.mark.parametrize(
    ("tag", "gender", "words"),
    [
        pytest.param("minister", "m", "Mr Minister!", id="a man"),
        pytest.param("minister", "f", "Ms Minister!", id="a woman"),
        pytest.param("minister", "unknown", "Excellency!", id="gender unknown"),
        pytest.param("ambassador", "m", "Sir Tomas Berg!", id="by name"),
        pytest.param("ambassador", "f", "Ambassador!", id="one wording for the others"),
        pytest.param("judge", "f", "Your Honour!", id="one wording for all"),
        pytest.param("clerk", "f", "Dear Madam,", id="an official without wording of the tag"),
    ],
)
def test_the_salutation_goes_by_the_holders_gender(tag: str, gender: str, words: str) -> None:
    assert salutation(office(tag), an_holder(gender), PHRASES) == words


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        pytest.param("minister", "Dear all,", id="an office with wording of its tag"),
        pytest.param("clerk", "Dear all,", id="an office without"),
    ],
)
def test_where_nobody_is_named_the_form_of_address_is_that_for_a_body(tag: str, words: str) -> None:
    assert (salutation(office(tag), None, PHRASES), close(office(tag), None, PHRASES)) == (words, "Faithfully,")


def test_an_office_with_a_form_of_its_own_is_addressed_by_it_though_nobody_is_named() -> None:
    own = office("minister", forms={"en": {"salutation": {"m": "Sir,", "unknown": "Excellency,"}, "close": "Yours,"}})
    assert (salutation(own, None, PHRASES), close(own, None, PHRASES)) == ("Excellency,", "Yours,")


def test_there_is_no_salutation_where_no_wording_fits() -> None:
    assert salutation(office("commissioner"), an_holder("unknown"), PHRASES) is None


def test_a_title_missing_in_the_language_gives_way_to_the_neutral_wording() -> None:
    assert salutation(office("minister", title={"ru": "Министр"}), an_holder(), PHRASES) == "Excellency!"


def test_a_name_missing_in_the_language_gives_way_to_the_neutral_wording() -> None:
    assert salutation(office("ambassador"), an_holder(name={"ru": "Томас Берг"}), PHRASES) == "Ambassador!"


def test_a_name_in_the_salutation_needs_a_holder() -> None:
    assert salutation(office(forms={"en": {"salutation": "Dear {name},"}}), None, PHRASES) == "Dear all,"


@pytest.mark.parametrize(
    ("forms", "words"),
    [
        pytest.param({"en": {"salutation": "Dear Judge,"}}, "Dear Judge,", id="its own"),
        pytest.param({"en": {"salutation": {"m": "Dear Mr Judge,"}}}, "Dear Mr Judge,", id="its own by gender"),
        pytest.param({"en": {"salutation": {"f": "Dear Ms Judge,"}}}, "Mr Minister!", id="its own for another gender"),
        pytest.param({"en": {"close": "Yours,"}}, "Mr Minister!", id="only a close of its own"),
        pytest.param({"ru": {"salutation": "Судья!"}}, "Mr Minister!", id="only in another language"),
    ],
)
def test_a_directory_may_word_the_salutation_itself(forms: Any, words: str) -> None:
    assert salutation(office("minister", forms=forms), an_holder(), PHRASES) == words


@pytest.mark.parametrize(
    ("tag", "forms", "words"),
    [
        pytest.param("minister", {}, "Respectfully,", id="of the tag"),
        pytest.param("judge", {}, "Faithfully,", id="the usual one"),
        pytest.param("minister", {"en": {"close": "Yours,"}}, "Yours,", id="its own"),
        pytest.param(
            "minister",
            {"en": {"salutation": "Dear Judge,"}},
            "Respectfully,",
            id="only a salutation of its own",
        ),
        pytest.param("minister", {"ru": {"close": "Ваш"}}, "Respectfully,", id="only in another language"),
    ],
)
def test_the_close_goes_by_office_and_language(tag: str, forms: Any, words: str) -> None:
    assert close(office(tag, forms=forms), an_holder(), PHRASES) == words


CLOSES = {
    "minister": {"m": "Accept, Mr {title},", "f": "Accept, Ms {title},", "unknown": "Accept, Excellency,"},
    "ambassador": {"m": "Sir {name},"},
    "default": "Faithfully,",
}


@pytest.mark.parametrize(
    ("tag", "gender", "title", "words"),
    [
        pytest.param("minister", "m", "Minister", "Accept, Mr Minister,", id="a man"),
        pytest.param("minister", "f", "Minister", "Accept, Ms Minister,", id="a woman"),
        pytest.param("minister", "unknown", "Minister", "Accept, Excellency,", id="gender unknown"),
        pytest.param("minister", "f", {}, "Accept, Excellency,", id="no title in the language"),
        pytest.param("ambassador", "m", "Ambassador", "Sir Tomas Berg,", id="by name"),
        pytest.param("ambassador", "f", "Ambassador", "Faithfully,", id="no wording for the gender"),
    ],
)
def test_a_close_that_repeats_the_salutation_goes_by_gender_like_it(
    tag: str, gender: str, title: Any, words: str
) -> None:
    by_gender = phrases("en", letter={"salutations": RULES, "closes": CLOSES})
    assert close(office(tag, title=title), an_holder(gender), by_gender) == words


def test_a_directory_may_word_the_close_by_gender() -> None:
    forms = {"en": {"close": {"m": "Mr {title}, yours,", "f": "Ms {title}, yours,"}}}
    assert close(office("minister", forms=forms), an_holder("f"), PHRASES) == "Ms Minister, yours,"
    assert close(office("minister", forms=forms), an_holder("unknown"), PHRASES) == "Respectfully,"


@pytest.mark.parametrize(
    ("gender", "words"),
    [
        pytest.param("m", "Mr Herr Minister!", id="a man"),
        pytest.param("f", "Ms Frau Ministerin!", id="a woman"),
        pytest.param("unknown", "Excellency!", id="gender unknown"),
    ],
)
def test_a_title_may_differ_by_gender(gender: str, words: str) -> None:
    inflected = office("minister", title={"en": {"m": "Herr Minister", "f": "Frau Ministerin"}})
    assert salutation(inflected, an_holder(gender), PHRASES) == words


def test_without_wording_there_is_no_close() -> None:
    assert close(office("judge"), None, phrases(letter={"closes": {"minister": "x"}})) is None


@pytest.mark.parametrize(
    ("gender", "words"),
    [
        pytest.param("m", "Уважаемый господин Министр!", id="a man"),
        pytest.param("f", "Уважаемая госпожа Министр!", id="a woman"),
        pytest.param("unknown", "Ваше Превосходительство!", id="gender unknown"),
    ],
)
def test_a_minister_is_addressed_in_russian_by_gender(gender: str, words: str) -> None:
    assert salutation(an_office(), an_holder(gender), phrases("ru")) == words


# Notes. Labels are letters in the source and numbers in the document; these trees can hold them anywhere.
LABELS = st.sampled_from("abcdefgh")
RUNS = st.lists(st.one_of(LABELS.map(lambda label: NoteMark(label=label)), st.just(Run(text="w"))), max_size=4).map(
    tuple
)


def _blocks(inner: st.SearchStrategy[tuple[Block, ...]]) -> st.SearchStrategy[tuple[Block, ...]]:
    block: st.SearchStrategy[Block] = st.one_of(
        RUNS.map(lambda runs: Paragraph(runs=runs)),
        RUNS.map(lambda runs: Heading(level=1, runs=runs)),
        inner.map(lambda blocks: Quotation(blocks=blocks)),
        st.lists(inner, max_size=2).map(lambda items: Listing(ordered=False, items=tuple(items))),
        st.tuples(RUNS, RUNS).map(lambda cells: Table(head=(cells[0],), rows=((cells[1],),))),
    )
    return st.lists(block, max_size=3).map(tuple)


BLOCKS: st.SearchStrategy[tuple[Block, ...]] = st.recursive(
    RUNS.map(lambda runs: (Paragraph(runs=runs),)), _blocks, max_leaves=6
)
GROUPS = st.lists(
    st.builds(
        RequestGroup,
        headings=st.lists(st.builds(RequestHeading, level=st.just(1), runs=RUNS), max_size=2).map(tuple),
        introduction=BLOCKS,
        requests=st.lists(st.builds(Request, label=st.just("i."), blocks=BLOCKS), max_size=2).map(tuple),
    ),
    max_size=2,
).map(tuple)


def a_note(label: str) -> Note:
    return Note(label=label, blocks=paragraphs(f"the text of {label}"))


def called(parts: tuple[tuple[Block, ...], ...], groups: tuple[RequestGroup, ...], after: int) -> list[str]:
    """Return the labels as a reader comes upon them."""

    def of_runs(runs: tuple[Inline, ...]) -> list[str]:
        return [run.label for run in runs if isinstance(run, NoteMark)]

    asked: list[str] = []
    for group in groups:
        asked += [label for heading in group.headings for label in of_runs(heading.runs)]
        asked += note_labels(group.introduction)
        asked += [label for request in group.requests for label in note_labels(request.blocks)]
    found = [list(note_labels(part)) for part in parts]
    found.insert(after, asked)
    return [label for labels in found for label in labels]


@given(st.lists(BLOCKS, max_size=3).map(tuple), GROUPS, st.integers(0, 3), st.sets(LABELS))
def test_every_note_called_is_numbered_in_reading_order_from_one(
    parts: tuple[tuple[Block, ...], ...], groups: tuple[RequestGroup, ...], after: int, known: set[str]
) -> None:
    after = min(after, len(parts))
    read = [label for label in called(parts, groups, after) if label in known]
    numbered, new_parts, new_groups = number_notes(
        map(a_note, sorted(known)), *parts, requests=groups, requests_after=after
    )
    order = list(dict.fromkeys(read))
    assert [note.label for note in numbered] == [str(number) for number in range(1, len(order) + 1)]
    assert [note.blocks for note in numbered] == [a_note(label).blocks for label in order]
    assert called(new_parts, new_groups, after) == [str(order.index(label) + 1) for label in read]


@given(BLOCKS, GROUPS)
def test_numbering_changes_nothing_but_the_marks(part: tuple[Block, ...], groups: tuple[RequestGroup, ...]) -> None:
    _, (numbered,), asked = number_notes(map(a_note, "abcdefgh"), part, requests=groups, requests_after=1)
    assert renumbered(numbered, {}) == renumbered(part, {})
    _, _, bare = number_notes((), requests=groups)
    assert number_notes((), requests=asked)[2] == bare


def test_a_note_called_twice_keeps_its_number() -> None:
    numbered, (part,), _ = number_notes(notes("first", "second"), paragraphs("x[^2] y[^1] z[^2]"))
    assert note_labels(part) == ("1", "2", "1")
    assert [note.blocks for note in numbered] == [paragraphs("second"), paragraphs("first")]


def test_a_mark_inside_a_note_is_left_out() -> None:
    (note,), _, _ = number_notes(notes("see[^2] there", "second"), paragraphs("x[^1]"))
    assert note.blocks == (Paragraph(runs=(Run(text="see"), Run(text=" there"))),)


def test_a_note_keeps_its_paragraphs() -> None:
    (note,), _, _ = number_notes(notes("one\n\ntwo"), paragraphs("x[^1]"))
    assert note.blocks == paragraphs("one", "two")


def test_requests_keep_label_and_scope_when_their_notes_are_numbered() -> None:
    scope = Scope(to=("arlandia/justice",))
    heading = RequestHeading(level=2, runs=(Run(text="h"),), scope=scope)
    group = RequestGroup(headings=(heading,), requests=(Request(label="iv.", blocks=paragraphs("x"), scope=scope),))
    assert number_notes((), requests=(group,))[2] == (group,)
