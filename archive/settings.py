"""The settings: one frozen object, read once from ``DOSSIER_*`` variables and an optional ``.env``."""

import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from archive.errors import MissingSettingError


class Settings(BaseSettings):
    """Everything that may differ between two installations.

    With no variable set at all the system runs embedded: database, queue and index live under the data directory. Each
    of ``mongodb_uri``, ``meilisearch_url`` and ``queue_url`` replaces one embedded part by a server.
    """

    model_config = SettingsConfigDict(
        env_prefix="DOSSIER_",
        env_file=".env",
        env_file_encoding="utf-8",
        # "DOSSIER_WATCH_DIR=" means none; read as a path it would be the current folder.
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
    )

    data_dir: Path = Field(
        Path("dossier-data"), description="Folder of the embedded database, index, queue and secret."
    )
    mongodb_uri: str = Field("", description="MongoDB connection string; empty: the embedded database.")
    mongodb_database: str = Field("dossier", description="Name of the database on the server.")
    meilisearch_url: str = Field("", description="Address of a Meilisearch server; empty: the embedded index.")
    meilisearch_key: SecretStr = Field(
        SecretStr(""), description="API key for that server, scoped to the indexes below."
    )
    meilisearch_index: str = Field("dossiers", description="Name of the index on the server.")
    queue_url: str = Field("", description="Redis address of the job queue; empty: a queue under the data directory.")
    queue_name: str = Field("dossier", description="Name of the queue on that Redis.")
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs sessions and links. Embedded: made once, kept in the data directory. Otherwise required.",
    )

    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8080, ge=0, le=65535, description="Port the web server listens on; 0 takes a free one.")
    public_url: str = Field(
        "", description="Address users type, for links that leave the system; empty: host and port."
    )
    behind_proxy: bool = Field(
        False, description="Trust one reverse proxy's X-Forwarded headers; cookies become Secure."
    )
    web_threads: int = Field(8, ge=1, le=64, description="Request threads of the embedded web server.")
    search_processes: int | None = Field(
        None,
        ge=0,
        le=64,
        description="Processes that search the embedded index for the embedded web server; 0: it searches itself;"
        " none given: one for each processor, four at most.",
    )
    worker_threads: int = Field(2, ge=1, le=64, description="Jobs one worker process runs at once.")
    reading_processes: int = Field(1, ge=1, le=64, description="Processes that read scans, per worker process.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severity that is logged."
    )

    watch_dir: Path | None = Field(None, description="Folder whose files are taken in by themselves; empty: none.")
    watch_unit: str = Field("", description="Unit that owns what the watched folder brings; empty: the first unit.")
    ocr_engine: Literal["auto", "rapidocr", "tesseract"] = Field("auto", description="The reader of scans.")
    ocr_languages: str = Field(
        "",
        pattern=r"^([A-Za-z_]+(\+[A-Za-z_]+)*)?$",
        description="Languages that Tesseract reads where RapidOCR does not know their script, such as rus+tha; empty: none.",
    )
    max_upload_bytes: int = Field(100_000_000, ge=1_000_000, description="Largest file taken in, in bytes.")
    max_pages: int = Field(200, ge=1, description="Most pages of one file.")
    max_page_pixels: int = Field(120_000_000, ge=1_000_000, description="Most pixels of one page.")
    reading_timeout_s: int = Field(600, ge=10, description="Seconds after which the reading of one file is given up.")
    reading_attempts: int = Field(
        3, ge=1, le=20, description="Tries before a scan that fails for a passing reason stays failed."
    )
    accept_confidence: float = Field(
        0.95,
        gt=0,
        le=1,
        description="Confidence from which a valid value needs no look; the batch confirmation uses it.",
    )

    export_limit: int = Field(20_000, ge=1, description="Most dossiers of one export of a search result.")
    list_limit: int = Field(5_000, ge=1, description="Most lines of one list of names or numbers to look up.")

    fonds: str = Field(
        "Z001", pattern=r"^[A-Z0-9]{4}$", description="Fonds code (全宗号), the first part of a dossier's code."
    )
    retention_term: Literal["Y", "D30", "D10"] = Field("D30", description="Retention term (保管期限) in a new code.")
    default_locale: Literal["zh_CN", "en"] = Field(
        "zh_CN", description="Language where neither the user nor the browser prefers one."
    )
    timezone: str = Field("Asia/Shanghai", description="Time zone in which times are shown and days are meant.")
    session_hours: int = Field(12, ge=1, le=720, description="Hours after which a login ends.")
    login_attempts_per_minute: int = Field(10, ge=1, description="Tries to log in, per address and per user name.")

    @model_validator(mode="after")
    def _watch_apart_from_data(self) -> Self:
        """Refuse to watch a folder that holds our own files: what it brings is moved away."""
        if self.watch_dir is not None:
            watched, data = self.watch_dir.resolve(), self.data_dir.resolve()
            if watched.is_relative_to(data) or data.is_relative_to(watched):
                raise ValueError("DOSSIER_WATCH_DIR must lie apart from DOSSIER_DATA_DIR: its files are moved away")
        return self

    @property
    def embedded_database(self) -> bool:
        """Whether the database is a child process of ours."""
        return not self.mongodb_uri

    @property
    def runs_embedded(self) -> bool:
        """Whether any part lives under the data directory."""
        return not (self.mongodb_uri and self.meilisearch_url and self.queue_url)

    @property
    def ocr_language_names(self) -> tuple[str, ...]:
        """Tesseract's names of the languages that it reads besides RapidOCR."""
        return tuple(filter(None, self.ocr_languages.split("+")))

    def with_secret_key(self) -> "Settings":
        """Return these settings with a secret: the given one, or the one kept in the data directory.

        Raises:
            MissingSettingError: On servers, where several machines must share it, the secret has to be given.
        """
        if self.secret_key.get_secret_value():
            return self
        if not self.embedded_database:
            raise MissingSettingError("DOSSIER_SECRET_KEY")
        self.data_dir.mkdir(parents=True, exist_ok=True)
        path = self.data_dir / "secret.key"
        if not path.exists():
            fresh = path.with_suffix(f".{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
            try:
                # A hard link fails where another process was first: both then read the same secret.
                path.hardlink_to(fresh)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return self.model_copy(update={"secret_key": SecretStr(path.read_text(encoding="ascii").strip())})
