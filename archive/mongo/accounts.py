"""Users, units and dossier types in the database: small collections, read whole."""

from typing import Any

from pymongo.errors import DuplicateKeyError

from archive.dossier_type import DossierType
from archive.mongo.database import Database
from archive.mongo.records import DossierRecord, DossierTypeRecord, UnitRecord, UserRecord


class AccountStore:
    """Reads and writes users and units."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def user(self, user_id: str) -> UserRecord | None:
        """Return the user, or None."""
        return self._database.run(self._user({"_id": user_id}))

    def user_named(self, username: str) -> UserRecord | None:
        """Return the user of that (folded) name, or None."""
        return self._database.run(self._user({"username": username}))

    def user_with_token(self, token_hash: str) -> UserRecord | None:
        """Return the user that the token was made for, or None."""
        return self._database.run(self._user({"token_hash": token_hash}))

    async def _user(self, query: dict[str, Any]) -> UserRecord | None:
        return await UserRecord.find_one(query)

    def users(self) -> list[UserRecord]:
        """Return all users by name."""
        return self._database.run(self._users())

    async def _users(self) -> list[UserRecord]:
        users = [user async for user in UserRecord.find({})]
        return sorted(users, key=lambda user: user.username)

    def add_user(self, user: UserRecord) -> bool:
        """Store a new user; False where the name is taken."""
        return self._database.run(self._add(user))

    async def _add(self, user: UserRecord) -> bool:
        try:
            await user.insert()
        except DuplicateKeyError:
            return False
        return True

    def change_user(self, user_id: str, changes: dict[str, Any], *, only_if: dict[str, Any] | None = None) -> bool:
        """Change a user; False where ``only_if`` no longer holds."""
        return self._database.run(self._change({"_id": user_id, **(only_if or {})}, changes))

    async def _change(self, query: dict[str, Any], changes: dict[str, Any]) -> bool:
        result = await UserRecord.get_pymongo_collection().update_one(query, {"$set": changes})
        return bool(result.matched_count)

    def units(self) -> list[UnitRecord]:
        """Return all units by id."""
        return self._database.run(self._units())

    async def _units(self) -> list[UnitRecord]:
        units = [unit async for unit in UnitRecord.find({})]
        return sorted(units, key=lambda unit: unit.id)

    def put_unit(self, unit: UnitRecord) -> None:
        """Store a unit, new or changed, and mark its dossiers for the index, which knows its names."""
        self._database.run(self._put_unit(unit), timeout_s=600)

    async def _put_unit(self, unit: UnitRecord) -> None:
        await UnitRecord.get_pymongo_collection().replace_one(
            {"_id": unit.id}, {"_id": unit.id, **unit.model_dump(exclude={"id", "revision_id"})}, upsert=True
        )
        await DossierRecord.get_pymongo_collection().update_many({"unit": unit.id}, {"$set": {"index_pending": True}})


class TypeStore:
    """Reads and writes dossier types."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[DossierType]:
        """Return the current version of every type that was changed from the built-in one, or added."""
        return self._database.run(self._all())

    async def _all(self) -> list[DossierType]:
        return [record.to_value() async for record in DossierTypeRecord.find({})]

    def put(self, dossier_type: DossierType, *, previous_version: int) -> bool:
        """Store a new version, as yet unsettled; False where another version than ``previous_version`` is stored."""
        return self._database.run(self._put(dossier_type, previous_version))

    async def _put(self, dossier_type: DossierType, previous_version: int) -> bool:
        collection = DossierTypeRecord.get_pymongo_collection()
        document = {**dossier_type.model_dump(), "dossiers_pending": True}
        stored = await collection.find_one({"_id": dossier_type.name})
        if stored is None:
            try:
                await collection.insert_one({"_id": dossier_type.name, **document})
            except DuplicateKeyError:
                return False
            return True
        result = await collection.replace_one({"_id": dossier_type.name, "version": previous_version}, document)
        return bool(result.matched_count)

    def unsettled(self) -> list[tuple[str, int]]:
        """Return name and version of the types whose dossiers do not know yet that it was changed."""
        return self._database.run(self._unsettled())

    async def _unsettled(self) -> list[tuple[str, int]]:
        found = DossierTypeRecord.get_pymongo_collection().find({"dossiers_pending": True})
        return [(document["_id"], document["version"]) async for document in found]

    def settle(self, name: str, version: int) -> None:
        """Note that the dossiers of a type know of this version."""
        change = {"$set": {"dossiers_pending": False}}
        self._database.run(
            DossierTypeRecord.get_pymongo_collection().update_one({"_id": name, "version": version}, change)
        )
