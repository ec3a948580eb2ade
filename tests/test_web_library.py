"""The documents in real Chromium: from an empty folder to an answer, the table, what comes and what goes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import lines, pdf
from playwright.sync_api import Locator, ViewportSize, expect
from web_fixtures.browsing import PHONE, WIDE, Open, Serve
from web_fixtures.gated import Gated
from web_fixtures.reader import Reader

from qa import Assistant
from qa.web.rebuilding import STOPPED

MILL = "The mill of Ostwick burned down in the summer of 1802."
SWAN = "The Swan at Ostwick was opened in 1688 by a brewer."
QUESTION = "When did the mill of Ostwick burn down?"
PDF = """([name, data]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
  transfer.items.add(new File([bytes], name, { type: "application/pdf" }));
  return transfer;
}"""
# A folder as a browser hands it over when it is dropped: entries, listed a few at a time.
FOLDER = """() => {
  const file = (name, text) => ({
    name, isFile: true, file: (done) => done(new File([text], name)),
  });
  const folder = (name, entries) => ({
    name, isFile: false,
    createReader: () => { let left = [...entries];
      return { readEntries: (done) => done(left.splice(0, 3)) }; },
  });
  const many = Array.from({ length: 8 }, (_, n) => file(`note ${n}.txt`, `Note ${n}.\\n`));
  const dropped = folder("letters", [
    ...many, file("1801.txt", "The harvest of 1801 was good.\\n"),
    folder("old", [file("1799.txt", "The frost of 1799 was hard.\\n")]),
  ]);
  const transfer = new DataTransfer();
  transfer.items.add(new File([""], "letters"));
  DataTransferItem.prototype.webkitGetAsEntry = () => dropped;
  return transfer;
}"""
# Requests are half sent until they are let go.
HELD = """() => {
  const send = XMLHttpRequest.prototype.send, waiting = [];
  XMLHttpRequest.prototype.send = function (body) {
    waiting.push(() => send.call(this, body));
    this.upload.onprogress({ loaded: 1, total: 2 });
  };
  window.letGo = () => {
    XMLHttpRequest.prototype.send = send;
    waiting.forEach((each) => each());
  };
}"""
BOTH = pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["390 px", "1920 px"])


@pytest.fixture(autouse=True)
def attic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where removed files go; never the reader's own folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "footnote" / "removed"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "farm").mkdir(parents=True)
    (folder / "farm" / "mill.txt").write_text(f"{MILL}\n")
    (folder / "inns.md").write_text(f"# Inns\n\n{SWAN}\n")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    (folder / "photo.jpg").write_bytes(b"x")
    return folder


@pytest.fixture
def assistant(corpus: Path, tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        yield assistant


def button(reader: Reader, name: str) -> Locator:
    return reader.page.get_by_role("button", name=name, exact=True).locator("visible=true")


def go_to_documents(reader: Reader) -> Locator:
    """Open the panel; its table."""
    toggle = reader.page.locator(".fn-rail-toggle:visible")
    if not button(reader, "Documents").count():
        toggle.first.click()
    button(reader, "Documents").click()
    table = reader.page.get_by_role("table")
    expect(table).to_be_visible()
    return table


def names(reader: Reader) -> list[str]:
    return reader.page.locator("#fn-documents tbody .fn-file").all_inner_texts()


def asked_of(reader: Reader, question: str) -> set[str]:
    """Ask; the documents whose words are shown, whether they answer or only come close."""
    reader.send(question)
    expect(reader.turn).not_to_have_attribute("data-state", "running")
    expect(reader.page.locator("#fn-cards .fn-sources:not([hidden]) .fn-card").first).to_be_attached()
    return set(reader.page.locator("#fn-cards .fn-sources:not([hidden]) .fn-file").all_text_contents())


def work(reader: Reader) -> Locator:
    return reader.page.locator("#fn-documents .fn-work-text")


@BOTH
def test_from_an_empty_folder_to_a_cited_answer_about_ones_own_pdf(
    serve: Serve, read: Open, tmp_path: Path, viewport: ViewportSize
) -> None:
    (tmp_path / "empty").mkdir()
    mine = tmp_path / "My history.pdf"
    mine.write_bytes(pdf(lines(["The village of Ostwick lies on the river Lenn."]), lines([MILL])))
    with Assistant.open(tmp_path / "empty", index=tmp_path / "index") as assistant:
        reader = read(serve(lambda: assistant), viewport=viewport)
        expect(reader.page.get_by_text("Add a document to begin")).to_be_in_viewport()
        if viewport is PHONE:  # where nothing can be dropped
            reader.page.get_by_label("Add files").locator("visible=true").set_input_files(mine)
        else:
            data = base64.b64encode(mine.read_bytes()).decode()
            handle = reader.page.evaluate_handle(PDF, [mine.name, data])
            reader.page.dispatch_event("body", "drop", {"dataTransfer": handle})
        expect(reader.page.locator(".fn-shelf")).to_have_text("1 document")
        expect(reader.box).to_be_focused()
        reader.page.keyboard.type(QUESTION)
        reader.page.keyboard.press("Enter")
        reader.come_to("answered")
        assert reader.turn.locator(".fn-answer").text_content() == f"{MILL} [1]"
        reader.turn.locator("a.fn-cite").click()
        expect(reader.page.get_by_role("img", name=MILL, exact=True)).to_be_in_viewport()
        expect(reader.page.locator('.fn-page[data-number="2"] .fn-quote rect')).to_be_in_viewport()
    assert (tmp_path / "empty" / "My history.pdf").read_bytes() == mine.read_bytes()


@BOTH
def test_the_table_tells_of_every_file_and_is_sorted_and_filtered(
    serve: Serve, read: Open, assistant: Assistant, viewport: ViewportSize
) -> None:
    reader = read(serve(lambda: assistant), viewport=viewport)
    table = go_to_documents(reader)
    assert names(reader) == ["farm/mill.txt", "inns.md", "photo.jpg", "scan.pdf"]
    row = table.get_by_role("row").filter(has_text="scan.pdf")
    expect(row).to_contain_text("Not read")
    expect(row).to_contain_text("damaged PDF")
    expect(table.get_by_role("row").filter(has_text="photo.jpg")).to_contain_text("Left out")
    health = reader.page.locator(".fn-health")
    expect(health).to_contain_text("2 documents, 2 passages · 1 could not be read · last changed")
    assert reader.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]

    reader.page.get_by_label("State", exact=True).select_option("indexed")
    expect(reader.page.locator("#fn-documents tbody tr")).to_have_count(2)
    reader.page.get_by_label("Filter by name").fill("INN")
    expect(reader.page.locator("#fn-documents tbody tr")).to_have_count(1)
    reader.page.get_by_label("Filter by name").fill("")
    expect(reader.page.locator("#fn-documents tbody tr")).to_have_count(2)
    if viewport == WIDE:
        first = reader.page.locator("#fn-documents tbody .fn-file").first
        for smallest_or_largest in ("farm/mill.txt", "inns.md"):
            button(reader, "Size").click()
            expect(first).to_have_text(smallest_or_largest)
    reader.page.get_by_role("link", name="inns.md").click()
    expect(reader.page.locator("#fn-viewer .fn-text")).to_contain_text(SWAN)


def asking_only_inns(serve: Serve, read: Open, assistant: Assistant, viewport: ViewportSize) -> Reader:
    reader = read(serve(lambda: assistant), viewport=viewport)
    go_to_documents(reader)
    reader.page.get_by_label("Choose inns.md").check()
    button(reader, "Ask only these").click()
    return reader


@BOTH
def test_a_question_is_asked_of_chosen_documents_until_their_chips_are_taken_away(
    serve: Serve, read: Open, assistant: Assistant, viewport: ViewportSize
) -> None:
    reader = asking_only_inns(serve, read, assistant, viewport)
    chips = reader.page.get_by_role("list", name="Documents that are asked")
    expect(chips).to_contain_text("inns.md")
    expect(reader.box).to_be_focused()
    assert asked_of(reader, QUESTION) == {"inns.md"}
    reader.page.get_by_role("button", name="Ask more than inns.md").click()
    expect(chips).to_be_hidden()
    reader.ask(QUESTION)
    assert reader.turn.locator(".fn-answer").text_content() == f"{MILL} [1]"

    go_to_documents(reader)
    reader.page.get_by_label("Folder", exact=True).select_option("farm/")
    button(reader, "Ask only this folder").click()
    expect(chips).to_contain_text("farm/")
    assert asked_of(reader, "When was the Swan opened?") == {"farm/mill.txt"}


def test_files_are_added_by_dropping_them_and_nothing_is_overwritten(
    serve: Serve, read: Open, assistant: Assistant, corpus: Path
) -> None:
    reader = read(serve(lambda: assistant), forgiven="status of 4")  # what is refused
    expect(reader.page.locator("#fn-documents")).to_be_hidden()
    transfer = reader.page.evaluate_handle(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["The barn of Ostwick is red.\\n"], "barn.txt"));
          transfer.items.add(new File(["Another text.\\n"], "inns.md"));
          transfer.items.add(new File(["x"], "movie.mp4"));
          return transfer;
        }"""
    )
    reader.page.dispatch_event("body", "dragover", {"dataTransfer": transfer})
    expect(reader.page.locator("#fn-shell")).to_have_attribute("data-dropping", "")
    reader.page.dispatch_event("body", "drop", {"dataTransfer": transfer})
    arrivals = reader.page.get_by_role("list", name="Files being added").get_by_role("listitem")
    expect(arrivals.filter(has_text="barn.txt")).to_be_in_viewport()  # the documents come to who was chatting
    expect(arrivals.filter(has_text="barn.txt")).to_contain_text("added")
    expect(arrivals.filter(has_text="movie.mp4")).to_contain_text("a kind of file that is not read (.mp4)")
    clash = arrivals.filter(has_text="inns.md")
    expect(clash).to_contain_text("Another file of this name is there already.")
    assert SWAN in (corpus / "inns.md").read_text()
    clash.get_by_role("button", name="Keep both").click()
    expect(clash).to_contain_text("added")
    expect(reader.page.locator("#fn-documents tbody")).to_contain_text("inns (2).md")
    assert (corpus / "inns (2).md").read_text() == "Another text.\n"
    assert SWAN in (corpus / "inns.md").read_text()
    expect(reader.page.locator("#fn-documents tbody")).to_contain_text("barn.txt")
    assert "barn.txt" in {hit.passage.source for hit in assistant.search("What colour is the barn?")}


