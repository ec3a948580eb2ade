"""A reverse proxy in a process of its own: shows a server below a path of another address, as nginx does.

python proxy.py PORT UPSTREAM_PORT PREFIX SCHEME [keep]   # with "keep", the prefix is passed on
"""

from __future__ import annotations

import http.client
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "host"}


class Proxy(BaseHTTPRequestHandler):
    """Passes each request on, with the headers that say for whom, and the answer back as it comes."""

    upstream: int
    prefix: str
    scheme: str
    keep: bool

    def pass_on(self) -> None:
        if not f"{self.path}/".startswith(f"{self.prefix}/"):
            self.send_error(404)
            return
        if self.path == self.prefix and not self.keep:
            self.send_response(301)  # as nginx does for a location that ends in a slash
            self.send_header("Location", f"{self.prefix}/")
            self.end_headers()
            return
        path = self.path if self.keep else self.path[len(self.prefix) :]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=120)
        connection.request(self.command, path, body, self.named())
        self.give_back(connection.getresponse())
        connection.close()

    def named(self) -> dict[str, str]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        before = self.headers.get("X-Forwarded-For")
        return headers | {
            "X-Forwarded-For": ", ".join(filter(None, [before, self.client_address[0]])),
            "X-Forwarded-Proto": self.scheme,
            "X-Forwarded-Host": self.headers["Host"],
        }

    def give_back(self, response: http.client.HTTPResponse) -> None:
        self.send_response_only(response.status)
        for name, value in response.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while piece := response.read1(65536):
            self.wfile.write(piece)
            self.wfile.flush()

    do_GET = do_HEAD = do_POST = pass_on

    def log_message(self, *_message: object) -> None:
        pass


if __name__ == "__main__":
    port, upstream, Proxy.prefix, Proxy.scheme, *rest = sys.argv[1:]
    Proxy.upstream, Proxy.keep = int(upstream), rest == ["keep"]
    ThreadingHTTPServer(("127.0.0.1", int(port)), Proxy).serve_forever()
