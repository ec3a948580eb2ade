"""`qa eval` over small real corpora, and the measures it rests on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from index_store import rebuild
from qa import Answer, Assistant
from qa.cli import main
from qa.evaluation.metrics import holds
from qa.evaluation.probes import draft
from qa.evaluation.questions import Question, read_questions
from qa.evaluation.run import Outcome, Run, evaluate, load_run
from qa.evaluation.summary import changed_questions, compare, summarize
from qa.web.feedback import line

SEED = "000_02a9af07749c0ccb.txt"
SEEDS = Path(__file__).parent.parent / "seeds"

LIGHTHOUSES = {
    "skerry.md": "# Skerry lighthouse\n\nThe Skerry lighthouse was built in 1842. "
    "Ida Brandt designed the lamp. About 12 keepers have lived in the tower since then.",
    "harbour.txt": "Harbour dues rose to 45 crowns in Tampa. "
    "The Port Council of Tampa approved the new pier on Monday.",
}


@pytest.fixture(scope="module")
def lighthouses(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options of a command over two small documents."""
    folder = tmp_path_factory.mktemp("lighthouses")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in LIGHTHOUSES.items():
        (corpus / name).write_text(text)
    rebuild(corpus, index=folder / "index")
    return ["--corpus", str(corpus), "--index", str(folder / "index")]


