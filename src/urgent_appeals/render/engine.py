"""Ask the layout engine and the libraries below it for their versions."""

from __future__ import annotations

import ctypes
import ctypes.util
from dataclasses import dataclass

WEASYPRINT = (70, 71)
"""The first version of WeasyPrint that is known to serve, and the first that is not; pyproject.toml says the same."""
PANGO = (1, 44)
"""The first version of Pango that WeasyPrint works with."""


@dataclass(frozen=True)
class Engine:
    """What is installed: versions as text, None for what is missing; `fault` is why WeasyPrint cannot be loaded."""

    weasyprint: str | None = None
    pango: str | None = None
    harfbuzz: str | None = None
    subsetting: bool = False
    fault: str | None = None


def engine() -> Engine:
    """Return what is installed; whatever keeps WeasyPrint from loading is told, not raised."""
    try:
        import weasyprint  # it loads the system's libraries, and says so when one is missing
        from weasyprint.text import ffi
    except (ImportError, OSError) as error:
        return Engine(fault=str(error).strip().splitlines()[0])
    version = ffi.pango.pango_version()
    return Engine(
        weasyprint=weasyprint.__version__,
        pango=f"{version // 10000}.{version // 100 % 100}.{version % 100}",
        harfbuzz=_harfbuzz(),
        subsetting=getattr(ffi, "harfbuzz_subset", None) is not None,
    )


def _harfbuzz() -> str | None:
    name = ctypes.util.find_library("harfbuzz")
    if name is None:
        return None
    try:
        told = ctypes.CDLL(name).hb_version_string
    except (OSError, AttributeError):
        return None
    told.restype = ctypes.c_char_p
    return bytes(told()).decode("ascii", "replace")
