"""Change a definition file where it should change: comments, order and every other character stay as they were.

The text is cut and joined at the places of the values, and the result is read again: what it says must be what was
asked for, or nothing is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

from urgent_appeals.domain.problem import Path
from urgent_appeals.errors import CannotEdit, DefinitionsBroken
from urgent_appeals.workspace.yaml_text import Data, read_yaml
from urgent_appeals.workspace.yaml_tree import Node, tree
from urgent_appeals.workspace.yaml_write import STEP, block, entry, flow, is_block, item, scalar

Change = tuple[Path, Data]
"""A path of keys and indices, and the value that is to stand there."""
Splice = tuple[int, int, str]
"""From where to where in the text, and what is to stand there."""
_MARK = "\ufeff"


def edit(text: str, changes: Sequence[Change], file: str = "") -> str:
    """Return a YAML text with values set, in the order given; what is missing on the way to one is made.

    A path is of keys and indices as in `yaml_text`; an index one past the end of a list appends; None as a value
    removes. Raises DefinitionsBroken where the text is not in order, CannotEdit where a path leads nowhere.
    """
    waiting = list(changes)
    while waiting:
        if waiting[0][1] is None:
            text = remove(text, [waiting.pop(0)[0]], file)
            continue
        together = _together(tree(text.removeprefix(_MARK)), waiting)
        text = _checked(text, waiting[:together], file, _put)
        waiting = waiting[together:]
    return text


def append(text: str, path: Path, value: Data, file: str = "") -> str:
    """Return a YAML text with one more item in the list at a path; one value that stands alone becomes a list."""
    data = _at(_read(text, file), path)
    if data is None:
        return edit(text, [(path, [value])], file)
    if not isinstance(data, list):
        text = _checked(text, [(path, [data])], file, _wrap)
        data = [data]
    return edit(text, [((*path, len(data)), value)], file)


def remove(text: str, paths: Iterable[Path], file: str = "") -> str:
    """Return a YAML text without the values at paths, and their keys; comments above them stay.

    All paths are those of the text as given. Raises CannotEdit where there is nothing at one.
    """
    for path in sorted(set(paths), key=_last_first, reverse=True):
        text = _checked(text, [(path, None)], file, _without)
    return text


_Cut = Callable[["_Text", Path, Data], Sequence[Splice]]


def _together(top: Node | None, changes: Sequence[Change]) -> int:
    """Return how many of the changes, from the first, touch places of their own, so that one reading serves all."""
    taken: set[Path] = set()
    above: set[Path] = set()
    for number, (path, value) in enumerate(changes):
        touched = _touched(top, path)
        ways = [touched[:length] for length in range(len(touched) + 1)]
        if number and (value is None or touched in above or not taken.isdisjoint(ways)):
            return number
        taken.add(touched)
        above.update(ways)
    return len(changes)


def _touched(top: Node | None, path: Path) -> Path:
    """Return the path of what a change rewrites: the value, the key that is new, or the list that grows."""
    node = top
    for length, step in enumerate(path):
        at = node.index(step) if node is not None else None
        if node is None or at is None:
            grows = node is None or node.flow or isinstance(step, int)
            return path[:length] if grows else path[: length + 1]
        node = node.items[at]
        if node.absent:
            return path[: length + 1]
    return path


def _checked(text: str, changes: Sequence[Change], file: str, cut: _Cut) -> str:
    """Make changes and read the result again: it must say what was asked for and nothing else."""
    wanted = deepcopy(_read(text, file))
    for path, value in changes:
        wanted = _changed(wanted, path, value, file)
    body = _Text(text.removeprefix(_MARK), file)
    splices = [splice for path, value in changes for splice in cut(body, path, value)]
    parts, done = [_MARK if text.startswith(_MARK) else ""], 0
    for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
        parts += (body.text[done:start], new.replace("\n", body.newline))
        done = end
    result = "".join((*parts, body.text[done:]))
    found = read_yaml(result.encode("utf-8", "surrogatepass"), file)
    if found.problems or found.data != wanted:
        raise CannotEdit(file, changes[0][0], "the way it is written cannot be changed safely; change it by hand")
    return result


class _Text:
    """A text to cut, with its tree and its kind of line break."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.top = tree(text)
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def column(self, at: int) -> int:
        return at - self.line_start(at)

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def colon(self, key: Node) -> int:
        """Return the place after the colon of a key."""
        return self.text.index(":", key.end) + 1


