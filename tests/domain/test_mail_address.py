"""What an email address must be: exactly one, and just the one it seems to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain.mail_address import CheckedAddress, RefusedAddress, check_address

WORDS = st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True)
ADDRESSES = st.builds("{}.{}@{}.example".format, WORDS, WORDS, WORDS)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("a@b.org\r\nRCPT TO:<x@y.z>", "control", id="a command to the mail server"),
        pytest.param("a@b.org, spy@evil.example", "more than one", id="two addresses"),
        pytest.param("a@b.org;spy@evil.example", "more than one", id="two, parted by a semicolon"),
        pytest.param("a@b.org@evil.example", "more than one", id="two at signs"),
        pytest.param('"m@gov.kz" <spy@evil.example>', "name or brackets", id="another address as the name"),
        pytest.param("-oQ./tmp@x.org", "hyphen", id="an option of a mail program"),
        pytest.param("minister", "@-sign", id="no at sign"),
        pytest.param("minister@gov", "period", id="no dot in the domain"),
        pytest.param("m@[127.0.0.1]", "IP address", id="a number for a domain"),
        pytest.param("alice@example.org)bob@evil.example", "more than one", id="a comment"),
        pytest.param("=?utf-8?q?a?=@b.example", "encoded word", id="an encoded word"),
        pytest.param("", "@-sign", id="nothing"),
    ],
)
def test_what_is_not_exactly_one_address_is_refused(text: str, named: str) -> None:
    refused = check_address(text)
    assert isinstance(refused, RefusedAddress)
    assert named in refused.reason
    assert refused.text == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("minister@gоv.kz", id="a Cyrillic letter in the domain"),
        pytest.param("minister@xn--gv-fmc.kz", id="the same, encoded"),
        pytest.param("mіnister@gov.kz", id="a Cyrillic letter before the at sign"),
        pytest.param("minister@gov.kα-x.example", id="a Greek letter"),
    ],
)
def test_letters_of_two_scripts_in_one_word_are_refused(text: str) -> None:
    refused = check_address(text)
    assert isinstance(refused, RefusedAddress)
    assert "mixes" in refused.reason
    assert "Latin" in refused.reason


def test_japanese_may_mix_its_scripts() -> None:
    assert isinstance(check_address("daijin@日本のカナ.example"), CheckedAddress)


def test_another_full_stop_is_normalised_and_said() -> None:
    assert check_address("minister@gov。kz") == CheckedAddress(
        address="minister@gov.kz", wire="minister@gov.kz", note="read as minister@gov.kz"
    )


def test_a_domain_in_another_script_travels_in_ascii() -> None:
    assert check_address("minister@правительство.рф") == CheckedAddress(
        address="minister@правительство.рф",
        wire="minister@xn--80aealotwbjpid2k.xn--p1ai",
        note="its domain is xn--80aealotwbjpid2k.xn--p1ai to mail servers",
    )


def test_an_address_that_is_not_ascii_at_all_is_kept_and_flagged() -> None:
    checked = check_address("министр@правительство.рф")
    assert isinstance(checked, CheckedAddress)
    assert checked.address == checked.wire == "министр@правительство.рф"
    assert checked.needs_smtputf8
    assert checked.note is not None
    assert "SMTPUTF8" in checked.note


def test_a_plain_address_has_nothing_to_say_about_it() -> None:
    assert check_address("Minister@Justice.Example") == CheckedAddress(
        address="Minister@justice.example", wire="Minister@justice.example"
    )


@given(ADDRESSES)
def test_plain_addresses_come_back_as_they_are(address: str) -> None:
    assert check_address(address) == CheckedAddress(address=address, wire=address)


@given(st.one_of(st.text(), st.builds("{}@{}.example".format, st.text(max_size=9), st.text(max_size=9))))
def test_whatever_is_accepted_is_one_address_without_blanks_or_brackets(text: str) -> None:
    checked = check_address(text)
    if isinstance(checked, CheckedAddress):
        assert checked.wire.count("@") == 1
        assert not set(checked.wire) & set(' ,;<>()[]"\r\n\t\0')
        assert check_address(checked.wire) == checked.model_copy(
            update={"note": check_address(checked.wire).note}  # type: ignore[union-attr]
        )
