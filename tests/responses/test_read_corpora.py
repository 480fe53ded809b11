"""Real mail of others, read whole: none makes it fail, none is lost, no machine's word is taken for a reply."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from urgent_appeals.domain.response import ReadResponse, ResponseKind, Where
from urgent_appeals.responses.read import read_response

CODE = "KAZ 001/0802/OBS 053.02"
NO_ANSWERS = {
    "flufl.bounce/data/groupwise_03.txt": ResponseKind.REPLY,  # an answer of a person
    "flufl.bounce/data/qmail_08.txt": ResponseKind.AUTO_REPLY,
}
ATTACHED = {
    "cpython-email/data/msg_11.txt",
    "cpython-email/data/msg_28.txt",
    "cpython-email/data/msg_42.txt",
    "mikel-mail/spec/fixtures/emails/attachment_emails/attachment_message_rfc822.eml",
    "mikel-mail/spec/fixtures/emails/attachment_emails/attachment_message_rfc822_inline_image.eml",
}
FORWARDED = {
    "mikel-mail/spec/fixtures/emails/attachment_emails/attachment_with_base64_encoded_name.eml",
    "mikel-mail/spec/fixtures/emails/attachment_emails/attachment_with_encoded_name.eml",
    "mikel-mail/spec/fixtures/emails/mime_emails/raw_email2.eml",
    "mikel-mail/spec/fixtures/emails/plain_emails/raw_email8.eml",
}


@dataclass(frozen=True)
class Sample:
    """A file of the corpora, as it was read."""

    raw: bytes
    is_mail: bool
    read: ReadResponse
    seconds: float


@pytest.fixture(scope="module")
def samples(shared: Path) -> dict[str, Sample]:
    folder = shared / "corpora"
    if not folder.is_dir():
        pytest.skip("the corpora are not there")
    return {path.relative_to(folder).as_posix(): _sample(path, folder) for path in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        beside = path.suffix in (".tsv", ".md") or "LICENSE" in path.name or path.name.startswith(".")
        if path.is_file() and not beside:
            yield path


def _sample(path: Path, folder: Path) -> Sample:
    raw = path.read_bytes()
    is_mail = path.relative_to(folder).parts[0] not in ("crisp-erp", "talon") or path.suffix == ".eml"
    start = time.perf_counter()
    found = read_response(raw, path.name, source="eml" if is_mail else None)
    return Sample(raw, is_mail, found, time.perf_counter() - start)


def test_every_file_is_read_in_no_time_and_goes_to_json(samples: dict[str, Sample]) -> None:
    assert len(samples) > 350
    kinds = Counter(one.read.kind.value for one in samples.values())
    slowest = max(samples.values(), key=lambda one: one.seconds)
    total = sum(one.seconds for one in samples.values())
    sys.stdout.write(
        f"\nread: {len(samples)} in {total:.1f} s, the slowest in {slowest.seconds:.2f} s: {dict(kinds)}\n"
    )
    assert slowest.seconds < 5
    for one in samples.values():
        assert ReadResponse.model_validate_json(one.read.model_dump_json()) == one.read


def test_no_text_of_a_mail_is_lost(samples: dict[str, Sample]) -> None:
    marked = {name: _marked(one.raw) for name, one in samples.items() if one.is_mail}
    lost = [name for name, raw in marked.items() if raw and not read_response(raw, source="eml").codes]
    sys.stdout.write(f"\ncodes put into the text of mails and found: {len(marked) - len(lost)} of {len(marked)}\n")
    assert lost == []


def _marked(raw: bytes) -> bytes:
    """Return a mail of plain text with a code as its first line; nothing of other mails."""
    for end in (b"\r\n\r\n", b"\n\n"):
        head, found, body = raw.partition(end)
        words = head.lower()
        plain = b"content-type" not in words or b"content-type: text/plain" in words
        if found and plain and b"multipart" not in words:
            encoded = b"base64" in words or b"utf-16" in words or b"attachment" in words
            return b"" if encoded else head + end + CODE.encode() + end + body
    return b""


def test_every_bounce_is_a_bounce_and_nothing_of_a_machine_is_a_reply(samples: dict[str, Sample]) -> None:
    bounces = {name: one.read.kind for name, one in samples.items() if name.startswith("flufl.bounce/data/")}
    assert len(bounces) > 110
    assert {name: kind for name, kind in bounces.items() if kind is not ResponseKind.BOUNCE} == NO_ANSWERS


def test_only_what_is_forwarded_is_a_forwarded_reply(samples: dict[str, Sample]) -> None:
    assert {name for name, one in samples.items() if one.read.kind is ResponseKind.FORWARDED_REPLY} == (
        ATTACHED | FORWARDED
    )


def test_nobody_in_other_people_s_mail_reports_letters_or_has_them_back(samples: dict[str, Sample]) -> None:
    kinds = (ResponseKind.ACTION_REPORT, ResponseKind.RETURNED_POST)
    assert [name for name, one in samples.items() if one.read.kind in kinds] == []


def test_answers_are_never_taken_for_the_word_of_a_machine(samples: dict[str, Sample]) -> None:
    answers = {name: one for name, one in samples.items() if name.startswith(("crisp-erp/", "talon/"))}
    assert len(answers) > 130
    assert {one.read.kind for one in answers.values()} <= {ResponseKind.REPLY, ResponseKind.UNKNOWN}


def test_a_code_above_what_an_answer_quotes_is_new(samples: dict[str, Sample]) -> None:
    answers = [one for name, one in samples.items() if name.startswith("crisp-erp/")]
    found = [read_response(f"{CODE}\n\n".encode() + one.raw, "answer.txt").codes for one in answers]
    new = [codes for codes in found if codes and codes[0].where is Where.NEW]
    sys.stdout.write(f"\ncodes on top of answers that are new: {len(new)} of {len(answers)}\n")
    assert len(new) >= 0.95 * len(answers)


def test_damaged_mail_is_read_all_the_same(samples: dict[str, Sample]) -> None:
    chance = random.Random(5)
    for one in samples.values():
        raw = bytearray(one.raw[:50_000])
        for _ in range(min(20, len(raw))):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        cut = bytes(raw[: chance.randrange(len(raw) + 1)])
        for damaged in (bytes(raw), cut):
            assert isinstance(read_response(damaged, source="eml"), ReadResponse)
