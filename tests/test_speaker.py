"""Who said it stays with the claim."""

from pathlib import Path

import pytest

from index_store import sentence_spans
from qa import Assistant, Settings
from qa.speaker import claim_span, is_called, speaker, speaker_spans
from qa.words import content_words

ARTICLE = (Path(__file__).parent.parent / "seeds" / "000_02a9af07749c0ccb.txt").read_text(encoding="utf-8")
BRIDGE = (
    "Mayor Jane Doe opened the bridge on Monday.\n"
    "“We waited for years. Nobody believed us. Now it stands,” she told reporters.\n"
    "“It is a good day,” she added.\n"
    "The tolls start in May.\n"
    "According to her, it will pay off.\n"
    "Critics disagree.\n"
    "“It is too costly,” said Bob Smith of the Taxpayers Union. “We will sue. We will win.”"
)
OPENED = "Mayor Jane Doe opened the bridge on Monday."


def speakers(text: str, said: str) -> list[str]:
    """The sentences that are brought along with the one that holds `said`."""
    spans = sentence_spans(text)
    at = text.index(said)
    span = next(each for each in spans if each[0] <= at < each[1])
    return [text[start:end] for start, end in speaker_spans(text, spans, span)]


def test_the_article_names_grossi_with_what_he_warned() -> None:
    (named,) = speakers(ARTICLE, "It is obvious that military activity")
    assert named.startswith("Separately on Wednesday, Rafael Grossi, head of the International Atomic Energy")


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        (BRIDGE, "Nobody believed us", [OPENED]),
        (BRIDGE, "It is a good day", [OPENED]),
        (BRIDGE, "According to her", [OPENED]),
        (BRIDGE, "We will sue", ["“It is too costly,” said Bob Smith of the Taxpayers Union."]),
        (
            "Ann Lee left. Tom Hall stayed. “I had to go,” she said.",
            "I had to go",
            ["Ann Lee left."],  # the nearest name that the pronoun fits
        ),
        (
            "Tom Hall spoke first. “I stay,” he said. “I always did,” he added.",
            "I always did",
            ["Tom Hall spoke first."],
        ),
        (
            "The minister, Anna Berg, resigned. The minister said she was ill.",
            "The minister said",
            ["The minister, Anna Berg, resigned."],
        ),
        (
            "Police closed the road. The Police Department issued a warning. “Stay away,” they said.",
            "Stay away",
            ["The Police Department issued a warning."],
        ),
        (
            "Tom Hall took the stage.\n“This is the first point.\n“This is the second point,” he said.",
            "This is the first point",
            ["Tom Hall took the stage.", "“This is the second point,” he said."],
        ),
        ("Tom Hall spoke. “It is late,” said he.", "It is late", ["Tom Hall spoke."]),
        ("Tom Hall spoke. “It is late”, said he.", "It is late", ["Tom Hall spoke."]),
        (
            'Ann Lee read the letter out. "Mary Finch has left," it said. "I stay," she added.',
            "I stay",
            ["Ann Lee read the letter out."],  # Mary Finch is only spoken of
        ),
        (
            "Ann Lee won. Her rival, Goran Petric, was cross. “It was late,” he said.",
            "It was late",
            ["Her rival, Goran Petric, was cross."],  # the first name tells nothing
        ),
        (
            "Ann Lee won. The Fjord Line closed. “It was late,” she said.",
            "It was late",
            ["Ann Lee won."],
        ),
        (
            "Tom Hall won. Zyta Hoek fell ill, and her race was over. “It was late,” he said.",
            "It was late",
            ["Tom Hall won."],
        ),
        (
            "Prime Minister Tom Hall lost. Bob Smith cheered. Hall, in office since May, resigned."
            " “It was late,” he said.",
            "It was late",
            ["Hall, in office since May, resigned."],
        ),
        (
            "Goran Petric lost. On Monday, he wrote to Tom Hall. He thanked Bob Smith. “I won,” he said.",
            "I won",
            ["Goran Petric lost."],
        ),
        (
            "Ann Lee won. When Goran Petric lost, he wrote to her. “It was late,” he said.",
            "It was late",
            ["When Goran Petric lost, he wrote to her."],
        ),
        (
            "A letter\nsays the plan\nis dead.\n“Nobody wants\nit. We know.”",
            "We know",
            ["A letter\nsays the plan\nis dead."],  # of one paragraph
        ),
        (
            "Tom Hall, the mayor, said it was late.\n\n“The plan is dead. Nobody wants it.”",
            "Nobody wants it",
            ["Tom Hall, the mayor, said it was late."],
        ),
        ("The board wrote:\n\n“The plan is dead.”", "The plan is dead", ["The board wrote:"]),
        (
            "Ann Lee won. The races of Christmas Eve and New Year's Eve are long. “I am glad,” she said.",
            "I am glad",
            ["Ann Lee won."],
        ),
        (
            'Tom Hall wrote: "The plan is dead. Nobody wants it. We know."',
            "Nobody wants it",
            [],  # one sentence: it names him
        ),
        (
            "“The plan is dead.” Tom Hall said so twice.",
            "The plan is dead",
            [],
        ),
    ],
)
def test_the_sentence_that_names_the_speaker_comes_along(text: str, said: str, expected: list[str]) -> None:
    assert speakers(text, said) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ARTICLE, "Rafael Grossi, head of"),
        (ARTICLE, "Grossi added that"),
        (ARTICLE, "Ukrainian military officials said"),
        (ARTICLE, "Moscow says Bakhmut"),
        (ARTICLE, "Russian forces seized the plant"),
        (ARTICLE, "Only 57 Russian attacks"),
        (BRIDGE, "The tolls start"),
        (BRIDGE, "said Bob Smith"),
        ("Tom Hall spoke. When Ann Lee arrived, she said it was late.", "it was late"),
        ("Tom Hall spoke. The so-called “great wall of the north” is long.", "great wall"),
        ("Tom Hall spoke. According to Ann Lee, it was late.", "it was late"),
        ("It rained. “We are lost,” she said.", "We are lost"),  # nobody is named at all
        ("Tom Hall spoke. “We are lost,” she said.", "We are lost"),  # not by him
        ("Tom Hall spoke. Berg, who led the party, said he would go.", "he would go"),
        ("The critics say there is no room.\n\n“There is always room.”", "always room"),
        ("Ann Lee lost, the papers say.\n\n“There is always room.”", "always room"),
        ("", ""),
    ],
)
def test_a_sentence_that_names_its_speaker_or_has_none_stands_alone(text: str, said: str) -> None:
    assert said == "" or speakers(text, said) == []


