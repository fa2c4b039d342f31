"""What can be wrong with a warehouse that is read."""


class MissingError(Exception):
    """There is no such warehouse, table, column or view."""


class LaterContractError(ValueError):
    """A file was written by a later newsfold, with a contract that this reader does not know."""