def test_a_folder_is_dropped_with_what_is_in_it(
    serve: Serve, read: Open, assistant: Assistant, corpus: Path
) -> None:
    reader = read(serve(lambda: assistant))
    go_to_documents(reader)
    sent: list[str] = []
    reader.page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    transfer = reader.page.evaluate_handle(FOLDER)
    reader.page.dispatch_event("body", "drop", {"dataTransfer": transfer})
    arrivals = reader.page.get_by_role("list", name="Files being added").locator("visible=true")
    expect(arrivals.get_by_text("added")).to_have_count(10)
    assert arrivals.locator("bdi").all_inner_texts()[-2:] == ["letters/1801.txt", "letters/old/1799.txt"]
    expect(reader.page.locator("#fn-documents tbody")).to_contain_text("letters/old/1799.txt")
    assert len(sent) == 10  # each on its own, also those that were not listed at once
    assert (corpus / "letters" / "old" / "1799.txt").read_text() == "The frost of 1799 was hard.\n"


def test_a_folder_is_chosen_and_each_file_shows_how_far_it_is(
    serve: Serve, read: Open, assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "letters"
    (folder / "old").mkdir(parents=True)
    (folder / "1801.txt").write_text("The harvest of 1801 was good.\n")
    (folder / "old" / "1799.txt").write_text("The frost of 1799 was hard.\n")
    reader = read(serve(lambda: assistant))
    go_to_documents(reader)
    reader.page.evaluate(HELD)
    reader.page.get_by_label("Add a folder").locator("visible=true").set_input_files(folder)
    bar = reader.page.locator("#fn-documents .fn-arrivals progress")
    expect(bar).to_have_count(2)
    expect(reader.page.get_by_role("progressbar", name="Sending letters/1801.txt")).to_have_attribute(
        "value", "0.5"
    )
    reader.page.evaluate("window.letGo()")
    expect(bar).to_have_count(0)
    expect(reader.page.locator("#fn-documents tbody")).to_contain_text("letters/old/1799.txt")
    assert (corpus / "letters" / "1801.txt").stat().st_size == (folder / "1801.txt").stat().st_size


@BOTH
def test_what_chosen_documents_do_not_say_can_be_asked_of_all(
    serve: Serve, read: Open, assistant: Assistant, viewport: ViewportSize
) -> None:
    reader = asking_only_inns(serve, read, assistant, viewport)
    assert asked_of(reader, QUESTION) == {"inns.md"}
    expect(reader.turn.locator(".fn-refusal + p")).to_contain_text("Only inns.md was asked.")
    reader.turn.get_by_role("button", name="Ask all documents").click()
    expect(reader.turn).to_have_attribute("data-state", "answered")
    expect(reader.turn.locator(".fn-answer")).to_contain_text(MILL)
    expect(reader.page.locator("#fn-scope .fn-chips")).to_be_hidden()


@BOTH
def test_a_document_is_removed_after_a_confirmation_and_kept_elsewhere(
    serve: Serve, read: Open, assistant: Assistant, corpus: Path, attic: Path, viewport: ViewportSize
) -> None:
    reader = read(serve(lambda: assistant), viewport=viewport)
    go_to_documents(reader)
    reader.page.get_by_label("Choose farm/mill.txt").check()
    button(reader, "Remove …").click()
    dialog = reader.page.get_by_role("dialog", name="Remove farm/mill.txt?")
    expect(dialog).to_contain_text(str(attic))
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_be_hidden()
    button(reader, "Remove …").click()
    reader.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(reader.page.get_by_role("table")).to_be_visible()  # Escape closed no more than the question
    assert (corpus / "farm" / "mill.txt").exists()
    button(reader, "Remove …").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(work(reader)).to_have_text("Done: 1 removed, 1 could not be read.")
    expect(reader.page.locator("#fn-documents tbody")).not_to_contain_text("mill.txt")
    assert not (corpus / "farm" / "mill.txt").exists()
    (kept,) = attic.rglob("mill.txt")
    assert kept.read_text() == f"{MILL}\n" and kept.parent.name == "farm"
    button(reader, "Back to the chat").click()
    assert asked_of(reader, QUESTION) == {"inns.md"}


@BOTH
def test_a_rebuild_shows_its_plan_and_progress_leaves_questions_answered_and_can_be_stopped(
    serve: Serve, read: Open, assistant: Assistant, corpus: Path, viewport: ViewportSize
) -> None:
    gated = Gated(assistant)
    reader = read(serve(lambda: gated), viewport=viewport)
    (corpus / "barn.txt").write_text("The barn of Ostwick is red.\n")
    (corpus / "inns.md").unlink()
    go_to_documents(reader)
    expect(reader.page.locator(".fn-waiting")).to_have_text("2 changed since")
    button(reader, "Rebuild …").click()
    plan = reader.page.locator(".fn-planned")
    expect(plan).to_contain_text("1 to add")
    expect(plan.get_by_text("barn.txt")).to_be_visible()
    expect(plan).to_contain_text("1 to take out")
    button(reader, "Rebuild now").click()
    expect(work(reader)).to_contain_text("Reading file 1 of 1")
    button(reader, "Back to the chat").click()
    reader.ask(QUESTION)
    assert reader.turn.locator(".fn-answer").text_content() == f"{MILL} [1]"
    go_to_documents(reader)
    button(reader, "Stop").click()
    gated.gate.set()
    expect(work(reader)).to_have_text(STOPPED)
    button(reader, "Rebuild …").click()
    button(reader, "Rebuild now").click()
    expect(work(reader)).to_contain_text("Done:")
    counted = reader.page.evaluate("fetch('metrics').then((answer) => answer.text())")
    assert 'footnote_rebuilds_total{outcome="stopped"} 1.0' in counted
    assert 'footnote_rebuilds_total{outcome="done"} 1.0' in counted
    expect(reader.page.locator("#fn-documents tbody")).to_contain_text("barn.txt")
    assert {file.source for file in assistant.files() if file.state == "indexed"} == {
        "barn.txt",
        "farm/mill.txt",
    }


def test_who_neither_signed_in_nor_sits_here_reads_but_changes_nothing(
    serve: Serve, read: Open, assistant: Assistant, corpus: Path
) -> None:
    address = serve(lambda: assistant)
    reader = read(address, extra_http_headers={"Via": "1.1 a proxy"})
    go_to_documents(reader)
    for name in ("Add files", "Rebuild …"):
        expect(reader.page.locator("#fn-documents").get_by_text(name, exact=True)).to_be_hidden()
    request = reader.page.request
    assert request.put(f"{address}documents/file?name=a.txt", data="text").status == 403
    assert request.delete(f"{address}documents/file?source=inns.md").status == 403
    assert request.post(f"{address}documents/work").status == 403
    assert request.get(f"{address}documents/plan").status == 403
    assert (corpus / "inns.md").exists() and not (corpus / "a.txt").exists()
