"""Every structure of the five sources stands in some page of their appeals (docs/structures.md is the checklist)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tests.render import facts
from urgent_appeals.domain.problem import Severity
from urgent_appeals.domain.quoted import Certainty, find
from urgent_appeals.domain.schemes import SCHEMES, Scheme
from urgent_appeals.errors import AppealNotOpen
from urgent_appeals.pipeline.definitions import check
from urgent_appeals.pipeline.letters import Made, Wanted, make_letters

ROOT = Path(__file__).resolve().parents[2]
DAYS = {
    "KAZ 001/0802/OBS 053.02": date(2003, 3, 13),
    "UAD KAZ 001/2003": date(2003, 5, 31),
    "UAD KAZ 001/2004": date(2004, 4, 30),
    "UAD KAZ 001/2010": date(2010, 4, 11),
    "UAD KAZ 001/2019": date(2019, 3, 27),
}
UPDATE, REPORT, RECOMMENDATIONS, VISIT, SUBMISSION = DAYS
SAMPLE, SAMPLE_DAY = "UAD XAA 001/2026.01", date(2026, 11, 20)
"""The fictional appeal, for what an appeal may hold and none of the five does."""
LONG = {(RECOMMENDATIONS, "kazakhstan/government"): 2}
"""Letters whose requested actions, sixteen of them under eight headings, take more than a page."""
TESTS_OF_NO_STRUCTURE = {
    "test_every_row_of_the_checklist_names_files_and_a_test_that_are_there",
    "test_every_test_of_a_structure_is_in_the_checklist",
}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sources")]


@dataclass(frozen=True)
class Papers:
    """What was made of one appeal in English: the run, and each PDF, the bulletin as `bulletin`."""

    made: Made
    pdfs: dict[str, bytes]

    def text(self, name: str) -> str:
        """Return the text of a letter or the bulletin, on one line."""
        return facts.text_of(self.pdfs[name])

    @property
    def bulletin(self) -> str:
        """The text of the bulletin."""
        return self.text("bulletin")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Papers]:
    """Return a function that makes everything of an appeal on a day in its window, once."""
    workspace = tmp_path_factory.mktemp("sources")
    for folder in ("appeals", "recipients"):
        shutil.copytree(ROOT / folder, workspace / folder)
    shutil.copy(ROOT / "campaign.yaml", workspace / "campaign.yaml")

    @cache
    def make(code: str) -> Papers:
        made = make_letters(workspace, code, {**DAYS, SAMPLE: SAMPLE_DAY}[code], Wanted(languages=("en",)))
        pdfs = {letter.recipient: (workspace / letter.pdf).read_bytes() for letter in made.letters}
        (bulletin,) = made.bulletins
        return Papers(made, {**pdfs, "bulletin": (workspace / bulletin).read_bytes()})

    return make


Make = Callable[[str], Papers]
every_source = pytest.mark.parametrize("code", [pytest.param(code, id=code.replace("/", "-")) for code in DAYS])


def _in_order(text: str, *parts: str) -> None:
    """Assert that the parts stand in the text, one after the other."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"{part!r} is not in {text[at : at + 400]!r} …"
        at = found + len(part)


def _row(pdf: bytes, label: str) -> str:
    """Return the line of the bulletin that begins with a label."""
    lines = facts.raw_text(pdf, "-layout").splitlines()
    return next(line for line in lines if line.strip().startswith(label))


# ── what holds for every source ──


@every_source
def test_every_page_keeps_both_standards(papers: Make, code: str) -> None:
    pdfs = papers(code).pdfs
    assert {name: problems for name, pdf in pdfs.items() if (problems := facts.failures(pdf))} == {}


@every_source
def test_every_letter_has_one_page_where_its_requests_leave_room(papers: Make, code: str) -> None:
    letters = papers(code).made.letters
    assert letters
    assert {letter.recipient: letter.pages for letter in letters} == {
        letter.recipient: LONG.get((code, letter.recipient), 1) for letter in letters
    }


@every_source
def test_the_code_is_in_the_text_and_the_qr_code_of_every_letter(papers: Make, code: str) -> None:
    made = papers(code)
    for letter in made.made.letters:
        assert code in made.text(letter.recipient)
        assert facts.qr_codes(made.pdfs[letter.recipient]) == [f"{code}:{letter.recipient}"]


