"""Blocks of prose as HTML: escaped, with notes, headings that nest, codes that hold together."""

from __future__ import annotations

import pytest

from tests.render.builders import CODE, letter, notes, paragraph, paragraphs
from urgent_appeals.domain.prose import Block, Heading, LineBreak, Listing, NoteMark, Paragraph, Quotation, Run, Table
from urgent_appeals.render.html import Writer
from urgent_appeals.render.mail_body import mail_data


def written(*blocks: Block) -> str:
    return Writer([CODE], notes("A note.", "Another.\n\nIts end.")).blocks(blocks)


@pytest.mark.parametrize(
    ("block", "html"),
    [
        pytest.param(paragraph("a < b & *c*"), "<p>a &lt; b &amp; <em>c</em></p>", id="escaped"),
        pytest.param(
            paragraph("twelve", number=12),
            '<p class="numbered"><span class="number">12.</span> twelve</p>',
            id="numbered",
        ),
        pytest.param(
            Paragraph(runs=(Run(text="a"), LineBreak(), Run(text="b", strong=True, emphasis=True))),
            "<p>a<br><strong><em>b</em></strong></p>",
            id="break",
        ),
        pytest.param(
            Paragraph(runs=(Run(text="x", link='https://a.example/?b="c"&d'),)),
            '<p><a href="https://a.example/?b=&#34;c&#34;&amp;d">x</a></p>',
            id="link",
        ),
        pytest.param(Quotation(blocks=paragraphs("said")), "<blockquote><p>said</p></blockquote>", id="quotation"),
        pytest.param(
            Listing(ordered=True, start=4, items=(paragraphs("four"),)),
            '<ol start="4" style="counter-reset: list-item 3"><li><p>four</p></li></ol>',
            id="ordered",
        ),
        pytest.param(Listing(ordered=False, items=(paragraphs("one"),)), "<ul><li><p>one</p></li></ul>", id="bullets"),
        pytest.param(
            Table(head=((Run(text="h"),),), rows=(((Run(text="c"),),),)),
            '<table><thead><tr><th scope="col">h</th></tr></thead><tbody><tr><td>c</td></tr></tbody></table>',
            id="table",
        ),
        pytest.param(paragraph(f"({CODE})"), f'<p>(<span class="code">{CODE}</span>)</p>', id="code"),
        pytest.param(
            paragraph("KAZ 001/0802/OBS\n053.02"),
            '<p><span class="code">KAZ 001/0802/OBS\n053.02</span></p>',
            id="split-code",
        ),
        pytest.param(paragraph("[^nowhere]x"), "<p>x</p>", id="unknown-note"),
    ],
)
def test_a_block_becomes_html(block: Block, html: str) -> None:
    assert written(block) == html


def test_headings_never_skip_a_level() -> None:
    html = written(*(Heading(level=level, runs=(Run(text=str(level)),)) for level in (3, 1, 3, 6, 2)))

    assert [line[:3] for line in html.splitlines()] == ["<h2", "<h2", "<h3", "<h4", "<h3"]


def test_a_note_is_written_once_and_numbered_afterwards() -> None:
    html = written(paragraph("a[^2] b[^1] c[^2]"))

    assert html.count("Another.") == 1
    assert '<sup class="call">1</sup>' in html
    assert '<span class="note-part">Another.</span><span class="note-part">Its end.</span>' in html


def test_every_kind_of_block_fits_into_a_note() -> None:
    blocks: tuple[Block, ...] = (
        Quotation(blocks=paragraphs("quoted")),
        Listing(ordered=False, items=(paragraphs("one"), paragraphs("two"))),
        Table(head=((Run(text="a"),), (Run(text="b"),)), rows=(((Run(text="1"),), (Run(text="2"),)),)),
        Paragraph(runs=(Run(text="end"), NoteMark(label="1"))),
    )
    note = notes("x")[0].model_copy(update={"blocks": blocks})
    html = Writer([CODE], [note]).blocks(paragraphs("[^1]"))

    for said in ("quoted", "– one", "– two", "a · b", "1 · 2", "end"):
        assert f'<span class="note-part">{said}</span>' in html
    assert "<p>" not in html.removeprefix("<p>")


def test_mail_has_its_notes_at_the_end() -> None:
    data = mail_data(letter())

    assert [note["html"][:9] for note in data["notes"]] == ["Article 1", "OSCE stat", "Article 1"]
    assert '<sup style="line-height: 0">1</sup>' in data["before"]["html"]


def test_what_belongs_together_is_not_parted_at_the_end_of_a_line() -> None:
    html = written(paragraph("Mr Bell — 9 December, дело в суде из-за статьи"))

    assert html == '<p>Mr\xa0Bell\xa0— 9\xa0December, дело в\xa0суде <span class="held">из-за</span> статьи</p>'


def test_the_last_word_of_a_paragraph_is_not_hyphenated() -> None:
    assert written(paragraph("за несовершеннолетней.")) == '<p>за <span class="whole">несовершеннолетней.</span></p>'
    assert written(paragraph(f"quoting {CODE}).")) == f'<p>quoting <span class="code">{CODE}</span>).</p>'


def test_tables_and_numbered_paragraphs_of_mail_carry_their_style_with_them() -> None:
    write = Writer([CODE], (), "mail")
    table = Table(head=((Run(text="h"),),), rows=(((Run(text="c"),),),))

    assert write.blocks([paragraph("twelve", number=12)]) == '<p style="margin: 0 0 0.75em">12. twelve</p>'
    assert write.blocks([table]).count("padding: 0 1.2em 0.2em 0") == 2


def test_names_are_held_together_once() -> None:
    write = Writer([CODE], ())

    assert write.held("Anna Bell & Bell", ["Anna Bell", "x" * 60]) == '<span class="held">Anna Bell</span> &amp; Bell'
