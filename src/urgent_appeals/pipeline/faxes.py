"""Make what is faxed of letters: a cover page, then the letter as it was made, in one PDF beside it in the outbox.

They are made when a fax is planned, so that the plan's digest covers them and a person can look at exactly what goes;
making the letters anew takes them away.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.compose import compose
from urgent_appeals.domain.item import Via
from urgent_appeals.domain.letter import Letter
from urgent_appeals.domain.lineage import slugs
from urgent_appeals.domain.plan import Plan, PlanItem
from urgent_appeals.domain.recipients import resolve
from urgent_appeals.errors import OutboxError
from urgent_appeals.outbox.files import Folder, Outbox
from urgent_appeals.outbox.manifest import DocumentRecord, Manifest, digest
from urgent_appeals.pipeline.desk import Desk
from urgent_appeals.pipeline.documents import Progress
from urgent_appeals.render.join import joined
from urgent_appeals.render.press import Press


def make_faxes(desk: Desk, appeal: Appeal, plan: Plan, progress: Progress = lambda *_: None) -> None:
    """Make the faxes of those letters of a plan that go by fax; the same letters give the same bytes.

    Raises RenderError, TemplateError and OutboxError; then nothing in the outbox has changed.
    """
    items = [item for item in plan.items if item.via is Via.FAX and item.address]
    slug = slugs(other.code for other in desk.workspace.appeals)[appeal.code]
    with Outbox(desk.workspace.root / "outbox").open(slug) as folder, Press(*desk.templates) as press:
        made = [*_made(_Maker(desk, appeal, folder, press), items, progress)]
        assert folder.previous is not None  # what a plan has come of
        folder.publish(folder.previous.model_copy(update={"documents": tuple(made)}), whole=False)


def fax_path(letter: str) -> str:
    """Return the path of a letter's fax, in the folder of its appeal, by that of its PDF."""
    return letter.replace("letters/", "fax/", 1)


def _made(maker: _Maker, items: Iterable[PlanItem], progress: Progress) -> Iterable[DocumentRecord]:
    items = [*items]
    for number, item in enumerate(items, start=1):
        progress(number, len(items), f"the fax of {item.key}")
        yield maker.fax(item)


class _Maker:
    """Makes faxes of one appeal."""

    def __init__(self, desk: Desk, appeal: Appeal, folder: Folder, press: Press) -> None:
        self._desk, self._appeal, self._folder, self._press = desk, appeal, folder, press
        self._recipients = {
            recipient.id: recipient for recipient in resolve(appeal.recipients, desk.workspace.directories).recipients
        }

    def fax(self, item: PlanItem) -> DocumentRecord:
        """Stage the fax of an item, and return its record."""
        letter = self._letter(item)
        assert letter.pages is not None
        content = self._folder.read(letter.path)
        if content is None or digest(content) != letter.sha256:
            raise OutboxError(letter.path, "is not as it was made; make the letters again")
        pages = letter.pages + 1
        cover = self._press.fax_cover(self._composed(item, letter.on), self._printed(item), pages)
        path = fax_path(letter.path)
        fax = joined([("the cover page", cover.pdf), (letter.path, content)])
        record = partial(DocumentRecord, language=letter.language, on=letter.on, recipient=letter.recipient)
        return record(path=path, sha256=self._folder.add(path, fax), kind="fax", sender=letter.sender, pages=pages)

    def _printed(self, item: PlanItem) -> str:
        """Return the number that a fax goes to as the directory prints it."""
        contacts = self._recipients[item.key.recipient].office.contacts
        printed = (contact.printed for contact in contacts if contact.e164 == item.address)
        return next(printed, item.address or "")

    def _letter(self, item: PlanItem) -> DocumentRecord:
        manifest: Manifest | None = self._folder.previous
        assert manifest is not None
        key = (item.key.recipient, item.key.language, item.key.sender)
        return next(
            record
            for record in manifest.documents
            if record.kind == "pdf" and (record.recipient, record.language, record.sender) == key
        )

    def _composed(self, item: PlanItem, on: date) -> Letter:
        workspace = self._desk.workspace
        return compose(
            self._appeal,
            self._recipients[item.key.recipient],
            campaign=self._desk.campaign,
            sender=item.key.sender,
            phrases=workspace.phrases[item.key.language],
            directories=workspace.directories,
            on=on,
        )
