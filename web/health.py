"""Whether the process lives and whether it can serve, for supervisors and load balancers."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from web.auth import current_archive
from web.security import limiter

bp = Blueprint("health", __name__)
limiter.exempt(bp)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Answer as long as the process can answer at all; the database is not asked."""
    return jsonify(status="alive")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Answer 200 where requests can be served, 503 where they cannot; the parts are named either way."""
    health = current_archive().health.check()
    parts = {"database": health.database, "index": health.index, "queue": health.queue, "worker": health.worker}
    return jsonify(status="ready" if health.ready else "not-ready", **parts), 200 if health.ready else 503
