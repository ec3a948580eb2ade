"""An index on a Chroma server, shared by machines that have nothing but its address."""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from index_store import (
    IndexLockedError,
    IndexMissingError,
    IndexSettings,
    IndexStore,
    SettingsError,
    StoreUnavailableError,
    index_folder,
    rebuild,
)
from index_store.backend import ServerBackend, open_backend
from index_store.catalog import Catalog
from index_store.change import Change
from index_store.chroma import chroma_server
from index_store.generation import catalog_path, current
from qa import Assistant, Settings

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "Who seized the nuclear plant?"
ANSWER = "Russian forces seized the plant soon after the invasion. [1]"


@pytest.fixture
def name(tmp_path: Path) -> str:
    """A name for the index on the server that no other test has."""
    return f"shared-{tmp_path.name}"


@pytest.fixture
def settings(chroma_url: str) -> IndexSettings:
    return IndexSettings(chroma_url=chroma_url)


def test_a_machine_with_only_the_address_answers_and_opens_documents(
    tmp_path: Path, name: str, settings: IndexSettings
) -> None:
    rebuild(SEEDS, index=tmp_path / "builder" / name, settings=settings)
    other = tmp_path / "other" / name
    with Assistant.open("no/such/folder", index=other, settings=Settings(index=settings)) as assistant:
        answer = assistant.ask(QUESTION)
        (citation,) = answer.citations
        assert answer.text == ANSWER
        assert assistant.document(citation.source).text[citation.start : citation.end] == citation.quote
        assert assistant.status().documents == 1


