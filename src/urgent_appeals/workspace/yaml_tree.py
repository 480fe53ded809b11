"""Take a YAML text apart into values that know where in the text they stand, to edit it without touching the rest."""

from __future__ import annotations

from dataclasses import dataclass, field

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # where ruamel.yaml keeps it, if not in its __all__
from ruamel.yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_NOTHING = frozenset(("", "~", "null"))


@dataclass
class Node:
    """A value in a text: `text[start:end]` is all of it, from its first character to the last of its content.

    `kind` is "scalar", "mapping" or "list"; `flow` tells that it is a collection in brackets or braces; `absent` that
    nothing is written. `items` are those of a list, or the values of a mapping beside its `keys`.
    """

    kind: str
    start: int
    end: int
    flow: bool = False
    absent: bool = False
    value: str = ""
    keys: list[Node] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether this is a list or mapping on lines of its own."""
        return self.kind != "scalar" and not self.flow

    def index(self, step: str | int) -> int | None:
        """Return at which of the items a key or an index leads, or None; empty items of a list do not count."""
        if self.kind == "mapping":
            return next((at for at, key in enumerate(self.keys) if key.value == step), None)
        present = [at for at, item in enumerate(self.items) if not item.absent]
        return present[step] if isinstance(step, int) and 0 <= step < len(present) else None


def tree(text: str) -> Node | None:
    """Return the top value of a YAML text that `yaml_text.read_yaml` finds in order, or None where it is empty."""
    parser = CParser(text)
    top: Node | None = None
    stack: list[Node] = []
    try:
        while (event := parser.get_event()) is not None:
            if isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                _close(stack.pop(), event.end_mark.index)
                continue
            node = _node(event, text)
            if node is None:
                continue
            if stack:
                _put(stack[-1], node)
            else:
                top = node
            if node.kind != "scalar":
                stack.append(node)
    finally:
        parser.dispose()
    return None if top is None or top.absent else top


def _node(event: object, text: str) -> Node | None:
    if isinstance(event, ScalarEvent):
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in ("|", ">"):
            end = start + len(text[start:end].rstrip())
        absent = not event.style and event.value in _NOTHING
        return Node("scalar", start, end, absent=absent, value=event.value)
    if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
        kind = "mapping" if isinstance(event, MappingStartEvent) else "list"
        start = event.start_mark.index
        return Node(kind, start, start, flow=bool(event.flow_style))
    return None


def _put(parent: Node, node: Node) -> None:
    if parent.kind == "mapping" and len(parent.keys) == len(parent.items):
        parent.keys.append(node)
    else:
        parent.items.append(node)


def _close(node: Node, end: int) -> None:
    # The parser ends what stands on lines of its own only where the next thing begins, after comments.
    node.end = end if node.flow or not node.items else max(node.items[-1].end, node.start)
