"""Who may reach the page, on which ways, and how much they may ask of it."""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path

from qa.errors import QAError

REQUESTS_PER_MINUTE = 120
UPLOAD_MEGABYTES = 100

_ROOT_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


class ServeError(QAError):
    """The page cannot be served at this address, or not in this way."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in, and what each may ask for.

    Without an `auth_file` nobody signs in: the page is for this machine alone, unless `no_auth` opens it to
    everyone. `root_path` is where a reverse proxy shows the page; `trusted_proxies` are the addresses or
    networks whose X-Forwarded-For, -Proto and -Host are believed. `upload_megabytes` is the size of one file.
    """

    auth_file: Path | None = None
    no_auth: bool = False
    root_path: str = ""
    trusted_proxies: tuple[str, ...] = ()
    requests_per_minute: int = REQUESTS_PER_MINUTE
    upload_megabytes: int = UPLOAD_MEGABYTES

    def __post_init__(self) -> None:
        if not _ROOT_PATH.fullmatch(self.root_path):
            raise ServeError(
                f"{self.root_path!r} is not a path to serve the page at. "
                "Give --root-path or QA_ROOT_PATH one like /footnote, without a slash at its end."
            )
        for proxy in self.trusted_proxies:
            _require_address(proxy)
        _require_some("--requests-per-minute", self.requests_per_minute)
        _require_some("--upload-mb", self.upload_megabytes)
        if self.auth_file is not None and self.no_auth:
            raise ServeError("--no-auth lets everyone in, --auth-file does not. Give one of them.")

    @property
    def proxied(self) -> bool:
        """Whether a reverse proxy stands before the page, so that an address proves nothing by itself."""
        return bool(self.root_path or self.trusted_proxies)


def _require_some(option: str, limit: int) -> None:
    if limit < 1:
        raise ServeError(f"{option} is {limit}; give a number from 1 on.")


def _require_address(proxy: str) -> None:
    try:
        ipaddress.ip_network(proxy)
    except ValueError as error:
        raise ServeError(
            f"{proxy!r} is not the address of a proxy. "
            "Give --trust-proxy or QA_TRUSTED_PROXIES addresses or networks, like 127.0.0.1 or 10.0.0.0/8."
        ) from error


def add_access_options(parser: argparse.ArgumentParser) -> None:
    """The options of `qa serve` that say who may come in, and how much each may ask for."""
    parser.add_argument(
        "--auth-file", metavar="FILE", help="who may sign in (default: $QA_AUTH_FILE); see: qa user --help"
    )
    parser.add_argument("--no-auth", action="store_true", help="let everyone in who can reach the page")
    parser.add_argument(
        "--root-path",
        metavar="PATH",
        default=os.environ.get("QA_ROOT_PATH") or "",
        help="where a reverse proxy shows the page, like /footnote (default: $QA_ROOT_PATH)",
    )
    parser.add_argument(
        "--trust-proxy",
        metavar="ADDRESS",
        action="append",
        help="believe the forwarded headers of this proxy; may be repeated (default: $QA_TRUSTED_PROXIES)",
    )
    parser.add_argument(
        "--requests-per-minute",
        metavar="N",
        type=int,
        default=os.environ.get("QA_REQUESTS_PER_MINUTE") or str(REQUESTS_PER_MINUTE),
        help="how much each user or address may ask for (default: %(default)s)",
    )
    parser.add_argument(
        "--upload-mb",
        metavar="N",
        type=int,
        default=os.environ.get("QA_UPLOAD_MB") or str(UPLOAD_MEGABYTES),
        help="the size up to which a file is taken, in megabytes (default: %(default)s)",
    )


def access_from(parsed: argparse.Namespace) -> Access:
    """What those options say. The environment names an auth file unless --no-auth asks for none."""
    named = parsed.auth_file or (not parsed.no_auth and os.environ.get("QA_AUTH_FILE")) or None
    proxies = parsed.trust_proxy or os.environ.get("QA_TRUSTED_PROXIES", "").replace(",", " ").split()
    return Access(
        auth_file=Path(named) if named else None,
        no_auth=parsed.no_auth,
        root_path=parsed.root_path.rstrip("/"),
        trusted_proxies=tuple(proxies),
        requests_per_minute=parsed.requests_per_minute,
        upload_megabytes=parsed.upload_mb,
    )
