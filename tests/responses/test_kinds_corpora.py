"""Real mail of others: bounces found, with whom they name; answers taken for answers. `pytest -s` shows the figures."""

from __future__ import annotations

import csv
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from urgent_appeals.responses.automatic import Automatic, AutomaticKind, automatic
from urgent_appeals.responses.bounces import Bounce, bounce
from urgent_appeals.responses.html_text import visible_text
from urgent_appeals.responses.parts import read_parts

# Bounces without a label, and standard reports that flufl.bounce misses or was never asked for: with whom they name.
BEYOND_THE_LABELS = {
    "cpython-email/data/msg_16.txt": ("jangel1@cougar.noc.ucla.edu",),
    "cpython-email/data/msg_25.txt": ("scoffman@wellpartner.com",),
    "cpython-email/data/msg_43.txt": None,  # eleven
    "flufl.bounce/data/bounce_01.txt": (),  # it names no address
    "flufl.bounce/data/dumbass_01.txt": (),  # nor does this
    "flufl.bounce/data/simple_42.txt": (),  # one that is cut short
    "flufl.bounce/data/simple_43.txt": (),
    "mikel-mail/spec/fixtures/emails/mime_emails/raw_email_with_mimepart_without_content_type.eml": (
        "larose.julie@courrier.uqam.ca",
    ),
    "mikel-mail/spec/fixtures/emails/multipart_report_emails/multi_address_bounce1.eml": None,  # five
    "mikel-mail/spec/fixtures/emails/multipart_report_emails/multi_address_bounce2.eml": None,  # five
    "mikel-mail/spec/fixtures/emails/multipart_report_emails/multipart_report_multiple_status.eml": ("u@ci.com",),
    "mikel-mail/spec/fixtures/emails/multipart_report_emails/report_422.eml": ("fraser@oooooooo.com.au",),
    "mikel-mail/spec/fixtures/emails/multipart_report_emails/report_530.eml": ("edwin@zzzzzzz.com",),
}
HOW_MANY = {"msg_43.txt": 11, "multi_address_bounce1.eml": 5, "multi_address_bounce2.eml": 5}
_MESSAGE_ID = re.compile(rb"^[ \t>]*message-id:\s*(<[^>\s]+>)", re.IGNORECASE | re.MULTILINE)
AUTOMATIC = {
    "flufl.bounce/data/qmail_08.txt": AutomaticKind.AUTO_REPLY,
    "cpython-email/data/msg_05.txt": AutomaticKind.AUTO_REPLY,  # says that it is a delivery report, and holds none
}


@dataclass(frozen=True)
class Sample:
    """A file of the corpora, and what it was taken for."""

    name: str
    bounce: Bounce | None
    automatic: Automatic | None
    seconds: float


@dataclass(frozen=True)
class Label:
    """What flufl.bounce's own tests expect of a bounce."""

    is_temporary: bool
    addresses: frozenset[str]


@pytest.fixture(scope="module")
def corpora(shared: Path) -> Path:
    folder = shared / "corpora"
    if not folder.is_dir():
        pytest.skip("the corpora are not there")
    return folder


@pytest.fixture(scope="module")
def samples(corpora: Path) -> dict[str, Sample]:
    found = [_sample(path, path.relative_to(corpora).as_posix()) for path in _files(corpora)]
    return {sample.name: sample for sample in found}


