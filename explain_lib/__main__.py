"""`python -m explain_lib`: see `explain_lib.cli`."""

from .cli import main

raise SystemExit(main())
