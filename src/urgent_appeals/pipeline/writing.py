"""Begin appeals: a new case, an update or a stop of one, a later series; and say what a translation was made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from urgent_appeals.domain import case_code
from urgent_appeals.domain.appeal import Appeal, Kind
from urgent_appeals.domain.case_code import CaseCode, next_code, parse
from urgent_appeals.domain.check.definitions import nearest_reference
from urgent_appeals.domain.explained import Part, country_in, explain
from urgent_appeals.domain.next_update import next_update
from urgent_appeals.domain.recipients import is_known, references, resolve
from urgent_appeals.domain.schemes import Scheme
from urgent_appeals.domain.translation import digest_of
from urgent_appeals.domain.values import Wording, in_language
from urgent_appeals.errors import AppealExists, NoNumbering, NothingToDo, UnknownAppeal, UnknownChoice
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.render.dates import in_words
from urgent_appeals.workspace.carry import Ending, carried_header, carried_prose
from urgent_appeals.workspace.new_files import write_new
from urgent_appeals.workspace.replace import replace_definition
from urgent_appeals.workspace.skeleton import NewAppeal, NewPerson, skeleton
from urgent_appeals.workspace.yaml_edit import edit

__all__ = ["Begun", "Drafting", "Ending", "NewAppeal", "NewPerson", "declare_translated"]


@dataclass(frozen=True)
class Begun:
    """An appeal that was begun: its code, folder and files (paths in the workspace), and how many TODOs wait."""

    code: str
    kind: str
    folder: str
    files: tuple[str, ...]
    to_do: int


@dataclass(frozen=True)
class Drafting:
    """A workspace in which an appeal is to be begun: what there is to choose from, and the writing of its files."""

    desk: Desk

    @classmethod
    def open(cls, start: Path, on: date) -> Drafting:
        """Open the workspace of a directory on a day; raises NotAWorkspace, or DefinitionsBroken without a campaign."""
        desk = Desk.open(start, on)
        _ = desk.campaign
        return cls(desk)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have fixed wording, the campaign's first."""
        own = self.desk.campaign.languages
        return (*own, *(language for language in self.desk.workspace.phrases if language not in own))

    @property
    def references(self) -> tuple[str, ...]:
        """What an appeal may call its recipients."""
        return references(self.desk.workspace.directories)

    def references_for(self, country: str | None) -> tuple[str, ...]:
        """Return what an appeal about a country may call its recipients, those of the country first."""
        own = {name for name, each in self.desk.workspace.directories.items() if country and each.country == country}
        return tuple(sorted(self.references, key=lambda name: re.split("[/#]", name, maxsplit=1)[0] not in own))

    def described(self, reference: str) -> str:
        """Return in words whom a reference comes to, in the first language of the campaign that has words for it."""
        found = resolve([reference], self.desk.workspace.directories)
        if found.without_letter:
            return f"no letter: {found.without_letter[0][1]}"
        names = [_named(recipient.office.name, self.languages) or recipient.id for recipient in found.recipients]
        return names[0] if len(names) == 1 else f"{len(names)} offices: {', '.join(names)}"

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries that there are directories of."""
        return tuple(dict.fromkeys(each.country for each in self.desk.workspace.directories.values() if each.country))

    @property
    def violations(self) -> tuple[dict[str, str], ...]:
        """What the appeals of the workspace call kinds of violation, by language, the newest first."""
        appeals = reversed(self.desk.workspace.appeals)
        return tuple(dict(violation) for appeal in appeals for violation in appeal.violations)

    def suggestion(self, reference: str) -> str | None:
        """Return None where a reference names recipients, else a question with the nearest one, maybe empty."""
        if is_known(reference, self.desk.workspace.directories):
            return None
        return nearest_reference(reference, self.references) or ""

    def code(self, typed: str) -> CaseCode:
        """Read a code; raises CaseCodeError where no scheme of the workspace reads it."""
        return parse(typed, self.desk.workspace.schemes)

    @property
    def needs_country(self) -> bool:
        """Whether the workspace's own numbering goes by country; raises NoNumbering where there is none."""
        return "{country}" in (self._numbering.pattern or "")

    def next_code(self, on: date, country: str | None) -> CaseCode:
        """Return the code that the workspace's own numbering gives next; raises NoNumbering, SchemeError."""
        known = [code for appeal in self.desk.workspace.appeals for code in (appeal.code, *appeal.earlier)]
        return self.code(next_code(self._numbering, known, on, country=country or ""))

    def explained(self, code: CaseCode, on: date) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        """Return the parts of a code in words, and what looks wrong with it."""
        return explain(code, self.desk.workspace.schemes, on=on), case_code.warnings(code, issued=on)

    def country_of(self, code: CaseCode) -> str | None:
        """Return the country that a code names, where it names one."""
        return country_in(code, self.desk.workspace.schemes)

    def likely_issuers(self, code: CaseCode) -> tuple[str, ...]:
        """Return the one issuer of the campaign for a code of its own; nobody else's code says which of ours it is."""
        campaign = self.desk.campaign
        is_own = code.scheme in {scheme.name for scheme in campaign.schemes}
        return tuple(campaign.issuers) if is_own and len(campaign.issuers) == 1 else ()

    def refuse_known(self, code: CaseCode) -> None:
        """Raise AppealExists where an appeal of this code is there."""
        for appeal in self.desk.workspace.appeals:
            if appeal.code == code or (appeal.code.same_case(code) and not appeal.code.update and not code.update):
                raise AppealExists(str(code), appeal.folder)

    def begin(self, new: NewAppeal) -> Begun:
        """Write the files of a new appeal; what a case that it follows says, and nobody else did, is taken over.

        Raises AppealExists, UnknownChoice for a recipient or language that is not there, OutboxError; then nothing is
        written.
        """
        code = self.code(new.code)
        self.refuse_known(code)
        new = replace(new, country=new.country or self.country_of(code), kind="update" if code.update else "new")
        new = self.continued(new)
        if not new.languages:
            new = replace(new, languages=self.desk.campaign.languages)
        if new.issuers is None:
            new = replace(new, issuers=self.likely_issuers(code))
        self._refuse_unknown(new)
        return self._write(code, new.kind, skeleton(self._translated(new), self.desk.campaign.issuers))

    def update(self, typed: str, ending: Ending | None = None) -> Begun:
        """Write the files of the update, or stop, that comes after the newest appeal of a case.

        Raises UnknownAppeal, NothingToDo where a stop has ended the case, CannotEdit, OutboxError.
        """
        former = self._newest(typed)
        if former.kind is Kind.STOP:
            raise NothingToDo(f"{former.code} is a stop: it ended the case (appeals new --follows begins another)")
        code = next_update(former.code, self.desk.workspace.schemes)
        files = {"appeal.yaml": carried_header(former, code, ending)}
        for language, prose in former.prose.items():
            dated = in_words(former.dates.issued, language) if former.dates.issued else ""
            files[f"{language}.md"] = carried_prose(prose, dated, stops=ending is not None)
        return self._write(self.code(code), "stop" if ending else "update", files)

    def _newest(self, typed: str) -> Appeal:
        """Return the newest appeal of the case of a code; the case code alone names the case here."""
        try:
            appeal = self.desk.appeal(typed)
        except UnknownAppeal as error:
            cases = {self.code(name).case for name in error.candidates} if error.candidates else set()
            if not cases or len(cases) > 1:
                raise
            appeal = self.desk.appeal(error.candidates[0])
        return self.desk.case(appeal)[-1]

    def continued(self, new: NewAppeal) -> NewAppeal:
        """Return a new appeal with what the one that it follows says; a code that is not known here stays as it is.

        Raises UnknownAppeal where the followed code is near to several that are known, CaseCodeError where it is none.
        """
        if new.follows is None:
            return new
        try:
            former = self.desk.appeal(new.follows)
        except UnknownAppeal as error:
            if error.candidates:
                raise
            return replace(new, follows=str(self.code(new.follows)))
        people = {
            name: NewPerson(dict(person.name), str(person.gender), person.consent or "not-asked", person.pseudonym)
            for name, person in former.people.items()
        }
        return replace(
            new,
            follows=str(former.code),
            country=new.country or former.country,
            people=new.people or people,
            recipients=new.recipients or former.recipients,
            violations=new.violations or tuple(dict(violation) for violation in former.violations),
            languages=new.languages or former.languages,
        )

    def _translated(self, new: NewAppeal) -> NewAppeal:
        """Return a new appeal in which titles and violations given as one text are of the original.

        What another appeal calls the same in further languages is taken over.
        """
        original = new.languages[0]
        titles = {original if language == "*" else language: title for language, title in new.titles.items()}
        violations = []
        for each in new.violations:
            said = {original if language == "*" else language: words for language, words in each.items()}
            same = next((known for known in self.violations if known.get(original) == said.get(original)), {})
            known = {language: words for language, words in same.items() if language in new.languages}
            violations.append(
                known | {language: words for language, words in said.items() if language in new.languages}
            )
        return replace(new, titles=titles, violations=tuple(violations))

    def _refuse_unknown(self, new: NewAppeal) -> None:
        for issuer in new.issuers or ():
            if issuer not in self.desk.campaign.issuers:
                raise UnknownChoice("issuer", issuer, tuple(self.desk.campaign.issuers))
        for language in new.languages:
            if language not in self.desk.workspace.phrases:
                raise UnknownChoice("language", language, tuple(self.languages))
        for reference in new.recipients:
            nearest = self.suggestion(reference)
            if nearest is not None:
                near = nearest.removeprefix("did you mean '").removesuffix("'?")
                raise UnknownChoice("recipient", reference, (near,) if near else self.references)

    def _write(self, code: CaseCode, kind: str, files: dict[str, str]) -> Begun:
        folder = f"{self._case_folder(code)}/{code.update or 0:02}"
        named = {f"{folder}/{name}": text for name, text in files.items()}
        write_new(self.desk.workspace.root, {name: text.encode() for name, text in named.items()})
        count = sum(text.count("TODO") for text in files.values())
        return Begun(str(code), kind, folder, tuple(named), count)

    def _case_folder(self, code: CaseCode) -> str:
        for appeal in self.desk.workspace.appeals:
            if appeal.code.same_case(code):
                return str(PurePosixPath(appeal.folder).parent)
        return f"appeals/{case_code.slug(code.case)}"

    @property
    def _numbering(self) -> Scheme:
        name = self.desk.campaign.numbering
        for scheme in self.desk.workspace.schemes:
            if scheme.name == name and scheme.pattern is not None:
                return scheme
        raise NoNumbering


