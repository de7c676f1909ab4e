"""Form templates in the database, their trials, and what reviewers taught."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from archive.forms.registered_form import FormState, LabelHint, RegisteredForm, Trial, ZoneFigures
from archive.mongo.database import Database
from archive.mongo.records import CounterRecord, FormRecord, LabelHintRecord, TrialRecord, ZoneFiguresRecord

_STAMP = "form_templates"


class FormStore:
    """Reads and writes form templates: a small collection, whose states are asked for one by one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(self, form: RegisteredForm) -> None:
        """Store a new form."""
        self._database.run(self._insert(form))

    async def _insert(self, form: RegisteredForm) -> None:
        await FormRecord.of(form).insert()

    def by_id(self, form_id: str) -> RegisteredForm | None:
        """Return the form, or None."""
        return self._database.run(self._one(form_id))

    async def _one(self, form_id: str) -> RegisteredForm | None:
        record = await FormRecord.find_one({"_id": form_id})
        return record.to_value() if record else None

    def all(self) -> list[RegisteredForm]:
        """Return every form."""
        return self._database.run(self._many({}))

    def in_state(self, state: FormState) -> list[RegisteredForm]:
        """Return the forms in a state."""
        return self._database.run(self._many({"state": state.value}))

    async def _many(self, query: dict[str, Any]) -> list[RegisteredForm]:
        return [record.to_value() async for record in FormRecord.find(query)]

    def change(self, form: RegisteredForm, changes: Mapping[str, Any]) -> bool:
        """Change a form that still is as it was shown; False where it is not."""
        return self._database.run(self._change(form, changes))

    async def _change(self, form: RegisteredForm, changes: Mapping[str, Any]) -> bool:
        result = await FormRecord.get_pymongo_collection().update_one(
            {"_id": form.id, "revision": form.revision}, {"$set": dict(changes), "$inc": {"revision": 1}}
        )
        return bool(result.matched_count)

    def stamp(self) -> int:
        """Return a number that is another one after each change of what is read by; cheap to ask before each scan."""
        return self._database.run(self._stamp())

    async def _stamp(self) -> int:
        record = await CounterRecord.find_one({"_id": _STAMP})
        return record.value if record else 0

    def touch(self) -> None:
        """Make ``stamp`` return another number."""
        self._database.run(self._touch())

    async def _touch(self) -> None:
        await CounterRecord.get_pymongo_collection().update_one({"_id": _STAMP}, {"$inc": {"value": 1}}, upsert=True)

    def delete(self, form: RegisteredForm) -> bool:
        """Delete a form that still is as it was shown, with its trial and figures; False where it is not."""
        return self._database.run(self._delete(form))

    async def _delete(self, form: RegisteredForm) -> bool:
        collection = FormRecord.get_pymongo_collection()
        result = await collection.delete_one({"_id": form.id, "revision": form.revision})
        if not result.deleted_count:
            return False
        await TrialRecord.get_pymongo_collection().delete_one({"_id": form.id})
        await ZoneFiguresRecord.get_pymongo_collection().delete_many({"form_id": form.id})
        return True

    # Trials

    def put_trial(self, trial: Trial) -> None:
        """Begin a trial; it takes the place of the form's last one."""
        self._database.run(self._put_trial(trial))

    async def _put_trial(self, trial: Trial) -> None:
        collection = TrialRecord.get_pymongo_collection()
        await collection.replace_one({"_id": trial.id}, {"_id": trial.id, **trial.model_dump()}, upsert=True)

    def trial(self, form_id: str) -> Trial | None:
        """Return the form's trial, or None."""
        return self._database.run(self._trial(form_id))

    async def _trial(self, form_id: str) -> Trial | None:
        record = await TrialRecord.find_one({"_id": form_id})
        return record.to_value() if record else None

    def open_trials(self) -> list[Trial]:
        """Return the trials that are not done."""
        return self._database.run(self._open_trials())

    async def _open_trials(self) -> list[Trial]:
        return [record.to_value() async for record in TrialRecord.find({"done": False})]

    def change_trial(self, trial: Trial, changes: Mapping[str, Any]) -> bool:
        """Change a trial, unless another has taken its place."""
        return self._database.run(self._change_trial(trial, changes))

    async def _change_trial(self, trial: Trial, changes: Mapping[str, Any]) -> bool:
        result = await TrialRecord.get_pymongo_collection().update_one(
            {"_id": trial.id, "ticket": trial.ticket}, {"$set": dict(changes)}
        )
        return bool(result.matched_count)

    def forget_trials(self, before: datetime) -> None:
        """Delete old trials: they hold what stands on a customer's form."""
        self._database.run(self._forget_trials(before))

    async def _forget_trials(self, before: datetime) -> None:
        await TrialRecord.get_pymongo_collection().delete_many({"begun_at": {"$lt": before}})

    # What reviewers taught

    def count(self, form_id: str, zone_id: str, outcomes: Mapping[str, int]) -> None:
        """Add to the figures of a zone."""
        self._database.run(self._count(form_id, zone_id, outcomes))

    async def _count(self, form_id: str, zone_id: str, outcomes: Mapping[str, int]) -> None:
        await ZoneFiguresRecord.get_pymongo_collection().update_one(
            {"_id": f"{form_id}:{zone_id}"},
            {"$set": {"form_id": form_id, "zone_id": zone_id}, "$inc": dict(outcomes)},
            upsert=True,
        )

    def figures(self, form_id: str) -> dict[str, ZoneFigures]:
        """Return the figures of a form, by zone id."""
        return self._database.run(self._figures(form_id))

    async def _figures(self, form_id: str) -> dict[str, ZoneFigures]:
        return {record.zone_id: record.to_value() async for record in ZoneFiguresRecord.find({"form_id": form_id})}

    def count_hint(self, hint: LabelHint) -> None:
        """Count a label that was taken for a field; what was decided about it stays."""
        self._database.run(self._count_hint(hint))

    async def _count_hint(self, hint: LabelHint) -> None:
        await LabelHintRecord.get_pymongo_collection().update_one(
            {"_id": hint.id},
            {
                "$set": {"type": hint.type, "name": hint.name},
                "$setOnInsert": {"label": hint.label, "state": "open"},
                "$inc": {"count": 1},
            },
            upsert=True,
        )

    def hints(self, state: str) -> list[LabelHint]:
        """Return the hints in a state, most frequent first."""
        found: list[LabelHint] = self._database.run(self._hints(state))
        return sorted(found, key=lambda hint: (-hint.count, hint.label))

    async def _hints(self, state: str) -> list[LabelHint]:
        return [record.to_value() async for record in LabelHintRecord.find({"state": state})]

    def hint(self, hint_id: str) -> LabelHint | None:
        """Return the hint, or None."""
        return self._database.run(self._hint(hint_id))

    async def _hint(self, hint_id: str) -> LabelHint | None:
        record = await LabelHintRecord.find_one({"_id": hint_id})
        return record.to_value() if record else None

    def decide_hint(self, hint_id: str, state: str) -> None:
        """Close a hint."""
        self._database.run(self._decide_hint(hint_id, state))

    async def _decide_hint(self, hint_id: str, state: str) -> None:
        await LabelHintRecord.get_pymongo_collection().update_one({"_id": hint_id}, {"$set": {"state": state}})
