"""`newsfold`, and `python -m pipeline`. The command line is imported late: an interrupt of the import is one, too."""

from pipeline.app import interrupt


def main() -> None:
    interrupt.guarded(_run)


def _run() -> None:
    from pipeline.app import cli

    cli.main()


if __name__ == "__main__":
    main()
