"""Letters that readers, human and machine, take for digits."""

__all__ = ["as_digits"]

_LOOKALIKES = str.maketrans(
    {
        "O": "0",
        "o": "0",
        "D": "0",
        "Q": "0",
        "〇": "0",
        "I": "1",
        "l": "1",
        "i": "1",
        "|": "1",
        "!": "1",
        "Z": "2",
        "z": "2",
    }
    | {"S": "5", "s": "5", "b": "6", "G": "6", "B": "8", "g": "9", "q": "9"}
)


def as_digits(text: str) -> str:
    """``text`` with every letter that looks like a digit replaced by that digit.

    For suggestions only: the raw text stays what it is.
    """
    return text.translate(_LOOKALIKES)
