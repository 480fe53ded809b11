"""Tell the new part of a mail from what it quotes or forwards, by the habits of mail programs in many languages.

`split(text, subject)` returns the parts of a plain text by their offsets; `forwarded_subject(subject)` tells what a
subject says. Phrases are data (`habits`, `further_habits`): a language more is a table more. Nothing here is
evidence of who wrote: anyone can type a header block.
"""

from urgent_appeals.responses.quoting.headers import Header
from urgent_appeals.responses.quoting.splitting import split
from urgent_appeals.responses.quoting.subjects import forwarded_subject
from urgent_appeals.responses.quoting.values import Forwarded, Part, Place, Split

__all__ = ["Forwarded", "Header", "Part", "Place", "Split", "forwarded_subject", "split"]
