"""``python -m web``: the embedded web server, without reverse proxy and with threads in one process."""

import logging
import signal
import sys
from types import FrameType

from waitress import create_server

from archive.bootstrap import open_archive
from archive.settings import Settings
from web.app import create_app


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    signal.signal(signal.SIGTERM, _stop)
    with open_archive(settings, search_processes=settings.search_processes) as archive:
        server = create_server(
            create_app(settings, archive),
            host=settings.host,
            port=settings.port,
            threads=settings.web_threads,
            ident="",
            max_request_body_size=settings.max_upload_bytes + 2**20,
            channel_timeout=120,
            # Behind a proxy its headers say who asks; otherwise anybody could claim to be anybody.
            clear_untrusted_proxy_headers=not settings.behind_proxy,
        )
        try:
            server.run()
        finally:
            server.close()
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
