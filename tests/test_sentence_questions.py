"""What is asked of a sentence, for drafts and for the page: questions a person would ask, or none."""

import pytest

from qa.sentence_questions import ask

CLOZE = "What is missing here: "


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("The Moss Harbour Museum opened in 1974 in a former rope factory.",
         "When did the Moss Harbour Museum open?", "1974"),
        ("The annual meeting will be held in Moss on 12 May 2023.",
         "When will the annual meeting be held in Moss?", "12 May 2023"),
        ("The museum is closed on Mondays.", "When is the museum closed?", "Mondays"),
        ("The field office is in Tistedal and is managed by Ingrid Vold.",
         "Where is the field office?", "Tistedal"),
        ("In 2022 the project removed 14 weirs and planted 23,500 alders.",
         "How many weirs did the project remove in 2022?", "14"),
        ("The museum had 48,200 visitors in 2019, 11,900 in 2020 and 17,300 in 2021.",
         "How many visitors did the museum have in 2019?", "48,200"),
        ("Eleven people work for the project.", "How many people work for the project?", "Eleven"),
        ("The fish ladder at Brekke is expected to cost 1,100,000 euros.",
         "How much is the fish ladder at Brekke expected to cost?", "1,100,000 euros"),
        ("The committee rejected the proposal, because hatchery fish would dilute the local strain.",
         "Why did the committee reject the proposal?", "hatchery fish would dilute the local strain"),
        ("The deputy director is Jonas Eide, who joined in January 2020.", "Who is the deputy director?",
         "Jonas Eide"),
        ("The project is funded by the Nordic Water Fund.", "Who is the project funded by?",
         "the Nordic Water Fund"),
        ("Fish were counted with an infrared counter at Tistedal.",
         "What was counted with an infrared counter at Tistedal?", "Fish"),
    ],
)  # fmt: skip
def test_a_fact_is_asked_about_in_good_english(sentence: str, question: str, answer: str) -> None:
    assert (question, answer) in [(each.question, each.answer) for each in ask(sentence)]
    assert not any(each.question.startswith(CLOZE) for each in ask(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "No pesticides were used by the project in 2022.",
        "None of the boats were repaired in 2022.",
        "Nobody was hurt at the Tistedal dam in 2019.",
        "Neither Anna Berg nor Knut Dahl was elected in 2021.",
        "The ship has never left Moss since 1969.",
        "The old mill dam at Brekke was not removed in 2022.",
        "The old mill dam at Brekke wasn’t removed in 2022.",
        "The Moss Harbour Museum opened without a café in 1974.",
    ],
)
def test_nothing_is_asked_of_what_is_denied(sentence: str) -> None:
    assert list(ask(sentence)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The man who said the bridge was safe was dismissed in 1902.",
        "The council bought a mill built in 1861.",
        "Several old ferries were sunk by Germany in 1942.",
        "A ferry was sunk off Moss in 1942.",
        "Some ferries were sunk off Moss in 1942.",
        "The report is in Norwegian and has 40 pages.",
    ],
)
def test_what_rules_cannot_tell_apart_makes_at_most_a_gap(sentence: str) -> None:
    assert all(each.question.startswith(CLOZE) for each in ask(sentence))