def _put(body: _Text, path: Path, value: Data) -> Sequence[Splice]:
    node, parents, rest = body.top, [], path
    while node is not None and rest and (at := node.index(rest[0])) is not None:
        parents.append((node, at))
        node, rest = node.items[at], rest[1:]
    flows = any(parent.flow for parent, _ in parents)
    if node is None:
        return [_first(body, path, value)]
    if not rest or node.absent:
        parent, at = parents[-1]
        return _replace(body, parent, at, _nested(rest, value), flows=flows)
    return [_insert(body, node, rest[0], _nested(rest[1:], value), flows=flows or node.flow)]


def _first(body: _Text, path: Path, value: Data) -> Splice:
    end = len(body.text)
    before = "" if not body.text or body.text.endswith("\n") else "\n"
    return end, end, before + "\n".join(entry(str(path[0]), _nested(path[1:], value), 0)) + "\n"


def _replace(body: _Text, parent: Node, at: int, value: Data, *, flows: bool) -> Sequence[Splice]:
    node = parent.items[at]
    if flows or (not is_block(value) and not node.is_block):
        words = _inline(value, flows=flows)
        space = " " if node.absent and node.start == node.end else ""
        return [(node.start, node.end, space + words)]
    if parent.kind == "list":
        column = body.column(node.start)
        return [(node.start, node.end, _lines(value, column)[column:] if is_block(value) else _inline(value))]
    after = body.colon(parent.keys[at])
    lines = _lines(value, body.column(parent.keys[at].start) + STEP)
    if not node.is_block:
        end = body.line_end(node.end)
        return [(after, node.end, ""), (end, end, "\n" + lines)]
    start = body.line_start(node.start)
    if is_block(value):
        return [(start, node.end, lines)]
    return [(after, after, " " + _inline(value)), (start, _next_line(body, node.end), "")]


def _lines(value: Data, indent: int) -> str:
    return "\n".join(block(value, indent)) if isinstance(value, (list, dict)) else ""


def _insert(body: _Text, node: Node, step: str | int, value: Data, *, flows: bool) -> Splice:
    if (node.kind == "mapping") is not isinstance(step, str) or node.kind == "scalar":
        raise CannotEdit(body.file, (step,), f"what stands there is a {node.kind}")
    if flows:
        words = f"{scalar(step, flow=True)}: {flow(value)}" if isinstance(step, str) else flow(value)
        at = node.items[-1].end if node.items else node.start + 1
        return at, at, (", " if node.items else "") + words
    column = body.column(node.start)
    lines = entry(step, value, column) if isinstance(step, str) else item(value, column)
    at = body.line_end(node.end)
    return at, at, "\n" * (2 if _is_spaced(body, node) else 1) + "\n".join(lines)


def _is_spaced(body: _Text, node: Node) -> bool:
    """Tell whether blank lines stand between the entries, so that a further one gets one too."""
    if len(node.items) < 2:
        return False
    last = node.keys[-1] if node.keys else node.items[-1]
    between = body.text[node.items[-2].end : last.start].replace("\r", "")
    return any(not line.strip() for line in between.split("\n")[1:-1])


def _wrap(body: _Text, path: Path, _: Data) -> Sequence[Splice]:
    parent, at, flows = _found(body, path)
    node = parent.items[at]
    if flows or not node.is_block:
        return [(node.start, node.end, "[" + _as_flow(body.text[node.start : node.end], node) + "]")]
    start = body.line_start(node.start)
    indented = [f"  {line}" if line.strip() else line for line in body.text[start : node.end].split("\n")]
    column = body.column(node.start)
    return [(start, node.end, " " * column + "- " + "\n".join(indented)[column + 2 :])]


