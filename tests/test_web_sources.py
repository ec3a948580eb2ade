"""The evidence in real Chromium: cards, and documents opened at the quoted words, as pages and as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import lines, pdf
from playwright.sync_api import Locator, Route, ViewportSize, expect
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from web_fixtures.browsing import PHONE, WIDE, Open, Serve
from web_fixtures.reader import Reader

from qa import Assistant

QUESTION = "When did the mill of Ostwick burn down?"
QUOTE = "The mill of Ostwick burned down in the summer of 1802."
BOTH = pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["390 px", "1920 px"])


def history(*, later: str = "") -> bytes:
    """A PDF whose second page tells of the mill."""
    return pdf(
        lines(["The village of Ostwick lies on the river Lenn.", "It has a church and two inns."]),
        lines([QUOTE, "Ada Bell rebuilt it in stone two years later.", later], x=90, y=600),
        lines(["The mill grinds corn to this day, and the miller is called Bell."]),
        title="A history of Ostwick",
    )


AGREEING = {
    "mill.txt": "The mill of Ostwick burned down in the summer of 1802. It was rebuilt by Ada Bell.",
    "chronicle.txt": "The mill of Ostwick burned down in the summer of 1809. Nobody was hurt.",
    "inns.txt": "The Swan at Ostwick was opened in 1688 by a brewer.",
    "guide.txt": "Visitors love the inns. The Swan at Ostwick was first opened in 1688.",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "history.pdf").write_bytes(history())
    (folder / "inns.html").write_text(
        '<html><head><title>The inns of Ostwick</title><meta name="date" content="1999-05-06"></head><body>'
        "<article><p>The Swan is the older of the two inns of Ostwick; it was opened in 1688 by a brewer."
        "</p><script>window.ran = 1</script></article></body></html>"
    )
    return folder


@pytest.fixture
def assistant(corpus: Path, tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        yield assistant


def tool(reader: Reader, name: str) -> Locator:
    return reader.page.locator("#fn-viewer").get_by_role("button", name=name, exact=True)


def marks(reader: Reader) -> Locator:
    return reader.page.locator("#fn-viewer .fn-words .fn-quote rect")


@BOTH
def test_a_pdf_opens_at_its_page_with_the_exact_words_marked(
    serve: Serve, read: Open, assistant: Assistant, viewport: ViewportSize
) -> None:
    reader = read(serve(lambda: assistant), viewport=viewport)
    reader.ask(QUESTION)
    reader.turn.locator("a.fn-cite").click()
    expect(marks(reader)).to_have_count(1)
    expect(marks(reader)).to_be_in_viewport()
    expect(reader.page.get_by_role("img", name=QUOTE, exact=True)).to_be_in_viewport()
    page = reader.page.locator('.fn-page[data-number="2"]')
    image = page.locator("img")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") >= 0.9 * page.bounding_box()["width"]  # type: ignore[index]
    sheet, mark = page.bounding_box(), marks(reader).bounding_box()
    assert sheet and mark
    scale = sheet["width"] / A4[0]
    assert (mark["x"] - sheet["x"]) / scale == pytest.approx(90, abs=1.5)
    assert mark["width"] / scale == pytest.approx(stringWidth(QUOTE, "Times-Roman", 11), abs=1.5)
    baseline = (A4[1] - 600) * scale + sheet["y"]
    assert mark["y"] < baseline < mark["y"] + mark["height"]
    assert reader.page.locator("#fn-viewer").evaluate("each => each.scrollWidth <= each.clientWidth")


@BOTH
def test_a_reader_turns_pages_zooms_searches_and_goes_back_to_the_text(
    serve: Serve, read: Open, assistant: Assistant, viewport: ViewportSize
) -> None:
    reader = read(serve(lambda: assistant), viewport=viewport, reduced_motion="reduce")
    reader.ask(QUESTION)
    reader.turn.locator("a.fn-cite").click()
    where = reader.page.locator('[data-tool="page"] output')
    expect(where).to_have_text("2 of 3")
    tool(reader, "Next page").click()
    expect(where).to_have_text("3 of 3")
    expect(reader.page.locator('.fn-page[data-number="3"] svg')).to_contain_text("grinds corn")
    tool(reader, "Previous page").click()
    tool(reader, "Previous page").click()
    expect(where).to_have_text("1 of 3")

    width = reader.page.locator(".fn-page").first.bounding_box()["width"]  # type: ignore[index]
    tool(reader, "Larger").click()
    before, after = (1.5, 2) if viewport is PHONE else (1, 1.25)  # a page as wide as a phone is too small
    expect(reader.page.locator('[data-tool="zoom"] output')).to_have_text(f"{after:.0%}")
    wider = reader.page.locator(".fn-page").first.bounding_box()["width"]  # type: ignore[index]
    assert wider == pytest.approx(width * after / before, rel=0.02)
    tool(reader, "Smaller").click()

    box = reader.page.get_by_role("searchbox", name="Find in this document")
    box.fill("MILL")
    found = reader.page.locator('[data-tool="find"] output')
    expect(found).to_have_text("1 of 3")
    found.evaluate("each => (each.textContent = '112 of 345')")
    assert box.bounding_box()["width"] >= 128 - 1  # type: ignore[index]  # a word can be read in it
    expect(reader.page.get_by_role("img", name="mill", exact=True)).to_be_in_viewport()
    box.press("Enter")
    expect(found).to_have_text("2 of 3")
    expect(where).to_have_text("3 of 3")
    expect(marks(reader)).to_be_in_viewport()
    expect(box).to_be_focused()
    box.fill("zebra")
    expect(found).to_have_text("not found")

    tool(reader, "Show text").click()
    expect(reader.page.locator("#fn-viewer .fn-text")).to_contain_text(QUOTE)
    tool(reader, "Show pages").click()
    expect(reader.page.locator(".fn-page")).to_have_count(3)


def test_a_page_that_is_turned_while_the_quoted_one_loads_stays_turned(
    serve: Serve, read: Open, assistant: Assistant
) -> None:
    reader = read(serve(lambda: assistant), reduced_motion="reduce")
    reader.ask(QUESTION)
    held: list[Route] = []

    def hold_pages(route: Route) -> None:
        if '"show_page"' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    reader.page.route("**/component_server**", hold_pages)
    reader.turn.locator("a.fn-cite").click()
    where = reader.page.locator('[data-tool="page"] output')
    expect(where).to_have_text("2 of 3")
    tool(reader, "Next page").click()
    expect(where).to_have_text("3 of 3")
    assert held
    for route in held:
        route.continue_()
    expect(marks(reader)).to_be_attached()
    expect(reader.page.locator('.fn-page[data-number="3"] svg')).to_be_attached()
    expect(where).to_have_text("3 of 3")


@BOTH
def test_what_is_read_stays_in_view_when_it_grows(
    serve: Serve, read: Open, assistant: Assistant, viewport: ViewportSize
) -> None:
    reader = read(serve(lambda: assistant), viewport=viewport)
    reader.ask(QUESTION)
    reader.turn.locator("a.fn-cite").click()
    expect(marks(reader)).to_be_in_viewport()
    size = reader.page.locator('[data-tool="zoom"] output')
    for percent in ("200%", "300%") if viewport is PHONE else ("125%", "150%", "200%", "300%"):
        tool(reader, "Larger").click()
        expect(size).to_have_text(percent)
        expect(marks(reader)).to_be_in_viewport()
    tool(reader, "Show text").click()
    assert reader.words_in_the_document() == QUOTE
    expect(size).to_have_text("100%")  # the text has a size of its own


def test_words_typed_before_the_document_has_come_are_looked_for_in_it(
    serve: Serve, read: Open, assistant: Assistant
) -> None:
    reader = read(serve(lambda: assistant))
    reader.ask(QUESTION)
    held: list[Route] = []
    reader.page.route("**/component_server**", lambda route: held.append(route))
    reader.turn.locator("a.fn-cite").click()
    reader.page.get_by_role("searchbox", name="Find in this document").fill("mill")
    reader.page.wait_for_timeout(600)  # longer than typing is waited for
    reader.page.unroute("**/component_server**")  # which lets those on that were held
    expect(reader.page.locator('[data-tool="find"] output')).to_have_text("1 of 3")


def test_a_quote_of_an_older_file_is_found_again_or_said_to_be_gone(
    serve: Serve, read: Open, assistant: Assistant, corpus: Path
) -> None:
    reader = read(serve(lambda: assistant), forgiven="status of 404")  # pages of a file that was replaced
    reader.ask(QUESTION)
    remark = reader.page.locator(".fn-changed")

    (corpus / "history.pdf").write_bytes(history(later="More is not known."))
    reader.turn.locator("a.fn-cite").click()
    expect(remark).to_contain_text("The file has changed since it was indexed")
    assert reader.words_in_the_document() == QUOTE  # in the text as it was

    assistant.rebuild()
    tool(reader, "← Sources").click()
    reader.turn.locator("a.fn-cite").click()
    expect(remark).to_contain_text("The quoted words are still in it, here.")
    expect(reader.page.get_by_role("img", name=QUOTE, exact=True)).to_be_in_viewport()

    (corpus / "history.pdf").write_bytes(pdf(lines(["Nothing is left of what was written here."])))
    assistant.rebuild()
    tool(reader, "← Sources").click()
    reader.turn.locator("a.fn-cite").click()
    expect(remark).to_contain_text("the quoted words are no longer in it")
    expect(reader.page.locator(".fn-page")).to_have_count(1)
    expect(marks(reader)).to_have_count(0)

    (corpus / "history.pdf").unlink()
    tool(reader, "← Sources").click()
    reader.turn.locator("a.fn-cite").click()
    expect(remark.last).to_contain_text("The file itself is not on this machine")


@BOTH
def test_cards_tell_title_date_and_closeness_and_the_viewer_steps_through_them(
    serve: Serve, read: Open, assistant: Assistant, viewport: ViewportSize
) -> None:
    reader = read(serve(lambda: assistant), viewport=viewport)
    reader.ask("What is the population of Ostwick in Australia?", "insufficient")
    reader.turn.locator(".fn-evidence").click()
    titles = reader.cards.locator(".fn-facts cite").all_inner_texts()
    assert set(titles) == {"A history of Ostwick", "The inns of Ostwick"}
    expect(reader.cards.locator(".fn-facts").first).to_have_text(
        re.compile(r"Ostwick · (loosely related|(very )?close to the question)")
    )
    reader.cards.first.click()
    steps = reader.page.locator('[data-tool="citation"] output')
    count = reader.page.locator("#fn-cards .fn-card").count()
    expect(steps).to_have_text(f"1 of {count}")
    first = reader.page.locator("#fn-viewer .fn-here").inner_text()
    tool(reader, "Next citation").click()
    expect(steps).to_have_text(f"2 of {count}")
    tool(reader, "Previous citation").click()
    expect(steps).to_have_text(f"1 of {count}")
    expect(reader.page.locator("#fn-viewer .fn-here")).to_have_text(first)


@BOTH
def test_the_cards_say_whether_the_sources_agree(
    serve: Serve, read: Open, tmp_path: Path, viewport: ViewportSize
) -> None:
    for name, text in AGREEING.items():
        (tmp_path / "said" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "said" / name).write_text(f"{text}\n")
    with Assistant.open(tmp_path / "said", index=tmp_path / "said-index") as held:
        reader = read(serve(lambda: held), viewport=viewport)
        note = reader.page.locator("#fn-cards .fn-sources[data-turn]:not([hidden]) > .fn-quiet")
        says = reader.page.locator("#fn-cards .fn-sources[data-turn]:not([hidden]) .fn-says")
        reader.ask("When was the Swan at Ostwick opened?")
        expect(note).to_have_text("The sources agree.")
        expect(says).to_have_count(0)
        expect(reader.turn.locator(".fn-differ")).to_have_count(0)
        reader.ask("When did the mill of Ostwick burn down?")
        expect(note).to_have_text("The sources differ. Each says below what it answers.")
        expect(says).to_have_count(2)
        assert {re.sub(r"\D", "", each) for each in says.all_text_contents()} == {"1802", "1809"}
        expect(reader.turn.locator(".fn-differ")).to_be_visible()


@BOTH
def test_an_original_is_shown_or_saved_but_never_run(
    serve: Serve, read: Open, assistant: Assistant, corpus: Path, viewport: ViewportSize
) -> None:
    reader = read(serve(lambda: assistant), viewport=viewport)
    reader.ask(QUESTION)
    reader.turn.locator("a.fn-cite").click()
    link = reader.page.get_by_role("link", name="Open original")
    expect(link).to_be_in_viewport()
    expect(link).to_have_attribute("target", "_blank")
    address = link.evaluate("link => link.href")
    got = reader.page.request.get(address)
    assert got.body() == (corpus / "history.pdf").read_bytes()
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"] == "inline; filename*=UTF-8''history.pdf"
    html = reader.page.request.get(address.replace("history.pdf", "inns.html"))
    assert html.headers["content-type"] == "application/octet-stream"
    assert html.headers["content-disposition"].startswith("attachment")
    assert html.headers["x-content-type-options"] == "nosniff"
    for name in ("../secret.txt", "gone.pdf", ""):
        assert reader.page.request.get(address.replace("history.pdf", name)).status == 404
    assert reader.page.request.get(address.partition("?")[0]).status == 400
