"""What machines ask of the page: whether it is well, and what it has counted."""

from __future__ import annotations

import base64
import dataclasses

import pytest
from gradio_client import Client
from web_fixtures.site import BUILT, PASSWORDS, Site
from web_fixtures.site import auth_file as auth_file
from web_fixtures.site import open_site as open_site
from web_fixtures.site import patience as patience
from web_fixtures.site import site as site


def test_health_is_told_to_anyone_and_tells_nothing_else(site: Site) -> None:
    assert (site.send("GET", "/healthz").status, site.send("GET", "/healthz").body) == (
        200,
        b'{"status":"ok"}',
    )
    documents, site.held.shelf = site.held.shelf, dataclasses.replace(BUILT, documents=0)
    reply = site.send("GET", "/healthz")
    site.held.shelf = documents
    assert (reply.status, reply.body) == (503, b'{"status":"unavailable"}')


def test_metrics_count_questions_and_tell_of_the_index(site: Site) -> None:
    def counted() -> dict[str, float]:
        lines = site.send("GET", "/metrics").body.decode().splitlines()
        return {
            name: float(value)
            for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
        }

    before = counted()
    client = Client(f"http://127.0.0.1:{site.port}", auth=("ben", PASSWORDS["ben"]), verbose=False)
    client.predict("Who rebuilt the mill?", api_name="/ask")
    client.close()
    after = counted()
    asked = 'footnote_questions_total{status="answered"}'
    assert after[asked] == before.get(asked, 0) + 1
    assert after['footnote_question_seconds_sum{stage="total"}'] == pytest.approx(0.25 * after[asked])
    assert after['footnote_index_info{version="v1"}'] == after["footnote_index_up"] == 1
    assert (after["footnote_documents"], after["footnote_passages"], after["footnote_failed_documents"]) == (
        2,
        9,
        1,
    )
    assert after["footnote_index_changed_timestamp_seconds"] == 1767323045


def test_metrics_are_for_this_machine_and_the_signed_in(site: Site, open_site: Site) -> None:
    away = {"Via": "1.1 desk"}
    basic = base64.b64encode(f"ada:{PASSWORDS['ada']}".encode()).decode()
    assert open_site.send("GET", "/metrics").status == 200
    assert open_site.send("GET", "/metrics", **away).status == 403
    reply = site.send("GET", "/metrics", **away)
    assert (reply.status, reply.headers["WWW-Authenticate"].split()[0]) == (401, "Basic")
    assert site.send("GET", "/metrics", **away, Authorization=f"Basic {basic}").status == 200
    assert site.send("GET", "/metrics", **away, Cookie=site.cookie("ada")).status == 200
    for wrong in ("Basic YWRhOm5v", "Basic ***", f"Bearer {basic}", "Basic YWRh"):
        assert site.send("GET", "/metrics", **away, Authorization=wrong).status == 401, wrong
