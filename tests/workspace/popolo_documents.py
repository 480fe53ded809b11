"""Popolo documents as EveryPolitician and others write them, of every shape that Popolo allows, for Hypothesis."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

NAMES = st.sampled_from(
    [
        "Ilsabet Corvane",
        "Osric  Talvane",
        "Ильсабет Корвейн",
        "Е\u0308лкина Ӏ",
        "إلزابت كورفين",
        "Élodie d'Arc",
        "E\u0301lodie",
        "Å Ångström",
        "A\u030angstro\u0308m",
        "Nguyễn Thị Hương",
        'O\'Brien, "Pat"',
        "*",
        "- x",
        "no",
        "2020-01-01",
        "# a: b",
        "\u200fעברית",
        "x\u00a0y",
        "伊莎贝",
        "",
        " ",
        "a\tb",
        "\u2028",
        "=?utf-8?q?x?=",
        "😀 Ѣ",
    ]
) | st.text(st.characters(exclude_categories=[]), max_size=12)
"""Names in several scripts, composed and not, the same ones again and again, and any text that JSON can hold."""
IDS = st.sampled_from(
    ["a", "b", "term/7", "party/ü", "Q1 2", "{x}", "#", "é", "e\u0301", "", "0", "1", "null", "a\u0000b"]
)
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | NUMBERS | NAMES
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
"""Whatever JSON can say: what an extra key may hold."""
DAYS = st.none() | st.sampled_from(
    ["2020", "2020-02", "2020-02-29", "1998-12-31", "2021-02-29", "0000", "9999-12-31", "2020-02-29T00:00:00Z", ""]
)
URLS = st.sampled_from(
    ["https://x.example/a b", "http://ж.example/?a=1&b", "javascript:alert(1)", "", "mailto:a@b.example"]
)


def some(fields: dict[str, Any], **needed: Any) -> Any:
    """An object with some of the fields, and now and then a key that nobody knows."""
    return st.builds(
        lambda known, extra: {**extra, **known},
        st.fixed_dictionaries(needed, optional=fields),
        st.dictionaries(st.sampled_from(["x", "wikidata", "sort_name", "é"]), JSON, max_size=1),
    )


def several(inner: Any, most: int = 3) -> Any:
    """A list that may be empty, or null, or hold what it should not."""
    return st.none() | st.lists(inner, max_size=most) | st.lists(inner | JSON, max_size=most)


DETAILS = several(
    some(
        {"label": NAMES, "note": NAMES, "valid_from": DAYS, "sources": JSON},
        type=st.sampled_from(["email", "phone", "voice", "cell", "fax", "address", "url", "twitter", "x"]),
        value=st.sampled_from(
            ["a@b.example", "not one", "+999 1 550", "(01) 2", "1 St\nCity", "\n", "https://x.example"]
        )
        | NAMES,
    )
)
OTHER_NAMES = several(
    some(
        {
            "lang": st.sampled_from(["ru", "en", "ar", "EN", "zh-hans", "x", ""]),
            "note": st.sampled_from(["multilingual", "x"]),
            "start_date": DAYS,
            "end_date": DAYS,
            "family_name": NAMES,
        },
        name=NAMES,
    )
)
KNOWN = {
    "contact_details": DETAILS,
    "identifiers": several(some({}, scheme=NAMES, identifier=NAMES)),
    "links": several(some({"note": st.sampled_from(["image", "Wikipedia (en)"]) | NAMES}, url=URLS)),
    "sources": several(some({}, url=URLS)),
    "image": URLS | st.none(),
}
PERSON = KNOWN | {
    "name": NAMES,
    "other_names": OTHER_NAMES,
    "images": several(some({}, url=URLS)),
    "summary": NAMES,
    "gender": st.sampled_from(["male", "female", "other", "", None]),
    "birth_date": DAYS,
    "death_date": DAYS,
    "honorific_prefix": NAMES,
    "honorific_suffix": NAMES,
    "email": st.sampled_from(["a@b.example", "c@d.example", "", "x"]),
}
ORGANIZATION = KNOWN | {
    "name": NAMES,
    "parent_id": IDS,
    "classification": NAMES,
    "founding_date": DAYS,
    "dissolution_date": DAYS,
    "seats": NUMBERS,
}
POST = KNOWN | {
    "label": NAMES,
    "role": NAMES,
    "organization_id": IDS,
    "area": JSON,
    "area_id": IDS,
    "start_date": DAYS,
    "end_date": DAYS,
}
MEMBERSHIP = {
    "role": st.sampled_from(["member", "Minister", "speaker"]) | NAMES,
    "post_id": IDS,
    "area_id": IDS,
    "start_date": DAYS,
    "organization_id": IDS,
    "on_behalf_of_id": IDS,
    "legislative_period_id": IDS,
    "end_date": DAYS,
    "label": NAMES,
    "contact_details": DETAILS,
    "sources": JSON,
    "id": IDS,
}


def things(fields: dict[str, Any], *, most: int = 4) -> Any:
    """A list of objects with an id each, now and then twice the same, and now and then none."""
    once = st.lists(some(fields, id=IDS), max_size=most, unique_by=lambda each: each["id"])
    return once | st.lists(some(fields, id=IDS | st.integers(0, 2)) | some(fields) | JSON, max_size=most)


DOCUMENTS = st.builds(
    lambda known, extra: {**extra, **known},
    st.fixed_dictionaries(
        {
            "persons": things(PERSON),
            "memberships": st.lists(some(MEMBERSHIP, person_id=IDS), max_size=6) | several(some(MEMBERSHIP), 4),
        },
        optional={
            "posts": things(POST),
            "organizations": things(ORGANIZATION),
            "areas": things(
                {"name": NAMES, "parent_id": IDS, "type": NAMES, "other_names": OTHER_NAMES, "geometry": JSON}
            ),
            "events": things({"name": NAMES, "classification": NAMES, "start_date": DAYS, "end_date": DAYS}),
            "meta": JSON,
        },
    ),
    st.dictionaries(NAMES, JSON, max_size=1),
)


def as_bytes(document: Any) -> bytes:
    """The document as a file; half a surrogate pair is written as an escape, as JSON does."""
    return json.dumps(document).encode()