@every_source
def test_every_page_asks_for_the_code_in_replies(papers: Make, code: str) -> None:
    made = papers(code)
    pages = [page for pdf in made.pdfs.values() for page in facts.pages_of(pdf)]
    assert pages
    assert all(f"Please quote {code} in any reply." in page for page in pages)


@every_source
def test_what_is_history_says_so_and_cannot_be_made_today(papers: Make, code: str, tmp_path: Path) -> None:
    assert "This appeal is kept as a record." in papers(code).bulletin
    for folder in ("appeals", "recipients"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "campaign.yaml", tmp_path / "campaign.yaml")
    with pytest.raises(AppealNotOpen) as refused:
        make_letters(tmp_path, code, date(2026, 11, 22), Wanted(languages=("en",)))
    assert refused.value.state == "historical"


@every_source
def test_the_definitions_of_a_source_have_no_errors(code: str) -> None:
    checked = check(ROOT, code, DAYS[code])
    assert [problem for problem in checked.problems if problem.severity is Severity.ERROR] == []


# ── 000: an update of the Observatory ──


def test_an_update_shows_series_kind_code_and_day_of_issue(papers: Make) -> None:
    _in_order(papers(UPDATE).bulletin, "Urgent interventions", "Update", "KAZ 001/0802/OBS 053.02", "13 March 2003")


def test_a_programme_says_who_stands_behind_it_and_what_it_is(papers: Make) -> None:
    text = papers(UPDATE).bulletin
    _in_order(text, "which the International Federation for Human Rights (FIDH)", "asks you to act", "New information")
    assert "In 1998 it received the Human Rights Prize of the French Republic." in text


def test_each_issuer_has_contact_lines_of_its_own(papers: Make) -> None:
    text = papers(UPDATE).bulletin
    for line in ("+33 (0) 1 43 55 20 11", "+33 (0) 1 43 55 18 80", "(+41 22) 809 49 39", "(+41 22) 809 49 29"):
        assert line in text


def test_event_issue_and_deadline_are_three_days(papers: Make) -> None:
    text = papers(UPDATE).bulletin
    assert "11 March 2003" in text
    assert "13 March 2003" in text
    _in_order(text, "Write by", "24 April 2003", "(assumed, since the appeal names no last day)")


def test_violations_and_country_are_named(papers: Make) -> None:
    _in_order(papers(UPDATE).bulletin, "Country", "Kazakhstan", "Violations", "arbitrary detention; irregularities")


def test_earlier_appeals_of_the_case_are_known_by_their_codes_alone(papers: Make) -> None:
    _in_order(papers(UPDATE).bulletin, "KAZ 001/0802/OBS 053 KAZ 001/0802/OBS 053.01", "New information")


def test_sentences_that_the_stored_text_cuts_off_are_ended_as_the_record_says(papers: Make) -> None:
    text = papers(UPDATE).bulletin
    assert "to punish his work for human rights and democracy." in text
    assert "release Mr Duvanov immediately, since his detention is arbitrary;" in text


def test_new_information_stands_before_the_background(papers: Make) -> None:
    _in_order(papers(UPDATE).bulletin, "New information", "On 11 March 2003", "Background", "In July 2002")


def test_requests_keep_roman_numbers_and_a_quotation_goes_with_its_request(papers: Make) -> None:
    text = papers(UPDATE).text("kazakhstan/president")
    _in_order(text, "i.", "release Mr Duvanov", "ii.", "articles 1 and 6 (b)", "iii.", "guarantee respect")
    assert "“Everyone has the right, individually and in association with others," in text


def test_a_president_is_addressed_through_a_body(papers: Make) -> None:
    _in_order(
        papers(UPDATE).text("kazakhstan/president"),
        "Mr Nursultan Nazarbaev",
        "President of the Republic of Kazakhstan",
        "Administration of the President",
        "Beibitshilik 11",
        "473000 Astana",
        "KAZAKHSTAN",
        "Your Excellency,",
    )


