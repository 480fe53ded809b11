from __future__ import annotations

import csv
import time
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain import quoted
from urgent_appeals.domain.case_code import CaseCode, parse, slug
from urgent_appeals.domain.folding import LONGEST_RUN, fold
from urgent_appeals.domain.quoted import Certainty, QuotedCode, find, find_in_chunks
from urgent_appeals.domain.schemes import SCHEMES, UN, Scheme

SHARED = Path(__file__).parents[3] / "shared"
CODE = "KAZ 001/0802/OBS 053.02"
EXACT, NORMALISED, SUGGESTED = Certainty.EXACT, Certainty.NORMALISED, Certainty.SUGGESTED


def told(text: str, *known: str) -> list[tuple[str, str]]:
    """Say what is found in a text, shortly."""
    return [(code.canonical, code.certainty.value) for code in find(text, known=tuple(map(parse, known)))]


def certain(text: str) -> list[QuotedCode]:
    return [code for code in find(text) if code.certainty is not SUGGESTED]


def vectors() -> list[dict[str, str]]:
    path = SHARED / "codes" / "vectors.tsv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("row", [pytest.param(row, id=row["spelling"]) for row in vectors()])
def test_a_genuine_spelling_is_found_whole_in_a_sentence(row: dict[str, str]) -> None:
    (code,) = find(f"In reply to your letter about {row['spelling']}, we inform you of the following.")
    assert (code.scheme, code.case, code.written, code.start) == (
        row["scheme"],
        row["case"],
        row["spelling"],
        30,
    )
    assert code.certainty is (NORMALISED if row["spelling"][0].islower() else EXACT)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("КАZ 001/0802/OBS 053.02", id="Cyrillic K and A"),
        pytest.param("ΚΑΖ 001/0802/ΟΒS 053.02", id="Greek"),
        pytest.param("KAZ 001/0802/ОВЅ 053.02", id="Cyrillic OBS"),
        pytest.param("ＫＡＺ　００１／０８０２／ＯＢＳ　０５３．０２", id="full width"),
        pytest.param("KAZ ٠٠١/٠٨٠٢/OBS ٠٥٣٫٠٢", id="Arabic-Indic digits"),
        pytest.param("KAZ ۰۰۱/۰۸۰۲/OBS ۰۵۳.۰۲", id="Persian digits"),
        pytest.param("KAZ\u00a0001/0802/OBS\u202f053.02", id="no-break blanks"),
        pytest.param("K\u200bA\u00adZ 0\u200d01/0802/OBS\ufeff 053\u2060.02", id="invisible characters"),
        pytest.param("KAZ 001∕0802⁄OBS 053․02", id="other slashes and points"),
        pytest.param("KAZ 001–0802—OBS 053.02", id="dashes"),
        pytest.param("KAZ 001\\0802\\OBS 053.02", id="backslashes"),
        pytest.param("KAZ-001-0802-OBS-053-02", id="slug"),
        pytest.param("KAZ-001-0802-OBS-053.02", id="file name"),
        pytest.param("KAZ_001_0802_OBS_053.02", id="underscores"),
        pytest.param("KAZ 001-0802-OBS 053/02", id="marks exchanged"),
        pytest.param("kaz 001/0802/obs 053.02", id="small letters"),
        pytest.param("KAZ001/0802/OBS053.02", id="no blanks"),
        pytest.param("KAZ  001  /  0802  /  OBS  053.02", id="more blanks"),
        pytest.param("KAZ 001 0802 OBS 053.02", id="no slashes"),
        pytest.param("KAZ 001/0802/\nOBS 053.02", id="line break"),
        pytest.param("KAZ 001/0802/\r\n> > OBS 053.02", id="quoted line break"),
        pytest.param("KAZ\n> 001/0802/OBS\n>053.02", id="two quoted line breaks"),
        pytest.param("KAZ 001/0802/OBS=20\n053.02", id="encoded blank"),
        pytest.param("KAZ 001/0802/OBS=20=\r\n053.02", id="encoded blank and soft break"),
        pytest.param("KAZ 001/08=\n02/OBS 053.02", id="soft break"),
        pytest.param("KAZ 001/0802/OBS 053 .02", id="blank before the point"),
    ],
)
def test_another_spelling_of_the_same_figures_is_normalised(text: str) -> None:
    (code,) = find(f"re: {text} (Kazakhstan)")
    assert (code.canonical, code.certainty, code.written) == (CODE, NORMALISED, text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("KAZ OO1/O8O2/OBS O53.O2", CODE),
        ("KAZ 00l/0802/OBS 053.02", CODE),
        ("KAZ 001/0802/0BS 053.02", CODE),
        ("C0L 005/0606/OBS 073", "COL 005/0606/OBS 073"),
        ("1RN 012/1107/OBS 153", "IRN 012/1107/OBS 153"),
        ("KAZ 001/0802/OBS 053,02", CODE),
        ("KAZ 001/0802/OBS 053.O2", CODE),
        ("VA 325/12", "UA 325/12"),
        ("UA I3/98", "UA 13/98"),
        ("UA 1O/03", "UA 10/03"),
        ("EUR 57/OO4/2010", "EUR 57/004/2010"),
        ("UZB 030400", "Case UZB 030400"),
        ("OBS 053", "OBS 053"),
        ("obs-053.02", "OBS 053.02"),
        ("0B5 O53", "OBS 053"),
    ],
)
def test_a_slip_of_a_scanner_or_a_missing_beginning_is_only_suggested(text: str, canonical: str) -> None:
    assert told(text) == [(canonical, "suggested")]


