"""`python -m pipeline` is `newsfold`."""

from pipeline.app.cli import main

main()
