"""A machine whose name, user, time zone and passwords tell of its owner, and what another supporter has told.

What tests of leaks look for, in every byte that leaves such a machine or stays behind on it.
"""

from __future__ import annotations

import io
import os
import platform
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from bench.checking import write_workspace
from tests.dispatch.builders import PASSWORD
from tests.leak_scanner import files_below

CODE = "XAA 001/0126/OBS 001"
ON = ("--on", "2026-11-02")
USER = "coordinator"
HOST, ZONE, OWNER = "janes-mac.local", "QXTZONE", "janequist"
OTHER = (
    "Odalys Vane",
    "Vane, Odalys",
    "Odalys",
    "Quillfeather",
    "77 Marigold Mews",
    "Marigold",
    "o.vane@private.example",
    "private.example",
)
"""Everything that another supporter has told of herself."""
LOGIN = "AGNvb3JkaW5hdG9yAGh1bnRlcjI="
"""What says user and password in AUTH PLAIN."""
OF_THE_MACHINE = (HOST, "janes-mac", OWNER, ZONE, "+0500", "+05:00", "+05'00")
SECRETS = (PASSWORD, LOGIN)

CAMPAIGN = f"""\
name: {{en: Letter Desk, ru: Служба писем}}
languages: [en, ru]
senders:
  hale: {{name: Margaret Hale, address: [14 Albion Terrace, Leeds], email: m.hale@letters.example}}
  vane:
    name: {OTHER[0]}
    organisation: Quillfeather, Vane & Daughters
    address: [{OTHER[4]}, Leeds]
    email: {OTHER[6]}
sender: hale
"""


@dataclass
class Told:
    """What was told of a workspace, by command, and the exit status of each."""

    root: Path
    told: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)

    def command(self, name: str, *arguments: str | Path) -> str:
        """Run a command, keep what it told, and return what it printed."""
        from urgent_appeals.cli.main import main

        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            self.statuses[name] = main(["-v", "-C", str(self.root), *map(str, arguments)])
        self.told[name] = f"{out.getvalue()}\n{err.getvalue()}".encode()
        return out.getvalue()

    @property
    def outbox(self) -> dict[str, bytes]:
        """Every file that was made."""
        return files_below(self.root / "outbox")


@contextmanager
def telling_machine() -> Iterator[pytest.MonkeyPatch]:
    """Let the machine have a name, a user and a time zone that tell of its owner, and an umask that lets all read."""
    named = os.uname_result(("Linux", HOST, *tuple(os.uname())[2:]))
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in (
            (socket, "gethostname", lambda: HOST),
            (socket, "getfqdn", lambda _="": HOST),
            (platform, "node", lambda: HOST),
            (os, "uname", lambda: named),
        ):
            patch.setattr(module, name, value)
        patch.setenv("TZ", f"{ZONE}-5")
        for name in ("HOSTNAME", "HOST"):
            patch.setenv(name, HOST)
        for name in ("USER", "LOGNAME", "USERNAME"):
            patch.setenv(name, OWNER)
        for name in ("APPEALS_SMTP_PASSWORD", "APPEALS_IMAP_PASSWORD", "PGPASSWORD"):
            patch.setenv(name, PASSWORD)
        patch.setenv("NO_COLOR", "1")
        patch.setattr("urgent_appeals.cli.dispatch.day_of_clock", lambda: date.fromisoformat(ON[1]))
        time.tzset()
        before = os.umask(0o022)
        yield patch
        os.umask(before)
    time.tzset()


def lay_out(root: Path) -> None:
    """Write a workspace with one appeal to three officials, and two who may sign."""
    write_workspace(root, 1)
    (root / "campaign.yaml").write_text(CAMPAIGN, "utf-8")
    directory = root / "recipients" / "country-1.yaml"
    text = directory.read_text("utf-8").rstrip("\n")
    text = text.replace("\n  prosecutor:", "\n    email: minister@arlandia.example\n  prosecutor:")
    directory.write_text(f"{text}\n    email: prosecutor@arlandia.example\n", "utf-8")


def open_to_others(folder: Path) -> list[str]:
    """Return what is in a folder, itself included, that is no file of mode 0600 or folder of mode 0700."""
    return [
        f"{path.name} {stat.filemode(path.stat().st_mode)}"
        for path in (folder, *sorted(folder.rglob("*")))
        if stat.S_IMODE(path.stat().st_mode) != (0o700 if path.is_dir() else 0o600)
    ]
