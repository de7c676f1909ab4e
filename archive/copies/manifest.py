"""What a backup says of itself, and the digests by which it is checked. Pure: no I/O but on the files it is given."""

import hashlib
import json
from datetime import datetime
from typing import Literal

from pydantic import Field, ValidationError

from archive.errors import BackupError
from archive.mongo.dump import COLLECTIONS
from archive.values import Value

FORMAT = 1
"""Raised when an older program could no longer restore what a newer one writes."""


class DocumentFile(Value):
    """One collection in a backup.

    Attributes:
        documents: How many there are.
        sha256: Of the file as it lies in the backup, compressed.
    """

    documents: int = Field(ge=0)
    size_bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Value):
    """The head of a backup.

    Attributes:
        program: The version that made it.
        begun: From when the documents are at the earliest; ``ended`` is when the last file was copied.
        collections: One file each, by the collection's name.
        files: How many stored files belong to it, and the list of their digests.
        missing: Digests of files that the archive had lost, or found changed, when it was copied.
    """

    format: Literal[1] = 1
    program: str
    begun: datetime
    ended: datetime
    collections: dict[str, DocumentFile]
    files: DocumentFile
    missing: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return it as text, with a digest over all the rest."""
        content = self.model_dump(mode="json")
        return json.dumps({**content, "digest": _digest(content)}, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> "Manifest":
        """Read it back.

        Raises:
            BackupError: It was changed, names collections that do not exist, or is of a newer program.
        """
        try:
            content = json.loads(text)
            digest = content.pop("digest")
            if content.get("format") != FORMAT:
                raise BackupError(
                    "The backup is of another version of the program; restore it with that.", code="backup-incompatible"
                )
            if digest != _digest(content):
                raise BackupError("The backup's manifest was changed.", code="backup-damaged")
            manifest = cls.model_validate(content)
        except (ValueError, KeyError, AttributeError, TypeError, ValidationError) as error:
            raise BackupError("The backup's manifest cannot be read.", code="backup-damaged") from error
        # The names become names of files. An older program may have had fewer.
        if not set(manifest.collections) <= set(COLLECTIONS):
            raise BackupError(
                "The backup holds collections that this version does not know.", code="backup-incompatible"
            )
        return manifest


def _digest(content: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
