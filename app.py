"""The chat in the browser. `python app.py` is `qa serve`, set up by the QA_* environment variables."""

from __future__ import annotations

import sys

from qa.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
