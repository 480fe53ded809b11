"""The code of the next update, in the issuer's own spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain.case_code import parse
from urgent_appeals.domain.next_update import next_update
from urgent_appeals.domain.schemes import SCHEMES, Scheme

DESK = Scheme.from_pattern("desk", "UAD {country} {number:3}/{year}[.{update}]")
PLAIN = Scheme.from_pattern("plain", "LETTER {number}")
ALL = (*SCHEMES, DESK, PLAIN)


@pytest.mark.parametrize(
    ("code", "following"),
    [
        pytest.param("KAZ 001/0802/OBS 053", "KAZ 001/0802/OBS 053.01", id="the first update"),
        pytest.param("KAZ 001/0802/OBS 053.02", "KAZ 001/0802/OBS 053.03", id="two figures"),
        pytest.param("KAZ 001 / 0802 / OBS 053.1", "KAZ 001 / 0802 / OBS 053.2", id="one figure, spaced"),
        pytest.param("KAZ 001/0802/OBS 053.9", "KAZ 001/0802/OBS 053.10", id="one figure more"),
        pytest.param("KAZ-001-0802-OBS-053.09", "KAZ-001-0802-OBS-053.10", id="as a file name"),
        pytest.param("UAD XAA 001/2026", "UAD XAA 001/2026.01", id="of a workspace's own"),
        pytest.param("UAD XAA 001/2026.01", "UAD XAA 001/2026.02", id="of a workspace's own, updated"),
        pytest.param("LETTER 7", "LETTER 7 update 1", id="a scheme without updates"),
        pytest.param("UA-257-1/2014", "UA-257-2/2014", id="inside the number"),
        pytest.param("THIRD UA 60/16", "FOURTH UA 60/16", id="an ordinal in capitals"),
        pytest.param("First update to UA 60/16", "Second update to UA 60/16", id="an ordinal"),
        pytest.param("twentieth UA 60/16", "UA 60/16 update 21", id="no ordinal left"),
        pytest.param("21st UA 60/16", "UA 60/16 update 22", id="an ordinal in figures"),
        pytest.param("AHRC-UA-094-2007 update 9", "AHRC-UA-094-2007 update 10", id="the canonical form"),
        pytest.param("Case UZB 030400", "Case UZB 030400 update 1", id="a code that is a date"),
    ],
)
def test_the_next_update_keeps_the_spelling(code: str, following: str) -> None:
    assert next_update(parse(code, ALL), ALL) == following


def test_what_cannot_be_spelled_on_is_given_in_canonical_form() -> None:
    code = parse("KAZ 001/0802/OBS 053.999", ALL)
    assert next_update(code, ALL) == "KAZ 001/0802/OBS 053.1000"


def test_a_code_of_a_scheme_that_is_not_known_is_counted_on_in_canonical_form() -> None:
    code = parse("LETTER 7 update 3", ALL)
    assert next_update(code, SCHEMES) == "LETTER 7 update 4"


@given(st.sampled_from(["KAZ 001/0802/OBS 053", "UAD XAA 001/2026", "UA 60/16"]), st.integers(1, 15))
def test_counting_on_reaches_every_update(first: str, times: int) -> None:
    code = parse(first, ALL)
    for number in range(1, times + 1):
        following = parse(next_update(code, ALL), ALL)
        assert following.same_case(code)
        assert following.update == number
        code = following
