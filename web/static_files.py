"""Our scripts, styles and icons: under an address that changes with them, so that browsers keep them for good, and packed."""

import gzip
import mimetypes
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, abort, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response as WsgiResponse

FOLDER = Path(__file__).parent / "static"

_YEAR_S = 365 * 24 * 3600
_PACKED = frozenset({".css", ".js", ".svg", ".txt"})


class StaticFiles:
    """The files below ``static``, by their path in it, as they were when the program started."""

    def __init__(self, folder: Path) -> None:
        self._paths = {
            path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
        }
        digest = sha256()
        for name, path in self._paths.items():
            digest.update(name.encode() + b"\0" + sha256(path.read_bytes()).digest())
        self.version = digest.hexdigest()[:12]
        self._packed: dict[str, bytes] = {}

    def send(self, version: str, filename: str) -> WsgiResponse:
        """Answer with a file.

        The version stands in the path, so that modules, which import one another by relative names, have it too. Another
        version's address, as during an upgrade, gives the present file, to be asked for again each time.
        """
        if filename not in self._paths:
            abort(404)
        packs = self._paths[filename].suffix in _PACKED
        packed = packs and request.accept_encodings["gzip"] > 0
        response = Response(self._content(filename, packed=packed), mimetype=mimetypes.guess_type(filename)[0])
        if packed:
            response.content_encoding = "gzip"
        if packs:
            response.vary.add("Accept-Encoding")
        kept = version == self.version
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable" if kept else "no-cache"
        response.set_etag(f"{self.version}{'-gzip' if packed else ''}")
        return response.make_conditional(request)

    def _content(self, filename: str, *, packed: bool) -> bytes:
        if not packed:
            return self._paths[filename].read_bytes()
        if filename not in self._packed:
            self._packed[filename] = gzip.compress(self._paths[filename].read_bytes(), mtime=0)
        return self._packed[filename]


class _SessionsOfPages(SecureCookieSessionInterface):
    """Sessions that leave static files alone: with ``Vary: Cookie`` a browser would ask for them anew after each message."""

    def save_session(self, app: Flask, session: SessionMixin, response: WsgiResponse) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)  # type: ignore[arg-type]


def install_static_files(app: Flask) -> None:
    """Serve the files under the endpoint ``static``; ``url_for`` adds the version by itself."""
    files = StaticFiles(FOLDER)
    app.session_interface = _SessionsOfPages()
    app.add_url_rule("/static/<version>/<path:filename>", endpoint="static", view_func=files.send)

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static":
            values.setdefault("version", files.version)
