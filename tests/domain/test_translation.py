"""Whether a translation is of the original as it is: by a declared digest, else by the times of the files."""

from __future__ import annotations

import pytest

from tests.builders import a_prose, an_appeal
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.problem import Origin
from urgent_appeals.domain.prose import Prose
from urgent_appeals.domain.translation import STALE_AFTER, digest_of, is_stale, stale_translations


def prose(language: str, text: str, modified: float = 0.0) -> Prose:
    return a_prose(language).model_copy(
        update={"origin": Origin(f"{language}.md", text), "modified": modified},
    )


def appeal(declared: str | None = None, *, text: str = "one", later: float = 0.0) -> Appeal:
    found = an_appeal(languages=("en", "ru"), translated_from={"ru": declared} if declared else {})
    return found.model_copy(update={"prose": {"en": prose("en", text, later), "ru": prose("ru", "один")}})


ONE = digest_of(prose("en", "one"))


@pytest.mark.parametrize(
    ("declared", "text", "later", "stale"),
    [
        pytest.param(ONE, "one", STALE_AFTER + 9, False, id="declared, of the text as it is, whatever the times"),
        pytest.param(ONE, "two", 0.0, True, id="declared, of another text"),
        pytest.param(None, "two", STALE_AFTER, False, id="undeclared, of one checkout"),
        pytest.param(None, "two", STALE_AFTER + 1, True, id="undeclared, older"),
    ],
)
def test_the_declared_digest_decides_and_else_the_times(
    declared: str | None, text: str, later: float, stale: bool
) -> None:
    assert is_stale(appeal(declared, text=text, later=later), "ru") is stale


def test_blanks_at_the_ends_of_lines_are_no_change() -> None:
    assert digest_of(prose("en", "one  \ntwo\n\n")) == digest_of(prose("en", "one\ntwo"))


def test_the_original_and_what_is_not_there_are_never_stale() -> None:
    assert stale_translations(appeal("00000000")) == ("ru",)
    assert not is_stale(appeal("00000000"), "en")
    assert not is_stale(appeal("00000000"), "fr")
    assert not is_stale(appeal("00000000").model_copy(update={"prose": {}}), "ru")
