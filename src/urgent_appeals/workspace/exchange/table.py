"""Read and write directories as CSV (RFC 4180): one row for each holder of an office, or for the office.

A cell that a spreadsheet would take for a formula gets an apostrophe before it, which the import takes away.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from urgent_appeals.errors import ImportRefused
from urgent_appeals.workspace.exchange.entries import (
    MOST_OFFICES,
    Entry,
    Imported,
    a_date,
    is_language,
    many,
    number,
    slug,
    wording,
)

COLUMNS = (
    "office", "name", "tags", "through", "holder", "gender", "style", "from", "until", "address",
    "address-from", "address-until", "telephone", "fax", "telephone-fax", "email", "web", "form", "checked", "note",
)  # fmt: skip
"""The columns; those in words may carry a language: `name:ru`. Several values of a cell stand on lines of their own."""
WORDED = ("name", "through", "holder", "style", "address")
MARK = "\ufeff"
"""What tells spreadsheets that the file is UTF-8."""

_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBERS = ("telephone", "fax", "telephone-fax", "web", "form")


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10, and full-width forms)."""
    return f"'{text}" if _FORMULA.match(text) or _GUARDED.match(text) else text


def unguarded(cell: str) -> str:
    """Return what a guarded cell says."""
    return cell[1:] if _GUARDED.match(cell) else cell


def write_table(directory: Entry, language: str | None = None) -> str:
    """Return a directory, as its file has it, as CSV; words in `language` stand in columns without a language."""
    rows = [
        row
        for name, office in (directory.get("offices") or {}).items()
        for row in _rows_of(name, office or {}, language)
    ]
    there = {column for row in rows for column in row}
    bases = {column: COLUMNS.index(column.partition(":")[0]) for column in there}
    columns = sorted(
        there | {"office", "name"},
        key=lambda column: (bases.get(column, COLUMNS.index(column.partition(":")[0])), column),
    )
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guarded(row.get(column, "")) for column in columns] for row in rows)
    return MARK + target.getvalue()


def read_table(data: bytes, language: str | None = None) -> Imported:
    """Return the directory that a CSV file makes; words of plain columns are in `language`, or in every one.

    Raises ImportRefused where it is no CSV with the columns that `write_table` writes.
    """
    rows = _rows(data)
    columns = [column.strip().lower() if ":" not in column else column.strip() for column in next(iter(rows), [])]
    _refuse_columns(columns)
    found = Imported()
    for number_, row in enumerate(rows[1:], start=2):
        if len(row) > len(columns):
            raise ImportRefused(f"row {number_} has more cells than there are columns")
        cells = {column: unguarded(cell).strip() for column, cell in zip(columns, row, strict=False) if cell.strip()}
        if cells:
            _read_row(cells, found, language, f"row {number_}")
    return found


def _rows(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = f"it is not UTF-8 (byte {error.start + 1}), perhaps windows-1251 or UTF-16; save it as CSV UTF-8"
        raise ImportRefused(why) from error
    if "\0" in text:
        raise ImportRefused("it holds a control character")
    text = re.sub(r"\Asep=(.)\r?\n", "", text)  # what Excel writes, and reads, to name the separator
    lines = text.splitlines()
    head = lines[0] if lines else ""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True))
    except csv.Error as error:
        raise ImportRefused(f"it is not CSV: {error}") from error


def _refuse_columns(columns: list[str]) -> None:
    if len(set(columns)) != len(columns):
        raise ImportRefused("a column stands there twice")
    for column in columns:
        base, colon, tag = column.partition(":")
        if base not in COLUMNS or (colon and (base not in WORDED or not is_language(tag))):
            raise ImportRefused(f"it has a column {column[:40]!r}; the columns are {', '.join(COLUMNS)}")
    if not any(column.partition(":")[0] in ("office", "name") for column in columns):
        raise ImportRefused("it has no column office or name")


def _read_row(cells: dict[str, str], found: Imported, language: str | None, where: str) -> None:
    name = _worded(cells, "name", language, found, where)
    short = slug(cells.get("office") or next(iter(name.values()), ""))
    if short not in found.offices:
        if len(found.offices) >= MOST_OFFICES:
            raise ImportRefused(f"it makes more than {MOST_OFFICES} offices")
        found.offices[short] = _office(cells, name, found, language, where)
    else:
        _add(found.offices[short], _office(cells, name, found, language, where))
    holder = _worded(cells, "holder", language, found, where)
    if holder:
        entry: Entry = {"name": _short(holder)}
        style = _worded(cells, "style", language, found, where)
        entry |= {"style": _short(style)} if style else {}
        entry |= {"gender": cells["gender"]} if cells.get("gender") in ("m", "f", "unknown") else {}
        entry |= {key: day for key in ("from", "until") if (day := a_date(cells.get(key)))}
        found.offices[short].setdefault("holders", []).append(entry)


