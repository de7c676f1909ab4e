"""Saved and recent searches, and lists of names with their answers, in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from archive.finding.name_list import ListAnswer, NameList
from archive.finding.question import RecentSearch, SavedSearch, SearchSight
from archive.mongo.database import Database
from archive.mongo.records import (
    ListStretchRecord,
    NameListRecord,
    RecentSearchesRecord,
    Record,
    SavedSearchRecord,
    SearchSightRecord,
)


async def _put(record: Record) -> None:
    await (
        type(record)
        .get_pymongo_collection()
        .replace_one(
            {"_id": record.id}, {"_id": record.id, **record.model_dump(exclude={"id", "revision_id"})}, upsert=True
        )
    )


class SearchStore:
    """Reads and writes saved searches, what users make of them, and what users asked lately."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def saved(self, search_id: str) -> SavedSearch | None:
        """Return the saved search, or None."""
        return next(iter(self._database.run(self._saved({"_id": search_id}))), None)

    def saved_by(self, user_id: str) -> list[SavedSearch]:
        """Return what the user has saved."""
        return self._database.run(self._saved({"owner_id": user_id}))

    def shared_in(self, units: frozenset[str] | None) -> list[SavedSearch]:
        """Return what is shared in one of the units; None: in any."""
        within = {"$gt": ""} if units is None else {"$in": sorted(units)}
        return self._database.run(self._saved({"unit": within}))

    async def _saved(self, query: dict[str, Any]) -> list[SavedSearch]:
        return [record.to_value() async for record in SavedSearchRecord.find(query)]

    def put(self, search: SavedSearch) -> None:
        """Store a saved search, new or changed."""
        self._database.run(_put(SavedSearchRecord.of(search)))

    def remove(self, search_id: str) -> None:
        """Forget a saved search and what users made of it."""
        self._database.run(self._remove(search_id))

    async def _remove(self, search_id: str) -> None:
        await SavedSearchRecord.get_pymongo_collection().delete_one({"_id": search_id})
        await SearchSightRecord.get_pymongo_collection().delete_many({"search_id": search_id})

    def sights(self, user_id: str) -> dict[str, SearchSight]:
        """Return what the user makes of saved searches, by the search's id."""
        return {sight.search_id: sight for sight in self._database.run(self._sights(user_id))}

    async def _sights(self, user_id: str) -> list[SearchSight]:
        return [record.to_value() async for record in SearchSightRecord.find({"user_id": user_id})]

    def put_sight(self, sight: SearchSight) -> None:
        """Store what a user makes of a saved search."""
        self._database.run(_put(SearchSightRecord.of(sight, id=f"{sight.search_id}:{sight.user_id}")))

    def recent(self, user_id: str) -> list[RecentSearch]:
        """Return what the user asked lately, the last first."""
        return self._database.run(self._recent(user_id))

    async def _recent(self, user_id: str) -> list[RecentSearch]:
        record = await RecentSearchesRecord.find_one({"_id": user_id})
        return record.searches if record else []

    def put_recent(self, user_id: str, searches: Sequence[RecentSearch]) -> None:
        """Store what the user asked lately, in place of what was stored."""
        self._database.run(_put(RecentSearchesRecord(id=user_id, searches=list(searches))))

    def forget_recent(self, user_id: str) -> None:
        """Forget what the user asked lately."""
        self._database.run(RecentSearchesRecord.get_pymongo_collection().delete_one({"_id": user_id}))


class NameListStore:
    """Reads and writes lists of names and the answers to their lines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, list_id: str) -> NameList | None:
        """Return the list, or None."""
        return next(iter(self._database.run(self._lists({"_id": list_id}))), None)

    def of_user(self, user_id: str) -> list[NameList]:
        """Return the user's lists, the latest first."""
        found = self._database.run(self._lists({"owner_id": user_id}))
        return sorted(found, key=lambda each: each.created_at, reverse=True)

    def older_than(self, moment: datetime) -> list[str]:
        """Return ids of the lists made before the moment."""
        return [each.id for each in self._database.run(self._lists({"created_at": {"$lt": moment}}))]

    async def _lists(self, query: dict[str, Any]) -> list[NameList]:
        return [record.to_value() async for record in NameListRecord.find(query)]

    def put(self, name_list: NameList) -> None:
        """Store a list."""
        self._database.run(_put(NameListRecord.of(name_list)))

    def remove(self, list_id: str) -> None:
        """Forget a list and its answers."""
        self._database.run(self._remove(list_id))

    async def _remove(self, list_id: str) -> None:
        await NameListRecord.get_pymongo_collection().delete_one({"_id": list_id})
        await ListStretchRecord.get_pymongo_collection().delete_many({"list_id": list_id})

    def answers(self, list_id: str) -> dict[int, list[ListAnswer]]:
        """Return the answers so far, by the index of the first line that they belong to."""
        return {stretch.start: stretch.answers for stretch in self._database.run(self._stretches(list_id))}

    async def _stretches(self, list_id: str) -> list[ListStretchRecord]:
        return [record async for record in ListStretchRecord.find({"list_id": list_id})]

    def put_answers(self, list_id: str, start: int, answers: Sequence[ListAnswer]) -> None:
        """Store the answers to the lines from ``start`` on."""
        record = ListStretchRecord(id=f"{list_id}:{start}", list_id=list_id, start=start, answers=list(answers))
        self._database.run(_put(record))

    def forget_answers(self, list_id: str, starts: Sequence[int]) -> None:
        """Forget some of the answers, so that the lines are looked up again."""
        self._database.run(self._forget([f"{list_id}:{start}" for start in starts]))

    async def _forget(self, ids: list[str]) -> None:
        await ListStretchRecord.get_pymongo_collection().delete_many({"_id": {"$in": ids}})