def _as_flow(written: str, node: Node) -> str:
    return written if node.flow else scalar(node.value, flow=True)


def _without(body: _Text, path: Path, _: Data) -> Sequence[Splice]:
    parent, at, _flows = _found(body, path)
    starts = [node.start for node in (parent.keys or parent.items)]
    if parent.flow:
        kept = [body.text[starts[i] : parent.items[i].end] for i in range(len(starts)) if i != at]
        return [(starts[0], parent.items[-1].end, ", ".join(kept))]
    start, node = starts[at], parent.items[at]
    if parent.kind == "list":
        start = body.text.rindex("-", 0, start)
    line = body.line_start(start)
    if not body.text[line:start].strip():
        return [(line, _next_line(body, node.end), "")]
    if at + 1 < len(starts):  # the first key beside the dash of an item: the next one takes its place
        return [(start, starts[at + 1], "")]
    return [(start, node.end, "{}" if parent.kind == "mapping" else "[]")]


def _next_line(body: _Text, at: int) -> int:
    return min(body.line_end(at) + len(body.newline), len(body.text))


def _found(body: _Text, path: Path) -> tuple[Node, int, bool]:
    node, flows = body.top, False
    for position, step in enumerate(path):
        at = node.index(step) if node is not None else None
        if node is None or at is None:
            break
        flows = flows or node.flow
        if position == len(path) - 1:
            return node, at, flows
        node = node.items[at]
    raise CannotEdit(body.file, path, "there is nothing to change")


def _inline(value: Data, *, flows: bool = False) -> str:
    return scalar(value, flow=flows) if isinstance(value, str) else flow(value)


def _nested(path: Path, value: Data) -> Data:
    for step in reversed(path):
        value = {step: value} if isinstance(step, str) else [value]
    return value


def _read(text: str, file: str) -> Data:
    document = read_yaml(text.encode("utf-8", "surrogatepass"), file)
    if document.problems:
        raise DefinitionsBroken(document.problems)
    return document.data


def _at(data: Any, path: Path) -> Data:
    try:
        for step in path:
            data = data[step]
    except (KeyError, IndexError, TypeError):
        return None
    return data  # type: ignore[no-any-return]  # data still


def _changed(data: Data, path: Path, value: Data, file: str) -> Data:
    """Return the data as they will be; raises CannotEdit where the path leads nowhere."""
    if not path:
        raise CannotEdit(file, path, "the whole of a file is not edited")
    top: Any = {} if data is None else data
    inner = top
    try:
        for step, following in pairwise(path):
            inner = _step(inner, step, [] if isinstance(following, int) else {})
        if value is None:
            del inner[path[-1]]
        elif isinstance(inner, list) and path[-1] == len(inner):
            inner.append(_present(value))
        else:
            _step(inner, path[-1], None)
            inner[path[-1]] = _present(value)
    except (KeyError, IndexError, TypeError) as error:
        raise CannotEdit(file, path, "there is no such place") from error
    return top  # type: ignore[no-any-return]  # data still


def _step(inner: Any, step: str | int, new: Any) -> Any:
    if isinstance(inner, dict) is not isinstance(step, str) or not isinstance(inner, (dict, list)):
        raise TypeError
    if isinstance(inner, dict):
        return inner.setdefault(step, new) if new is not None else None
    if new is not None and step == len(inner):
        inner.append(new)
    return inner[step] if isinstance(step, int) else None


def _present(value: Data) -> Data:
    """Return a value as it will be read again: without what is absent."""
    if isinstance(value, dict):
        return {key: _present(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_present(inner) for inner in value if inner is not None]
    return value


def _last_first(path: Path) -> tuple[tuple[int, int, str], ...]:
    return tuple((1, step, "") if isinstance(step, int) else (0, 0, step) for step in path)