@pytest.mark.parametrize("text", [f"案件{CODE}号", f"القضية{CODE}", f"({CODE})", f"«{CODE}»", f"letter_{CODE}.pdf"])
def test_a_code_may_touch_marks_and_letters_without_capitals(text: str) -> None:
    assert told(text) == [(CODE, "exact")]


@pytest.mark.parametrize("text", [f"X{CODE}", f"Ж{CODE}", f"{CODE}ж"])
def test_a_code_within_a_word_is_not_certain(text: str) -> None:
    assert certain(text) == []


def test_letters_alone_are_no_number() -> None:
    assert told("OBS OIL") == []


def test_a_code_without_update_is_an_exact_find_of_the_case() -> None:
    (code,) = find("KAZ 001/0802/OBS 053")
    assert (code.case, code.update, code.certainty) == ("KAZ 001/0802/OBS 053", None, EXACT)


@pytest.mark.parametrize(("end", "update"), [(".1", 1), (".01", 1), (".10", 10), (".33", 33)])
def test_the_update_is_an_integer(end: str, update: int) -> None:
    (code,) = find(f"KAZ 001/0802/OBS 053{end}.")
    assert (code.update, code.certainty) == (update, EXACT)


@pytest.mark.parametrize("end", [".021", ".02.2003", "-2003", "/2003", ".02bis", ",054"])
def test_figures_that_go_on_are_never_a_certain_update(end: str) -> None:
    assert certain(f"KAZ 001/0802/OBS 053{end}") == []
    assert ("KAZ 001/0802/OBS 053.02", EXACT) not in told(f"KAZ 001/0802/OBS 053{end}")


def test_021_is_never_update_2() -> None:
    assert [code.update for code in find("KAZ 001/0802/OBS 053.021")] == [21]


@pytest.mark.parametrize(
    "text",
    [
        "KAZ 001/0802/OBS 053. 12 persons were arrested.",
        "KAZ 001/0802/OBS 053, 12 March 2003",
        "KAZ 001/0802/OBS 053\n12 March 2003",
        "KAZ 001/0802/OBS 053 - 12 persons",
        "KAZ 001/0802/OBS 053.",
    ],
)
def test_a_number_that_follows_is_not_taken_for_an_update(text: str) -> None:
    assert told(text) == [("KAZ 001/0802/OBS 053", "exact")]