def test_a_change_made_on_one_machine_is_seen_on_the_other_at_its_next_question(
    tmp_path: Path, name: str, settings: IndexSettings
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The meeting is on Monday.")
    here, there = tmp_path / "here" / name, tmp_path / "there" / name
    rebuild(corpus, index=here, settings=settings)
    reader = Assistant.open(corpus, index=there, settings=Settings(index=settings))
    assert "Monday" in reader.ask("When is the meeting?").text
    (corpus / "a.txt").write_text("The meeting is on Friday.")
    environment = os.environ | {"QA_CHROMA_URL": str(settings.chroma_url)}
    command = [sys.executable, "-m", "qa", "rebuild", str(corpus), "--index", str(here)]
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert "Friday" in reader.ask("When is the meeting?").text
    # and the machine that only read may write: it goes on from the same state
    (corpus / "b.txt").write_text("The party is on Sunday.")
    report = rebuild(corpus, index=there, settings=settings)
    assert (report.added, report.unchanged) == (("b.txt",), ("a.txt",))
    assert IndexStore.open(here, settings).status().documents == 2


def test_a_full_rebuild_leaves_one_generation_on_the_server(
    tmp_path: Path, name: str, settings: IndexSettings
) -> None:
    for _ in range(2):
        rebuild(SEEDS, index=tmp_path / name, settings=settings, full=True)
    report = rebuild(SEEDS, index=tmp_path / name, settings=settings)
    assert report.unchanged and report.embedded == 0
    server = chroma_server(str(settings.chroma_url))
    generation = current(tmp_path / name)
    assert generation is not None
    assert sorted(each.name for each in server._client.list_collections() if each.name.startswith(name)) == [
        f"{name}.{generation.name}.log",
        f"{name}.{generation.name}.passages",
        f"{name}.state",
    ]


def test_a_machine_that_lost_its_folder_gets_everything_back(
    tmp_path: Path, name: str, settings: IndexSettings
) -> None:
    index = tmp_path / name
    rebuild(SEEDS, index=index, settings=settings)
    shutil.rmtree(index)
    report = rebuild(SEEDS, index=index, settings=settings)
    assert report.unchanged and report.embedded == 0


def test_a_change_larger_than_one_record_arrives_whole(
    tmp_path: Path, name: str, settings: IndexSettings
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = " ".join(f"Word{number * 7919 % 99991} is number {number}." for number in range(9000))
    (corpus / "long.txt").write_text(text)
    rebuild(corpus, index=tmp_path / "here" / name, settings=settings)
    assert IndexStore.open(tmp_path / "there" / name, settings).document("long.txt").text == text


def test_a_change_that_was_cut_off_is_not_replayed_and_is_written_anew(
    tmp_path: Path, name: str, settings: IndexSettings
) -> None:
    index = tmp_path / name
    rebuild(SEEDS, index=index, settings=settings)
    generation = current(index)
    assert generation is not None
    backend = open_backend(index, settings.chroma_url)
    assert isinstance(backend, ServerBackend)
    catalog = Catalog(catalog_path(generation))
    number = catalog.version() + 1
    noise = tuple((f"id{each * 7919}", f"hash{each * 104729}") for each in range(9000))
    with backend.writer_lock(1):
        backend.record(generation, number, Change("now", announced=noise))
        backend._log(generation).delete([f"{number:012d}-000001"])
        backend.replay(generation, catalog)
        assert catalog.version() == number - 1
        change = Change("later", removed=("000_02a9af07749c0ccb.txt",))
        backend.record(generation, number, change)
        backend.replay(generation, catalog)
        assert (catalog.version(), catalog.sources()) == (number, ())
    catalog.close()


def test_two_machines_do_not_write_at_once(
    tmp_path: Path, name: str, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index_store.backend._LEASE_SECONDS", 4.0)
    here = open_backend(tmp_path / "here" / name, settings.chroma_url)
    there = open_backend(tmp_path / "there" / name, settings.chroma_url)
    with here.writer_lock(1):  # renewed in time, though it writes nothing
        with pytest.raises(IndexLockedError, match=rf"here/{name}\) is rebuilding.*qa rebuild"):
            there.writer_lock(6).__enter__()
        here.record(tmp_path / "abcdef01-1", 1, Change("now"))
    with there.writer_lock(1):
        there.record(tmp_path / "abcdef01-1", 2, Change("later"))


def test_a_machine_that_slept_past_its_lease_writes_no_more(
    tmp_path: Path, name: str, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index_store.backend._LEASE_SECONDS", 1.0)
    monkeypatch.setattr(ServerBackend, "_keep", lambda *_: None)
    here = open_backend(tmp_path / "here" / name, settings.chroma_url)
    there = open_backend(tmp_path / "there" / name, settings.chroma_url)
    with ExitStack() as stack:
        with here.writer_lock(1):
            stack.enter_context(there.writer_lock(30))
            with pytest.raises(IndexLockedError, match=r"Another machine took over.*run: qa rebuild"):
                here.record(tmp_path / "abcdef01-1", 1, Change("now"))
        there.record(tmp_path / "abcdef01-1", 1, Change("now"))  # its lease is there still


ASK = """
import sys
from qa import Assistant
with Assistant.open("no/such/folder") as assistant:
    for line in sys.stdin:
        answer = assistant.ask(line)
        (citation,) = answer.citations
        text = assistant.document(citation.source).text
        print(text[citation.start : citation.end], flush=True)
"""


def test_several_app_processes_share_a_server_and_see_each_rebuild(
    tmp_path: Path, name: str, settings: IndexSettings
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The meeting is on Monday.")
    rebuild(corpus, index=tmp_path / "builder" / name, settings=settings)
    apps = []
    for machine in ("one", "two"):
        environment = os.environ | {
            "QA_CHROMA_URL": str(settings.chroma_url),
            "QA_INDEX": str(tmp_path / machine / name),
            "PYTHONPATH": str(SEEDS.parent),
        }
        command = [sys.executable, "-c", ASK]
        apps.append(
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
                cwd=tmp_path,
            )
        )

    def answers() -> list[str]:
        for app in apps:
            print("When is the meeting?", file=app.stdin, flush=True)
        return [app.stdout.readline() for app in apps if app.stdout]

    with apps[0], apps[1]:
        assert answers() == ["The meeting is on Monday.\n"] * 2
        (corpus / "a.txt").write_text("The meeting is on Friday.")
        rebuild(corpus, index=tmp_path / "builder" / name, settings=settings)
        assert answers() == ["The meeting is on Friday.\n"] * 2
        rebuild(corpus, index=tmp_path / "builder" / name, settings=settings, full=True)
        assert answers() == ["The meeting is on Friday.\n"] * 2


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    dead = IndexSettings(chroma_url="http://127.0.0.1:9")
    with pytest.raises(
        StoreUnavailableError, match=r"http://127\.0\.0\.1:9 cannot be reached.*QA_CHROMA_URL"
    ):
        rebuild(SEEDS, index=tmp_path / "index", settings=dead)
    with pytest.raises(SettingsError, match="Give an address such as"):
        IndexStore.open(tmp_path / "index", IndexSettings(chroma_url="localhost"))


def test_a_server_without_the_index_says_how_to_build_it(
    tmp_path: Path, name: str, settings: IndexSettings
) -> None:
    with pytest.raises(IndexMissingError, match="qa rebuild"):
        IndexStore.open(tmp_path / name, settings)


def test_the_index_has_one_name_on_the_server_wherever_the_corpus_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QA_INDEX", raising=False)
    one = index_folder(tmp_path / "one", None, "http://localhost:8000")
    assert one.name == "footnote"
    assert index_folder(tmp_path / "two", None, "http://localhost:8000") == one
    assert index_folder(tmp_path / "two", None, "http://localhost:8001") != one
