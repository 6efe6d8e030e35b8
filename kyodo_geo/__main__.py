"""`python -m kyodo_geo` is the same as the command `kyodo-geo`."""

import sys

from kyodo_geo.cli import main

if __name__ == "__main__":
    sys.exit(main())
