"""Text out of files: what a reader sees of plain text, HTML, mail and PDF, hostile ones too."""

from __future__ import annotations

import base64
import io
import quopri
import time
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from urgent_appeals.domain.quoted import find
from urgent_appeals.responses import pdf_text
from urgent_appeals.responses import text as reader
from urgent_appeals.responses.html_text import visible_text
from urgent_appeals.responses.mail_text import MOST_PARTS, decoded_words
from urgent_appeals.responses.pdf_text import PdfReader
from urgent_appeals.responses.text import Kind, extract, kind_of

CODE = "KAZ 001/0802/OBS 053.02"
HEADERS = b"From: office@ministry.example\r\nTo: desk@ngo.example\r\n"


def canonical(text: str) -> list[str]:
    return [code.canonical for code in find(text)]


def mail(body: bytes = b"Dear Sir or Madam", *headers: bytes) -> bytes:
    return HEADERS + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


def pdf(*lines: str) -> bytes:
    """Write the smallest PDF that shows a page for each line."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(lines)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /MediaBox [0 0 595 842] /Kids [{kids}] /Count {len(lines)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, line in enumerate(lines):
        stream = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /Contents {5 + 2 * at} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}startxref\n{len(out)}\n%%EOF\n".encode()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"plain words", "", Kind.TEXT),
        (b"", "", Kind.TEXT),
        (b"plain words", "letter.html", Kind.TEXT),
        (b"a <b>bold</b> word", "letter.html", Kind.HTML),
        (b"a <b>bold</b> word", "letter.txt", Kind.TEXT),
        (b"\xef\xbb\xbf <!DOCTYPE html><p>x", "letter.txt", Kind.HTML),
        ("<html><p>x".encode("utf-16"), "", Kind.HTML),
        (b"<!-- saved --><html>x", "", Kind.HTML),
        (b"<?xml version='1.0'?><html>x", "", Kind.HTML),
        (mail(), "letter.txt", Kind.MAIL),
        (b"Subject: x\n\nbody", "x.eml", Kind.MAIL),
        (b"Subject: the meeting\n\nbody", "x.txt", Kind.TEXT),
        (b"Note: to all\nDate: none", "x.eml", Kind.MAIL),
        (b"no fields", "x.eml", Kind.TEXT),
        (pdf("x"), "x.txt", Kind.PDF),
        (b"PDF-1.4", "x.pdf", Kind.TEXT),
    ],
)
def test_what_a_file_is_goes_by_its_content(content: bytes, name: str, kind: Kind) -> None:
    assert kind_of(content, name) is kind


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1251", "cp1252"]
)
def test_plain_text_is_read_in_its_charset(charset: str) -> None:
    text = f"{CODE}: {'Ответ' if charset != 'cp1252' else 'réponse'}"
    assert extract(text.encode(charset)).text == text


HTML = {
    "entities": f"<p>{CODE}".replace(" ", "&nbsp;").replace("/", "&#47;").replace("K", "&#x4B;"),
    "tags inside": "<p>KAZ <b>001</b>/08<span>02</span>/OBS 053<i>.02</i>",
    "source lines": "<p>KAZ 001/0802/\n   OBS\t053.02",
    "alternative text": f'<div><img src=x alt="{CODE}"></div>',
    "textarea": f"<textarea>{CODE}</textarea>",
    "title": f"<title>{CODE}</title>",
    "unclosed hidden paragraph": f"<p hidden>OBS 111<p>{CODE}",
    "after hidden": f"<div style='display:none'>x</div><div>{CODE}</div>",
    "after a comment": f"<!-- x --><div>{CODE}</div>",
    "table": f"<table><tr><td hidden>x<td>{CODE}</table>",
    "list": f"<ul><li hidden>x<li>{CODE}</ul>",
    "stray end tags": f"</div></p><div>{CODE}</b></div>",
    "self-closed": f"<span hidden/>{CODE}",
    "upper case": f"<DIV>{CODE}</DIV>",
    "pre": f"<pre>x\n{CODE}\n</pre>",
    "less than": f"<p>1 < 2 {CODE}",
    "processing instruction": f"<div><?php ?>{CODE}",
    "rule for other names": f"<style>.a {{color: red}} b{{}} x</style><div class=a>{CODE}</div>",
}


@pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, page in HTML.items()])
def test_visible_text_of_html_is_read(page: str) -> None:
    assert canonical(visible_text(page)) == [CODE]


HIDDEN = {
    "display": f'<div style="color:red; display : NONE">{CODE}</div>',
    "visibility": f'<div style="visibility:hidden">{CODE}</div>',
    "size": f'<div style="font-size:0px">{CODE}</div>',
    "Outlook": f'<div style="mso-hide:all">{CODE}</div>',
    "entity in the style": f'<div style="display&#58;none">{CODE}</div>',
    "attribute": f"<div hidden><p>{CODE}</p></div>",
    "class": f"<style>p, .pre{{display:none}}</style><div class='x pre'>{CODE}</div>",
    "id": f"<style>div#a{{display:none}}</style><div id=a>{CODE}</div>",
    "comment": f"<p><!-- {CODE} --></p>",
    "unfinished comment": f"<p><!-- {CODE}",
    "script": f"<script>'<div>{CODE}'</script>",
    "unfinished script": f"<script>{CODE}",
    "style": f"<style>{CODE}</style>",
    "template": f"<template>{CODE}</template>",
    "noscript": f"<noscript>{CODE}</noscript>",
    "attribute text": f'<a title="{CODE}" href="{CODE}">x</a>',
    "image hidden": f'<img hidden alt="{CODE}">',
    "image within hidden": f'<div hidden><img alt="{CODE}"></div>',
    "unfinished tag": f"<p><a title='{CODE}",
    "declaration": f"<p><!x {CODE}>",
}


@pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, page in HIDDEN.items()])
def test_hidden_text_of_html_is_left_out(page: str) -> None:
    assert canonical(visible_text(page)) == []
    assert canonical(visible_text(f"<p>UA 90/03</p>{page}")) == ["UA 90/03"]


def test_blocks_stand_on_lines_of_their_own() -> None:
    assert visible_text("<p>one <b>two</b><p>three<br>four<pre>a\n b</pre>") == "one two\nthree\nfour\na\nb"


def test_a_number_too_long_for_a_character_is_none() -> None:
    assert visible_text("<p>&#" + "9" * 5000 + ";&#x110000;") == "\ufffd\ufffd"


@given(
    st.lists(
        st.sampled_from(
            (
                "<p",
                ">",
                "<",
                "</p>",
                "<!--",
                "-->",
                '"',
                "'",
                "=",
                " ",
                "x",
                "hidden",
                "&#9;",
                "<style>",
                "{",
                "}",
            )
        )
    )
)
def test_any_markup_is_read_without_failing(pieces: list[str]) -> None:
    visible_text("".join(pieces))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?KAZ_001/0802/OBS_053=2E02?=", CODE),
        ("=?UTF-8?B?S0FaIDAwMS8wODAyL09CUyAwNTMuMDI=?=", CODE),
        ("Re: =?utf-8?q?KAZ_001/0802?=\r\n =?utf-8?q?/OBS_053=2E02?= x", f"Re: {CODE} x"),
        ("=?utf-8?q?=D0?= =?utf-8?q?=9A?=", "К"),
        ("=?utf-8?q?a?= =?koi8-r?b?68Ha?=", "aКаз"),
        ("a =?utf-8?q?b?= c =?utf-8?q?d?=", "a b c d"),
        ("=?utf-8*en?q?x?=", "x"),
        ("=?x-unknown?q?x?=", "x"),
        ("=?utf-8?b?====?=", ""),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("plain", "plain"),
    ],
)
def test_encoded_words_are_decoded(value: str, text: str) -> None:
    assert decoded_words(value) == text


def test_a_mail_gives_subject_bodies_names_of_attachments_and_attachments() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "Дело UA 90/03"
    message.set_content("The body quotes UA: 325/12.")
    message.add_alternative("<p>HTML <b hidden>UA 1/01</b> EX&nbsp;13/98</p>", subtype="html")
    message.add_attachment("A note on NSA 4/03", filename="note.txt")
    message.add_attachment(b"\x00\x01", maintype="image", subtype="png", filename=f"{CODE.replace('/', '-')}.png")
    message.add_attachment(
        pdf("Scan of RAN 05/2018"), maintype="application", subtype="octet-stream", filename="Скан.pdf"
    )
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "KAZ 2/2011", "x@y.example"
    inner.set_content("AHRC-UAC-078-2012")
    message.add_attachment(inner)
    found = extract(message.as_bytes())
    assert found.kind is Kind.MAIL
    assert canonical(found.text) == [
        "UA 90/03", "UA 325/12", "EX 13/98", "NSA 4/03",
        CODE, "RAN 05/2018", "KAZ 2/2011", "AHRC-UAC-078-2012",
    ]  # fmt: skip
    assert "Скан.pdf" in found.text
    assert found.notes == ("the attachment KAZ 001-0802-OBS 053.02.png was not read, only its name",)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b'Content-Disposition: attachment; filename="UA 90-03.bin"', "UA 90-03.bin"),
        (b'Content-Disposition: attachment; filename="a \\"b\\".bin"', 'a "b".bin'),
        (b"Content-Disposition: attachment; filename*=UTF-8''%D0%9A.bin", "К.bin"),
        (b"Content-Disposition: attachment; filename*=%D0%9A.bin", "К.bin"),
        (b"Content-Disposition: attachment; filename*0*=UTF-8''%D0%9A; filename*1=.bin", "К.bin"),
        (b"Content-Disposition: attachment; filename*0=K; filename*1=.bin", "K.bin"),
        (b"Content-Type: application/x; name==?utf-8?q?=D0=9A.bin?=", "К.bin"),
    ],
)
def test_the_name_of_an_attachment_is_read_in_every_form(header: bytes, name: str) -> None:
    assert name in extract(mail(b"\x00", header)).text.splitlines()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(mail(quopri.encodestring(CODE.encode()), b"Content-Transfer-Encoding: quoted-printable"), id="QP"),
        pytest.param(mail(base64.b64encode(CODE.encode()), b"Content-Transfer-Encoding: BASE64"), id="base64"),
        pytest.param(
            mail(base64.b64encode(CODE.encode()).rstrip(b"=")[:-1], b"Content-Transfer-Encoding: base64"),
            id="cut",
        ),
        pytest.param(mail(f"{CODE} Ответ".encode("koi8-r"), b"Content-Type: text/plain; charset=koi8-r"), id="koi8-r"),
        pytest.param(mail(CODE.encode(), b'Content-Type: text/plain; charset="x-unknown"'), id="unknown charset"),
        pytest.param(mail(CODE.encode(), b'Content-Type: text/plain; charset="undefined"'), id="undefined charset"),
        pytest.param(mail(CODE.encode(), b'Content-Type: text/plain; charset="hex"'), id="no charset at all"),
        pytest.param(mail(CODE.encode(), b"Content-Type: multipart/mixed"), id="multipart without boundary"),
        pytest.param(mail(CODE.encode(), b"Content-Type: multipart/mixed; boundary=a"), id="boundary that never comes"),
        pytest.param(mail(b"--a\r\n\r\n" + CODE.encode(), b"Content-Type: multipart/mixed; boundary=a"), id="unclosed"),
        pytest.param(mail(b"x", f"Subject: Ответ {CODE}".encode("koi8-r")), id="raw subject"),
        pytest.param(mail(b"x", b"Subject: KAZ 001/0802/\r\n\tOBS 053.02"), id="folded subject"),
        pytest.param(mail(b"x", b"Cc: desk+KAZ-001-0802-OBS-053-02@ngo.example"), id="subaddress"),
        pytest.param(mail(CODE.encode(), b"Message-ID: <abc@[>", b"Date: not a date", b"From : x"), id="broken fields"),
        pytest.param(mail(mail(CODE.encode()), b"Content-Type: message/rfc822"), id="mail in mail"),
        pytest.param(mail(mail(CODE.encode()), b"Content-Disposition: attachment; filename=a.eml"), id="attached file"),
        pytest.param(HEADERS + b"no colon\r\nSubject: " + CODE.encode(), id="headers only"),
        pytest.param(mail(("<p>Каз " + CODE).encode("cp1251"), b"Content-Type: text/html; charset=cp1251"), id="HTML"),
        pytest.param(mail(b'<meta charset="cp1251"><p>' + ("Каз " + CODE).encode("cp1251")), id="HTML by content"),
        pytest.param(mail(CODE.encode("utf-16"), b"Content-Type: application/octet-stream"), id="UTF-16 attached"),
    ],
)
def test_a_code_in_any_mail_is_read(body: bytes) -> None:
    assert CODE.removesuffix(".02") in [code.case for code in find(extract(body).text)]


def nested(levels: int) -> bytes:
    return HEADERS + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(levels)
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    "encoded words": lambda: mail(b"x", b"Subject: " + b"=?utf-8?q?=41?= " * 20_000),
    "quotes": lambda: b"From: a@b.example\r\nTo: " + b'"' * 20_000 + b"\r\n\r\n",
    "parameters": lambda: mail(b"x", b"Content-Type: text/plain" + b"; a=b" * 20_000),
    "parts": lambda: mail(b"--a\r\nx: y\r\n\r\n" * 100_000, b"Content-Type: multipart/mixed; boundary=a"),
    "nested parts": lambda: nested(5000),
    "nested mails": lambda: HEADERS + b"Content-Type: message/rfc822\r\n\r\n" * 5000,
    "base64": lambda: mail(b"QUFB" * 5_000_000, b"Content-Transfer-Encoding: base64"),
    "field": lambda: mail(b"x", b"Subject: " + b"A" * 220_000),
    "headers": lambda: HEADERS + b"X-A: b\r\n" * 100_000 + b"\r\n",
    "opening marks": lambda: b"<html>" + b"<" * 1_000_000,
    "opening tags": lambda: b"<html>" + b"<a " * 300_000,
    "comments": lambda: b"<html>" + b"<!--" * 300_000,
    "elements": lambda: b"<html>" + b"<div>" * 100_000,
    "quotes in tags": lambda: b"<html>" + b"<a '\"<b \"'" * 50_000,
    "style": lambda: b"<html><style>" + b"display:" * 200_000,
    "reference": lambda: b"<html>&#" + b"9" * 100_000,
    "attributes": lambda: b"<html><a " + b"a= " * 100_000 + b">",
    "blanks in a style": lambda: b"<html><a style='display" + b" " * 200_000 + b"'>",
}


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in HOSTILE.items()])
def test_hostile_files_are_read_in_seconds(make: Callable[[], bytes]) -> None:
    content = make()
    start = time.process_time()
    extract(content)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("parts", "the mail has too many parts; the rest of them was not read"),
        ("nested parts", "the mail has too many parts; the rest of them was not read"),
        ("nested mails", "the mail has too many parts; the rest of them was not read"),
        ("field", "a header field is too long; the rest of it was not read"),
        ("headers", "the headers are too long; the rest of them was not read"),
    ],
)
def test_what_is_beyond_the_limits_is_noted(name: str, note: str) -> None:
    assert extract(HOSTILE[name]()).notes == (note,)


def test_as_many_parts_as_are_allowed_are_read() -> None:
    part = b"--a\r\n\r\nUA 90/03\r\n"
    whole = mail(part * (MOST_PARTS - 1) + b"--a--\r\nUA 1/01", b"Content-Type: multipart/mixed; boundary=a")
    found = extract(whole)
    assert canonical(found.text) == ["UA 90/03"] * (MOST_PARTS - 1)
    assert found.notes == ()


def test_text_beyond_the_limit_is_left_unread_and_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LONGEST_TEXT", 5)
    assert extract(b"0123456789") == reader.Extract(Kind.TEXT, "01234", ("only the first 5 characters were read",))


def test_every_page_of_a_pdf_is_read() -> None:
    assert canonical(extract(pdf("Your ref. UA 90/03", "KAZ 2/2011")).text) == ["UA 90/03", "KAZ 2/2011"]


def test_pages_beyond_the_limit_are_left_unread_and_noted() -> None:
    notes: list[str] = []
    assert list(PdfReader(most_pages=1).pages(pdf("UA 90/03", "KAZ 2/2011"), notes)) == ["UA 90/03"]
    assert notes == ["only the first 1 pages of the PDF were read"]


def swollen(pdf_source: bytes, operators: bytes) -> bytes:
    """Return a PDF of which the second page is drawn by operators without end, a few kilobytes compressed."""
    stream = zlib.compress(b"BT /F1 12 Tf 1 0 0 1 72 700 Tm " + operators + b" ET", 9)
    writer = PdfWriter(io.BytesIO(pdf_source))
    content = StreamObject()
    content[NameObject("/Filter")] = NameObject("/FlateDecode")
    content._data = stream
    writer.pages[1][NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"seconds": 3.0}, id="time"),
        pytest.param({"megabytes": 160}, id="memory"),
    ],
)
def test_a_pdf_that_never_ends_is_given_up_and_the_pages_before_are_kept(limits: dict[str, float]) -> None:
    hostile = swollen(pdf("UA 90/03", "x"), b"(x) Tj T* " * 6_000_000)
    assert len(hostile) < 200_000
    notes: list[str] = []
    began = time.monotonic()

    pages = list(PdfReader(**limits).pages(hostile, notes))  # type: ignore[arg-type]

    assert time.monotonic() - began < 25
    assert pages == ["UA 90/03"]
    assert [note.partition(":")[0] for note in notes] == ["the PDF could not be read whole"]


def test_pdfs_after_one_that_took_too_long_are_not_begun() -> None:
    notes: list[str] = []
    assert list(PdfReader(seconds=0).pages(pdf("UA 90/03"), notes)) == []
    assert notes == ["a PDF was not read, for those before it took too long"]


def test_a_pdf_too_large_is_left_unread_and_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "LARGEST", 10)
    assert extract(pdf("UA 90/03")).notes == ("the PDF is too large to read",)


def test_a_broken_pdf_is_noted_and_says_nothing_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    (note,) = extract(pdf("UA 90/03")[:200]).notes
    assert note.startswith("the PDF could not be read whole: ")
    assert capfd.readouterr() == ("", "")


@given(st.binary(max_size=300), st.sampled_from(("", "x.eml", "x.html", "x.pdf")))
def test_any_bytes_are_read_without_failing(content: bytes, name: str) -> None:
    extract(content, name)


@given(st.binary(max_size=300))
def test_any_mail_is_read_without_failing(content: bytes) -> None:
    extract(HEADERS + content)


def test_real_mail_of_others_holds_no_code_and_is_read_quickly(shared: Path) -> None:
    files = [path for path in (shared / "corpora").rglob("*") if path.is_file()]
    assert len(files) > 300
    start = time.process_time()
    texts = [extract(path.read_bytes(), path.name) for path in files]
    assert time.process_time() - start < 20
    assert sum(text.kind is Kind.MAIL for text in texts) > 100
    assert [code.written for text in texts for code in find(text.text) if code.certainty != "suggested"] == []


def test_a_stream_of_pypdf_is_what_pypdf_reads() -> None:
    import pypdf

    assert len(pypdf.PdfReader(io.BytesIO(pdf("a", "b", "c"))).pages) == 3
