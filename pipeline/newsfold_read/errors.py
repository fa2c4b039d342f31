"""What can be wrong with a warehouse that is read."""


class MissingError(Exception):
    """There is no such warehouse, table, column or view."""


class CursorError(MissingError):
    """The feed of changes does not tell what came after a number: load every table again, from 0 on."""


class LaterContractError(ValueError):
    """A file was written by a later newsfold, with a contract that this reader does not know."""
