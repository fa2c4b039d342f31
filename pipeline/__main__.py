"""`python -m pipeline` is `newsfold`."""

from pipeline.cli import main

main()
