"""Run the command line with `python -m urgent_appeals`."""

import sys

from urgent_appeals.cli.main import main

sys.exit(main())
