"""`python -m regulars.desks.cli` is `regulars`."""

from regulars.desks.cli.main import main

main()