def test_codes_one_after_another_are_all_found() -> None:
    text = "KAZ 001/0802/OBS 053.02 KAZ 002/0802/OBS 054;UA 90/03/UA: 325/12\nKAZ 2/2011 TUN 4/2026"
    assert [code.canonical for code in find(text)] == [
        CODE, "KAZ 002/0802/OBS 054", "UA 90/03", "UA 325/12", "KAZ 2/2011", "TUN 4/2026",
    ]  # fmt: skip


def test_the_same_code_twice_is_found_twice() -> None:
    assert [code.start for code in find(f"{CODE}, {CODE}")] == [0, 25]


@pytest.mark.parametrize(
    ("text", "scheme", "canonical"),
    [
        ("AHRC UA-094-2007", "ahrc", "AHRC-UA-094-2007"),
        ("UA KAZ 1/2018", "un", "KAZ 1/2018"),
        ("UA 1/2018", "amnesty-ua", "UA 1/18"),
        ("RAN 05/2018", "pen", "RAN 05/2018"),
        ("eighth update to UA 139/11", "amnesty-ua", "UA 139/11 update 8"),
        ("UA 60/16 update 3", "amnesty-ua", "UA 60/16 update 3"),
    ],
)
def test_of_overlapping_readings_the_fullest_stays(text: str, scheme: str, canonical: str) -> None:
    (code,) = find(text)
    assert (code.scheme, code.canonical, code.certainty) == (scheme, canonical, EXACT)


PROSE = """
On 12/03/2003, 12.03.03, 2003-03-12 and 3/12, two thirds (2/3) of 1/2 of 12,5 % met at 10.30/11.45, 24/7, in 2009-2012.
Tel.: +7 3172 32-61-82, 007 / 3172 / 32 61 82, (8-727) 250-12-34, fax 380 44 279/12. IBAN KZ86 125K ZT50 0410 0100,
UA21 3223 1300 0002 6007 2335 6600 1, SWIFT KAZKKZKA, BIC TSESKZKA, account 12/2003-45/6, DE89 3704 0044 0532 0130 00.
Article 120, part 2, paragraph D; art. 19/2, Art. 9 and 14 ICCPR; Article 174.1; Law No. 5/2011; No. 12/98; Vol. 5/2011.
A/HRC/RES/31/32, A/CONF/611, E/3048 (1957), A/RES/53/144, CCPR/C/KAZ/2, CCPR/C/112/D/2137/2012, CEDAW/C/KAZ/3-4,
A/HRC/WG.6/34/KAZ/2, CAT/C/KAZ/CO/2, E/C.12/KAZ/CO/1, E/CN.4/2006/95/Add.1, A/HRC/28/2, S/RES/1325(2000), ICC-01/04-01/06.
Resolution 53/144, decision 2004/15, HRC res. 31/32, Directive 2012/29/EU, Regulation (EU) 2016/679, 2008/C 115/01.
192.168.0.1/24, 10.0.0.1:8080, version 3.11.7, ISO 3166-1, ISO 9001/2015, RFC 5322, v1.2/3, 8/16 bit, 1:50/2003.
valid per 5/2011, and 5/2011, are 3/2011, can 12/2010, Mar 5/2011, mar 05/2011, fin 12/2003, sen. 5/2011, Mac 10/2015.
VALID PER 5/2011 AND 3/2012, Mar 5.2011, he ran 5/2018, XXI 5/2011, session XIV 3/2002, in this case per 120500 units.
UA 12/24 hours, UA 10/20 days, UA 12/03/2003, UA 12-03-2003, UA 12-24, Kyiv, UA 01001, UA +380 44/12, ua 5.10, UA 24/7.
ma 13/04, ex 5/10, wo 12/03/98, EUR 57/100, EUR 12/04/2012, USD 5/2011, USA 120599 units, KAZ 24/7, KAZ 2/20111.
Казахстан, статья 12/2003, том 5/2011, сом 5/2011, рак 3/2010, ст. 174/1 УК РК, № 5/2011, РАН 05/2018, г. 12/03.
Observation 053, obs. 12, JOBS 053, obs 1999, OBS TV, observed 053 persons; OBSERVED 001/0802.
"""  # noqa: E501


