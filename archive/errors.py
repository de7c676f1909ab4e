"""The errors of the archive, one family.

    ArchiveError
        NotFoundError               the record does not exist, or the actor may not know that it does
        AccessDeniedError           the actor sees the record but may not do this
        StaleRevisionError          somebody else changed the record in the meantime
        InvalidInputError           a value that the use case refuses, with the field it stands in
        IntakeError                 a file is not taken in (code of the reason)
        WrongStateError             the record is not in a state that allows this
        InTrashError                the dossier is in the trash
        LoginRefusedError           user name or password wrong, or the account is off
        StorageUnavailableError *   the database does not answer
        SearchFailedError *         the index does not answer
        ReadingFailedError          a scan could not be read (code of the reason)
        IntegrityError              stored bytes differ from their digest, or are missing
        MissingSettingError         the system cannot start without this setting
        AlreadyRunningError         another instance holds the data directory
        ServiceStartError           an embedded service did not come up
        BackupError                 a backup cannot be made, is damaged, or cannot be restored (code of the reason)

``*`` marks the transient ones: the same call may succeed later. No message holds anything of a customer.
"""


class ArchiveError(Exception):
    """Base of every error that the archive raises on purpose.

    Attributes:
        code: Stable name of the cause; user interfaces translate it, programs branch on it.
        transient: Whether the same call may succeed later.
    """

    code = "archive-error"
    transient = False

    def __init__(self, message: str, *, code: str | None = None, transient: bool | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        if transient is not None:
            self.transient = transient


class NotFoundError(ArchiveError):
    """No such record, as far as this actor may know."""

    code = "not-found"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"There is no {kind} {key!r}.")
        self.kind = kind
        self.key = key


class AccessDeniedError(ArchiveError):
    """The actor lacks the right."""

    code = "access-denied"

    def __init__(self, right: str) -> None:
        super().__init__(f"This needs the right {right!r}; ask an administrator for a role that has it.")
        self.right = right


class StaleRevisionError(ArchiveError):
    """Somebody else changed the record after it was shown."""

    code = "stale-revision"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"The {kind} {key!r} was changed in the meantime; load it again and repeat the change.")


class InvalidInputError(ArchiveError):
    """A value that cannot be kept.

    Attributes:
        field: Name of the input at fault.
    """

    code = "invalid-input"

    def __init__(self, field: str, message: str, *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.field = field


class IntakeError(ArchiveError):
    """A file that is not taken in; ``code`` names the reason."""

    code = "not-taken-in"


class WrongStateError(ArchiveError):
    """The record's state does not allow this."""

    code = "wrong-state"

    def __init__(self, kind: str, key: str, state: str) -> None:
        super().__init__(f"The {kind} {key!r} is {state!r}, which does not allow this.")
        self.state = state


class InTrashError(ArchiveError):
    """The dossier is in the trash: it is kept, and an archivist can bring it back."""

    code = "in-trash"

    def __init__(self, code: str) -> None:
        super().__init__(f"The dossier {code!r} is in the trash; bring it back first.")


class LoginRefusedError(ArchiveError):
    """User name or password wrong, or the account is off; which of them is not told."""

    code = "login-refused"


class StorageUnavailableError(ArchiveError):
    """The database does not answer."""

    code = "storage-unavailable"
    transient = True


class SearchFailedError(ArchiveError):
    """The index does not answer."""

    code = "search-failed"
    transient = True


class ReadingFailedError(ArchiveError):
    """A scan could not be read; ``code`` names the reason."""

    code = "reading-failed"


class IntegrityError(ArchiveError):
    """Stored bytes are missing or differ from their digest."""

    code = "integrity"


class MissingSettingError(ArchiveError):
    """The system cannot start without this setting."""

    code = "missing-setting"

    def __init__(self, name: str) -> None:
        super().__init__(f"Set {name}: with a database server it cannot be made up. See docs/operations.md.")
        self.name = name


class AlreadyRunningError(ArchiveError):
    """Another instance holds the data directory."""

    code = "already-running"


class ServiceStartError(ArchiveError):
    """An embedded service did not come up."""

    code = "service-start"


class BackupError(ArchiveError):
    """A backup cannot be made, is damaged, or cannot be restored; ``code`` names the reason."""

    code = "backup-failed"