def test_dirty_numbers_are_printed_as_published_and_an_empty_email_leaves_no_trace(papers: Make) -> None:
    text = papers(UPDATE).bulletin
    assert "Telephone and fax: 007 / 3172 / 37 36 01" in text
    assert "mail" not in text.lower()


def test_what_is_absent_leaves_no_trace(papers: Make) -> None:
    text = papers(UPDATE).bulletin
    for label in ("Web form", "Website", "Outcome", "Republished", "Follows", "None"):
        assert label not in text


def test_the_place_line_ends_the_bulletin(papers: Make) -> None:
    assert "Paris, Geneva, 13 March 2003" in facts.pages_of(papers(UPDATE).pdfs["bulletin"])[-1]


# ── 001: a news report that becomes later facts ──


def test_later_facts_follow_the_case_under_a_code_of_our_own(papers: Make) -> None:
    text = papers(REPORT).bulletin
    _in_order(text, "Update", "UAD KAZ 001/2003", "New information")
    assert "KAZ 001/0802/OBS 053.02" in _row(papers(REPORT).pdfs["bulletin"], "Follows")


def test_the_observatory_is_not_made_the_issuer_of_what_it_did_not_issue(papers: Make) -> None:
    text = papers(REPORT).bulletin
    assert "Issued by: Urgent Appeals Letter Desk" in text
    _in_order(text, "Observatory", "published the appeal that this one follows. It has no part in this one.")
    assert not any("Observatory" in papers(REPORT).text(one.recipient) for one in papers(REPORT).made.letters)


def test_a_source_shows_pseudonymous_byline_and_lack_of_a_date(papers: Make) -> None:
    text = papers(REPORT).bulletin
    _in_order(text, "Sources", "by Alexander Zakharov (a pseudonym), Institute for War and Peace Reporting", "undated")
    assert "Its days have no year" in text
    assert "https://iwpr.net/global-voices/kazakhstan-duvanov-beaten-prison" in text.replace("- ", "-")


def test_a_year_that_is_inferred_is_said_to_be(papers: Make) -> None:
    text = papers(REPORT).bulletin
    _in_order(text, "on 22 May 2003", "The report names days and months without a year.")


def test_allegations_are_attributed_and_refusals_to_comment_told(papers: Make) -> None:
    made = papers(REPORT)
    _in_order(made.bulletin, "would not speak about his physical condition", "allege that", "declined to comment")
    letter = made.text("kazakhstan/president")
    _in_order(
        letter,
        "alleges that he was beaten on the orders of the authorities;",
        "his supporters also say that it was meant to make him ask for an amnesty.",
        "declined to comment",
        "I do not know what happened.",
    )


def test_requests_of_ours_are_marked_as_ours(papers: Make) -> None:
    _in_order(papers(REPORT).bulletin, "Actions requested", "The source makes no requests of its own", "i.", "have the")


def test_a_request_to_one_office_stands_in_its_letter_only(papers: Make) -> None:
    made = papers(REPORT)
    asked = {one.recipient for one in made.made.letters if "prosecuting authority" in made.text(one.recipient)}
    assert asked == {"kazakhstan/prosecutor-general"}


def test_an_office_without_an_address_is_addressed_by_name(papers: Make) -> None:
    words = facts.words(papers(REPORT).pdfs["kazakhstan/prosecutor-general"])
    block = [word.text for word in words if word.left < 110 and 50 < word.top < 98]
    assert " ".join(block) == "Office of the Prosecutor General of the Republic of Kazakhstan"
    assert "Prosecutor General of the Republic of Kazakhstan" in papers(REPORT).bulletin


# ── 002: recommendations by addressee, person and theme ──


def test_headings_by_addressee_person_and_theme_stand_once_and_nested(papers: Make) -> None:
    text = papers(RECOMMENDATIONS).bulletin
    _in_order(
        text,
        "To the Government of Kazakhstan",
        "Political prisoners",
        "Galymzhan Zhakianov",
        "Sergei Duvanov",
        "Elections",
        "Freedom of association",
        "Conventions and international bodies",
        "To the member states of the European Union",
        "To the OSCE",
        "To the United States",
        "To international financial institutions and other donors",
        "To the Council of Europe",
    )
    assert text.count("To the Government of Kazakhstan") == 1


