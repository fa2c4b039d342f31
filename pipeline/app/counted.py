"""How many of something, in words: one day, two days."""


def counted(n: int, noun: str, many: str = "") -> str:
    """A number with its noun. `many` is the plural, where that is not the noun with an s."""
    return f"{n:,} {noun if n == 1 else many or f'{noun}s'}"
