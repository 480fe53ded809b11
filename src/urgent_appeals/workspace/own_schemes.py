"""Save the workspace's own schemes of case codes out of a `campaign.yaml` that is not in order elsewhere."""

from __future__ import annotations

from pydantic import ValidationError

from urgent_appeals.domain.campaign import SchemeDefinition
from urgent_appeals.workspace.yaml_text import Data


def salvaged_schemes(data: Data) -> tuple[SchemeDefinition, ...]:
    """Return the schemes up to the first that cannot be read, so that each keeps its place in the file."""
    schemes = data.get("schemes") if isinstance(data, dict) else None
    found: list[SchemeDefinition] = []
    for scheme in schemes if isinstance(schemes, list) else ():
        try:
            found.append(SchemeDefinition.model_validate(scheme))
        except ValidationError:
            break
    return tuple(found)
