"""What our own server found out about a sender is believed, and nothing that only looks like it (THREATS A19)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain.authenticated import Authentication, authenticated

OURS = "mx.ours.example"
MINISTER = "minister@justice.gov.kz"
PASSED = "Authentication-Results: mx.ours.example; dmarc=pass (p=reject) header.from=justice.gov.kz"
RECEIVED = (
    "Received: from mail.justice.gov.kz (mail.justice.gov.kz [192.0.2.1])\r\n\tby mx.ours.example (Postfix)"
    " with ESMTPS id 4F2\r\n\tfor <replies@ours.example>; Mon, 23 Nov 2026 03:50:37 +0000"
)
DELIVERED = "Received: from mx.ours.example by imap.ours.example with LMTP id 7; Mon, 23 Nov 2026 03:50:38 +0000"
ELSEWHERE = "Received: from a.example by b.example with SMTP; Mon, 23 Nov 2026 03:50:00 +0000"


def results(text: str) -> str:
    return f"Authentication-Results: {OURS}; {text}"


def judged(*trace: str, sender: str | None = MINISTER, authserv_id: str | None = OURS) -> Authentication:
    return authenticated(trace, sender, authserv_id)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("dmarc=pass header.from=justice.gov.kz", id="dmarc"),
        pytest.param("DMARC = Pass (a (nested; dmarc=fail) comment) header . From = Justice.GOV.kz", id="spelt freely"),
        pytest.param('dmarc=pass header.from="justice.gov.kz"', id="quoted"),
        pytest.param("spf=fail smtp.mailfrom=x@y.example;\r\n\tdmarc=pass header.from=justice.gov.kz", id="folded"),
        pytest.param("dmarc/1=pass header.from=justice.gov.kz;", id="version of the method, semicolon at the end"),
        pytest.param("dkim=pass header.d=justice.gov.kz header.s=a header.b=Ab/+c=", id="dkim"),
        pytest.param("dmarc=none header.from=x.example; dkim=pass header.d=gov.kz", id="dkim of the domain above"),
        pytest.param(
            "dkim=fail header.d=a.example; dkim=pass header.d=b.example; dkim=pass header.d=gov.kz", id="one of"
        ),
        pytest.param('dkim=pass reason="good; dmarc=fail" x-bits=2048 header.d=justice.gov.kz', id="reason"),
    ],
)
def test_what_our_own_server_passed_is_from_the_domain_in_from(text: str) -> None:
    found = judged(results(text), RECEIVED)
    assert (found.domain, found.passed) == ("justice.gov.kz", True)
    assert "pass" in found.why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("none", "neither dmarc=pass nor dkim=pass", id="nothing checked"),
        pytest.param("spf=pass smtp.mailfrom=justice.gov.kz", "neither", id="spf alone"),
        pytest.param(
            "dmarc=fail header.from=justice.gov.kz; dkim=pass header.d=justice.gov.kz", "dmarc=fail", id="fail"
        ),
        pytest.param("dmarc=pass header.from=evil.example", "for evil.example", id="dmarc of another"),
        pytest.param("dmarc=pass", "for no domain", id="dmarc of nothing"),
        pytest.param("dmarc=pass header.from=minister@justice.gov.kz", "From is of", id="an address for a domain"),
        pytest.param("dmarc=pass header.from=gov.kz", "From is of", id="dmarc of the domain above"),
        pytest.param("dmarc=pass header.from=justice.gov.kz; dmarc=fail", "more than one", id="two of dmarc"),
        pytest.param("dkim=pass header.d=evil.example", "for evil.example", id="dkim of another"),
        pytest.param("dkim=pass header.i=@justice.gov.kz", "for no domain", id="dkim without d"),
        pytest.param("dkim=pass header.d=kz", "From is of", id="dkim of a top level"),
        pytest.param("dkim=pass header.d=mail.justice.gov.kz", "From is of", id="dkim of a name below"),
        pytest.param("dkim=pass header.d=notjustice.gov.kz", "From is of", id="dkim of a like ending"),
        pytest.param("dkim=neutral header.d=justice.gov.kz", "neither", id="dkim neutral"),
        pytest.param("dkim=fail (dkim=pass header.d=justice.gov.kz)", "neither", id="in a comment"),
        pytest.param(
            'spf=pass smtp.mailfrom="a; dmarc=pass header.from=justice.gov.kz"@x.example', "neither", id="in quotes"
        ),
        pytest.param("spf=pass dmarc=pass header.from=justice.gov.kz", "neither", id="no statement of its own"),
        pytest.param("dmarc=pass header.from=evil.example header.from=justice.gov.kz", "cannot be read", id="twice"),
        pytest.param("dmarc=pass header.from=justice.gov.kz, evil.example", "cannot be read", id="two domains"),
        pytest.param("dmarc/2=pass header.from=justice.gov.kz", "cannot be read", id="another dmarc"),
        pytest.param("justice.gov.kz", "cannot be read", id="no result"),
        pytest.param("dmarc=pass (header.from=justice.gov.kz", "do not end", id="comment without end"),
        pytest.param("dmarc=pass) header.from=justice.gov.kz", "do not end", id="comment without beginning"),
        pytest.param('dmarc=pass header.from="justice.gov.kz', "do not end", id="quote without end"),
        pytest.param("dmarc=pass \\header.from=justice.gov.kz", "do not end", id="backslash"),
        pytest.param("dmarc=pass\r\nheader.from=justice.gov.kz", "control", id="line break without fold"),
        pytest.param("dmarc=pass\x00 header.from=justice.gov.kz", "control", id="NUL"),
    ],
)
def test_what_did_not_pass_or_is_odd_is_unverified_with_the_reason(text: str, why: str) -> None:
    found = judged(results(text), RECEIVED)
    assert not found.passed
    assert why in found.why


@pytest.mark.parametrize(
    "name",
    [
        "MX.ours.example",
        "mx.ours.example.",
        "(a)mx.ours.example",
        "mx.ours.example (a)",
        '"mx.ours.example"',
        "mx.оurs.example",
        "mx.ours.example 2",
        "mx.ours.example.evil.example",
        "x.mx.ours.example",
        "evil.example",
    ],
)
def test_only_the_configured_name_to_the_letter_is_ours(name: str) -> None:
    assert not judged(PASSED.replace(OURS, name, 1), RECEIVED).passed


def test_a_name_may_have_the_version_of_the_format_after_it() -> None:
    assert judged(PASSED.replace(f"{OURS};", f"{OURS} 1;"), RECEIVED).passed


def test_the_name_of_the_field_counts_in_any_case_but_not_before_a_blank() -> None:
    assert judged(PASSED.replace("Authentication-Results:", "authentication-RESULTS:"), RECEIVED).passed
    assert not judged(PASSED.replace("Results:", "Results :"), RECEIVED).passed


def test_what_stands_below_our_received_may_have_come_with_the_mail() -> None:
    found = judged(RECEIVED, PASSED, RECEIVED)
    assert not found.passed
    assert "below its Received" in found.why


def test_without_our_field_it_is_said_that_there_is_none() -> None:
    assert judged(RECEIVED).why == f"no Authentication-Results of {OURS} stands above its Received"


def test_the_topmost_of_ours_counts_whatever_stands_below_it() -> None:
    assert not judged(results("dmarc=fail"), PASSED, RECEIVED).passed
    assert judged(PASSED, results("dmarc=fail"), RECEIVED, PASSED).passed


def test_what_others_found_above_ours_is_passed_over() -> None:
    assert judged("Authentication-Results: lists.example; dmarc=fail", PASSED, RECEIVED).passed


def test_the_delivery_into_the_mailbox_may_stand_above() -> None:
    assert judged(DELIVERED, PASSED, RECEIVED).passed


@pytest.mark.parametrize(
    "received",
    [
        pytest.param(ELSEWHERE, id="another server's"),
        pytest.param("Received: from a.example with SMTP", id="by nobody"),
        pytest.param("Received: from a by b.example by mx.ours.example with SMTP", id="by two"),
        pytest.param("Received: from a (by mx.ours.example with SMTP", id="comment without end"),
        pytest.param("Received: from a by", id="cut off"),
        pytest.param("Received: from a by b.example with LMTP with LMTP", id="with two"),
    ],
)
def test_a_received_that_is_not_surely_ours_proves_nothing(received: str) -> None:
    assert "is of another server" in judged(PASSED, received).why


@pytest.mark.parametrize("host", ["MX.ours.example", "in1.mx.ours.example", "mx2.ours.example"])
def test_our_server_may_have_several_hosts(host: str) -> None:
    assert judged(PASSED, f"Received: from a.example by {host} with ESMTP; now").passed


def test_a_name_without_a_domain_has_no_hosts_beside_it() -> None:
    assert not judged(
        "Authentication-Results: ours.kz; none", "Received: from a by b.kz with SMTP", authserv_id="ours.kz"
    ).passed
    assert judged(
        "Authentication-Results: ours.kz; dmarc=pass header.from=justice.gov.kz",
        "Received: from a by mx.ours.kz with SMTP",
        authserv_id="ours.kz",
    ).passed


def test_without_a_received_nobody_knows_where_a_mail_came_from() -> None:
    assert "no Received" in judged(PASSED).why
    assert "no Received" in judged(PASSED, DELIVERED).why
    assert not judged().passed


@pytest.mark.parametrize("sender", [None, "", "minister", "minister@gov.kz, spy@evil.example", "m@gоv.kz"])
def test_a_from_that_is_not_one_address_is_unverified(sender: str | None) -> None:
    assert "exactly one address" in judged(PASSED, RECEIVED, sender=sender).why


def test_without_a_configured_name_nothing_is_verified() -> None:
    assert "authserv_id" in judged(PASSED, RECEIVED, authserv_id=None).why


@pytest.mark.parametrize(
    "name", ["xn--80aaafltebbc3auk2aepkhr3ewjpa.xn--p1ai", "минобороны.рф", "xn--90anlfbebar6i.xn--p1ai"]
)
def test_a_domain_in_its_own_script_is_the_same_in_ascii(name: str) -> None:
    found = judged(results(f"dmarc=pass header.from={name}"), RECEIVED, sender="m@минобороны.рф")
    assert found.passed is not name.startswith("xn--80")


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error_and_proves_nothing(text: str) -> None:
    assert not judged(results(text), RECEIVED).passed
    assert not judged(f"Authentication-Results: {text}", f"Received: {text}").passed
    assert not judged(RECEIVED, text, PASSED).passed


@given(
    st.lists(st.sampled_from([PASSED, results("dmarc=fail"), ELSEWHERE, "Authentication-Results: x; none"]), max_size=6)
)
def test_nothing_that_comes_with_a_mail_can_verify_it(forged: list[str]) -> None:
    assert not judged(RECEIVED, *forged).passed
    assert not judged(DELIVERED, RECEIVED, *forged).passed
    assert judged(PASSED, RECEIVED, *forged).passed
