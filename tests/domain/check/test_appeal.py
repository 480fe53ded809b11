"""Rules about what `appeal.yaml` says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.domain.check.places import HEADER, Found, definitions, found, the_appeal, the_directory
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.case_code import unread
from urgent_appeals.domain.check.appeal import (
    code_fits,
    dates_fit,
    folder_is_named_by_code,
    is_continued,
    issuers_exist,
    people_consent,
    recipients_exist,
)

CASE = "XAA 007/0326/OBS 021"


def codes(appeal: Appeal, *case: Appeal) -> list[Found]:
    return found(code_fits(appeal, definitions(appeal, *case)))


@pytest.mark.parametrize(
    ("changes", "path", "message", "hint"),
    [
        pytest.param(
            {"code": "XBZ 007/0326/OBS 021.01", "country": None}, None, None, None, id="a code that a user may assign"
        ),
        pytest.param(
            {"code": "KAA 007/0326/OBS 021.01"}, ("code",), "KAA is no country of ISO 3166-1", None, id="no country"
        ),
        pytest.param(
            {"code": "Case XAA 190326"},
            ("code",),
            "the code says 2026-03-19, the appeal was issued on 2026-03-20",
            None,
            id="another day than that of issue",
        ),
        pytest.param(
            {"kind": "new"},
            ("kind",),
            f"{CASE}.01 is update 1 of its case",
            "say kind: update",
            id="an update called new",
        ),
        pytest.param({"kind": "new", "code": CASE}, None, None, None, id="a first appeal"),
        pytest.param({"kind": "stop"}, None, None, None, id="a stop"),
        pytest.param({"earlier": (CASE, "UA 1/26")}, None, None, None, id="earlier codes"),
        pytest.param(
            {"earlier": (CASE, f"{CASE}.01")},
            ("earlier", 1),
            f"{CASE}.01 is not earlier than {CASE}.01",
            None,
            id="itself",
        ),
        pytest.param(
            {"earlier": (f"{CASE}.02",)}, ("earlier", 0), f"{CASE}.02 is not earlier than {CASE}.01", None, id="later"
        ),
    ],
)
def test_what_is_odd_about_a_code_is_a_warning(
    changes: dict[str, Any], path: tuple[str | int, ...] | None, message: str, hint: str | None
) -> None:
    told = [] if path is None else [Found(HEADER, path, message, hint, warning=True)]
    assert codes(the_appeal(**changes)) == told


@pytest.mark.parametrize(
    ("earlier", "told"),
    [
        pytest.param("2026-03-21", True, id="issued after its update"),
        pytest.param("2026-03-20", False, id="issued on the same day"),
        pytest.param("2026-03-19", False, id="issued before"),
        pytest.param(None, False, id="not issued"),
    ],
)
def test_updates_that_go_back_in_time_are_told_at_the_update(earlier: str | None, told: bool) -> None:
    first = the_appeal(code=CASE, kind="new", dates={"issued": earlier})
    message = f"{CASE}, which comes before it, was issued later, on {earlier}"
    assert codes(the_appeal(), first) == ([Found(HEADER, ("dates", "issued"), message, None, True)] if told else [])
    assert codes(first, the_appeal()) == []


def test_a_draft_among_the_updates_is_not_compared() -> None:
    assert codes(the_appeal(dates={}), the_appeal(code=CASE, kind="new")) == []


def dates(**changes: Any) -> list[Found]:
    appeal = the_appeal(**changes)
    return found(dates_fit(appeal, definitions(appeal)))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"dates": {"issued": "2026-03-20", "act_by": "2026-03-20"}}, [], id="to be written on in a day"),
        pytest.param(
            {"dates": {"issued": "2026-03-20", "act_by": {"post": "2026-03-19", "email": "2026-03-21"}}},
            [
                Found(
                    HEADER,
                    ("dates", "act_by", "post"),
                    "the deadline 2026-03-19 is before the date of issue, 2026-03-20",
                )
            ],
            id="deadline before the issue",
        ),
        pytest.param(
            {"dates": {"issued": "2026-03-20"}},
            [Found(HEADER, ("dates",), "no act_by: six weeks are assumed, until 2026-05-01", None, True)],
            id="no deadline",
        ),
        pytest.param({"dates": {"issued": "2026-03-20"}, "kind": "stop"}, [], id="a stop needs no deadline"),
        pytest.param(
            {"dates": {}},
            [Found(HEADER, ("dates",), "no date of issue: the appeal counts as a draft", None, True)],
            id="no issue",
        ),
        pytest.param({"dates": {}, "draft": True}, [], id="a draft needs no date of issue"),
        pytest.param(
            {"dates": {}, "historical": True},
            [Found(HEADER, ("historical",), "an appeal kept as history needs its date of issue (dates: issued)")],
            id="history needs its date",
        ),
        pytest.param(
            {"dates": {"issued": "2026-03-20", "act_by": "2026-05-15", "embargo": "2026-05-15"}}, [], id="a day is left"
        ),
        pytest.param(
            {"dates": {"issued": "2026-03-20", "act_by": "2026-05-15", "embargo": "2026-05-16"}},
            [Found(HEADER, ("dates", "embargo"), "the embargo ends after the last day to act, 2026-05-15")],
            id="no day is left",
        ),
        pytest.param(
            {"dates": {"issued": "2026-03-20", "embargo": "2026-06-16"}, "kind": "stop"}, [], id="a stop under embargo"
        ),
        pytest.param(
            {"dates": {"issued": "9999-12-31"}},
            [Found(HEADER, ("dates",), "no act_by: six weeks are assumed, until 9999-12-31", None, True)],
            id="the end of the calendar",
        ),
    ],
)
def test_days_fit_each_other(changes: dict[str, Any], told: list[Found]) -> None:
    assert dates(**changes) == told


def test_unknown_recipients_and_copies_are_problems_with_the_nearest_name() -> None:
    appeal = the_appeal(
        recipients=("arlandia", "arlandia/presidnet"), copies=("arlandia#ministry", "arlandia/justice", "utopia/x#y")
    )
    assert found(recipients_exist(appeal, definitions(appeal))) == [
        Found(
            HEADER,
            ("recipients", 1),
            "no recipient 'arlandia/presidnet' in recipients/",
            "did you mean 'arlandia/president'?",
        ),
        Found(
            HEADER,
            ("copies", 0),
            "no recipient 'arlandia#ministry' in recipients/",
            "did you mean 'arlandia#minister'?",
        ),
        Found(HEADER, ("copies", 2), "no recipient 'utopia/x#y' in recipients/"),
    ]


@pytest.mark.parametrize(("kind", "told"), [("update", 1), ("new", 1), ("stop", 0)])
def test_an_appeal_without_recipients_is_told_but_not_a_stop(kind: str, told: int) -> None:
    appeal = the_appeal(recipients=(), kind=kind)
    assert (
        found(recipients_exist(appeal, definitions(appeal)))
        == [Found(HEADER, (), "the appeal names no recipients: no letter can be made", None, True)] * told
    )


def test_a_group_without_a_letter_is_a_recipient_that_exists() -> None:
    appeal = the_appeal(recipients=("arlandia/press",))
    directory = the_directory(groups={"press": {"name": "Press", "no_letter": "No address."}})
    assert list(recipients_exist(appeal, definitions(appeal, directories={"arlandia": directory}))) == []


def test_unknown_issuers_are_problems_with_the_nearest_name() -> None:
    appeal = the_appeal(issuers=("circle", "cirlce", {"name": "FIDH"}), republished_by=("nobody",))
    assert found(issuers_exist(appeal, definitions(appeal))) == [
        Found(HEADER, ("issuers", 1), "no issuer 'cirlce' in campaign.yaml", "did you mean 'circle'?"),
        Found(HEADER, ("republished_by", 0), "no issuer 'nobody' in campaign.yaml"),
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"issuers": ()}, "the appeal names no issuers: who publishes it?", id="issuers"),
        pytest.param({"sources": ()}, "the appeal names no sources: where are its facts from?", id="sources"),
    ],
)
def test_an_appeal_of_nobody_or_from_nowhere_is_told(changes: dict[str, Any], message: str) -> None:
    appeal = the_appeal(**changes)
    assert found(issuers_exist(appeal, definitions(appeal))) == [Found(HEADER, (), message, None, True)]


@pytest.mark.parametrize(
    ("consent", "pseudonym", "wrong"),
    [
        pytest.param("refused", False, True, id="refused and named"),
        pytest.param("refused", True, False, id="refused, under a pseudonym"),
        pytest.param("given", False, False, id="given"),
        pytest.param("public", False, False, id="known to all"),
    ],
)
def test_nobody_is_named_who_refused_it(consent: str | None, pseudonym: bool, wrong: bool) -> None:
    person = {"name": "Ilva Maren", "consent": consent, "pseudonym": pseudonym}
    appeal = the_appeal(people={"other": {"name": "M.", "consent": "given"}, "maren": person})
    message, hint = "a person who refused to be named needs a pseudonym", "put it in name, and say pseudonym: true"
    told = [Found(HEADER, ("people", "maren"), message, hint)] if wrong else []
    assert found(people_consent(appeal, definitions(appeal))) == told


def test_an_appeal_follows_another_series_not_its_own_case() -> None:
    message, hint = (
        f"{CASE} is of the same case, not of another series",
        "updates of a case come after each other by their number; take follows away",
    )
    assert codes(the_appeal(follows=CASE)) == [Found(HEADER, ("follows",), message, hint, warning=True)]
    assert codes(the_appeal(follows="UA 1/26")) == []


def an_open_appeal_that(other: Appeal, on: date | None = date(2026, 4, 20)) -> list[Found]:
    appeal = the_appeal(code=f"{CASE}.01")
    return found(is_continued(appeal, definitions(appeal, other, on=on)))


@pytest.mark.parametrize(
    ("kind", "does"), [("new", "goes on with it"), ("stop", "ended the letter-writing")], ids=["new", "stop"]
)
def test_an_open_appeal_whose_case_goes_on_in_another_series_is_looked_at_again(kind: str, does: str) -> None:
    other = the_appeal(code="UA 1/26", kind=kind, follows=CASE, dates={"issued": "2026-04-10"})
    message = f"UA 1/26 of 2026-04-10, which follows this case, {does}: is this one still to be used?"
    hint = "if not, let its own update, stop or act_by say so"
    assert an_open_appeal_that(other) == [Found(HEADER, ("code",), message, hint, warning=True)]


@pytest.mark.parametrize(
    ("changes", "on"),
    [
        pytest.param({"dates": {"issued": "2026-04-10"}}, date(2026, 7, 1), id="expired anyway"),
        pytest.param({"dates": {"issued": "2026-04-21"}}, date(2026, 4, 20), id="not out yet"),
        pytest.param(
            {"dates": {"issued": "2026-04-10"}, "follows": None}, date(2026, 4, 20), id="nothing to do with it"
        ),
        pytest.param({"dates": {"issued": "2026-04-10"}}, None, id="no day is known"),
    ],
)
def test_otherwise_another_series_is_nothing_to_tell(changes: dict[str, Any], on: date | None) -> None:
    assert an_open_appeal_that(the_appeal(**{"code": "UA 1/26", "follows": CASE, **changes}), on) == []


@pytest.mark.parametrize(
    ("consent", "changes", "path", "message"),
    [
        pytest.param("not-asked", {}, ("consent",), "nobody has asked this person whether they may be named", id="no"),
        pytest.param(None, {}, (), "nothing says whether they agreed to be named", id="nothing said"),
        pytest.param(
            "not-asked",
            {"historical": True},
            ("consent",),
            "nobody has asked this person whether they may be named",
            id="not asked, and kept as history",
        ),
        pytest.param(None, {"historical": True}, None, None, id="nothing said, and kept as history"),
    ],
)
def test_a_person_is_asked_before_anything_is_published(
    consent: str | None, changes: dict[str, Any], path: tuple[str, ...] | None, message: str
) -> None:
    hint = "ask before anything is published; then say consent: given, public or refused (with a pseudonym)"
    told = [Found(HEADER, ("people", "maren", *path), message, hint, warning=True)] if path is not None else []
    appeal = the_appeal(people={"maren": {"name": "Ilva Maren", "consent": consent}}, **changes)
    assert found(people_consent(appeal, definitions(appeal))) == told
    hidden = the_appeal(people={"maren": {"name": "M.", "consent": consent, "pseudonym": True}}, **changes)
    assert found(people_consent(hidden, definitions(hidden))) == []


@pytest.mark.parametrize(
    ("code", "folder", "usual"),
    [
        pytest.param(f"{CASE}.01", "appeals/XAA-007-0326-OBS-021/01", None, id="as usual"),
        pytest.param(CASE, "appeals/XAA-007-0326-OBS-021/00", None, id="the first appeal"),
        pytest.param(f"{CASE}.1", "appeals/XAA-007-0326-OBS-021/01", None, id="however the update is spelt"),
        pytest.param(f"{CASE}.10", "appeals/XAA-007-0326-OBS-021/10", None, id="update ten"),
        pytest.param(f"{CASE}.01", "", None, id="not in a folder"),
        pytest.param(f"{CASE}.01", "XAA-007-0326-OBS-021", None, id="not two folders"),
        pytest.param(f"{CASE}.10", "appeals/XAA-007-0326-OBS-021/01", "XAA-007-0326-OBS-021/10", id="another update"),
        pytest.param(f"{CASE}.01", "appeals/XAA-007-0326-OBS-022/01", "XAA-007-0326-OBS-021/01", id="another case"),
        pytest.param(f"{CASE}.01", "appeals/maren/1", "XAA-007-0326-OBS-021/01", id="another name"),
    ],
)
def test_a_folder_is_called_by_case_and_update(code: str, folder: str, usual: str | None) -> None:
    appeal = the_appeal(code=code, folder=folder)
    told = []
    if usual is not None:
        message = f"the folder of {code} is called {folder.removeprefix('appeals/')}"
        told = [Found(f"{folder}/appeal.yaml", ("code",), message, f"the usual name is {usual}", True)]
    assert found(folder_is_named_by_code(appeal, definitions(appeal))) == told


def test_a_folder_is_not_judged_by_a_code_that_could_not_be_read() -> None:
    appeal = the_appeal(folder="appeals/x/01").model_copy(update={"code": unread("UAD 1/2026")})
    assert found(folder_is_named_by_code(appeal, definitions(appeal))) == []
