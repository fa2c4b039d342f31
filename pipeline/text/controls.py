"""Controls among bytes, by which binary content is told from text in any character set."""

SAMPLE_BYTES = 4_096
# Those that no text has; without NUL, which some pages are full of, and escape, by which ISO-2022-JP shifts.
_CONTROLS = bytes({*range(1, 9), 11, *range(14, 27), *range(28, 32), 127})


def n_controls(sample: bytes) -> int:
    """How many of these bytes are controls that no text has."""
    return len(sample) - len(sample.translate(None, _CONTROLS))
