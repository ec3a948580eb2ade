"""The commands, run as a user runs them."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from qa.cli import main

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


@pytest.fixture
def options(seed_index: Path) -> list[str]:
    return ["--corpus", str(SEEDS), "--index", str(seed_index)]


def test_ask_prints_the_answer_with_its_source(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "Who seized the nuclear plant?", *options]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Russian forces\nRussian forces seized the plant soon after the invasion. [1]\n")
    assert "[1] 000_02a9af07749c0ccb.txt, characters 1834–1890" in out
    assert err == ""


def test_ask_json_is_the_answer(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "Who seized the nuclear plant?", "--json", *options]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["status"] == "answered" and data["citations"][0]["start"] == 1834


def test_any_encoding_and_a_reader_that_leaves_are_no_error(options: list[str]) -> None:
    question = "Who is the head of the IAEA?"
    command = [sys.executable, "-m", "qa", "ask", question, *options]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    told = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert told.stdout.startswith(b"Rafael Grossi\n") and b"characters 1373?1617" in told.stdout
    told = subprocess.run([*command, "--json"], capture_output=True, env=environment, check=True)
    assert "“significant increase”" in json.loads(told.stdout)["text"]
    reader, writer = os.pipe()
    os.close(reader)
    left = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (left.returncode, left.stderr) == (1, b"")


def test_exit_codes_tell_the_outcomes_apart(
    options: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["ask", "Who won the 2018 World Cup?", *options]) == 3
    assert capsys.readouterr().out.startswith("The documents don't say.")
    assert main(["ask", "Who won the 2018 World Cup?", "--threshold", "0", *options]) == 0
    assert not capsys.readouterr().out.startswith("The documents don't say.")
    assert main(["ask", "Who is the head of the IAEA?", "--threshold", "1", *options]) == 3
    assert main(["ask", "Who?", "--threshold", "30", *options]) == 1
    assert "threshold is 30.0; give a number from 0 to 1." in capsys.readouterr().err
    assert main(["ask", "", *options]) == 1
    assert capsys.readouterr().err.startswith("qa: The question is empty.")
    assert main(["ask", "Who?", "--llm", "openai/x", *options]) == 1
    assert main(["ask", "Who?", "--source", "nowhere", *options]) == 1
    assert main(["status", "--index", str(tmp_path / "none")]) == 1
    assert "qa rebuild" in capsys.readouterr().err
    with pytest.raises(SystemExit) as usage:
        main(["ask"])
    assert usage.value.code == 2


def test_search_lists_passages(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "nuclear power plant", "-k", "1", *options]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1. 000_02a9af07749c0ccb.txt, characters 1373–2152, score 0.")
    assert "largest nuclear power plant in Europe" in out


def test_search_json_is_the_hits_of_an_answer(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    question = "Who seized the nuclear plant?"
    assert main(["search", question, "-k", "3", "--json", *options]) == 0
    hits = json.loads(capsys.readouterr().out)
    main(["ask", question, "-k", "3", "--json", *options])
    assert hits == json.loads(capsys.readouterr().out)["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    for hit in hits:
        start, end = hit["passage"]["start"], hit["passage"]["end"]
        assert hit["passage"]["text"] == (SEEDS / hit["passage"]["source"]).read_text()[start:end]


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert done.value.code == 0
    assert capsys.readouterr().out == f"footnote {project['version']}\n"


def test_a_new_index_in_a_named_folder_is_told_of_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("The mill of Ostwick was built in 1842.")
    command = ["ask", "When was the mill built?", "--corpus", str(tmp_path / "a.txt")]
    command += ["--index", str(tmp_path / "mistyped")]
    assert main(command) == 0
    made = f"there is no index at {tmp_path}/mistyped; making one there of {tmp_path}/a.txt"
    assert capsys.readouterr().err == f"qa: {made}\n"
    assert main(command) == 0
    assert capsys.readouterr().err == ""


def test_rebuild_and_status(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", str(tmp_path / "index")
    corpus.mkdir()
    (corpus / "a.txt").write_text("One thing.")
    (corpus / "b.txt").write_text("")
    assert main(["rebuild", str(corpus), "--index", index, "--dry-run"]) == 0
    assert "  added: a.txt\n" in capsys.readouterr().out
    assert main(["rebuild", str(corpus), "--index", index]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("1 added, 0 updated, 0 moved, 0 removed, 0 unchanged, 1 failed\n1 passages written")
    assert err == "could not read b.txt: empty file\n"
    (corpus / "a.txt").rename(corpus / "c.txt")
    main(["rebuild", str(corpus), "--index", index, "--dry-run"])
    assert "  moved: a.txt → c.txt\n" in capsys.readouterr().out
    assert main(["status", "--index", index]) == 0
    out = capsys.readouterr().out
    assert "documents:       1\n" in out and "  b.txt: empty file\n" in out


def test_chat_remembers(
    options: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter(["What is Zaporizhzhia?", "", "Who seized it?"])

    def answer(_: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", answer)
    assert main(["chat", *options]) == 0
    out, err = capsys.readouterr()
    assert "(asked as: Who seized Zaporizhzhia?)\n" in out
    assert err.startswith("qa: The question is empty.")


@pytest.mark.parametrize("command", [["-m", "qa"], ["-m", "index_store"]])
def test_modules_run_as_commands(command: list[str], tmp_path: Path) -> None:
    index = str(tmp_path / "index")
    done = subprocess.run(
        [sys.executable, *command, "rebuild", "seeds/", "--index", index],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("1 added")
    assert done.stderr == ""
    nothing = subprocess.run(
        [sys.executable, *command, "rebuild", "nowhere/", "--index", index],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert nothing.returncode == 1
    assert "There is nothing at" in nothing.stderr and "Traceback" not in nothing.stderr


def test_the_environment_names_corpus_and_index(seed_index: Path) -> None:
    environment = os.environ | {"QA_CORPUS": str(SEEDS), "QA_INDEX": str(seed_index)}
    done = subprocess.run(
        [sys.executable, "-m", "qa", "ask", "Who seized the nuclear plant?"],
        capture_output=True, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.startswith("Russian forces\nRussian forces seized the plant"), done.stderr


def test_a_question_from_the_shell_loads_nothing_it_does_not_need(options: list[str]) -> None:
    command = ["ask", "Who is the head of the IAEA?", *options]
    asking = (
        f"import json, sys; from qa.cli import main; main({command!r}); "
        "sys.stderr.write(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True)
    needless = {"gradio", "llama_index", "sentence_transformers", "starlette", "torch", "transformers"}
    assert "Rafael Grossi" in done.stdout
    assert needless & set(json.loads(done.stderr)) == set()
