"""Read JSON from strangers: no key twice, no endless depth, no numbers that are none."""

from __future__ import annotations

import json
import math
from typing import Any

from urgent_appeals.errors import ImportRefused

LARGEST = 20_000_000
"""The most bytes a file to import may have."""
DEEPEST = 50


def read_json(data: bytes) -> Any:
    """Return what a JSON text says (RFC 8259); raises ImportRefused."""
    _refuse_depth(data)
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)
    except UnicodeDecodeError as error:
        raise ImportRefused(f"it is not UTF-8 (byte {error.start + 1})") from error
    except (ValueError, RecursionError) as error:
        raise ImportRefused(f"it is not JSON: {_reason(error)}") from error


def _refuse_depth(data: bytes) -> None:
    """Refuse nesting before the parser follows it; brackets inside texts do not count."""
    depth, inside, escaped = 0, False, False
    for byte in data:
        if inside:
            inside = escaped or byte != 0x22
            escaped = not escaped and byte == 0x5C
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            if depth > DEEPEST:
                raise ImportRefused(f"its lists and objects stand more than {DEEPEST} deep within each other")
        elif byte in b"]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ImportRefused("an object of it has a key twice")
    return found


def _float(text: str) -> float:
    found = float(text)
    if math.isinf(found):
        raise ImportRefused(f"it holds {text[:40]}, which is too large a number")
    return found


def _constant(name: str) -> Any:
    raise ImportRefused(f"it holds {name}, which is no number")


def _reason(error: Exception) -> str:
    return "a number of it is too long" if "integer string conversion" in str(error) else str(error)