def _named(wording: Wording, languages: Iterable[str]) -> str | None:
    return next((words for language in languages if (words := in_language(wording, language))), None)


def declare_translated(start: Path, typed: str, languages: Sequence[str], on: date) -> dict[str, str]:
    """Record in `appeal.yaml` the digest of the original that translations say the same as; return the digests.

    Raises UnknownAppeal, UnknownChoice, NothingToDo where all are recorded so already, CannotEdit.
    """
    desk = Desk.open(start, on)
    appeal = desk.appeal(typed)
    original = appeal.prose.get(appeal.languages[0])
    others = tuple(language for language in appeal.languages[1:] if language in appeal.prose)
    for language in languages:
        if language not in others:
            raise UnknownChoice(f"translation of {appeal.code}", language, others)
    if original is None:
        raise UnknownChoice(f"original of {appeal.code}", f"{appeal.languages[0]}.md", ())
    digest = digest_of(original)
    chosen = dict.fromkeys(languages or others, digest)
    if all(appeal.translated_from.get(language) == digest for language in chosen):
        raise NothingToDo(f"{appeal.code}: every translation is recorded as of the original as it is now")
    text = edit(
        appeal.origin.text,
        [(("translated_from", language), digest) for language in chosen],
        appeal.origin.file,
    )
    file = appeal.origin.file
    replace_definition(desk.workspace.root / file, desk.inputs_of(appeal)[file], text.encode())
    return chosen
