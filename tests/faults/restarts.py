"""Start senders again, twice each, for a program that kills them: warm, and each in a process of its own.

    python -m tests.faults.restarts PORT CA_FILE LETTERS

Reads a line for each: the outbox and the plan's name, as JSON. Answers with what the log has after each restart.
"""

from __future__ import annotations

import json
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.faults.desk import a_plan
from tests.faults.killed_senders import forked, send


def main(port: int, ca_file: Path, letters: int) -> None:
    """Answer until there is nothing more to read."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer"
        for line in sys.stdin:
            outbox, name = json.loads(line)
            plan, found = a_plan(*(f"{name}-{number}" for number in range(letters)), name=name), []
            for _ in range(2):
                ended = forked(partial(send, Path(outbox), plan, port, ca_file), answer)
                found.append(json.loads(answer.read_text()) if ended == 0 else None)
            print(json.dumps(found), flush=True)  # noqa: T201  # the answer


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
