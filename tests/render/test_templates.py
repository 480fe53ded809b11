"""Templates: the workspace's over the built-in ones, plain data, digests, errors that name the place."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.render import facts
from tests.render.builders import TEMPLATES, letter, paragraphs, workspace_templates
from urgent_appeals.errors import TemplateError
from urgent_appeals.render.press import Press
from urgent_appeals.render.templates import LARGEST, Filler, Templates


def test_a_file_of_the_workspace_comes_before_the_built_in_one(tmp_path: Path) -> None:
    workspace_templates(tmp_path, letter_css="p {}")
    templates = Templates(TEMPLATES, tmp_path)

    assert templates.read("letter.css") == b"p {}"
    assert templates.read("base.css") == (TEMPLATES / "base.css").read_bytes()
    assert templates.own() == ("letter.css",)


def test_a_copy_of_a_built_in_file_is_no_file_of_ones_own(tmp_path: Path) -> None:
    workspace_templates(tmp_path, letter_css=(TEMPLATES / "letter.css").read_text(encoding="utf-8"))

    assert Templates(TEMPLATES, tmp_path).own() == ()


def test_wording_alone_is_no_template_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "en.yaml").write_text("language: en", encoding="utf-8")

    assert Templates(TEMPLATES, tmp_path).own() == ()


def test_the_built_in_directory_does_not_override_itself() -> None:
    assert Templates(TEMPLATES, TEMPLATES).override is None


@pytest.mark.parametrize(
    "name", ["../x.html", "/etc/passwd", "a//b.html", ".html", "a/../b.html", "a b.html", "x.html\x00"]
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(TemplateError, match="no name of a template"):
        Templates(TEMPLATES).find(name)


def test_a_missing_template_is_named() -> None:
    with pytest.raises(TemplateError, match=r"template nothing\.html: is not among the templates"):
        Templates(TEMPLATES).read("nothing.html")


def test_a_template_that_is_too_large_is_refused(tmp_path: Path) -> None:
    workspace_templates(tmp_path, letter_html="x" * (LARGEST[".html"] + 1))

    with pytest.raises(TemplateError, match="larger than 256,000 bytes"):
        Templates(TEMPLATES, tmp_path).read("letter.html")


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        pytest.param("one\n{{ x.y.z }}", r"letter.html:2: asks for what is not there", id="undefined"),
        pytest.param("one\n{% if %}", r"letter.html:2: ", id="syntax"),
        pytest.param("{{ 1 / 0 }}", r"letter.html:1: ZeroDivisionError", id="division"),
        pytest.param("{% include 'base.css' %}", "is no template: only .html", id="no-template"),
        pytest.param(
            "\n\n{{ ''.upper() }}", "letter.html:3: does what a template may not do: reach for 'upper'", id="method"
        ),
        pytest.param("{{ [1][3] }}", "asks for what is not there", id="index"),
        pytest.param("{{ range(2000)|length }}", "count over more than 1,000 numbers", id="range"),
    ],
)
def test_a_wrong_template_is_named_with_its_line(tmp_path: Path, template: str, reason: str) -> None:
    workspace_templates(tmp_path, letter_html=template)

    with pytest.raises(TemplateError, match=reason):
        Filler(Templates(TEMPLATES, tmp_path)).fill("letter.html", {"x": {}})


def test_what_templates_need_works(tmp_path: Path) -> None:
    workspace_templates(
        tmp_path,
        letter_html="{% macro m(a) %}<{{ a }}>{% endmacro %}{% extends 'base.html' %}{% block b %}{{ super() }}"
        "{% for k, v in d|items %}{{ loop.index }}{{ k|upper }}{{ v[0] }}{{ 7 % 4 * 2 }}{% endfor %}"
        "{{ m(t) }}{{ h }}{% endblock %}",
        base_html="[{% block b %}base {% endblock %}]",
    )
    data = {"d": {"k": ["v"]}, "t": "<i>", "h": {"html": "<b>"}}

    assert Filler(Templates(TEMPLATES, tmp_path)).fill(
        "letter.html", data
    ) == "[base 1Kv6&lt;&lt;i&gt;&gt;<b>]".replace("&lt;&lt;i&gt;&gt;", "<&lt;i&gt;>")


def test_digests_name_every_file_that_shapes_documents(tmp_path: Path) -> None:
    workspace_templates(tmp_path, letter_css="p {}")
    with Press(TEMPLATES, tmp_path) as press:
        digests = press.template_digests()

    assert digests["letter.css"] == hashlib.sha256(b"p {}").hexdigest()
    assert {"letter.html", "bulletin.html", "mail.html", "base.css", "fonts/AppealSerif-Regular.ttf"} <= set(digests)
    assert "README.md" not in digests


@pytest.mark.slow
def test_a_workspace_style_sheet_is_used_and_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    own = (TEMPLATES / "letter.css").read_text(encoding="utf-8") + "\n.close { color: #123456 }"
    workspace_templates(tmp_path, letter_css=own)
    with Press(TEMPLATES) as built_in, Press(TEMPLATES, tmp_path) as press:
        made, again, plain = press.letter(letter()), press.letter(letter()), built_in.letter(letter())
        mail = press.mail_html(letter(before=paragraphs("In the mail.")))

    assert made.pdf == again.pdf != plain.pdf
    assert (made.pages, made.density) == (plain.pages, plain.density)
    assert facts.failures(made.pdf) == []
    assert "In the mail." in mail


@pytest.mark.slow
def test_a_wrong_template_of_a_workspace_is_named_from_the_child(tmp_path: Path) -> None:
    workspace_templates(tmp_path, letter_html="one\n{{ letter.nothing }}")
    with (
        Press(TEMPLATES, tmp_path) as press,
        pytest.raises(TemplateError, match=r"letter\.html:2: asks for what is not there"),
    ):
        press.letter(letter())


@pytest.mark.slow
def test_the_child_inherits_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "hunter2")
    workspace_templates(tmp_path, letter_css="p { color: red }")
    with Press(TEMPLATES, tmp_path) as press:
        press.letter(letter())
        assert press._child is not None
        process = press._child._child._process
        assert process is not None
        environment = Path(f"/proc/{process.pid}/environ")
        if not environment.exists():
            pytest.skip("this system does not show a process's environment")
        assert b"hunter2" not in environment.read_bytes()
