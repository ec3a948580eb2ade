"""What a process asked of the network, told alike by Python's audit events and by strace's lines."""

from __future__ import annotations

import ipaddress
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DNS_PORTS = {53, 853}

AUDITED_ADDRESS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"}
AUDITED_NAME = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
TRACED_CALLS = "connect,bind,sendto,sendmsg,sendmmsg"

_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")
_INET = re.compile(r'sin6?_port=htons\((\d+)\), .*?(?:inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)")')
_RESOLVER = re.compile(r'sun_path="([^"]*/resolve/[^"]*)"')  # looks names up on the caller's behalf


@dataclass(frozen=True)
class Attempt:
    """One call that names a place on the network: an address, or a name to be looked up."""

    call: str
    host: str
    port: int

    def leaves_the_machine(self) -> bool:
        """Whether what the call asks for is, or is done by, another host; or listens to others."""
        if self.host in {"", "localhost"}:
            return self.call == "bind" and self.host == ""
        try:
            address = ipaddress.ip_address(self.host.partition("%")[0])
        except ValueError:
            return True
        inner = getattr(address, "ipv4_mapped", None) or address
        # A resolver on loopback asks others.
        return not inner.is_loopback or (self.port in DNS_PORTS and self.call != "bind")


def from_audit(event: str, args: tuple[Any, ...]) -> Attempt | None:
    """The attempt that an audit event tells of, None for any other event."""
    call = event.removeprefix("socket.")
    if event in AUDITED_NAME:
        host = args[0].decode() if isinstance(args[0], bytes) else str(args[0] or "")
        return Attempt(call, host, 0)
    if event in AUDITED_ADDRESS:
        address = args[1]
        if isinstance(address, tuple) and isinstance(address[0], str):
            return Attempt(call, address[0], int(address[1]))
    return None


def from_strace(line: str) -> list[Attempt]:
    """The attempts that a line of strace's log tells of."""
    call = _CALL.match(line)
    if call is None:
        return []
    inet = [Attempt(call[1], v4 or v6, int(port)) for port, v4, v6 in _INET.findall(line)]
    return inet + [Attempt(call[1], path, 0) for path in _RESOLVER.findall(line)]


def audit(record: Callable[[Attempt], None]) -> None:
    """Call `record` with every attempt of this process from now on; no audit hook can be removed."""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith("socket."):
            attempt = from_audit(event, args)
            if attempt is not None:
                record(attempt)

    sys.addaudithook(hook)