def _add(office: Entry, more: Entry) -> None:
    """Add what a further row of an office says of how to reach it; everything else is that of the first row."""
    for key in ("address", "contacts", "email"):
        there = many(office.get(key))
        fresh = [each for each in many(more.get(key)) if each not in there]
        if fresh:
            office[key] = [*there, *fresh]


def _office(cells: dict[str, str], name: dict[str, str], found: Imported, language: str | None, where: str) -> Entry:
    through = _worded(cells, "through", language, found, where)
    lines = {
        tag: [line for each in text.split("\n") if (line := found.text(each, where))]
        for tag, text in _tagged(cells, "address", language).items()
    }
    dates = {key: day for key in ("from", "until") if (day := a_date(cells.get(f"address-{key}")))}
    contacts = [
        number(kind, text) if kind not in ("web", "form") else {"kind": kind, "printed": text}
        for kind in _NUMBERS
        for each in cells.get(kind, "").split("\n")
        if (text := found.text(each, where))
    ]
    emails = [email for each in cells.get("email", "").split("\n") if (email := found.email(each, where))]
    entry: Entry = {
        "name": _short(name) if name else None,
        "tags": [slug(tag) for tag in cells.get("tags", "").split()],
        "through": {"name": _short(through)} if through else None,
        "address": [{"lines": lines} | dates] if any(lines.values()) else None,
        "contacts": contacts,
        "email": emails[0] if len(emails) == 1 else emails,
        "checked": a_date(cells.get("checked")),
        "note": found.text(cells.get("note"), where),
    }
    return {key: value for key, value in entry.items() if value}


def _rows_of(name: str, office: Entry, language: str | None) -> list[dict[str, str]]:
    """Return the rows of an office: one for each holder, and for each further address."""
    holders, addresses = many(office.get("holders")), many(office.get("address"))
    rows = range(max(len(holders), len(addresses), 1))
    return [
        _row(
            name,
            office,
            holders[at] if at < len(holders) else {},
            addresses[at if at < len(addresses) else 0] if addresses else {},
            language,
        )
        for at in rows
    ]


def _row(name: str, office: Entry, holder: Entry, address: Entry, language: str | None) -> dict[str, str]:
    row = {"office": name, "tags": " ".join(many(office.get("tags")))}
    for column, value in (("name", office.get("name")), ("through", (office.get("through") or {}).get("name"))):
        row |= _columns(column, wording(value), language)
    row |= _columns("holder", wording(holder.get("name")), language) | _columns(
        "style", wording(holder.get("style")), language
    )
    row |= {key: str(holder.get(key) or "") for key in ("gender", "from", "until")}
    lines = {tag: "\n".join(many(each)) for tag, each in (address.get("lines") or {}).items()}
    row |= _columns("address", lines, language)
    row |= {f"address-{key}": str(address.get(key) or "") for key in ("from", "until")}
    for kind in _NUMBERS:
        row[kind] = "\n".join(each["printed"] for each in many(office.get("contacts")) if each["kind"] == kind)
    row["email"] = "\n".join(many(office.get("email")))
    row |= {key: str(office.get(key) or "") for key in ("checked", "note")}
    return {key: value for key, value in row.items() if value}


def _columns(column: str, texts: dict[str, str], language: str | None) -> dict[str, str]:
    return {column if tag in ("*", language) else f"{column}:{tag}": text for tag, text in texts.items()}


def _tagged(cells: dict[str, str], column: str, language: str | None) -> dict[str, str]:
    return {
        (name.partition(":")[2] or language or "*"): text
        for name, text in cells.items()
        if name.partition(":")[0] == column
    }


def _worded(cells: dict[str, str], column: str, language: str | None, found: Imported, where: str) -> dict[str, str]:
    return {tag: kept for tag, text in _tagged(cells, column, language).items() if (kept := found.text(text, where))}


def _short(texts: dict[str, str]) -> Any:
    return texts["*"] if set(texts) == {"*"} else texts
