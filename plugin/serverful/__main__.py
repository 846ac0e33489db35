"""`python -m serverful` is the command `serverful`."""

from serverful.cli import main

main()
