"""`python -m memrob`, the same as the command `memrob`."""

import sys

from memrob.cli import main

sys.exit(main())
