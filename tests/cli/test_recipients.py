"""`appeals recipients`: lists, shows, checks, begins, imports and exports directories."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

DATA = Path(__file__).parents[1] / "data"
TABLE = """\
office,name:en,holder:en,from,fax,email
president,President of the Republic of Arlandia,Osric Talvane,2026-05-01,(01) 550 10 01,new@president.arlandia.example
usher,Usher of the Black Rod,Elowen Marrick,2026-06-01,,
"""


@pytest.fixture
def desk(appeals: Callable[..., Run], tmp_path: Path) -> Path:
    appeals("init", tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture
def run(appeals: Callable[..., Run], desk: Path) -> Callable[..., Run]:
    return lambda *arguments: appeals("-C", desk, "recipients", *arguments)


def test_recipients_are_listed_with_their_holder_on_the_day(run: Callable[..., Run]) -> None:
    before = json.loads(run("list", "arlandia", "--on", "2026-04-01", "--json").out)
    after = json.loads(run("list", "arlandia", "--on", "2026-11-01", "--json").out)
    assert before[0]["recipient"] == "arlandia/president"
    assert [before[0]["holder"], after[0]["holder"]] == ["Aldo Vermeyle", "Osric Talvane"]
    assert after[0]["ways"] == ["post", "email", "fax"]
    assert after[0]["caveats"] == []


def test_an_entry_checked_long_ago_is_marked(run: Callable[..., Run]) -> None:
    assert "last checked 2026-10-12, over 12 months before 2028-01-01" in run("list", "--on", "2028-01-01").out
    assert "over 12 months" in run("show", "arlandia/president", "--on", "2028-01-01").out
    checked = run("check", "arlandia", "--on", "2028-01-01")
    assert checked.status == 0
    assert "recipients/arlandia.yaml:" in checked.out
    assert "over 12 months" in checked.out


def test_what_bounced_is_said_wherever_the_entry_is_used(
    run: Callable[..., Run], appeals: Callable[..., Run], desk: Path
) -> None:
    file = desk / "recipients/arlandia.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("\n  justice-minister:\n", "\n    bounced: 2026-11-02\n\n  justice-minister:\n", 1),
        encoding="utf-8",
    )
    words = "mail bounced on 2026-11-02"
    assert words in run("list", "--on", "2026-11-03").out
    assert words in appeals("-C", desk, "check", "--on", "2026-11-03").out
    codes = [each["code"] for each in json.loads(appeals("-C", desk, "list", "--json", "--on", "2026-11-03").out)]
    assert any(words in appeals("-C", desk, "show", code, "--on", "2026-11-03").out for code in codes)


def test_a_recipient_is_shown_with_its_holders_over_time(run: Callable[..., Run]) -> None:
    shown = run("show", "arlandia/president", "--on", "2026-11-01").out
    assert "2018-05-01 – 2026-04-30" in shown
    assert json.loads(run("show", "arlandia/president", "--json").out)["office"]["tags"] == ["head-of-state"]
    assert run("show", "arlandia/nobody").status == 2


def test_a_directory_is_begun_with_comments_and_never_overwritten(run: Callable[..., Run], desk: Path) -> None:
    begun = run("new", "borduria", "--name", "Borduria: the country", "--country", "XBO", "--on", "2026-11-22")
    assert begun.out == "recipients/borduria.yaml\n"
    text = (desk / "recipients/borduria.yaml").read_text(encoding="utf-8")
    assert "#    holders:" in text
    assert run("check", "borduria", "--on", "2026-11-22").status == 0
    again = run("new", "borduria", "--name", "B")
    assert (again.status, (desk / "recipients/borduria.yaml").read_text(encoding="utf-8")) == (1, text)


@pytest.mark.parametrize("name", ["../x", "A B", "x/y", ""])
def test_a_directory_has_a_short_name_that_is_no_path(run: Callable[..., Run], desk: Path, name: str) -> None:
    files = sorted(desk.rglob("*"))
    assert run("new", name, "--name", "X").status != 0
    assert sorted(desk.rglob("*")) == files


def test_an_import_shows_what_would_change_and_writes_nothing_without_a_yes(
    run: Callable[..., Run], desk: Path, tmp_path: Path
) -> None:
    (tmp_path / "arlandia.csv").write_text(TABLE, encoding="utf-8")
    before = (desk / "recipients/arlandia.yaml").read_bytes()
    planned = run("import", tmp_path / "arlandia.csv")
    assert planned.status == 4
    assert "    + email: new@president.arlandia.example" in planned.out
    assert "    + office: Usher of the Black Rod" in planned.out
    assert "    - holder: " in planned.out
    assert (desk / "recipients/arlandia.yaml").read_bytes() == before


def test_an_import_keeps_comments_and_order_and_removes_nothing(
    run: Callable[..., Run], desk: Path, tmp_path: Path
) -> None:
    (tmp_path / "arlandia.csv").write_text(TABLE, encoding="utf-8")
    before = (desk / "recipients/arlandia.yaml").read_text(encoding="utf-8")
    assert run("import", tmp_path / "arlandia.csv", "--apply").status == 0
    after = (desk / "recipients/arlandia.yaml").read_text(encoding="utf-8")
    kept = [line for line in before.splitlines() if line not in after.splitlines()]
    assert kept == ["    email: chancellery@president.arlandia.example"]
    assert "    email: [chancellery@president.arlandia.example, new@president.arlandia.example]" in after
    assert run("check", "arlandia", "--on", "2026-11-01").status == 0
    assert run("import", tmp_path / "arlandia.csv", "--apply").status == 3


def test_what_the_file_lacks_goes_only_with_remove(run: Callable[..., Run], desk: Path, tmp_path: Path) -> None:
    table = "\n".join(TABLE.replace("new@", "chancellery@").splitlines()[:2])
    (tmp_path / "arlandia.csv").write_text(table, encoding="utf-8")
    assert run("import", tmp_path / "arlandia.csv", "--apply").status == 3
    (desk / "recipients/arlandia.yaml").write_text(
        "# ours\ndirectory: arlandia\nname: Arlandia\noffices:\n"
        "  president: # head\n    name: {en: President of the Republic of Arlandia}\n"
        "    holders:\n      - name: {en: Aldo Vermeyle}\n        from: 2018-05-01\n"
        "      - name: {en: Osric Talvane}\n        from: 2026-05-01\n"
        "    email: [old@x.example, chancellery@president.arlandia.example]\n"
        "  clerk:\n    name: {en: Clerk}\n",
        encoding="utf-8",
    )
    assert run("import", tmp_path / "arlandia.csv", "--apply", "--remove").status == 0
    text = (desk / "recipients/arlandia.yaml").read_text(encoding="utf-8")
    assert "# ours" in text
    assert "  president: # head\n" in text
    assert "Aldo" not in text
    assert "clerk" not in text
    assert "email: [chancellery@president.arlandia.example]" in text
    assert "fax" in text


def test_a_strangers_document_is_imported_exported_and_the_same(run: Callable[..., Run]) -> None:
    source = DATA / "arlandia-assembly.json"
    assert run("import", source, "--lang", "en", "--apply").status == 0
    exported = json.loads(run("export", "arlandia-assembly", "--lang", "en").out)
    given = json.loads(source.read_bytes())
    assert {key: in_no_order(value) for key, value in exported.items()} == {
        key: in_no_order(value) for key, value in given.items()
    }
    assert run("import", source, "--lang", "en", "--apply").status == 3


@pytest.mark.parametrize("form", ["popolo", "vcard", "csv"])
def test_a_directory_exported_and_imported_again_adds_nothing(
    run: Callable[..., Run], tmp_path: Path, form: str
) -> None:
    file = tmp_path / "again"
    file.write_text(run("export", "arlandia", "--format", form, "--lang", "en").out, encoding="utf-8", newline="")
    planned = run("import", file, "--format", form, "--lang", "en", "--into", "arlandia", "--json")
    kinds = {change["kind"] for change in json.loads(planned.out)["changes"] if change["what"] != "kept"}
    assert "changed" not in kinds or form == "popolo"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(b"[" * 100_000, "x.json", id="depth"),
        pytest.param(b"BEGIN:VCARD\nVERSION:4.0\nFN:a\x00b\nEND:VCARD\n", "x.vcf", id="control character"),
        pytest.param(b"office,secret\n", "x.csv", id="column"),
        pytest.param(b" " * 20_000_001, "x.csv", id="size"),
    ],
)
def test_a_hostile_file_is_refused_and_nothing_written(
    run: Callable[..., Run], desk: Path, tmp_path: Path, content: bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(content)
    files = sorted(desk.rglob("*"))
    refused = run("import", tmp_path / name, "--apply")
    assert refused.status == 1
    assert "refused" in refused.err
    assert sorted(desk.rglob("*")) == files


def test_an_unknown_format_or_directory_is_a_matter_of_usage(run: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x", encoding="utf-8")
    assert run("import", tmp_path / "x.txt").status == 2
    assert run("export", "arlandia", "--format", "xml").status == 2
    assert run("export", "nowhere").status == 2
    assert run("list", "nowhere").status == 2


def in_no_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: in_no_order(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((in_no_order(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value


@pytest.fixture
def imported(run: Callable[..., Run], desk: Path) -> Path:
    """A directory that has been imported, and changed since: an email address, and the name of an office."""
    run("import", DATA / "arlandia-assembly.json", "--lang", "en", "--into", "assembly", "--apply")
    file = desk / "recipients/assembly.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("email: ilsabet@assembly.arlandia.example", "email: new@arlandia.example   # she told us")
    file.write_text(text.replace("Minister of Hope", "Minister for Hope", 1), encoding="utf-8")
    return file


def changed(tmp_path: Path, label: str) -> Path:
    document = json.loads((DATA / "arlandia-assembly.json").read_bytes())
    document["posts"][1]["label"] = label
    (tmp_path / "changed.json").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path / "changed.json"


def test_what_was_changed_here_since_the_last_import_stays(run: Callable[..., Run], imported: Path) -> None:
    before = imported.read_bytes()
    again = run("import", DATA / "arlandia-assembly.json", "--lang", "en", "--into", "assembly", "--apply")
    assert again.status == 3
    assert "= name en: here Minister for Hope, there Minister of Hope (changed here, stays)" in again.out
    assert "= email: here none, there ilsabet@assembly.arlandia.example (changed here, stays)" in again.out
    assert imported.read_bytes() == before


def test_what_was_changed_here_and_there_is_a_conflict_that_nobody_settles_unasked(
    run: Callable[..., Run], imported: Path, tmp_path: Path
) -> None:
    words = ("import", changed(tmp_path, "Minister of Great Hope"), "--lang", "en", "--into", "assembly", "--apply")
    told = run(*words)
    assert "! name en: here Minister for Hope, there Minister of Great Hope; was Minister of Hope" in told.out
    assert told.status == 0
    assert "en: Minister for Hope\n" in imported.read_text(encoding="utf-8")
    assert run(*words).status == 3
    assert run(*words, "--theirs").status == 0
    text = imported.read_text(encoding="utf-8")
    assert "en: Minister of Great Hope\n" in text
    assert "# she told us" in text


@pytest.mark.parametrize(
    ("form", "begins"), [("csv", "\ufeffoffice,"), ("vcard", "BEGIN:VCARD\r\nVERSION:4.0\r\n"), ("popolo", "{\n")]
)
def test_an_export_is_printed_byte_for_byte(run: Callable[..., Run], form: str, begins: str) -> None:
    assert run("export", "arlandia", "--format", form, "--lang", "en").out.startswith(begins)


def test_an_export_goes_to_a_new_file_and_never_over_another(run: Callable[..., Run], tmp_path: Path) -> None:
    file = tmp_path / "arlandia.vcf"
    assert run("export", "arlandia", "--format", "vcard", "--to", file).out == f"{file}\n"
    written = file.read_bytes()
    assert b"\r\n" in written
    again = run("export", "arlandia", "--to", file)
    assert (again.status, file.read_bytes()) == (1, written)


def test_suspended_post_and_the_state_of_missions_are_said_of_their_recipients(
    run: Callable[..., Run], appeals: Callable[..., Run], desk: Path
) -> None:
    file = desk / "recipients/arlandia.yaml"
    text = file.read_text(encoding="utf-8")
    suspended = "\npost_suspended: [{country: GBR, from: 2026-11-01, until: 2027-02}]\nmissions:"
    text = text.replace("\nmissions:", suspended, 1)
    file.write_text(text.replace("    checked: 2026-10-12", "    checked: 2024-10-12", 1), encoding="utf-8")
    words, stale = "post from GBR is suspended; letters go c/o the mission there", "last checked 2024-10-12"
    assert words in run("list", "arlandia", "--on", "2026-11-03").out
    assert words not in run("list", "arlandia", "--on", "2027-03-01").out
    shown = run("show", "arlandia/president", "--on", "2026-11-03").out
    assert words in shown
    assert f"GBR: Embassy of the Republic of Arlandia; {stale}" in shown
    case = " ".join(appeals("-C", desk, "show", "2026.01", "--on", "2026-11-22").out.split())
    assert f"arlandia: {words}" in case
    assert f"arlandia, mission in GBR: {stale}" in case
    assert f"the mission in GBR: {stale}" in appeals("-C", desk, "check", "2026.01", "--on", "2026-11-22").out
