"""Turns at recurring work: of many workers, one at a time does it."""

import os
import secrets
import socket
from datetime import timedelta

from pymongo.errors import DuplicateKeyError

from archive.mongo.database import Database
from archive.mongo.records import LeaseRecord
from archive.values import utc_now


class LeaseStore:
    """Grants leases to this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"

    def take(self, work: str, lease: timedelta) -> bool:
        """Take or prolong the lease of a work; False while another process holds it."""
        return self._database.run(self._take(work, lease))

    async def _take(self, work: str, lease: timedelta) -> bool:
        leases, now = LeaseRecord.get_pymongo_collection(), utc_now()
        ours = {"holder": self._holder, "until": now + lease}
        for free in ({"_id": work, "holder": self._holder}, {"_id": work, "until": {"$lt": now}}):
            if (await leases.update_one(free, {"$set": ours})).matched_count:
                return True
        try:
            await leases.insert_one({"_id": work, **ours})
        except DuplicateKeyError:
            return False
        return True