@pytest.mark.parametrize("line", [pytest.param(line, id=line[:20]) for line in PROSE.strip().splitlines()])
def test_ordinary_prose_holds_nothing_above_suggested(line: str) -> None:
    assert certain(line) == []


def test_the_seeds_hold_the_one_genuine_code_and_nothing_else() -> None:
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    if not seeds:
        pytest.skip("the published documents (shared/seeds) are not beside the checkout")
    found = {seed.name[:3]: told(seed.read_text(encoding="utf-8")) for seed in seeds}
    assert found == {"000": [(CODE, "exact")], "001": [], "002": [], "003": [], "004": []}


def test_short_codes_are_found_in_small_letters_where_they_are_no_words() -> None:
    assert told("see kaz 5/2011 and uzb-3-2012") == [
        ("KAZ 5/2011", "normalised"),
        ("UZB 3/2012", "normalised"),
    ]


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("MAR 5/2011", "exact"),
        ("mar 5/2011", "suggested"),
        ("JUA mar 5/2011", "normalised"),
        ("Copies PER 5/2011", "exact"),
        ("COPIES PER 5/2011", "suggested"),
        ("KAZ 5.2011", "suggested"),
        ("ma 13/04", "suggested"),
        ("# ma 13/04", "suggested"),
        ("ma # 13/04", "normalised"),
        ("MA 13/04", "exact"),
        ("UA 55/55", "suggested"),
        ("UA 0/10", "suggested"),
        ("UA-12-24", "normalised"),
        ("UA 312-24", "suggested"),
        ("UA-257-1-2014", "normalised"),
        ("UA-12-03-2003", "suggested"),
        ("ref/KAZ 5/2011", "suggested"),
        ("Case UZB 310200", "suggested"),
        ("case uzb 030400", "normalised"),
    ],
)
def test_short_codes_are_as_certain_as_their_surroundings_allow(text: str, certainty: str) -> None:
    assert [found for _, found in told(text)] == [certainty]


@pytest.mark.parametrize("text", ["ABC 5/2011", "KAZ 5/1811", "KAZ 5/2011/7", "EUR 57/001/1850", "ABC 030400"])
def test_what_cannot_be_a_code_is_not_even_suggested(text: str) -> None:
    assert told(text) == []


def test_a_known_code_is_believed_though_its_country_is_unknown() -> None:
    assert told("ABC 5/2011", "ABC 5/2011") == [("ABC 5/2011", "exact")]


def test_one_figure_off_a_known_code_suggests_the_known_one() -> None:
    assert told("KAZ 001/0802/OBS 058.02", CODE) == [(CODE, "suggested")]
    assert told("KAZ 001/0802/OBS 058.02") == [("KAZ 001/0802/OBS 058.02", "exact")]


def test_a_known_neighbour_is_itself() -> None:
    assert told("KAZ 001/0802/OBS 058", CODE, "KAZ 001/0802/OBS 058") == [("KAZ 001/0802/OBS 058", "exact")]


def test_between_two_known_neighbours_none_is_suggested() -> None:
    known = ("KAZ 001/0802/OBS 053", "KAZ 001/0802/OBS 054")
    assert told("KAZ 001/0802/OBS 055", *known) == [("KAZ 001/0802/OBS 055", "exact")]


def test_short_numbers_have_too_many_neighbours_to_suggest_one() -> None:
    assert told("KAZ 3/2011", "KAZ 2/2011") == [("KAZ 3/2011", "exact")]


def test_the_end_of_a_known_code_suggests_it() -> None:
    assert told("OBS 053.02", CODE) == [(CODE, "suggested")]
    assert told("your reference 053.02", CODE) == [(CODE, "suggested")]
    assert told("your reference 053,O2", CODE) == [(CODE, "suggested")]