def test_an_ellipsis_is_no_quotation(tmp_path: Path) -> None:
    menu = tmp_path / "menu.txt"
    text = "Price list of the kiosk\n\nA cup of coffee … 3 euros\n\nA cup of tea … 2 euros"
    menu.write_text(text, encoding="utf-8")
    with Assistant.open(menu, index=tmp_path / "index", settings=Settings(threshold=0.0)) as assistant:
        answer = assistant.ask("How much is a cup of tea?")
    assert [each.quote for each in answer.citations] == ["A cup of tea … 2 euros"]


def test_a_span_outside_the_sentences_has_no_speaker() -> None:
    assert speaker_spans("Hello.", sentence_spans("Hello."), (90, 95)) == ()
    assert speaker_spans("", (), (0, 0)) == ()


TRIAL = (
    "The star witness was Neil Haverly, who had kept the books. He told the court that Whitcombe had bought"
    " a yacht.\n“My brother told us that they hung wet rags over the sensors,” said Jana Kubin, a clerk.\n"
    "Anna Berg, a neighbour, called the police, Tom Hall said. Lena Ost said that Goran Petric warned her."
    " Ben Stone was told of it by Mary Finch. “It was he who built the dam,” she wrote in The Times. “It will"
    " break,” said the engineer Rosa Stein in Geneva. “It is late,” she said in Lyon."
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Whitcombe", "Neil Haverly"),
        ("My brother", "Jana Kubin"),
        ("the sensors", "Jana Kubin"),
        ("Anna Berg", None),  # Tom Hall is only named behind her
        ("Goran Petric", None),  # he speaks himself
        ("kept the books", None),  # nobody says it
        ("Mary Finch", None),  # Ben Stone is told
        ("the dam", "Mary Finch"),  # not The Times
        ("It will", "Rosa Stein"),
        ("It is late", "Rosa Stein"),  # not Lyon
    ],
)
def test_what_is_said_is_told_by_the_name_of_who_says_it(words: str, expected: str | None) -> None:
    at = TRIAL.index(words)
    name = speaker(TRIAL, sentence_spans(TRIAL), (at, at + len(words)))
    assert (TRIAL[slice(*name)] if name else None) == expected


def test_the_claim_is_the_sentence_that_has_the_words_asked_for() -> None:
    spans = sentence_spans(ARTICLE)
    name = (ARTICLE.index("Rafael Grossi"), ARTICLE.index("Rafael Grossi") + len("Rafael Grossi"))
    claim = claim_span(ARTICLE, spans, name, content_words("the plant can't be protected"))
    assert claim and ARTICLE[slice(*claim)].endswith("So the plant can’t be protected,” he warned.")
    assert claim_span(ARTICLE, spans, name, content_words("a repeat visit")) is None


@pytest.mark.parametrize(
    ("text", "name", "asked"),
    [
        (
            "Engineer Tom Hall warned mayor Ann Lee in May. She said the Torvik dam could not break.",
            "Tom Hall",
            "the Torvik dam could break",
        ),
        (
            "Tom Hall, an engineer, warned Ann Lee of trouble. “There is no leak in the dam,” she said.",
            "Tom Hall",
            "a leak in the dam",
        ),
        ("Tom Hall spoke. The dam has a leak.", "Tom Hall", "a leak in the dam"),
    ],
)
def test_what_another_says_is_no_claim_of_the_first(text: str, name: str, asked: str) -> None:
    at = text.index(name)
    assert claim_span(text, sentence_spans(text), (at, at + len(name)), content_words(asked)) is None


def test_who_said_something_is_answered_with_what_he_said(assistant: Assistant) -> None:
    answer = assistant.ask("Who said the plant can't be protected?")
    assert answer.lead == "Rafael Grossi"
    assert [each.text.endswith("he warned.") for each in answer.sentences] == [False, True]


def test_the_name_of_who_says_it_goes_before_names_in_what_is_said(tmp_path: Path) -> None:
    trial = tmp_path / "trial.txt"
    trial.write_text(TRIAL.split("\n")[0], encoding="utf-8")
    with Assistant.open(trial, index=tmp_path / "index", settings=Settings(threshold=0.0)) as assistant:
        answer = assistant.ask("Who testified about the yacht?")
    assert answer.lead == "Neil Haverly"
    assert {each.quote.split()[0] for each in answer.citations} == {"The", "He"}


@pytest.mark.parametrize(
    ("name", "asked", "one"),
    [
        ("Councillor Priya Raman", "raman", True),
        ("Moen", "lars moen", True),
        ("President Moe", "president ulf moe", True),
        ("Lars Holt", "lars moen", False),
        ("Health Ministry", "the world health board", False),
        ("", "raman", False),
    ],
)
def test_part_of_a_name_calls_somebody_and_a_namesake_is_another(name: str, asked: str, one: bool) -> None:
    assert is_called(name, asked) is one
