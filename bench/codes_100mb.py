"""Find case codes in 100 MB of text in one pass: `python -m bench.codes_100mb` prints MB/s and peak memory.

As one of the benches it stands beside what a person would write at first: the published spellings as one
regular expression, over the same text in the same pieces.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Callable, Iterator

from bench.run import Bench, Contender
from urgent_appeals.domain.quoted import find_in_chunks
from urgent_appeals.domain.schemes import SCHEMES

MEGABYTE = 1_000_000
PIECE = 1 << 16

_ENGLISH = (
    "The Observatory has been informed that on 12 March the court of first instance heard the defence for "
    "the second time. No date has been set for the verdict, and the family has not been allowed to visit since. "
    "Three lawyers, two of whom had travelled for the hearing, were kept outside the building for hours. "
) * 4 + "Article 120, part 2, was applied in 2003; see also 12/03/2003, tel. 32 61 82. "
_RUSSIAN = (
    "Обсерватория получила сведения о том, что суд первой инстанции повторно заслушал доводы защиты. Дата "
    "оглашения приговора не назначена, и родным до сих пор не разрешают свидания. Трёх адвокатов продержали "
    "перед зданием суда четыре часа. "
) * 4 + "Статья 120, часть 2, применена в 2003 году; см. также 12.03.2003, тел. 32 61 82. "
_CODE = "In reply to KAZ 001/0802/OBS 053.02 of 13 March. "

TEXTS = {
    "English prose": _ENGLISH,
    "Russian prose": _RUSSIAN,
    "prose with a code a page": _ENGLISH * 3 + _CODE,
    "nothing but codes": _CODE.removeprefix("In reply to ").removesuffix("of 13 March. "),
    "nothing but fractions": "12/2003 3/4 ",
}


def pieces(unit: str, megabytes: int) -> Iterator[str]:
    """Yield as much text as makes up the megabytes of UTF-8, a piece at a time."""
    piece = unit * max(1, PIECE // len(unit))
    size = len(piece.encode())
    for _ in range(megabytes * MEGABYTE // size + 1):
        yield piece


def bench() -> Bench:
    """Compare with the plain way, 10 MB of prose with a code a page."""
    unit = TEXTS["prose with a code a page"]
    # Without the words before an Amnesty code, which would slow the plain way down more than is fair to it.
    lead = r"(?:[A-Za-z0-9 ]{3,50}(?: #)? )?"
    plain = re.compile("|".join(f"(?:{scheme.published.removeprefix(lead)})" for scheme in SCHEMES))

    def plainly() -> None:
        found = sum(1 for piece in pieces(unit, 10) for _ in plain.finditer(piece))
        assert found

    def ours() -> None:
        found = sum(1 for _ in find_in_chunks(pieces(unit, 10)))
        assert found

    contenders: tuple[tuple[str, Callable[[], None]], ...] = (
        ("published spellings as one regular expression", plainly),
        ("find_in_chunks, every spelling", ours),
    )
    return Bench(
        "Case codes, per MB of text",
        tuple(Contender(name, work, units=10) for name, work in contenders),
        rounds=3,
    )


def main() -> None:
    """Print megabytes a second of CPU and peak memory for each kind of text; the argument is how many megabytes."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for name, unit in TEXTS.items():
        share = megabytes if "nothing but" not in name else max(1, megabytes // 10)
        start = time.process_time()
        count = sum(1 for _ in find_in_chunks(pieces(unit, share)))
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name:26} {share:4} MB {share / seconds:7.1f} MB/s {count:8} codes  peak {peak:5.0f} MB")


if __name__ == "__main__":
    main()
