"""What stages raise in tests; it is nobody's own exception."""


class BadLuckError(Exception):
    """What no stage raises by itself."""
