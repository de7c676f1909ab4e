"""What keeps other people's pages and scripts away: headers, cookies, request tokens and the throttle."""

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from archive.settings import Settings
from web.auth import client_address

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No script and no style but our own files: a value that slips through unescaped can still not run."""

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}

_YEAR_S = 365 * 24 * 3600

csrf = CSRFProtect()
"""Demands the request token on every POST: a hidden field of forms, the header ``X-CSRFToken`` of scripts."""


def visitor() -> str:
    """Return the address of the request, as this archive counts it: several may share one Redis."""
    return f"{current_app.config['THROTTLE_NAME']}:{client_address()}"


limiter = Limiter(key_func=visitor, headers_enabled=False)
"""Slows down guessing; the views of ``web.accounts`` name their limits."""


def typed_user_name() -> str:
    """Return the user name of a login form, as the throttle counts it: each spelling of it is the same."""
    return f"{current_app.config['THROTTLE_NAME']}:user:" + request.form.get("username", "").strip().casefold()[:100]


def was_refused(response: Response) -> bool:
    """Tell whether an attempt failed: only those count, so that a whole office may log in from one address."""
    return response.status_code >= 400


def install_security(app: Flask, settings: Settings) -> None:
    """Set cookies, headers, request tokens and the throttle."""
    secret = settings.with_secret_key().secret_key.get_secret_value()
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_NAME="dossier_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.behind_proxy or settings.public_url.startswith("https://"),
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=settings.session_hours * 3600,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session that it belongs to
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 2**20,
        LOGIN_LIMIT=f"{settings.login_attempts_per_minute} per minute",
        RATELIMIT_STORAGE_URI=settings.queue_url if settings.queue_url.startswith("redis") else "memory://",
        THROTTLE_NAME=settings.queue_name,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
    )
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    csrf.init_app(app)
    limiter.init_app(app)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR_S}")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
