"""Files of vCards of every shape that RFC 6350 allows, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from urgent_appeals.workspace.exchange.vcard_text import card, escaped

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=15) | st.sampled_from(
    [
        "Ilsabet Corvane",
        "Ильсабет",
        "إلزابت",
        "E\u0301lodie",
        "Élodie",
        "a, b; c\\",
        "\nline\n",
        "x" * 300,
        "*",
        " ",
        "",
    ]
)
GROUPS = st.sampled_from(["", "g1.", "item1.", "Item-2."])
PARAMETERS = st.lists(
    st.sampled_from(
        [
            "TYPE=work",
            "TYPE=home",
            'TYPE="voice,cell"',
            "TYPE=fax",
            "type=FAX",
            "PREF=1",
            "LANGUAGE=ru",
            "LANGUAGE=en",
            "LANGUAGE=zh-Hans",
            "ALTID=1",
            'X="a;b:c"',
            'LABEL="1 St^nCity ^^ ^\'"',
            "MEDIATYPE=image/png",
            "VALUE=uri",
            "SORT-AS=x",
            "CALSCALE=gregorian",
            "PID=1.1",
        ]
    ),
    max_size=3,
    unique=True,
).map(lambda found: "".join(f";{each}" for each in found))
TEXTS = WORDS.map(escaped)
PARTS = st.lists(WORDS.map(escaped), min_size=1, max_size=8).map(";".join)


def _of(names: list[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda group, name, parameters, value: f"{group}{name}{parameters}:{value}",
        GROUPS,
        st.sampled_from(names),
        PARAMETERS,
        values,
    )


LINES = (
    _of(
        ["FN", "fn", "TITLE", "Title", "ROLE", "NOTE", "NICKNAME", "CATEGORIES", "X-A", "X-LONG", "LANG", "LABEL"],
        TEXTS,
    )
    | _of(["N", "ORG", "ADR", "adr"], PARTS)
    | _of(["TEL"], st.sampled_from(["tel:+4930123456", "tel:+1-201-555-0123;ext=5", "(01) 550", "+999 1"]) | TEXTS)
    | _of(
        ["EMAIL"], st.sampled_from(["a@b.example", "c@d.example", "no address", "a@b.example\\, x@y.example"]) | TEXTS
    )
    | _of(
        ["URL", "PHOTO", "LOGO", "SOURCE", "KEY", "CALURI"],
        st.sampled_from(["https://x.example/a,b", "data:image/png;base64,AAAA"]),
    )
    | _of(["GENDER"], st.sampled_from(["F", "M;he", "O", ";x", "F;she/her", ""]))
    | _of(["KIND", "kind"], st.sampled_from(["org", "individual", "group", "ORG", "location", "x-robot"]))
    | _of(["MEMBER", "RELATED", "UID"], st.just("urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1") | TEXTS)
    | _of(
        ["REV", "BDAY", "X-HOLDS-FROM", "X-HOLDS-UNTIL", "X-CHECKED"],
        st.sampled_from(["20260101T000000Z", "2026-01-01", "--0415", "1998", "20263101", "x"]),
    )
    | _of(["X-OFFICE"], st.sampled_from(["judge", "A B", ""]))
)
FILES = st.lists(st.lists(LINES, max_size=9), min_size=1, max_size=4).map(
    lambda made: "".join(card(each) for each in made).encode()
)
