"""Carry an appeal over into its update: header and prose with what stays, TODOs where something new is to be said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from urgent_appeals import packaged
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.problem import Path
from urgent_appeals.domain.prose import Prose
from urgent_appeals.workspace.skeleton import ACT_BY_TODO, ISSUED_TODO
from urgent_appeals.workspace.yaml_edit import edit
from urgent_appeals.workspace.yaml_text import Data, read_yaml

_NOTE = re.compile(r"^\[\^[^\]\n]+\]:.*\n?(?:(?:[ \t]+\S.*|[ \t]*)\n?)*", re.MULTILINE)
_LETTER_TODO = "TODO: bring this letter up to date."
_OF_THE_FORMER = ("historical", "other_codes", "translated_from", "outcome", "draft")
"""Entries that are of one appeal and not of its update."""


@dataclass(frozen=True)
class Ending:
    """How a case ends: the outcome, and the day where it is known."""

    outcome: str
    date: str | None = None


def carried_header(former: Appeal, code: str, ending: Ending | None = None) -> str:
    """Return the `appeal.yaml` of an update of this code, or of a stop, with the comments of the former one.

    Raises CannotEdit where the former one is written in a way that cannot be changed.
    """
    text = former.origin.text
    data = read_yaml(text.encode(), former.origin.file).data
    raw: dict[str, Any] = data if isinstance(data, dict) else {}
    removed = [(key,) for key in (*_OF_THE_FORMER, *(_TO_WRITE_TO if ending else ())) if key in raw]
    text = edit(text, [(path, None) for path in removed], former.origin.file)
    text = edit(text, [*_identity(former, code, ending), *_dates(raw.get("dates"), ending)], former.origin.file)
    text = _told_in_comments(text)
    return re.sub(rf"^ +{re.escape(ACT_BY_TODO)}\n", "", text, flags=re.MULTILINE) if ending else text


_TO_WRITE_TO = ("recipients", "copies", "violations", "numbering", "occasion")
"""Entries that serve the writing of letters, which a stop ends."""


def carried_prose(former: Prose, dated: str, *, stops: bool = False) -> str:
    """Return the prose of an update: the former's news become background, with their date in words.

    A stop has no letter and no requests; it says thanks, and that no more letters are to be written.
    """
    sections, notes = _sections(former.origin.text)
    title = "TODO: what the stop is called" if stops else former.title or "TODO: what the update is called"
    if stops:
        told = [("New information", f"TODO: what happened, with dates, places and who says so.\n\n{_thanks(former)}")]
        notes = ""
    else:
        told = [("New information", "TODO: what happened since, with dates, places and who says so.")]
        told.append(("Background", _background(sections, dated)))
    written = [f"# {title}"]
    written += [f"## {head}\n\n{body}" for head, body in (told if stops else _merged(sections, told)) if body]
    written.append("## Place line\n\nTODO: town and date of issue")
    return "\n\n".join([*written, *([notes] if notes else [])]) + "\n"


def _identity(former: Appeal, code: str, ending: Ending | None) -> list[tuple[Path, Data]]:
    earlier = [*map(str, former.earlier), str(former.code)]
    changes: list[tuple[Path, Data]] = [
        (("code",), code),
        (("earlier",), list(dict.fromkeys(earlier))),
        (("kind",), "stop" if ending else "update"),
        (("reviewed",), []),
    ]
    if ending:
        changes += [(("title", language), "TODO") for language in former.title]
        note = dict.fromkeys(former.languages, "TODO")
        date = {"date": ending.date} if ending.date else {}
        changes.append((("outcome",), {"state": ending.outcome, **date, "note": note}))
    return changes


def _dates(raw: Data, ending: Ending | None) -> list[tuple[Path, Data]]:
    """Return the changes that leave the days open which an update has of its own."""
    dates = raw if isinstance(raw, dict) else {}
    changes: list[tuple[Path, Data]] = [(("dates", "issued"), "TODO")]
    changes += [(("dates", key), None) for key in ("events", "embargo") if key in dates]
    act_by = dates.get("act_by")
    if ending:
        return changes + ([(("dates", "act_by"), None)] if "act_by" in dates else [])
    if isinstance(act_by, dict) and act_by:
        return changes + [(("dates", "act_by", channel), "TODO") for channel in act_by]
    return [*changes, (("dates", "act_by"), "TODO")]


def _told_in_comments(text: str) -> str:
    """Turn the TODO of a day into a comment: without a day the file can be read, and `check` still refuses it."""
    text = re.sub(r"^( +)issued: TODO *(#.*)?$", rf"\1{ISSUED_TODO}", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^( +)act_by: TODO *(#.*)?$", rf"\1{ACT_BY_TODO}", text, count=1, flags=re.MULTILINE)
    channels = r"^( +)(post|email|fax|web|hand): TODO *(?:# *(.*))?$"
    return re.sub(channels, _channel_to_do, text, flags=re.MULTILINE)


def _channel_to_do(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}:  # TODO: a day" + (f"; {found[3]}" if found[3] else "")


def _sections(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return each section's heading (with its braces) and text, and the notes, which may stand anywhere."""
    text = text.replace("\r\n", "\n")
    notes = "\n".join(found[0].rstrip("\n") + "\n" for found in _NOTE.finditer(text)).rstrip("\n")
    parts = re.split(r"^## +", _NOTE.sub("", text), flags=re.MULTILINE)[1:]
    split = (part.partition("\n") for part in parts)
    return [(head.strip(), body.strip()) for head, _, body in split], notes


def _name(head: str) -> str:
    return head.partition("{")[0].strip().lower()


def _background(sections: list[tuple[str, str]], dated: str) -> str:
    texts = {_name(head): body for head, body in sections}
    news = texts.get("new information", "")
    if news:
        news = f"*{dated.removesuffix('.')}.* {news}" if dated else news
    return "\n\n".join(text for text in (texts.get("background", ""), news) if text)


def _merged(sections: list[tuple[str, str]], told: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the sections of an update, in the order of the former; what it lacks stands before the chronology."""
    kept: list[tuple[str, str]] = []
    places = [index for index, (head, _) in enumerate(sections) if _name(head) in _NEWS]
    after = [index for index, (head, _) in enumerate(sections) if _name(head) in _BEFORE_THE_NEWS]
    at = min(places, default=max(after, default=-1) + 1)
    for index, (head, body) in enumerate([*sections, ("", "")]):
        if index == at:
            kept += told
        if _name(head) in ("letter", "summary"):
            kept.append((head, f"{_LETTER_TODO.replace('letter', _name(head))}\n\n{body}"))
        elif head and _name(head) not in (*_NEWS, "place line"):
            kept.append((head, body))
    return kept


_NEWS = ("new information", "background")
_BEFORE_THE_NEWS = ("subject", "letter", "summary")


def _thanks(former: Prose) -> str:
    path = packaged.templates() / "init" / "stop.yaml"
    words = read_yaml(path.read_bytes(), path.name).data
    assert isinstance(words, dict)
    return str(words.get(former.language, "TODO: thank those who wrote, and ask them to send no more letters."))