def test_a_letter_has_the_headings_by_person_and_theme_but_not_its_own_addressee(papers: Make) -> None:
    text = papers(RECOMMENDATIONS).text("kazakhstan/government")
    _in_order(
        text, "Political prisoners", "Galymzhan Zhakianov", "•", "free Mr Zhakianov", "Sergei Duvanov", "Elections"
    )
    assert text.count("Political prisoners") == 1
    assert "To the Government" not in text


def test_every_addressee_gets_its_own_requests_and_no_others(papers: Make) -> None:
    made = papers(RECOMMENDATIONS)
    asked = {
        "kazakhstan/government": "amend the Law on Elections",
        "european-union/council": "the occasions at which",
        "european-union/parliament": "as the European Parliament, ask",
        "osce/organization": "chairmanship of 2009",
        "united-states/government": "section 574 (b)",
        "lenders/ebrd": "as the European Bank for Reconstruction and Development, weigh",
        "lenders/world-bank": "as the World Bank, take",
        "council-of-europe/organization": "grant Kazakhstan the observer status",
    }
    assert {letter.recipient for letter in made.made.letters} == asked.keys()
    for words in asked.values():
        assert {name for name in asked if words in made.text(name)} == {
            name for name, own in asked.items() if own == words
        }


def test_banks_are_named_within_the_lenders_and_share_what_is_asked_of_all(papers: Make) -> None:
    for bank in ("lenders/ebrd", "lenders/world-bank"):
        assert "as a donor, multilateral or bilateral, use" in papers(RECOMMENDATIONS).text(bank)


def test_a_group_without_an_address_is_written_to_as_a_body_or_says_why_not(papers: Make) -> None:
    made = papers(RECOMMENDATIONS)
    assert "abide by the memorandum of April 2002" in made.text("european-union/council")
    assert "Member States of the European Union Council of the European Union" in made.text("european-union/council")
    assert "Other multilateral and bilateral donors The source names none of them" in made.text("bulletin")
    ((group, reason),) = made.made.without_letter
    assert group == "lenders/donors"
    assert reason.startswith("The source names none of them")


def test_an_opinion_of_others_stays_an_opinion_in_a_request(papers: Make) -> None:
    made = papers(RECOMMENDATIONS)
    for name in ("kazakhstan/government", "bulletin"):
        assert "since his prosecution has been widely regarded as selective and political" in made.text(name)
    assert "prosecutions of opposition leaders that it considers political" in made.text("lenders/ebrd")


def test_each_letter_names_the_report_and_the_agreement_that_its_requests_speak_of(papers: Make) -> None:
    made = papers(RECOMMENDATIONS)
    for letter in made.made.letters:
        text = made.text(letter.recipient)
        assert "Human Rights Watch published a report" in text
        assert "in April 2004" in text or "In April 2004" in text
    _in_order(
        made.text("european-union/parliament"),
        "how far Kazakhstan meets the international standards on due process and free expression",
        "the Partnership and Cooperation Agreement",
    )


def test_a_source_dated_by_its_month_is_shown_so(papers: Make) -> None:
    assert (
        "Recommendations of a report on Kazakhstan, Human Rights Watch, April 2004" in papers(RECOMMENDATIONS).bulletin
    )


def test_a_note_with_several_symbols_stands_in_letter_and_bulletin(papers: Make) -> None:
    for name in ("kazakhstan/government", "bulletin"):
        text = papers(RECOMMENDATIONS).text(name)
        _in_order(
            text,
            "Standard Minimum Rules for the Treatment of Prisoners",
            "U.N. Doc. A/CONF/611",
            "24 U.N. ESCOR Supp. (No. 1)",
            "E/3048 (1957)",
        )


def test_what_the_stored_text_lacks_is_said(papers: Make) -> None:
    assert "has lost its heading in the stored text" in papers(RECOMMENDATIONS).bulletin


def test_who_made_the_recommendations_and_whose_the_code_is_are_both_said(papers: Make) -> None:
    text = papers(RECOMMENDATIONS).bulletin
    _in_order(text, "Human Rights Watch made these recommendations in April 2004.", "given them their code.")
    assert "tell the issuers" not in text