def test_a_question_about_a_missing_file_fails_alone(
    lighthouses: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = write(
        tmp_path / "questions.jsonl",
        {"question": "Summarise gone.pdf"},
        {"question": "When was the Skerry lighthouse built?", "answer": "1842"},
    )
    assert main(["eval", questions, *lighthouses]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("2 questions, 1 failed")
    assert "failed: Summarise gone.pdf: No document of the index matches 'gone.pdf'" in err


def test_a_question_that_meets_a_bug_fails_alone(
    lighthouses: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = Assistant.ask

    def faulty(self: Assistant, question: str, *, k: int) -> Answer:
        if "pier" in question:
            raise ZeroDivisionError("a bug")
        return ask(self, question, k=k)

    monkeypatch.setattr(Assistant, "ask", faulty)
    assert main(["eval", write(tmp_path / "questions.jsonl", *KNOWN), *lighthouses]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("3 questions, 1 failed")
    assert "failed: Who approved the new pier?: ZeroDivisionError('a bug')" in err


def test_where_a_run_cannot_be_saved_is_said_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = write(tmp_path / "questions.jsonl", {"question": "When was it built?"})
    for path in (tmp_path, tmp_path / "none" / "run.json"):
        assert main(["eval", questions, "--save", str(path), "--index", str(tmp_path / "none")]) == 1
        assert f"{path} cannot be written." in capsys.readouterr().err


def write(path: Path, *rows: object) -> str:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return str(path)


KNOWN = (
    {
        "question": "When was the Skerry lighthouse built?",
        "answer": ["1842", "in 1842"],
        "source": "skerry.md",
    },
    {"question": "Who approved the new pier?", "answer": "Port Council of Tampa", "source": ["harbour.txt"]},
    {"question": "Who won the 2018 World Cup in football?", "answerable": False},
)


def outcome(question: str = "Who?", **known: object) -> Outcome:
    values: dict[str, object] = {
        "answers": (), "sources": (), "answerable": None, "approved": None, "rejected": None,
        "status": "answered", "probability": None, "text": "", "first_sentence": "", "predicted": "",
        "ranked": (), "cited": (), "sentences": 0, "supported": 0, "seconds": 0.1,
    }  # fmt: skip
    return Outcome(question, **(values | known))  # type: ignore[arg-type]


def a_run(*outcomes: Outcome) -> Run:
    return Run("q.jsonl", "builtin", "1", 8, "2026-01-01", outcomes)


def values(run: Run) -> dict[str, float]:
    return {each.name: round(each.estimate.value, 3) for each in summarize(run).figures}


def test_the_depth_of_a_ranking_counts_passages_however_many_are_looked_at(tmp_path: Path) -> None:
    for name in "abcdefg":  # as many passages of one document as it has paragraphs
        (tmp_path / "corpus").mkdir(exist_ok=True)
        with (tmp_path / "corpus" / "lamp.txt").open("a") as file:
            file.write(
                f"The lamp of the lighthouse burns oil of sort {name}. " + "It shines far. " * 40 + "\n\n"
            )
    (tmp_path / "corpus" / "pier.txt").write_text("The pier is long and made of oak.")
    questions = [Question("Which oil does the lamp of the lighthouse burn?", sources=("pier.txt",))]
    with Assistant.open(tmp_path / "corpus", index=tmp_path / "index") as assistant:
        few, many = (evaluate(assistant, questions, name="q", k=k) for k in (5, 8))
    assert few.outcomes[0].ranked == ("lamp.txt",) * 5 == many.outcomes[0].ranked[:5]
    assert values(few)["recall@5"] == values(many)["recall@5"] == 0.0


def test_a_run_over_real_documents_is_measured(
    lighthouses: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, saved = write(tmp_path / "q.jsonl", *KNOWN), tmp_path / "run.json"
    assert main(["eval", file, "--json", "--save", str(saved), *lighthouses]) == 0
    out, err = capsys.readouterr()
    figures = json.loads(out)["figures"]
    assert err == ""
    assert figures["recall@1"]["value"] == figures["MRR@8"]["value"] == 1.0
    assert figures["sentence hit"] == {"count": 2, "value": 1.0, "low": 1.0, "high": 1.0}
    assert figures["citation precision"]["value"] == 1.0
    assert figures["refusal recall"] == {"count": 1, "value": 1.0, "low": 1.0, "high": 1.0}
    outcomes = load_run(saved).outcomes
    assert [each.question for each in outcomes] == [row["question"] for row in KNOWN]
    assert outcomes[0].answerable is True and "1842" in outcomes[0].first_sentence
    assert outcomes[2].status == "insufficient" and outcomes[2].cited == ()


def test_the_item_of_a_list_that_answers_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "river.md").write_text(
        "# The river project\n\nThe partners of the river project are:\n\n"
        "- Ostfold County\n- the University of Bergen\n- the Rowing Club of Moss\n"
    )
    file = write(
        tmp_path / "q.jsonl",
        {"question": "Which county is a partner of the river project?", "answer": "Ostfold County"},
    )
    where = ["--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")]
    assert main(["eval", file, "--json", *where]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["EM"]["value"] == figures["sentence hit"]["value"] == 1.0


def test_what_the_questions_do_not_tell_is_left_out_by_name(
    lighthouses: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "q.jsonl", {"question": "Who designed the lamp?"})
    assert main(["eval", file, *lighthouses]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1 questions, 0 failed; answered by builtin from 8 passages\n")
    assert "\ngroundedness           1.000  1.000 to 1.000           1" in out
    assert '\n  EM: "answer"\n' in out and '\n  MRR@8: "source"\n' in out


def test_a_bad_line_is_named_and_the_others_are_asked(
    lighthouses: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(
        tmp_path / "q.jsonl",
        KNOWN[0] | {"source": "gone.md"},
        "{not json}",
        "",
        ["a list"],
        {"question": " "},
        {"question": "Who?", "answer": 3},
        {"question": "Who?", "answerable": "no"},
        {"question": "Who?", "answer": "x", "answerable": False},
        {"question": "Who?", "rating": "meh"},
        {"question": "x" * 2001},
    )
    assert main(["eval", file, *lighthouses]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("1 questions, 0 failed")
    lines = err.splitlines()
    assert [line.split(f"{file}:")[1].split(":")[0] for line in lines[:-1]] == [
        "2", "4", "5", "6", "7", "8", "9", "10",
    ]  # fmt: skip
    assert lines[0].startswith(f"qa: left out: {file}:2: not JSON (")
    assert lines[-1] == f"qa: {file} names gone.md, which is not in the index. See: qa status"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no question (it is empty). Draft some: qa eval --make 20"),
        ('{"question": 1}\n', ':1: "question" must be a text that is not empty). Draft some'),
    ],
)
def test_a_file_without_questions_is_an_error(
    content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "q.jsonl").write_text(content)
    assert main(["eval", str(tmp_path / "q.jsonl")]) == 1
    assert message in capsys.readouterr().err


def test_errors_say_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b'{"question": "Caf\xe9?"}')
    (tmp_path / "run.json").write_text('{"format": 2, "outcomes": [{}]}')
    saved = str(tmp_path / "run.json")
    for arguments, message in (
        (["eval"], "Name a file of questions, or two saved runs to compare."),
        (["eval", str(tmp_path / "none")], "Draft one: qa eval --make 20 > questions.jsonl"),
        (["eval", str(tmp_path / "latin.jsonl")], "is not UTF-8 text."),
        (["eval", "--compare", saved, saved], "is not a saved run (an outcome without answerable, answers"),
        (["eval", "--compare", str(tmp_path / "no.json")], "cannot be read (No such file or directory)"),
        (["eval", "--make", "0"], "--make is 0; draft 1 question of each kind or more."),
    ):
        assert main(arguments) == 1
        assert message in capsys.readouterr().err


def test_rated_answers_are_read(tmp_path: Path) -> None:
    file = write(
        tmp_path / "ratings.jsonl",
        {
            "question": "Who?",
            "answer": "Ida did. [1] She won. [2]",
            "source": "a.md",
            "rating": "up",
            "reason": "",
        },
        {"question": "What?", "answer": [], "source": [], "answerable": False, "rating": "up", "at": "now"},
        {"question": "When?", "answer": "In 1842.", "source": "a.md", "rating": "down", "reason": "wrong"},
    )
    assert read_questions(Path(file)).questions == (
        Question("Who?", (), ("a.md",), True, approved="Ida did. She won."),
        Question("What?", answerable=False),
        Question("When?", rejected="In 1842."),
    )
    again = outcome("When?", rejected="In 1842.", text="It was built in 1842. [1]")
    assert values(a_run(again))["rejected again"] == 1.0
    again = outcome("Who?", approved="Ida did. She won.", text="Ida did. [1] She won. [2]")
    other = outcome("Who?", approved="Ida did. She won.", text="Ida did. [1]")
    assert values(a_run(again, other))["approved again"] == 0.5


def test_an_approved_quote_with_a_number_in_brackets_comes_again(tmp_path: Path) -> None:
    (tmp_path / "bridge.txt").write_text("The bridge was built by Thomas Hale [12] in 1842.")
    with Assistant.open(tmp_path / "bridge.txt", index=tmp_path / "index") as assistant:
        answer = assistant.ask("Who built the bridge?")
        rated = line(answer, "up", "")
        file = write(tmp_path / "ratings.jsonl", rated)
        run = evaluate(assistant, read_questions(Path(file)).questions, name="q", k=8)
    assert values(run)["approved again"] == 1.0


def test_a_refusal_is_right_where_the_documents_do_not_answer() -> None:
    run = a_run(
        outcome("a", answerable=True, status="insufficient", probability=0.3),
        outcome("b", answerable=False, status="insufficient", probability=0.2),
        outcome("c", answerable=False, probability=0.8),
        outcome("d", answerable=True, probability=0.9),
        outcome("e", status="failed", error="too long", answerable=False),
        outcome("Summarise the report", answerable=True, probability=1.0),
    )
    found = values(run)
    assert found["refusal precision"] == found["refusal recall"] == 0.5
    assert found["AUROC"] == 0.75
    assert found["calibration error"] == pytest.approx((0.7 + 0.2 + 0.8 + 0.1) / 4)
    assert [each.count for each in summarize(run).reliability] == [1, 1, 1, 1]


def test_two_runs_are_compared_over_the_questions_of_both() -> None:
    gold = {"answers": ("yes",), "sources": ("a",)}
    first = a_run(*(outcome(str(n), **gold, predicted="no", ranked=("b", "a")) for n in range(8)))
    second = a_run(
        *(outcome(str(n), **gold, predicted="yes" if n % 2 else "no", ranked=("b", "a")) for n in range(9))
    )
    found = {each.name: each for each in compare(first, second)}
    assert found["EM"].count == 8 and (found["EM"].first, found["EM"].second) == (0.0, 0.5)
    assert found["EM"].change.low > 0 and found["MRR@8"].change.high == 0.0


def test_a_question_whose_right_answer_was_edited_is_left_out_of_a_comparison() -> None:
    first = a_run(outcome("a", answers=("x",), predicted="x"), outcome("b", answers=("x",), predicted="x"))
    second = a_run(outcome("a", answers=("y",), predicted="x"), outcome("b", answers=("x",), predicted="x"))
    found = {each.name: each for each in compare(first, second)}
    assert found["EM"].count == 1 and found["EM"].first == found["EM"].second == 1.0
    assert changed_questions(first, second) == ("a",) and changed_questions(first, first) == ()


def test_a_question_asked_twice_is_compared_with_itself_though_one_failed() -> None:
    gold = {"answers": ("x",)}
    once = outcome("a", **gold, predicted="x")
    failed = outcome("a", **gold, status="failed", error="too long")
    found = {
        each.name: each
        for each in compare(a_run(failed, once), a_run(outcome("a", **gold, predicted="no"), once))
    }
    assert found["EM"].count == 1 and found["EM"].first == found["EM"].second == 1.0


def test_a_run_is_compared_with_a_saved_one(
    lighthouses: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, old, new = write(tmp_path / "q.jsonl", *KNOWN), str(tmp_path / "a"), str(tmp_path / "b")
    assert main(["eval", file, "-k", "1", "--save", old, *lighthouses]) == 0
    assert main(["eval", file, "--save", new, "--compare", old, *lighthouses]) == 0
    assert "\nMRR@1                  1.000   1.000   +0.000" in capsys.readouterr().out
    assert main(["eval", "--json", "--compare", old, new]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["sentence hit"]["count"] == 2 and figures["recall@1"]["change"]["value"] == 0.0


def test_drafts_are_what_they_claim(
    lighthouses: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "drafts.jsonl"
    assert main(["eval", str(file), "--make", "4", *lighthouses]) == 0
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    every = " ".join(LIGHTHOUSES.values())
    answerable = [row for row in rows if row["answerable"]]
    assert len(answerable) == 4 and len(rows) == 8
    for row in answerable:
        assert all(holds(LIGHTHOUSES[source], [row["answer"]]) for source in row["source"]) and row["source"]
        assert not holds(row["question"], [row["answer"]])
    for row in rows[4:]:
        assert "answer" not in row
        absent = re.search(r"became (.+), which no document has|no document names (.+)", row["note"])
        assert absent and not {*(absent[1] or absent[2]).split()} & {*re.findall(r"\w+", every)}
        assert (absent[1] or absent[2]) in row["question"]
    assert {row["question"] for row in answerable} == {
        "How many keepers have lived in the tower since then?",
        "When was the Skerry lighthouse built?",
        "Who approved the new pier on Monday?",
        "When did the Port Council of Tampa approve the new pier?",
    }
    assert "When did Aisha Okafor resign?" in {row["question"] for row in rows[4:]}
    assert main(["eval", str(file), "--make", "4", *lighthouses]) == 1
    assert "cannot be written (File exists). Name a new file." in capsys.readouterr().err
    assert main(["eval", str(file), "--json", *lighthouses]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]["recall@1"]["count"] == 4


def test_no_question_is_drafted_that_another_sentence_answers_otherwise(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("The museum opened in 1974. The harbour was dredged in 1911.")
    (tmp_path / "corpus" / "b.txt").write_text("The museum was opened in 1980.")
    with Assistant.open(tmp_path / "corpus", index=tmp_path / "index") as assistant:
        probes = draft(assistant, 5)
    assert [each.question for each in probes if each.answerable] == ["When was the harbour dredged?"]


def test_drafts_from_an_article(assistant: Assistant) -> None:
    probes = draft(assistant, 30)
    assert probes == draft(assistant, 30)
    found = {probe.question: probe for probe in probes}
    count = found["How many Russian attacks were reported on Wednesday?"]
    assert (count.answer, count.sources) == ("57", (SEED,))
    assert found["Who seized the plant soon after the invasion?"].answer == "Russian forces"
    swapped = found["How many Russian attacks were reported on Saturday?"]
    assert swapped.note == "Wednesday became Saturday, which no document has"
    assert not swapped.answerable and swapped.answer is None and swapped.sources == ()
    assert sum(not probe.answerable for probe in probes) == 30
