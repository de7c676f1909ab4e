"""Bytes of received files in GridFS, addressed by their SHA-256."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Any

from bson import ObjectId
from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import NoFile

from archive.errors import IntegrityError
from archive.mongo.database import Database

TRANSFER_TIMEOUT_S = 600.0
ORPHAN_AGE = timedelta(hours=6)
"""An upload without a file entry may still be running; after this it is not."""

_UPLOADS = "uploads"
"""Collection of uploads under way: looking through all chunks for the ownerless ones would read every byte stored."""


@dataclass(frozen=True, slots=True)
class BlobFile:
    """A stored file, ready to be sent.

    Attributes:
        chunks: The bytes, piece by piece; they can be walked once.
    """

    filename: str
    media_type: str
    size_bytes: int
    chunks: Iterator[bytes]


class BlobStore:
    """Puts and gets blobs. The same bytes are stored once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, stream: IO[bytes], sha256: str) -> None:
        """Store the bytes of the stream under their digest, unless they are there.

        A file entry is written after its last chunk, so bytes that can be found are whole.
        """
        self._database.run(self._put(stream, sha256), timeout_s=TRANSFER_TIMEOUT_S)

    async def _put(self, stream: IO[bytes], sha256: str) -> None:
        database = self._database.raw
        if await database["fs.files"].find_one({"filename": sha256}) is not None:
            return
        upload = ObjectId()
        await database[_UPLOADS].insert_one({"_id": upload, "at": datetime.now(UTC)})
        await AsyncGridFSBucket(database).upload_from_stream_with_id(upload, sha256, stream)
        await database[_UPLOADS].delete_one({"_id": upload})

    def get(self, sha256: str) -> bytes:
        """Return the bytes, checked against their digest.

        Raises:
            IntegrityError: They are missing, or are not what was stored.
        """
        data = b"".join(self.chunks(sha256))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise IntegrityError(f"The stored bytes of blob {sha256} have changed; restore them from a backup.")
        return data

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """Return the bytes piece by piece; whether they are there is told at once, before the first is sent.

        Raises:
            IntegrityError: They are missing.
        """
        return self._pieces(self._database.run(self._open(sha256)))

    def _pieces(self, stream: Any) -> Iterator[bytes]:
        while piece := self._database.run(stream.readchunk()):
            yield piece

    async def _open(self, sha256: str) -> Any:
        try:
            return await AsyncGridFSBucket(self._database.raw).open_download_stream_by_name(sha256)
        except NoFile as error:
            raise IntegrityError(f"The bytes of blob {sha256} are missing; restore them from a backup.") from error

    def sweep(self) -> int:
        """Remove the chunks that an upload cut short has left behind, and return of how many uploads."""
        return self._database.run(self._sweep(), timeout_s=TRANSFER_TIMEOUT_S)

    async def _sweep(self) -> int:
        database = self._database.raw
        limit = datetime.now(UTC) - ORPHAN_AGE
        swept = 0
        async for upload in database[_UPLOADS].find({}):
            if upload["at"] > limit:
                continue
            if await database["fs.files"].find_one({"_id": upload["_id"]}) is None:
                await database["fs.chunks"].delete_many({"files_id": upload["_id"]})
                swept += 1
            await database[_UPLOADS].delete_one({"_id": upload["_id"]})
        return swept