# ── 003: an intermediary before a dated visit ──


def test_an_intermediary_is_asked_by_name_to_press_another_government(papers: Make) -> None:
    _in_order(
        papers(VISIT).text("united-states/president"),
        "Barack Obama",
        "President of the United States of America",
        "Dear Mr President,",
        "On 12 April 2010 you are to receive the President of Kazakhstan",
        "raise concern about human rights in Kazakhstan with President Nazarbaev",
    )


def test_a_dated_visit_is_the_occasion_and_the_deadline(papers: Make) -> None:
    text = papers(VISIT).bulletin
    occasion = re.search(r"Nuclear Security Summit, ([^.]*?) Concerning", text)
    assert occasion is not None
    assert occasion[1].startswith("12")
    assert occasion[1].endswith("13 April 2010")
    assert re.search(r"Write by 12 April 2010 New information|Write by 12 April 2010 The facts", text)


def test_the_government_s_own_demands_stand_under_their_themes(papers: Make) -> None:
    _in_order(
        papers(VISIT).text("kazakhstan/government"),
        "Freedom of expression",
        "free Mr Ramazan Yesergepov at once",
        "Freedom of assembly",
        "Access to counsel",
        "The case of Evgenii Zhovtis",
        "begin the investigation anew",
    )


def test_a_chronology_has_whole_and_partial_dates_with_words_beside_them(papers: Make) -> None:
    entries = (
        "September 2007",
        "2007 Late in the year",
        "2009 Early in the year",
        "February 2009",
        "7 July 2009",
        "22 July 2009",
        "26 March 2010",
    )
    _in_order(facts.text_of(papers(VISIT).pdfs["bulletin"], "-layout"), "Chronology", *entries)


def test_a_theme_of_the_demands_has_its_facts(papers: Make) -> None:
    _in_order(
        papers(VISIT).bulletin,
        "asks the Almaty Bar Association",
        "Mr Daniyar Kanafin",
        "decides not to disbar",
        "Access to counsel",
        "keep defendants from the counsel of their choice",
    )


def test_an_intermediary_is_asked_to_say_on_what_its_support_depends(papers: Make) -> None:
    text = papers(VISIT).text("united-states/president")
    assert "make clear that you will support a summit of the OSCE during Kazakhstan’s chairmanship" in text


def test_quotations_are_set_apart_and_attributed(papers: Make) -> None:
    text = papers(VISIT).bulletin
    _in_order(text, "Ms Andrea Berg", "called the meeting", "“a crucial opportunity to send a strong signal”")
    _in_order(text, "Mr Kanat Saudabaev", "“objective recognition”", "President Nazarbaev", "“firmly committed”")
    assert "BlockQuote" in {tag.strip("/") for tag in facts.tags(papers(VISIT).pdfs["bulletin"])}


def test_a_name_spelled_two_ways_is_shown_in_both(papers: Make) -> None:
    assert "Evgenii Zhovtis (Evgeniy Zhovtis), founding director" in papers(VISIT).bulletin
    assert "Ramazan Yesergepov, editor" in papers(VISIT).bulletin


# ── 004: a joint submission to a session ──


def test_a_joint_submission_names_its_issuers_its_session_and_who_republished_it(papers: Make) -> None:
    _in_order(
        papers(SUBMISSION).bulletin,
        "27 March 2019",
        "The Netherlands Helsinki Committee and Kadyr Kasiet submitted this",
        "34th session of the Universal Periodic Review, Human Rights Council of the United Nations Country",
        "Sources",
        "Republished by FORUM",
        "Astana / The Hague, 27 March 2019",
    )


def test_numbered_paragraphs_restart_with_the_recommendations(papers: Make) -> None:
    text = papers(SUBMISSION).bulletin
    _in_order(text, "1. In eight years", "2. The state hinders", "15. On 13 March 2018", "1. give human", "13. bring")


def test_convictions_are_told_as_convictions_and_by_their_articles(papers: Make) -> None:
    _in_order(papers(SUBMISSION).bulletin, "only five were acquitted.", "The convictions,", "130 (slander)")


