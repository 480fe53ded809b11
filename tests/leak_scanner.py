"""Look for words in bytes, however they are written there: encoded, compressed, in a mail, in a PDF, in a database.

leaks({"letter.pdf": data}, ["Odalys Vane"])   # ["'Odalys Vane' in letter.pdf, text of page 1"]
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import quopri
import re
import sqlite3
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from email import message_from_bytes
from email.header import decode_header, make_header
from functools import lru_cache
from pathlib import Path

from pypdf import PdfReader
from pypdf.generic import StreamObject

_DEEPEST = 4
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/_-]{4}[\r\n]*){3,}(?:[A-Za-z0-9+/_-]{2,3}={0,2})?")


def leaks(contents: Mapping[str, bytes], words: Iterable[str]) -> list[str]:
    """Return where each word stands, in any of the contents by name; upper and lower case, blanks and lines are one."""
    forms = {word: tuple(_forms(word)) for word in words}
    found = []
    for name, data in contents.items():
        for place, layer in _layers(name, data, 0):
            flat = _flat(layer)
            found += [f"{word!r} in {place}" for word, each in forms.items() if any(form in flat for form in each)]
    return list(dict.fromkeys(found))


def files_below(folder: Path) -> dict[str, bytes]:
    """Return the contents of every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _forms(word: str) -> Iterator[bytes]:
    """Yield what a word looks like in bytes, as `_flat` leaves them."""
    for encoding in ("utf-8", "utf-16-be", "utf-16-le"):
        yield _flat(word.encode(encoding))
    yield _flat(word.encode().hex().encode())
    for offset in range(3):
        # What stands before it shifts it; the letters at the ends depend on what stands beside it.
        packed = base64.b64encode(b"\0" * offset + word.encode())
        piece = packed[(0, 2, 3)[offset] : len(packed) // 4 * 4 - 4]
        if len(piece) >= 6:
            yield _flat(piece)


def _flat(data: bytes) -> bytes:
    return re.sub(rb"[\s\0]+", b"", data).lower() if b"\0" in data else re.sub(rb"\s+", b"", data).lower()


def _layers(name: str, data: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    """Yield the data, and what is packed in it, each with where that is."""
    yield name, data
    if depth == _DEEPEST or not data:
        return
    for place, inner in _unpacked(data):
        if inner != data:
            yield from _layers(f"{name}, {place}", inner, depth + 1)


@lru_cache(maxsize=1000)  # the same PDF lies in the outbox, in a draft and in a mail
def _unpacked(data: bytes) -> tuple[tuple[str, bytes], ...]:
    return tuple((place, inner) for inner, place in {inner: place for place, inner in _each_unpacked(data)}.items())


def _each_unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(b"%PDF"):
        yield from _of_a_pdf(data)
    elif data.startswith(b"SQLite format 3\0"):
        yield from _of_a_database(data)
    elif data.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from ((member, archive.read(member)) for member in archive.namelist())
    elif data.startswith(b"\x1f\x8b"):
        yield "unzipped", gzip.decompress(data)
    elif data.isascii() or _is_text(data):
        if re.match(rb"[A-Za-z-]+:[ \t]", data):
            yield from _of_a_mail(data)
        if b"=" in data:
            yield "quoted-printable", quopri.decodestring(data)
        if b"%" in data:
            yield "percent-encoded", urllib.parse.unquote_to_bytes(data)
        for number, match in enumerate(_BASE64.finditer(data)):
            with suppress(binascii.Error, ValueError):
                text = re.sub(rb"\s", b"", match[0]).translate(bytes.maketrans(b"-_", b"+/"))
                yield f"base64 {number}", base64.b64decode(text + b"=" * (-len(text) % 4))


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _of_a_mail(data: bytes) -> Iterator[tuple[str, bytes]]:
    message = message_from_bytes(data)
    for header, value in message.items():
        with suppress(ValueError, LookupError, UnicodeError):
            yield f"header {header}", str(make_header(decode_header(value))).encode()
    for number, part in enumerate(message.walk()):
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield f"part {number} ({part.get_content_type()})", payload


def _of_a_pdf(data: bytes) -> Iterator[tuple[str, bytes]]:
    for number, match in enumerate(_STREAM.finditer(data)):
        with suppress(zlib.error):
            yield f"stream {number}", zlib.decompressobj().decompress(match[1])
    reader = PdfReader(io.BytesIO(data))
    yield "metadata", repr(dict(reader.metadata or {})).encode()
    for number, page in enumerate(reader.pages, start=1):
        yield f"text of page {number}", page.extract_text().encode("utf-8", "replace")
    for number in range(1, int(reader.trailer["/Size"])):  # type: ignore[call-overload]
        held = reader.get_object(number)
        if isinstance(held, StreamObject):
            with suppress(Exception):
                yield f"object {number}", held.get_data()
        elif held is not None:
            yield f"object {number}", repr(held).encode("utf-8", "replace")


def _of_a_database(data: bytes) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(":memory:")) as database:
        # A copy in memory has no write-ahead log, which two bytes of the head of the file ask for.
        database.deserialize(data[:18] + b"\1\1" + data[20:])
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                text = "\n".join(str(value) for value in row)
                yield f"table {table}", text.encode("utf-8", "replace")
