"""The settings of a desk: what they may say, and what they never may."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError

from urgent_appeals.domain.desk import Auth, Desk, Security, address_for, hidden
from urgent_appeals.domain.item import Via

SMTP = {"host": "mail.campaign.example", "from": "desk@campaign.example"}


def desk(**changes: Any) -> Desk:
    return Desk.model_validate({"desk": "leeds", "by": "M. H.", **changes})


def refused(**changes: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        desk(**changes)
    (error,) = caught.value.errors()
    return error["msg"]


def test_a_desk_needs_a_name_and_who_acts() -> None:
    assert (desk().desk, desk().by, desk().smtp, desk().allow_domains) == ("leeds", "M. H.", None, ())
    with pytest.raises(ValidationError):
        Desk.model_validate({"desk": "leeds"})


def test_a_mail_server_is_encrypted_unless_nothing_is_sent() -> None:
    smtp = desk(smtp=SMTP).smtp
    assert smtp is not None
    assert (smtp.port, smtp.security, smtp.auth, smtp.domain) == (
        587,
        Security.STARTTLS,
        Auth.PASSWORD,
        "campaign.example",
    )
    assert "starttls" in refused(smtp=SMTP | {"security": "none"})


def test_a_mailbox_is_encrypted_from_the_first_byte() -> None:
    imap = desk(imap={"host": "imap.campaign.example"}).imap
    assert imap is not None
    assert (imap.port, imap.security, imap.drafts, imap.sent) == (993, Security.TLS, "Drafts", "Sent")


def test_letters_come_from_the_mail_server_s_address_else_from_that_of_the_mailbox() -> None:
    imap = {"host": "imap.campaign.example", "user": "drafts@campaign.example"}
    assert desk(smtp=SMTP, imap=imap).sender == "desk@campaign.example"
    assert desk(imap=imap).sender == "drafts@campaign.example"
    assert desk(imap=imap | {"user": "drafts"}).sender is None
    assert desk(imap={"host": "imap.campaign.example"}).sender is None
    assert desk().sender is None


def test_an_access_token_needs_a_program_that_prints_it() -> None:
    assert "token_command" in refused(smtp=SMTP | {"auth": "xoauth2", "user": "desk@campaign.example"})
    assert "needs a user" in refused(smtp=SMTP | {"auth": "xoauth2", "token_command": ["oauth"]})
    assert desk(smtp=SMTP | {"auth": "xoauth2", "user": "desk@campaign.example", "token_command": ["oauth"]}).smtp


@pytest.mark.parametrize(
    "text",
    [
        "mail.example:587",
        "smtp://mail.example",
        "mail example",
        "-oProxyCommand",
        "a..b",
        ".a",
        "a" * 64 + ".example",
        "a." * 127 + "ab",
        "mail.example\r\nRCPT TO:<x@y>",
    ],
)
def test_a_host_is_a_name_and_nothing_else(text: str) -> None:
    assert "should be the name of a server" in refused(smtp=SMTP | {"host": text})


@pytest.mark.parametrize(
    ("text", "host"), [("Mail.Example", "mail.example"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("a", "a")]
)
def test_a_host_may_be_a_name_or_a_number(text: str, host: str) -> None:
    smtp = desk(smtp=SMTP | {"host": text}).smtp
    assert smtp is not None
    assert smtp.host == host


def test_a_name_server_is_a_number() -> None:
    dns = desk(dns={"server": "127.0.0.1", "port": 5353}).dns
    assert dns is not None
    assert (dns.server, dns.port) == ("127.0.0.1", 5353)
    assert "should be the number of a name server" in refused(dns={"server": "dns.example"})


@pytest.mark.parametrize(
    "text",
    ["a@b.example, spy@evil.example", "a@b.example\r\nRCPT TO:<x@y.z>", '"m" <m@b.example>', "-o@b.example", "no"],
)
def test_an_address_is_exactly_one(text: str) -> None:
    for changes in ({"smtp": SMTP | {"from": text}}, {"reflect": text}, {"replies": text}):
        assert refused(**changes)


def test_a_name_that_would_end_a_header_is_refused() -> None:
    assert "line-separator" in refused(smtp=SMTP | {"from_name": "Desk\nBcc: spy@evil.example"})


def test_a_token_stands_before_the_at_and_once() -> None:
    assert desk(replies="answers+{token}@campaign.example").replies == "answers+{token}@campaign.example"
    assert "after the @" in refused(replies="answers@{token}.campaign.example")
    assert "more than once" in refused(replies="{token}{token}@campaign.example")


def test_a_token_takes_its_place_in_an_address_or_follows_a_plus() -> None:
    assert address_for("r-{token}@campaign.example", "k7qd") == "r-k7qd@campaign.example"
    assert address_for("answers@campaign.example", "k7qd") == "answers+k7qd@campaign.example"


def test_a_fax_leaves_by_a_program_or_by_a_gateway() -> None:
    assert desk(fax={"command": ["sendfax", "-d", "{number}", "{file}"]}).fax
    assert "{number} and {file}" in refused(fax={"command": ["sendfax", "-d", "{number}"]})
    assert "{number} and {file}" in refused(fax={"command": ["sendfax", "{file}"]})
    assert desk(fax={"gateway": "{number}@fax.example"}).fax
    assert "either" in refused(fax={})
    assert "either" in refused(fax={"command": ["sendfax"], "gateway": "{number}@fax.example"})
    assert "should hold {number} once" in refused(fax={"gateway": "fax@fax.example"})
    assert "after the @" in refused(fax={"gateway": "fax@{number}.example"})


def test_the_address_of_a_log_holds_no_password() -> None:
    assert desk(log="postgresql://coordinator@db.example/appeals").log
    assert desk(log="sqlite:///outbox/log.db").log
    assert desk(log=None).log is None
    assert "no password" in refused(log="postgresql://coordinator:hunter2@db.example/appeals")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://c:hunter2@db.example/a", "postgresql://c:***@db.example/a"),
        ("postgresql://c:***@db.example/a", "postgresql://c:***@db.example/a"),
        ("postgresql://c:hunter/2@db.example/a", "postgresql://c:***@db.example/a"),
        ("postgresql+psycopg://c:hunter%402@db.example/a", "postgresql+psycopg://c:***@db.example/a"),
        ("postgresql://:hunter2@db.example/a", "postgresql://:***@db.example/a"),
        ("postgresql:///a?user=c&password=hunter2", "postgresql:///a?user=c&password=***"),
        ("postgresql:///a?passwd=hunter2", "postgresql:///a?passwd=***"),
        ("postgresql:///a?p%61ss=hunter2", "postgresql:///a?pass=***"),
        ("postgresql:///a?sslkey=x&SSLPassword=hunter2", "postgresql:///a?sslkey=x&SSLPassword=***"),
        ("postgresql:///a?client_secret=hunter2&pwd=", "postgresql:///a?client_secret=***&pwd=***"),
    ],
)
def test_wherever_a_password_stands_in_the_address_of_a_log_it_is_refused_and_not_shown(url: str, shown: str) -> None:
    assert "no password" in refused(log=url)
    assert hidden(url) == shown


@pytest.mark.parametrize(
    "url",
    ["postgresql://c@db.example:5432/a?options=-c%20x", "sqlite:///outbox/log.db", "sqlite:////home/a:b@c/log.db"],
)
def test_the_address_of_a_log_without_a_password_is_shown_as_it_is(url: str) -> None:
    assert (desk(log=url).log, hidden(url)) == (url, url)


@given(st.text(alphabet="u:/@?&=p[]%h"))
def test_what_the_database_layer_takes_for_a_password_is_refused(rest: str) -> None:
    """What it does with an address is its own affair; none that it finds a password in gets so far."""
    from sqlalchemy import make_url

    url = f"postgresql://{rest}h"
    try:
        found = make_url(url).password
    except (ArgumentError, ValueError):
        return
    if found is not None:
        with pytest.raises(ValidationError, match="no password"):
            desk(log=url)


def test_letters_go_only_where_the_settings_allow() -> None:
    assert desk().allows("minister@justice.example")
    tried = desk(allow_domains=("Test.example",))
    assert tried.allows("me@TEST.example")
    assert not tried.allows("minister@justice.example")
    assert not tried.allows("me@sub.test.example")


@pytest.mark.parametrize(
    ("via", "address", "settings", "barred"),
    [
        (Via.EMAIL, "minister@justice.example", {"allow_domains": ()}, False),
        (Via.EMAIL, "minister@justice.example", {}, True),
        (Via.DRAFTS, "minister@justice.example", {}, True),
        (Via.EMAIL, "me@TEST.example", {}, False),
        (Via.EMAIL, "me at test.example", {}, True),
        (Via.POST, "22 Assize Street", {}, False),
        (Via.FAX, "+999155", {}, True),
        (Via.FAX, "+999155", {"fax": {"command": ["fax", "{number}", "{file}"]}}, True),
        (Via.FAX, "+999155", {"fax": {"gateway": "{number}@fax.example"}}, True),
        (Via.FAX, "+999155", {"fax": {"gateway": "{number}@test.example"}}, False),
    ],
)
def test_a_desk_that_allows_some_domains_says_of_other_addresses_that_it_does_not_write_to_them(
    via: Via, address: str, settings: dict[str, Any], barred: bool
) -> None:
    said = desk(**{"allow_domains": ("test.example", "b.example"), **settings}).bars(via, address)
    assert said == ("this desk writes to test.example, b.example only (allow_domains)" if barred else None)


@pytest.mark.parametrize("key", ["password", "token", "secret"])
def test_there_is_no_key_for_a_password(key: str) -> None:
    assert "not permitted" in refused(smtp=SMTP | {key: "hunter2"})
