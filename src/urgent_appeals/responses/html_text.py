"""Get the text that a reader of an HTML page sees; one pass, linear, for pages that mean harm too.

Hidden is what scripts, styles and comments hold, and elements that `hidden`, `display: none`, `visibility:
hidden`, `font-size: 0` or `mso-hide` hide, by a style of their own or by a rule for their class or id.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)((?:\"[^\"]*\"|'[^']*'|[^\"'>])*+)>")
_ATTRIBUTE = re.compile(r"([^\s=\"'/>]+)(?:\s*+=\s*+(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_UNSEEN = frozenset("script style template noscript iframe object noembed noframes datalist svg math".split())
_RAW = frozenset("script style iframe noembed noframes textarea title xmp".split())
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BLOCKS = frozenset(
    "address article aside blockquote body br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr html li main nav ol option p pre section table tbody td tfoot th thead title tr ul".split()
)
_CLOSES = {
    "li": ("li",),
    "dt": ("dt", "dd"),
    "dd": ("dt", "dd"),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("td", "th", "tr"),
    "option": ("option",),
}
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|font-size\s*:\s*0+(?:\.0+)?(?:px|pt|em|%)?\s*(?:[;!}]|$)",
    re.IGNORECASE,
)
_NO_BORDER = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)  # Gmail and Outlook indent so; nothing is quoted
_RULE = "_" * 32  # as Outlook writes it in plain text
_DEEPEST_QUOTE = 10
_MARKUP = re.compile(r"<(?=[a-zA-Z/!?])")
_SIMPLE_SELECTOR = re.compile(r"[a-zA-Z0-9]*([.#][\w-]+)")
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")  # no character; and slow to read as a number
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def visible_text(page: str, *, quotes: bool = False) -> str:
    """Return a page's visible text, blocks on lines of their own, entities decoded.

    With `quotes`, lines of a quoting block begin with `> `, once a level, and a rule is a line of underscores, so
    that the page reads like a plain-text mail.
    """
    return _Reader(page, quotes=quotes).read()


@dataclass(slots=True)
class _Open:
    tag: str
    hides: bool
    quotes: bool = False


@dataclass(slots=True)
class _Reader:
    page: str
    quotes: bool = False
    pieces: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    open_tags: Counter[str] = field(default_factory=Counter)
    hidden: int = 0
    quoted: int = 0
    hiding_names: set[str] = field(default_factory=set)

    def read(self) -> str:
        """Return the visible text."""
        at = 0
        while at >= 0:
            mark = _MARKUP.search(self.page, at)
            self._text(self.page[at : mark.start() if mark else len(self.page)])
            at = self._markup(mark.start()) if mark else -1
        lines = "".join(self.pieces).split("\n")
        stripped = (_BLANKS.sub(" ", line).strip(" ") for line in lines)
        return "\n".join(line for line in stripped if (line.strip("> ") if self.quotes else line))

    def _break(self) -> None:
        """Begin a new line."""
        if not self.hidden:
            self.pieces.append("\n" + "> " * min(self.quoted, _DEEPEST_QUOTE))

    def _markup(self, at: int) -> int:
        """Read what `<` begins and return where to go on; -1 at the end: unfinished markup shows nothing."""
        found = _TAG.match(self.page, at)
        if found is None:
            mark = "-->" if self.page.startswith("<!--", at) else ">"
            end = self.page.find(mark, at + 4 if mark == "-->" else at)
            return end + len(mark) if end >= 0 else -1
        tag = found[2].lower()
        if found[1]:
            self._close(tag)
            return found.end()
        self._start(tag, found[3])
        return self._raw(tag, found.end()) if tag in _RAW else found.end()

    def _raw(self, tag: str, at: int) -> int:
        """Read an element that holds no markup, to its end tag."""
        end = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(self.page, at)
        content = self.page[at : end.start() if end else len(self.page)]
        if tag == "style":
            self._rules(content)
        else:
            self._text(content)
        return end.start() if end else -1

    def _rules(self, style: str) -> None:
        for rule in style.split("}"):
            selectors, brace, declarations = rule.rpartition("{")
            if brace and _HIDING.search(declarations):
                names = (_SIMPLE_SELECTOR.fullmatch(selector.strip()) for selector in selectors.split(","))
                self.hiding_names.update(name[1] for name in names if name)

    def _text(self, text: str) -> None:
        if text and not self.hidden:
            keep_lines = bool(self.open_tags["pre"])
            text = text if keep_lines else _BLANKS.sub(" ", text)
            if keep_lines and self.quoted:
                text = text.replace("\n", "\n" + "> " * min(self.quoted, _DEEPEST_QUOTE))
            self.pieces.append(html.unescape(_LONG_REFERENCE.sub("\ufffd", text)) if "&" in text else text)

    def _start(self, tag: str, rest: str) -> None:
        if self.stack and (
            self.stack[-1].tag in _CLOSES.get(tag, ()) or (self.stack[-1].tag == "p" and tag in _BLOCKS)
        ):
            self._close(self.stack[-1].tag)
        attributes = _attributes(rest)
        quotes = self.quotes and tag == "blockquote" and not _NO_BORDER.search(attributes.get("style", ""))
        self.quoted += quotes
        if tag in _BLOCKS:
            self._break()
        if self.quotes and tag == "hr":
            self._text(_RULE)
            self._break()
        if tag == "img" and not self.hidden and not self._hides(tag, attributes):
            self._text(attributes.get("alt", ""))
        if tag not in _VOID and not rest.endswith("/"):
            hides = self._hides(tag, attributes)
            self.stack.append(_Open(tag, hides, quotes))
            self.open_tags[tag] += 1
            self.hidden += hides
        else:
            self.quoted -= quotes

    def _hides(self, tag: str, attributes: dict[str, str]) -> bool:
        if tag in _UNSEEN or "hidden" in attributes or _HIDING.search(attributes.get("style", "")):
            return True
        names = [f".{name}" for name in attributes.get("class", "").split()] + [f"#{attributes.get('id', '')}"]
        return any(name in self.hiding_names for name in names)

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._break()
        if not self.open_tags[tag]:
            return
        while True:
            closed = self.stack.pop()
            self.open_tags[closed.tag] -= 1
            self.hidden -= closed.hides
            self.quoted -= closed.quotes
            if closed.quotes:
                self._break()
            if closed.tag == tag:
                return


def _attributes(rest: str) -> dict[str, str]:
    if not rest.strip():
        return {}
    return {
        found[1].lower(): html.unescape(_LONG_REFERENCE.sub("\ufffd", (found[2] or "").strip("\"'")))
        for found in _ATTRIBUTE.finditer(rest)
    }