@pytest.mark.parametrize(
    "text", ["053.02", "1.053.02", "054.02 tenge", "053.02.2003", "053.021", "+053.02", "AB053.02"]
)
def test_bare_figures_are_nothing_unless_they_end_a_known_code(text: str) -> None:
    assert told(text, *(() if text == "053.02" else (CODE,))) == []


def test_an_end_that_several_known_codes_share_suggests_none_of_them() -> None:
    known = (CODE, "CHN 002/1103/OBS 053")
    assert told("OBS 053 or 053.02", *known) == [("OBS 053", "suggested")]


def test_only_the_given_schemes_are_looked_for() -> None:
    text = f"{CODE} and KAZ 2/2011 and OBS 077"
    assert [code.scheme for code in find(text, (UN,))] == ["un"]
    assert find(text, ()) == ()


def test_a_workspaces_own_scheme_is_found_beside_the_built_in_ones() -> None:
    own = Scheme.from_pattern("kibhr", "{number:3}/{year} KIB")
    text = f"12/2003; 007/2026 KIB; {CODE}; 7-2026-kib"
    found = [(code.scheme, code.canonical, code.certainty) for code in find(text, (*SCHEMES, own))]
    assert found == [
        ("kibhr", "007/2026 KIB", EXACT),
        ("observatory", CODE, EXACT),
        ("kibhr", "007/2026 KIB", NORMALISED),
    ]


@pytest.mark.parametrize("text", ["RFC-822-1982", "PER-001-2026 copies", "and-001-2026"])
def test_a_scheme_of_country_and_numbers_alone_is_guarded_as_the_uns_is(text: str) -> None:
    own = Scheme.from_pattern("own", "{country}-{number:3}-{year}")
    above = [code.written for code in find(text, (own,)) if code.certainty is not SUGGESTED]
    assert above == (["PER-001-2026"] if text.startswith("PER") else [])


def test_too_many_invisible_characters_part_a_code() -> None:
    assert told(f"KAZ 001/0802/OBS{chr(0x200B) * LONGEST_RUN} 053.02")[0][0] == CODE
    assert told(f"KAZ 001/0802/OBS{chr(0x200B) * (LONGEST_RUN + 1)} 053.02") == []


SHREDS = (
    *"KAZUOBSae019/.-> \n=20,|\u200b\u00adКА٣é:#",
    "UA ",
    "OBS ",
    "001/0802/",
    CODE,
    "KAZ ",
    "=20\n",
    "\u200b" * 40,
)
NOISE = st.lists(st.sampled_from(SHREDS), max_size=60).map("".join)


@st.composite
def spelled(draw: st.DrawFn) -> str:
    """A genuine code in a spelling that people use."""
    text = draw(
        st.sampled_from((CODE, "UA 325/12", "EUR 57/004/2010", "KAZ 5/2011", "RAN 05/2018", "AHRC-UAC-078-2012"))
    )
    change = draw(
        st.sampled_from(
            (
                str,
                str.lower,
                slug,
                lambda text: text.replace("A", "А"),
                lambda text: text.replace(" ", "\u00a0"),
                lambda text: text.replace("/", " / "),
                "\u200b".join,
            )
        )
    )
    return str(change(text))


@given(before=st.text(max_size=60), code=spelled(), after=st.text(max_size=60))
def test_a_code_in_any_text_is_found_where_it_stands(before: str, code: str, after: str) -> None:
    text = f"{before} ;; {code} ;; {after}"
    start = len(before) + 4
    found = [quoted for quoted in find(text) if quoted.start <= start < quoted.end]
    assert [(quoted.canonical, text[quoted.start : quoted.end]) for quoted in found] == [(parse(code).canonical, code)]


@given(st.lists(st.text(max_size=40) | NOISE | spelled()))
def test_any_text_gives_codes_in_order_each_as_it_stands_there(pieces: list[str]) -> None:
    text = "".join(pieces)
    last = 0
    for code in find(text, known=(parse(CODE),)):
        assert last <= code.start < code.end <= len(text)
        assert text[code.start : code.end] == code.written
        last = code.end


