"""Build definitions in which every value has a place of its own, so that a test can ask where a problem stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from tests.builders import a_campaign, a_directory, a_prose, an_appeal, phrases
from urgent_appeals.domain.appeal import Appeal
from urgent_appeals.domain.campaign import Campaign
from urgent_appeals.domain.check import Definitions
from urgent_appeals.domain.directory import Directory
from urgent_appeals.domain.problem import Origin, Path, Problem, Severity
from urgent_appeals.domain.prose import Prose

FOLDER = "appeals/XAA-007-0326-OBS-021/01"
HEADER = f"{FOLDER}/appeal.yaml"


class Found(NamedTuple):
    """What a rule found: in which file, at which value, what, and what to do; `warning` where it holds up nothing."""

    file: str
    path: Path
    message: str
    hint: str | None = None
    warning: bool = False


class _Everywhere(Mapping[Path, tuple[int, int]]):
    """Places for whatever path is asked for: each path has a line of its own."""

    def __init__(self) -> None:
        self.paths: list[Path] = []

    def __getitem__(self, path: Path) -> tuple[int, int]:
        if path not in self.paths:
            self.paths.append(path)
        return self.paths.index(path) + 1, 1

    def __contains__(self, path: object) -> bool:
        return True

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


_PLACES = _Everywhere()


def origin(file: str, text: str = "") -> Origin:
    return Origin(file, text, _PLACES)


def found(problems: Iterable[Problem]) -> list[Found]:
    """Return problems with the paths at which they stand."""
    return [
        Found(p.file, _PLACES.paths[p.line - 1], p.message, p.hint, p.severity is Severity.WARNING) for p in problems
    ]


def the_prose(language: str = "en", *, text: str = "", **changes: Any) -> Prose:
    return a_prose(language, **({"origin": origin(f"{FOLDER}/{language}.md", text)} | changes))


def the_appeal(*, text: str = "", **changes: Any) -> Appeal:
    """Return an appeal about which there is nothing to say."""
    values: dict[str, Any] = {
        "kind": "update",
        "title": {"en": "T", "ru": "Т"},
        "sources": ({"title": "Statement"},),
        "folder": FOLDER,
        "origin": origin(f"{changes.get('folder', FOLDER)}/appeal.yaml", text),
        "prose": {language: the_prose(language) for language in ("en", "ru")},
    }
    return an_appeal(**(values | changes))


def the_campaign(**changes: Any) -> Campaign:
    return a_campaign(**({"origin": origin("campaign.yaml")} | changes))


def the_directory(stem: str = "arlandia", **changes: Any) -> Directory:
    """Return Arlandia as read from a file."""
    return a_directory(**({"origin": origin(f"recipients/{stem}.yaml")} | changes))


def definitions(*appeals: Appeal, **changes: Any) -> Definitions:
    """Return a workspace of appeals about which there is nothing to say but what is changed."""
    values: dict[str, Any] = {
        "campaign": the_campaign(),
        "appeals": appeals or (the_appeal(),),
        "directories": {"arlandia": the_directory()},
        "phrases": {
            language: phrases(language, reviewed=True, origin=origin(f"templates/phrases/{language}.yaml"))
            for language in ("en", "ru")
        },
    }
    return Definitions(**(values | changes))