def test_figures_stand_in_a_table_with_a_head(papers: Make) -> None:
    pdf = papers(SUBMISSION).pdfs["bulletin"]
    tags = [tag.strip("/") for tag in facts.tags(pdf)]
    assert (tags.count("Table"), tags.count("TH")) == (1, 3)
    text = facts.text_of(pdf, "-layout")
    _in_order(text, "incidents against activists 2011, five months 101", "incidents against activists 2018 555")


def test_recommendations_keep_their_arabic_numbers_in_each_letter(papers: Make) -> None:
    for name in ("united-nations/human-rights-council", "kazakhstan/government"):
        text = papers(SUBMISSION).text(name)
        _in_order(text, *(f"{number}. " for number in range(1, 14)), "an effective appeal among them")


def test_a_letter_to_the_session_asks_it_to_recommend(papers: Make) -> None:
    text = papers(SUBMISSION).text("united-nations/human-rights-council")
    _in_order(
        text,
        "Human Rights Council of the United Nations",
        "I respectfully ask that the Review recommend that Kazakhstan:",
        "1.",
    )


def test_a_note_has_several_paragraphs(papers: Make) -> None:
    text = facts.raw_text(papers(SUBMISSION).pdfs["bulletin"])
    assert re.search(r"B\. Blyalova?\.\n+In its reasons against", text)


def test_symbols_of_the_united_nations_are_printed_and_are_no_case_codes(papers: Make) -> None:
    text = papers(SUBMISSION).bulletin
    for symbol in ("A/RES/53/144", "CCPR/C/112/D/2137/2012", "CCPR/C/120/D/2158/2012", "A/RES/48/134"):
        assert symbol in text
    schemes = (*SCHEMES, Scheme.from_pattern("desk", "UAD {country} {number:3}/{year}[.{update}]"))
    found = find(text, schemes=schemes)
    assert found
    assert {quoted.canonical for quoted in found if quoted.certainty is not Certainty.SUGGESTED} == {SUBMISSION}


# ── what an appeal may hold and none of the five does: the fictional sample ──


def test_missions_are_named_for_copies_in_each_letter_and_with_their_address_in_the_bulletin(papers: Make) -> None:
    made = papers(SAMPLE)
    assert made.made.letters
    for letter in made.made.letters:
        _in_order(made.text(letter.recipient), "Copy to", "Embassy of the Republic of Arlandia")
    _in_order(made.bulletin, "Copies to", "Embassy of the Republic of Arlandia", "7 Harbour Gate", "London ZZ1 1ZZ")


def test_addresses_have_telephone_email_and_web_form_where_these_are_published(papers: Make) -> None:
    _in_order(
        papers(SAMPLE).bulletin,
        "Addresses",
        "Email: chancellery@president.arlandia.example",
        "Telephone: (01) 550 22 00",
        "https://commissioner.arlandia.example/write",
        "Form of address: Dear Commissioner,",
    )


def test_a_remark_of_the_issuer_stands_in_the_bulletin_and_in_no_letter(papers: Make) -> None:
    made = papers(SAMPLE)
    remark = "Please do not telephone the prison"
    assert remark in made.bulletin
    assert not any(remark in made.text(letter.recipient) for letter in made.made.letters)


# ── the checklist ──


def _rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "structures.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in rows if row[0] != "structure"]


def test_every_row_of_the_checklist_names_files_and_a_test_that_are_there() -> None:
    rows = _rows()
    assert len(rows) > 35
    for structure, files, tests in rows:
        named = re.findall(r"`([^`]+)`", files)
        assert named, structure
        assert [name for name in named if not (ROOT / name).is_file()] == []
        shown = re.findall(r"`(test_[a-z0-9_]+)`", tests)
        assert shown, structure
        assert [name for name in shown if not callable(globals().get(name))] == []


def test_every_test_of_a_structure_is_in_the_checklist() -> None:
    listed = {name for row in _rows() for name in re.findall(r"`(test_[a-z0-9_]+)`", row[2])}
    here = {name for name in globals() if name.startswith("test_")} - TESTS_OF_NO_STRUCTURE
    assert here - listed == set()