@given(
    pieces=st.lists(st.text(max_size=40) | NOISE | spelled(), max_size=12),
    cuts=st.lists(st.integers(0, 600), max_size=12),
    block=st.integers(1, 300),
)
def test_a_text_in_chunks_gives_what_the_whole_text_gives(pieces: list[str], cuts: list[int], block: int) -> None:
    text = "".join(pieces) * 4
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    chunks = [text[start:end] for start, end in pairwise(places)]
    known = (parse(CODE),)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quoted, "BLOCK", block)
        in_chunks = tuple(find_in_chunks(chunks, known=known))
    assert in_chunks == find(text, known=known)


def test_a_code_on_the_edge_of_a_block_is_found_whole() -> None:
    for shift in range(-40, 5):
        text = " " * (quoted.BLOCK - 512 + shift) + CODE + " " * 2000
        assert [code.written for code in find(text)] == [CODE]


def test_a_quoted_code_far_into_a_long_text_has_its_place_in_the_whole() -> None:
    text = ("Ordinary words of a report, é. " * 20_000) + CODE
    (code,) = find(text)
    assert text[code.start : code.end] == CODE


@given(st.text(max_size=300))
def test_folding_gives_ascii_and_knows_every_place(text: str) -> None:
    folded = fold(text)
    assert folded.text.isascii()
    places = [folded.original(index) for index in range(len(folded.text))]
    assert places == sorted(set(places))
    assert [folded.index(place) for place in places] == list(range(len(places)))
    assert len(places) + len(folded.left_out) == len(text)


@given(st.text(max_size=100), st.text(max_size=100, alphabet="abcdefgh 123"))
def test_a_few_foreign_characters_fold_as_many_do(few: str, plain: str) -> None:
    sparse = fold(plain * 20 + few).text
    assert sparse.endswith(fold(few).text.lstrip("20\n="))


HOSTILE = {
    "country": "KAZ ",
    "fractions": "1/",
    "quoting": "> ",
    "blanks": " ",
    "breaks": "\n> ",
    "codes": "KAZ 001/0802/OBS 053.02 ",
    "half codes": "KAZ 001/0802/OBS ",
    "letters": "A",
    "figures": "0",
    "OBS": "OBS",
    "invisible": "\u200b",
    "dots": "1.",
    "slips": "OIL|0",
    "ordinals": "first update to ",
    "soft breaks": "=\n",
    "kinds": "UA 1-1/",
    "own": "UAZ 1/",
}


@pytest.mark.parametrize("unit", [pytest.param(unit, id=name) for name, unit in HOSTILE.items()])
def test_time_is_linear_in_hostile_texts(unit: str) -> None:
    schemes = (*SCHEMES, Scheme.from_pattern("uaz", "UAZ {number}/{year}[.{update}]"))
    known = (parse(CODE),)

    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        took = []
        for _ in range(2):
            start = time.process_time()
            find(text, schemes, known)
            took.append(time.process_time() - start)
        return min(took)

    small = seconds(5_000)
    # Eight times the text takes eight times as long, and 64 times if anything were quadratic; 0.05 s is
    # for the clock.
    assert seconds(40_000) < 24 * small + 0.05


def test_memory_stays_flat_however_long_the_text_is() -> None:
    def prose(chunks: int) -> Iterator[str]:
        for _ in range(chunks):
            yield "Ordinary words of a report of 2003, in which 12 people are named, and no more. " * 800

    def peak(chunks: int) -> int:
        tracemalloc.start()
        assert sum(1 for _ in find_in_chunks(prose(chunks))) == 0
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(8)  # what is compiled once is compiled here
    assert peak(80) < 1.3 * peak(8)


def test_codes_may_be_any_collection() -> None:
    known: set[CaseCode] = {parse(CODE)}
    assert find("053.02", known=known)[0].case == "KAZ 001/0802/OBS 053"
