"""Make the documents of one letter or bulletin, and stage them for the outbox with their records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from urgent_appeals.domain.letter import Bulletin, Letter
from urgent_appeals.outbox.files import Folder
from urgent_appeals.outbox.manifest import DocumentRecord, RecordedLink
from urgent_appeals.outbox.names import bulletin_path, letter_path
from urgent_appeals.render.envelope import A4, envelope
from urgent_appeals.render.mail import draft
from urgent_appeals.render.mailto import mail_link
from urgent_appeals.render.press import Press
from urgent_appeals.render.text import letter_text

Progress = Callable[[int, int, str], None]
"""Called before each document with its number, how many there are, and what it is."""


@dataclass(frozen=True)
class MadeLetter:
    """One letter's documents; paths relative to the workspace, `sha256` of the PDF, `mailto` the link or None."""

    code: str
    recipient: str
    language: str
    sender: str
    pages: int
    pdf: str
    eml: str
    text: str
    mailto: str | None
    sha256: str


@dataclass
class Workbench:
    """Where documents are made: the press, the open folder, how files are named, and the records so far.

    `root` is the folder's path in the workspace, `stems` how the files of each recipient begin, `suffix` the sender in
    their names where it is not the usual one.
    """

    folder: Folder
    press: Press
    root: str
    stems: Mapping[str, str]
    suffix: str | None
    progress: Progress
    records: list[DocumentRecord] = field(default_factory=list)

    def make(
        self, letters: Iterable[Letter], bulletins: Iterable[Bulletin]
    ) -> tuple[tuple[MadeLetter, ...], tuple[str, ...]]:
        """Make and stage all documents; return the letters, and the paths of the bulletins in the workspace."""
        jobs = [(letter.item, partial(self._letter, letter)) for letter in letters]
        papers = [(f"the bulletin in {bulletin.language}", partial(self._bulletin, bulletin)) for bulletin in bulletins]
        total = len(jobs) + len(papers)
        made = []
        for number, (item, job) in enumerate(jobs, start=1):
            self.progress(number, total, item)
            made.append(job())
        paths = []
        for number, (item, paper) in enumerate(papers, start=len(jobs) + 1):
            self.progress(number, total, item)
            paths.append(paper())
        return tuple(made), tuple(paths)

    def _letter(self, letter: Letter) -> MadeLetter:
        stem, addressee = self.stems[letter.addressee.recipient], letter.addressee
        paths = {kind: letter_path(stem, letter.language, kind, self.suffix) for kind in ("pdf", "eml", "txt")}
        pages = self.press.letter(letter)
        link = mail_link(letter)
        html = self.press.mail_html(letter)
        eml = draft(letter, pdf=pages.pdf, pdf_name=PurePosixPath(paths["pdf"]).name, html=html)
        digests = {
            "pdf": self.folder.add(paths["pdf"], pages.pdf),
            "eml": self.folder.add(paths["eml"], eml),
            "txt": self.folder.add(paths["txt"], letter_text(letter).encode()),
        }
        record = partial(
            DocumentRecord,
            language=letter.language,
            on=letter.on,
            recipient=addressee.recipient,
            sender=letter.signatory.sender,
            email=addressee.email is not None,
        )
        printed = {"pages": pages.pages, "envelope": letter.envelope, "paper": envelope(letter.envelope).paper.name}
        recorded = RecordedLink(form=link.form, encoded=link.encoded) if link is not None else None
        self.records += [
            record(path=paths["pdf"], sha256=digests["pdf"], kind="pdf", **printed),
            record(path=paths["eml"], sha256=digests["eml"], kind="eml", mailto=recorded),
            record(path=paths["txt"], sha256=digests["txt"], kind="text"),
        ]
        return MadeLetter(
            code=letter.code.canonical,
            recipient=addressee.recipient,
            language=letter.language,
            sender=letter.signatory.sender,
            pages=pages.pages,
            pdf=f"{self.root}/{paths['pdf']}",
            eml=f"{self.root}/{paths['eml']}",
            text=f"{self.root}/{paths['txt']}",
            mailto=link.href if link is not None else None,
            sha256=digests["pdf"],
        )

    def _bulletin(self, bulletin: Bulletin) -> str:
        pages = self.press.bulletin(bulletin)
        path = bulletin_path(bulletin.language)
        sha256 = self.folder.add(path, pages.pdf)
        self.records.append(
            DocumentRecord(
                path=path,
                sha256=sha256,
                kind="bulletin",
                language=bulletin.language,
                on=bulletin.on,
                pages=pages.pages,
                paper=A4.name,
            )
        )
        return f"{self.root}/{path}"