@pytest.fixture(scope="module")
def labels(corpora: Path) -> dict[str, Label]:
    found: dict[str, Label] = {}
    with (corpora / "flufl.bounce/labels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            name = f"flufl.bounce/{row['file']}"
            before = found[name].addresses if name in found else frozenset()
            addresses = before | {one for one in row["addresses"].split(",") if one}
            found[name] = Label(row["temporary"] == "1", frozenset(addresses))
    return found


def _files(corpora: Path) -> Iterator[Path]:
    for path in sorted(corpora.rglob("*")):
        beside = path.suffix in (".tsv", ".md") or "LICENSE" in path.name or path.name.startswith(".")
        if path.is_file() and not beside:
            yield path


def _tell(figure: str) -> None:
    sys.stdout.write(f"\n{figure}\n")


def _sample(path: Path, name: str) -> Sample:
    raw = path.read_bytes()
    start = time.process_time()
    is_mail = not name.startswith(("crisp-erp/", "talon/")) or path.suffix == ".eml"
    found = bounce(raw)
    if is_mail:
        mail = read_parts(raw)
        text = "\n".join(part.text for part in mail.walk() if part.type == "text/plain" and not part.children)
        kind = automatic(raw, subject=mail.first("subject"), text=text)
    else:  # the text alone of an answer, with all that it quotes: harder than the new part
        text = raw.decode("utf-8", "replace")
        text = visible_text(text) if path.suffix == ".html" else text
        kind = automatic(b"", subject="", text=text)
        found = found or bounce(b"From: a@b.example\nSubject: Re: x\n\n" + raw)
    return Sample(name, found, kind, time.process_time() - start)


def test_there_is_something_to_measure_and_none_of_it_takes_long(samples: dict[str, Sample]) -> None:
    assert len(samples) > 350
    slowest = max(samples.values(), key=lambda sample: sample.seconds)
    total = sum(sample.seconds for sample in samples.values())
    _tell(f"files read: {len(samples)}, in {total:.2f} s; the slowest {slowest.name}: {slowest.seconds:.3f} s")
    assert slowest.seconds < 2


def test_every_bounce_that_is_labelled_is_found_with_whom_it_names(
    samples: dict[str, Sample], labels: dict[str, Label]
) -> None:
    named = {name: label for name, label in labels.items() if label.addresses}
    assert len(named) > 100
    wrong = [name for name, label in named.items() if not _agrees(samples[name].bounce, label)]
    _tell(f"bounces with recipients found as labelled: {len(named) - len(wrong)} of {len(named)}")
    assert wrong == []


def _agrees(found: Bounce | None, label: Label) -> bool:
    if found is None:
        return False
    return frozenset(found.recipients) == label.addresses and found.is_temporary == label.is_temporary


def test_what_is_beyond_the_labels_is_found_and_nothing_else_is_a_bounce(
    samples: dict[str, Sample], labels: dict[str, Label]
) -> None:
    labelled = {name for name, label in labels.items() if label.addresses}
    found = {name: one.bounce for name, one in samples.items() if one.bounce is not None and name not in labelled}
    _tell(f"bounces beyond the labels: {len(found)}; of them without an address: {_without_address(found)}")
    assert set(found) == set(BEYOND_THE_LABELS)
    for name, expected in BEYOND_THE_LABELS.items():
        recipients = found[name].recipients
        assert recipients == expected or len(recipients) == HOW_MANY.get(name.rpartition("/")[2]), name


def _without_address(found: dict[str, Bounce]) -> int:
    return sum(not one.recipients for one in found.values())


def test_a_label_without_address_that_is_no_bounce_is_none(
    samples: dict[str, Sample], labels: dict[str, Label]
) -> None:
    empty = {name for name, label in labels.items() if not label.addresses}
    assert {name for name in empty if samples[name].bounce is None} == {
        "flufl.bounce/data/groupwise_03.txt",  # an answer of a person
        "flufl.bounce/data/qmail_08.txt",  # an automatic reply
    }


def test_only_automatic_mail_is_automatic(samples: dict[str, Sample]) -> None:
    found = {
        name: one.automatic.kind for name, one in samples.items() if one.automatic is not None and one.bounce is None
    }
    _tell(f"automatic mail that is no bounce: {len(found)}")
    assert found == AUTOMATIC


def test_no_answer_is_taken_for_automatic_mail_or_a_bounce(samples: dict[str, Sample]) -> None:
    answers = [one for name, one in samples.items() if name.startswith(("crisp-erp/", "talon/"))]
    taken = [one.name for one in answers if one.bounce is not None or one.automatic is not None]
    _tell(f"answers taken for anything else: {len(taken)} of {len(answers)}")
    assert len(answers) > 130
    assert taken == []


def test_the_mail_that_bounced_is_cited_where_a_report_gives_it_back(samples: dict[str, Sample], corpora: Path) -> None:
    bounces = [one for one in samples.values() if one.bounce is not None]
    giving_back = [one for one in bounces if len(_message_ids(corpora / one.name)) > 1]
    cited = [one for one in giving_back if one.bounce is not None and one.bounce.message_ids]
    _tell(f"bounces that cite the Message-ID of what they give back: {len(cited)} of {len(giving_back)}")
    assert len(giving_back) > 20
    assert cited == giving_back


def _message_ids(path: Path) -> set[bytes]:
    return set(_MESSAGE_ID.findall(path.read_bytes()))
