"""Open the channels that a run needs, from the settings of the desk."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from urgent_appeals.dispatch.channel import Channel
from urgent_appeals.dispatch.drafts import DraftsChannel, mailbox_credential
from urgent_appeals.dispatch.fax import FaxCommand, FaxGateway
from urgent_appeals.dispatch.post import PostChannel, Tray
from urgent_appeals.dispatch.smtp import SmtpChannel, credential_of
from urgent_appeals.domain.desk import Desk as Settings
from urgent_appeals.domain.item import Via


def open_channels(settings: Settings, tray: Tray, ways: Collection[Via]) -> Mapping[Via, Channel]:
    """Return a channel for each of the ways; nothing is connected yet. `tray` gathers what is to be printed.

    Raises NoDesk, NoPassword, AccountUnusable.
    """
    return {via: _channel(via, settings, tray) for via in sorted(ways)}


def _channel(via: Via, settings: Settings, tray: Tray) -> Channel:
    match via:
        case Via.EMAIL:
            return SmtpChannel(settings, credential_of(settings))
        case Via.DRAFTS:
            return DraftsChannel(settings, mailbox_credential(settings))
        case Via.FAX if settings.fax is not None and settings.fax.gateway is not None:
            return FaxGateway(settings, credential_of(settings))
        case Via.FAX:
            return FaxCommand(settings)
        case Via.POST:
            return PostChannel(tray)
