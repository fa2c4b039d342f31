"""`newsfold`, and `python -m pipeline`. The command line is imported late: an interrupt of the import is one, too."""

from pipeline.app import interrupt


def main() -> None:
    interrupt.guarded(_run)


def _run() -> None:
    import atexit
    import gc
    import os

    # Before Arrow is loaded, here and in the child processes. Its own allocators keep what other threads free, up to twice what is used:
    # the system's gives it back (`store/spill.py`).
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    # Importing makes hundreds of thousands of objects and no garbage: with Python's 700, looking for it is a tenth of a short command.
    gc.set_threshold(20_000)
    # At its end Python looks at every object, module by module, of which compiled loops have the most: a third of a second. What is
    # left goes with the process. So an object that is part of a cycle then is not finalised: what must be closed stands in a `with`.
    atexit.register(gc.freeze)
    from pipeline.model import own_process

    own_process.settle()
    from pipeline.app import cli

    cli.main()


if __name__ == "__main__":
    main()
