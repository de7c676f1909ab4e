"""What goes from one process to another quickly."""

from typing import Any


class Sendable:
    """Is sent by its values, and not by their names one after the other, which takes twice as long."""

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple([getattr(self, name) for name in self.__slots__])
