"""What each visitor of the page may do: their own conversations, how large, how often."""

from __future__ import annotations

import http.client
import json
import re

from web_fixtures.site import Reply, Site
from web_fixtures.site import auth_file as auth_file
from web_fixtures.site import open_site as open_site
from web_fixtures.site import patience as patience
from web_fixtures.site import site as site

from qa.web.limits import MESSAGE_BYTES, Rate, payer
from qa.web.visitor import Visitor


def test_a_conversation_belongs_to_the_user_who_began_it(site: Site) -> None:
    ada, ben = {"Cookie": site.cookie("ada")}, {"Cookie": site.cookie("ben")}
    theirs = json.dumps({"session_hash": "hers", "data": ["Who?"], "fn_index": 0, "event_id": "e"})
    assert site.send("POST", "/gradio_api/queue/join", theirs, **ada).status == 200
    for path in ("queue/join", "cancel", "run/ask", "call/ask", "component_server", "reset"):
        for kind in ("application/json", "text/plain"):
            reply = site.send("POST", f"/gradio_api/{path}", theirs, **ben | {"Content_Type": kind})
            assert reply.status == 403 and reply.says.startswith("This is somebody else's"), path
    for path in (
        "queue/data?session_hash=hers",
        "queue/data?session_hash=own&session_hash=hers",
        "heartbeat/hers",
    ):
        assert site.send("GET", f"/gradio_api/{path}", **ben).status == 403, path
    form = b'--b\r\nContent-Disposition: form-data; name="session_hash"\r\n\r\nhers\r\n--b--\r\n'
    multipart = {"Content_Type": "multipart/form-data; boundary=b"}
    assert site.send("POST", "/gradio_api/component_server", form, **ben, **multipart).status == 415
    assert site.send("POST", "/gradio_api/cancel", theirs, **ada).status == 200


def upload(site: Site, content: bytes = b"A", **headers: str) -> Reply:
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    form = head + content + b"\r\n--b--\r\n"
    return site.send(
        "POST", "/gradio_api/upload", form, Content_Type="multipart/form-data; boundary=b", **headers
    )


def test_files_are_taken_from_the_signed_in(site: Site) -> None:
    assert upload(site, Cookie=site.cookie("ada")).status == 200
    assert upload(site).status == 401


def test_files_are_taken_up_to_a_size(open_site: Site) -> None:
    assert upload(open_site, b"A" * 2**20).status == 200
    assert upload(open_site, b"A" * (2**20 + 1)).status == 413
    reply = upload(open_site, b"A" * 10 * 2**20)
    assert (reply.status, reply.says) == (413, "This is too large: at most 10 MB are taken at once.")
    assert upload(open_site, Via="1.1 desk").status == 403


def test_a_question_is_taken_up_to_a_size(open_site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", open_site.port, timeout=30)
    connection.putrequest("POST", "/gradio_api/call/ask")
    connection.putheader("Content-Length", str(MESSAGE_BYTES + 1))
    connection.endheaders()
    reply = connection.getresponse()
    assert (reply.status, json.load(reply)["error"]) == (
        413,
        "This is too large: at most 4 MB are taken at once.",
    )
    connection.close()
    assert open_site.send("POST", "/gradio_api/call/ask", Transfer_Encoding="chunked").status == 411


def test_who_asks_too_often_has_to_wait(open_site: Site) -> None:
    question = json.dumps({"data": ["Who?"]})
    elsewhere = {"Via": "1.1 desk"}
    replies = [open_site.send("POST", "/gradio_api/call/ask", question, **elsewhere) for _ in range(12)]
    refused = [each for each in replies if each.status != 200]
    assert replies[-1] in refused and len(refused) <= 3
    assert re.fullmatch(
        r"That was more than 10 requests in a minute\. Ask again in [1-6] s\.", refused[-1].says
    )
    assert 1 <= int(refused[-1].headers["Retry-After"]) <= 6
    assert open_site.send("GET", "/", **elsewhere).status == 200  # reading goes on
    assert open_site.send("POST", "/gradio_api/call/ask", question).status == 200  # and so does this machine


def test_a_rate_is_kept_for_each_and_refills() -> None:
    now = [0.0]
    rate = Rate(2, clock=lambda: now[0])
    assert [rate.wait("ada"), rate.wait("ada"), rate.wait("ada"), rate.wait("ben")] == [0, 0, 30, 0]
    now[0] = 30
    assert [rate.wait("ada"), rate.wait("ada")] == [0, 30]
    now[0] = 1000
    assert [rate.wait("ada") for _ in range(3)] == [0, 0, 30]


def test_users_and_networks_pay_for_their_requests() -> None:
    assert payer(Visitor("ada", "192.0.2.7")) == "user ada"
    assert payer(Visitor("", "192.0.2.7")) == "192.0.2.7"
    assert payer(Visitor("", "2001:db8::1:2")) == payer(Visitor("", "2001:db8::9")) == "2001:db8::/64"
