"""Read what our own mail server found out about the sender of a mail: Authentication-Results (RFC 8601).

Anyone can write such a field, and no field says by itself who wrote it. Its place does: a server puts its fields above
those that a mail came with. So only what stands above the Received of our own server counts, and only in the name that
is configured for it, to the letter. Whatever is odd proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from urgent_appeals.domain.mail_address import CheckedAddress, check_address
from urgent_appeals.domain.values import Value

_FOLD = re.compile(r"\r?\n(?=[ \t])")
_CONTROL = re.compile(r"[^\t\x20-\x7e\x80-\U0010ffff]|[\x80-\x9f\u2028\u2029]")
_PIECE = re.compile(r'\\.?|["()]|[^\\"()]+')
_QUOTED = r'"(?:\\.|[^"\\])*+"'
_STATEMENT = re.compile(rf'(?:[^;"]|{_QUOTED})++')
_VALUE = rf'(?:[^\s;"]|{_QUOTED})++'
_METHOD = re.compile(r"\s*([a-z][a-z0-9-]*)(?:\s*/\s*([0-9]+))?\s*=\s*([a-z][a-z0-9-]*)(?=\s|\Z)", re.IGNORECASE)
_PROPERTY = re.compile(rf"\s+((?:[a-z][a-z0-9-]*\s*\.\s*)?[a-z][a-z0-9_-]*)\s*=\s*({_VALUE})(?=\s|\Z)", re.IGNORECASE)
_VERSION = re.compile(r"[ \t]+([0-9]+)")
_LMTP = re.compile(r"(?:UTF8)?LMTPS?A?", re.IGNORECASE)
_FAILED = frozenset(("fail", "reject", "quarantine"))


class Authentication(Value):
    """Whether our own server found that a mail is from the domain in its From, and why, or why not.

    `domain` is that domain, in ASCII and small letters; None where nothing is proven.
    """

    domain: str | None = None
    why: str

    @property
    def passed(self) -> bool:
        """Whether the domain in From is proven."""
        return self.domain is not None


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    result: str
    properties: Mapping[str, str]


def authenticated(trace: Sequence[str], sender: str | None, authserv_id: str | None) -> Authentication:
    """Return what our own receiver found about the address in From; never raises.

    `trace` holds the fields Received and Authentication-Results as written, name included, from the top down; `sender`
    the address in From, where that holds exactly one; `authserv_id` the name of our server in such fields.
    """
    if authserv_id is None:
        return Authentication(why="authserv_id in desk.yaml does not say how our own mail server names itself")
    checked = check_address(sender) if sender is not None else None
    if not isinstance(checked, CheckedAddress):
        return Authentication(why="From does not hold exactly one address that can be read")
    found, why = _ours(trace, authserv_id)
    if found is None:
        return Authentication(why=why)
    results, why = _results(found)
    if why:
        return Authentication(why=f"the Authentication-Results of {authserv_id} {why}")
    return _judged(results, checked.wire.rpartition("@")[2].lower(), authserv_id)


def _judged(results: Sequence[_Result], domain: str, by: str) -> Authentication:
    """Judge by DMARC where our server asked for it, else by DKIM."""
    dmarc = [each for each in results if each.method == "dmarc"]
    if len(dmarc) > 1:
        return Authentication(why=f"{by} gives more than one result of dmarc")
    result = dmarc[0].result if dmarc else "none"
    if result == "pass":
        about = dmarc[0].properties.get("header.from", "")
        aligned = _in_ascii(about) == domain
        return _told(f"{by} says dmarc=pass", about, domain, aligned=aligned)
    if result in _FAILED:
        return Authentication(why=f"{by} says dmarc={result}")
    return _judged_by_dkim(results, domain, by)


def _judged_by_dkim(results: Sequence[_Result], domain: str, by: str) -> Authentication:
    signed = [each.properties.get("header.d", "") for each in results if (each.method, each.result) == ("dkim", "pass")]
    if not signed:
        return Authentication(why=f"{by} found neither dmarc=pass nor dkim=pass")
    aligned = [name for name in signed if _aligned(_in_ascii(name), domain)]
    return _told(f"{by} says dkim=pass", (aligned or signed)[0], domain, aligned=bool(aligned))


def _told(what: str, about: str, domain: str, *, aligned: bool) -> Authentication:
    if aligned:
        return Authentication(domain=domain, why=f"{what} for {about}")
    return Authentication(why=f"{what} for {about or 'no domain'}, and From is of {domain}")


def _aligned(signing: str, domain: str) -> bool:
    """Tell whether who signs has the domain in hand: it is the same, or one above it, which is no top level.

    The other way round, a signature of a name below the domain, needs the list of registries to be judged, and dmarc.
    """
    return signing == domain or ("." in signing and domain.endswith(f".{signing}"))


def _in_ascii(name: str) -> str:
    """Return a domain as mail servers write it; empty where it is none."""
    checked = check_address(f"postmaster@{name}")
    return checked.wire.rpartition("@")[2].lower() if isinstance(checked, CheckedAddress) else ""


# ── Which field is ours ──


def _ours(trace: Sequence[str], authserv_id: str) -> tuple[str | None, str]:
    """Return what follows the name of our server in its topmost field, or None and why there is none."""
    ours: str | None = None
    for at, field in enumerate(trace):
        name, _, value = field.partition(":")
        text = _FOLD.sub("", value)
        if name.lower() == "authentication-results" and ours is None:
            ours = _after_name(text, authserv_id)
        if name.lower() != "received" or _is_delivery(text):
            continue
        if ours is None:
            return None, _missing(trace[at:], authserv_id)
        if not _same_house(_word_after(text, "by"), authserv_id):
            return None, f"the Received below the Authentication-Results of {authserv_id} is of another server"
        return ours, ""
    return None, f"no Received of {authserv_id} says where the mail came from"


def _missing(rest: Sequence[str], authserv_id: str) -> str:
    named = [field for field in rest if field.lower().startswith("authentication-results") and authserv_id in field]
    if named:
        return f"Authentication-Results of {authserv_id} stands below its Received, and may have come with the mail"
    return f"no Authentication-Results of {authserv_id} stands above its Received"


def _after_name(text: str, authserv_id: str) -> str | None:
    """Return all after the name of who wrote a field, from the first semicolon on; None where that is not us."""
    name, semicolon, rest = text.partition(";")
    name = name.strip(" \t")
    version = _VERSION.fullmatch(name.removeprefix(authserv_id)) if name.startswith(authserv_id) else None
    if name != authserv_id and (version is None or int(version[1]) != 1):
        return None
    return semicolon + rest


def _is_delivery(received: str) -> bool:
    """Tell whether a Received was written when our own server put the mail into the mailbox (LMTP, RFC 2033)."""
    return _LMTP.fullmatch(_word_after(received, "with")) is not None


def _word_after(received: str, clause: str) -> str:
    """Return the word after `by` or `with`; empty where anything about the field is odd."""
    words = (_without_comments(received) or "").partition(";")[0].split()
    lower = [word.lower() for word in words]
    if lower.count("by") != 1 or lower.count("with") > 1 or clause not in lower[:-1]:
        return ""
    return words[lower.index(clause) + 1]


def _same_house(host: str, authserv_id: str) -> bool:
    """Tell whether a host is our server, one below its name, or one beside it."""
    host, ours = host.lower(), authserv_id.lower()
    beside = ours.partition(".")[2]
    return host == ours or host.endswith(f".{ours}") or ("." in beside and host.endswith(f".{beside}"))


# ── What it says ──


def _results(text: str) -> tuple[tuple[_Result, ...], str]:
    """Return the results of a field and nothing, or no results and what is odd about it."""
    if _CONTROL.search(text):
        return (), "holds line breaks or control characters"
    plain = _without_comments(text)
    if plain is None:
        return (), "has comments or quotation marks that do not end"
    found = []
    for statement in _STATEMENT.findall(plain):
        if not statement.strip() or statement.strip().lower() == "none":
            continue
        result = _result(statement)
        if result is None:
            return (), f"cannot be read at {statement.strip()[:60]!r}"
        found.append(result)
    return tuple(found), ""


def _result(statement: str) -> _Result | None:
    """Return one result with its properties; None where it is no such thing, or has a property twice."""
    method = _METHOD.match(statement)
    if method is None or int(method[2] or 1) != 1:
        return None
    properties: dict[str, str] = {}
    at = method.end()
    while found := _PROPERTY.match(statement, at):
        name = re.sub(r"\s", "", found[1]).lower()
        if name in properties:
            return None
        properties[name] = found[2][1:-1] if re.fullmatch(_QUOTED, found[2]) else found[2]
        at = found.end()
    return None if statement[at:].strip() else _Result(method[1].lower(), method[3].lower(), properties)


def _without_comments(text: str) -> str | None:
    """Return text with a blank for each comment, which can hold others; None where one, or a quote, has no end."""
    kept: list[str] = []
    depth, quoted = 0, False
    for found in _PIECE.finditer(text):
        piece = found[0]
        if depth:
            depth += {"(": 1, ")": -1}.get(piece, 0)
        elif piece == "(" and not quoted:
            depth = 1
            kept.append(" ")
        elif piece[0] in ")\\" and not quoted:
            return None
        else:
            quoted ^= piece == '"'
            kept.append(piece)
    return None if depth or quoted else "".join(kept)
