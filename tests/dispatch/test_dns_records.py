"""What a domain publishes about its mail is read, and what is wrong with it is said."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.dns_server import DnsServer
from urgent_appeals.dispatch.dns_records import NameServer, aligned, dkim_key, dmarc, organisation, spf
from urgent_appeals.domain.desk import Dns
from urgent_appeals.errors import NamesUnanswered

Publish = Callable[..., NameServer]


def rsa_text(bits: int) -> str:
    """Return the DKIM record of a key that nobody could sign with."""
    key = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) + 1).public_key()
    packed = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(packed).decode()}"


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with DnsServer({}) as running:
        yield running


@pytest.fixture
def publish(server: DnsServer) -> Publish:
    """Return a function that has texts published, and returns who can be asked for them."""

    def published(texts: dict[str, str | tuple[str, ...]]) -> NameServer:
        server.texts = texts
        return NameServer(Dns(server="127.0.0.1", port=server.port), patience=2)

    return published


def test_only_the_name_server_of_the_settings_is_asked(server: DnsServer, publish: Publish) -> None:
    names = publish({"campaign.example": ("one", "two"), "empty.example": ()})
    assert sorted(names.texts("campaign.example")) == ["one", "two"]
    assert names.texts("other.example") == ()
    assert names.texts("empty.example") == ()
    assert server.asked == ["campaign.example", "other.example", "empty.example"]


def test_a_long_text_comes_whole(publish: Publish) -> None:
    text = "v=spf1 " + "ip4:192.0.2.1 " * 150 + "-all"
    assert publish({"campaign.example": text}).texts("campaign.example") == (text,)


def test_a_name_server_that_cannot_or_is_silent_is_no_answer(server: DnsServer, publish: Publish) -> None:
    names = publish({})
    server.fails = True
    with pytest.raises(NamesUnanswered, match=r"campaign\.example: it says that it cannot"):
        names.texts("campaign.example")
    server.is_silent = True
    with pytest.raises(NamesUnanswered, match="it was silent"):
        NameServer(Dns(server="127.0.0.1", port=server.port), patience=0.3).texts("campaign.example")


@pytest.mark.parametrize("name", ["a..example", "x" * 64 + ".example", "\N{BULLET}." * 90])
def test_what_is_no_name_is_no_answer(publish: Publish, name: str) -> None:
    with pytest.raises(NamesUnanswered):
        publish({}).texts(name)


GOOD = "v=spf1 include:relay.example mx -all"
RELAY = {"relay.example": "v=spf1 ip4:192.0.2.0/24 ?all"}


def test_a_good_spf_record_has_no_faults(publish: Publish) -> None:
    found = spf(publish({"campaign.example": (GOOD, "another text"), **RELAY}), "campaign.example")
    assert (found.record, found.faults, found.ends, found.lookups) == (GOOD, [], "-", 2)


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({}, "publishes none: anybody may send"),
        ({"campaign.example": "v=spf10 -all"}, "publishes none"),
        ({"campaign.example": (GOOD, "v=spf1 -all")}, "publishes 2 of them, and then none counts"),
        ({"campaign.example": "v=spf1 mx +all"}, "ends in +all"),
        ({"campaign.example": "v=spf1 mx all"}, "ends in +all"),
        ({"campaign.example": "v=spf1 mx ?all"}, "says nothing of other machines"),
        ({"campaign.example": "v=spf1 mx"}, "says nothing of other machines"),
        ({"campaign.example": "v=spf1 include:relay.example"}, "says nothing of other machines"),
        ({"campaign.example": "v=spf1 ipv4:192.0.2.1 -all"}, "'ipv4:192.0.2.1' in the record of campaign.example"),
        ({"campaign.example": "v=spf1 include:gone.example -all"}, "includes gone.example, which publishes none"),
        ({"campaign.example": "v=spf1 redirect=gone.example"}, "includes gone.example, which publishes none"),
        ({"campaign.example": "v=spf1 include:campaign.example -all"}, "includes campaign.example within itself"),
        ({"campaign.example": "v=spf1 " + "a:x.example " * 11 + "-all"}, "look up 11 names, and they stop at 10"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_of_an_spf_record_is_said(publish: Publish, texts: dict[str, str], fault: str) -> None:
    found = spf(publish({**RELAY, **texts}), "campaign.example")
    assert fault in "; ".join(found.faults)


def test_a_redirect_says_how_the_record_ends(publish: Publish) -> None:
    found = spf(
        publish({"campaign.example": "v=spf1 redirect=all.example", "all.example": "v=spf1 mx ~all"}),
        "campaign.example",
    )
    assert (found.faults, found.ends, found.lookups) == ([], "~", 2)


def test_records_that_send_each_other_round_come_to_an_end(publish: Publish) -> None:
    texts = {"campaign.example": "v=spf1 redirect=b.example", "b.example": "v=spf1 redirect=campaign.example"}
    assert any("stop at 10" in fault for fault in spf(publish(texts), "campaign.example").faults)


def test_what_an_include_says_of_all_is_not_what_the_record_says(publish: Publish) -> None:
    texts = {"campaign.example": "v=spf1 include:open.example -all", "open.example": "v=spf1 +all"}
    assert spf(publish(texts), "campaign.example").ends == "-"


PLACE = "post._domainkey.campaign.example"


def test_keys_are_read(publish: Publish) -> None:
    ed25519 = f"v=DKIM1; k=ed25519; p={base64.b64encode(bytes(32)).decode()}"
    names = publish({PLACE: rsa_text(2048), "new._domainkey.campaign.example": ed25519})
    key = dkim_key(names, "post", "campaign.example")
    assert (key.kind, key.bits, key.fault) == ("rsa", 2048, None)
    assert dkim_key(names, "new", "campaign.example").fault is None


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({}, "holds no key"),
        ({PLACE: ("v=DKIM1; p=a", "v=DKIM1; p=b")}, "holds 2 keys"),
        ({PLACE: "v=DKIM1; k=rsa; p="}, "was withdrawn"),
        ({PLACE: "v=DKIM1; k=rsa; p=AAAA"}, "cannot be read"),
        ({PLACE: "v=DKIM1; k=rsa; p=?"}, "cannot be read"),
        ({PLACE: "v=DKIM1; k=dsa; p=AAAA"}, "cannot be read"),
        ({PLACE: "v=DKIM2; p=AAAA"}, "a version that nobody knows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_key_that_counts_for_nothing_is_named(publish: Publish, texts: dict[str, str], fault: str) -> None:
    assert fault in (dkim_key(publish(texts), "post", "campaign.example").fault or "")


def test_a_short_key_counts_for_nothing(publish: Publish) -> None:
    key = dkim_key(publish({PLACE: rsa_text(1024)}), "post", "campaign.example")
    assert (key.bits, key.fault) == (1024, None)
    short = dkim_key(publish({PLACE: rsa_text(768)}), "post", "campaign.example")
    assert short.bits == 768
    assert "count for nothing" in (short.fault or "")


def test_the_policy_of_a_domain_is_its_own_or_one_further_up(publish: Publish) -> None:
    names = publish({"_dmarc.campaign.example": "v=DMARC1; p=reject; sp=quarantine; aspf=s"})
    own, above = dmarc(names, "campaign.example"), dmarc(names, "mail.campaign.example")
    assert (own.place, own.policy, own.strict_spf, own.strict_dkim) == ("campaign.example", "reject", True, False)
    assert (above.place, above.policy, above.fault) == ("campaign.example", "quarantine", None)


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({}, "publishes none"),
        ({"_dmarc.campaign.example": ("v=DMARC1; p=none", "v=DMARC1; p=reject")}, "2 records, and then none counts"),
        ({"_dmarc.campaign.example": "v=DMARC1; p=refuse"}, "'refuse'"),
        ({"_dmarc.campaign.example": "v=DMARC1;"}, "'nothing'"),
        ({"_dmarc.campaign.example": "p=reject; v=DMARC1"}, "publishes none"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_policy_that_does_not_hold_is_named(publish: Publish, texts: dict[str, str], fault: str) -> None:
    assert fault in (dmarc(publish(texts), "campaign.example").fault or "")


def test_domains_of_one_organisation_are_aligned_unless_that_is_strict(publish: Publish) -> None:
    names = publish({"_dmarc.campaign.example": "v=DMARC1; p=none"})
    assert aligned(names, "bounces.campaign.example", "campaign.example", strict=False)
    assert not aligned(names, "bounces.campaign.example", "campaign.example", strict=True)
    assert not aligned(names, "relay.example", "campaign.example", strict=False)


def test_two_tenants_of_one_public_suffix_are_not_aligned(publish: Publish) -> None:
    texts = {"_dmarc.hosts.example": "v=DMARC1; p=none; psd=y", "_dmarc.own.hosts.example": "v=DMARC1; p=none; psd=n"}
    names = publish(texts)
    assert not aligned(names, "one.hosts.example", "two.hosts.example", strict=False)
    assert organisation(names, "a.own.hosts.example") == "own.hosts.example"
