"""What questions ask for."""

import pytest

from qa.question import Kind, Saying, asks_for_steps, asks_who_said, asks_who_speaks, kind, saying

ASKED = {
    Kind.NUMBER: [
        "How many Russian attacks were reported on Wednesday?",
        "how many attacks",
        "hwo many attacks were there",
        "For how many years did they govern the region?",
        "Roughly how much does it cost?",
        "How old is she?",
        "How long is the bridge?",
        "What percentage of the population was female?",
        "what is the population of fayetteville",
        "What's the average price of oil?",
        "population of norway",
        "What is the transfer fee of the goalkeeper?",
        "death toll in the storm",
        "What was the net profit?",
        "share price of the bakery",
        "What is the mayor's age?",
        "velden ferry ticket price after may",
        "According to Grossi, how many troops are there?",
        "At what age did she die?",
        "Please tell me how many people died.",
    ],
    Kind.TIME: [
        "When did Russia launch its war?",
        "when was penicillin introduced",
        "whne did it start",
        "In what year was the treaty signed?",
        "The treaty was signed in what year?",
        "What time do the games start?",
        "What is the date of the meeting?",
        "date of the battle of hastings",
        "What is the release date of the film?",
        "How long ago was that?",
        "Do you know when she died?",
    ],
    Kind.PERSON: [
        "Who leads it?",
        "Who was her teacher's boss?",
        "And who leads it?",
        "woh is the head of the IAEA",
        "Who is the head of the IAEA?",
        "who's the president of France?",
        "Whose idea was it?",
        "To whom did he write?",
        "Which general was fired?",
        "dock workers union leader",
        "What is the mayor's name?",
        "What is the name of the president?",
        "author of the hymn great is thy faithfulness",
        "Could you please tell me who won?",
    ],
    Kind.PLACE: [
        "Where was it filmed?",
        "wher is the suez canal",
        "where's the plant?",
        "What is the capital of France?",
        "In which city did they meet?",
        "what state does the show take place in",
        "From what country did people emigrate?",
    ],
    Kind.THING: [
        "What did King Edgar decree in 965?",
        "what song is played at dawn",
        "What is the largest nuclear power plant in Europe?",
        "What is Grossi's plan?",
        "What is the current state of the plan?",
        "What is the largest land mass?",
        "What did they call people?",
        "Which entity runs the program?",
        "What did Forbes say it was worth?",
        "What was the tower used for?",
        "What type of carrier is the largest?",
        "the boards name on ed edd and eddy",
        "",
        "?",
    ],
    Kind.YES_NO: [
        "Does Moscow deny the allegation?",
        "is it true that the plant was seized",
        "Can the plant be protected?",
        "Have both sides suffered losses?",
        "Didn't they leave?",
        "Do you think the plant is safe?",
    ],
    Kind.WHY: [
        "Why?",
        "why was the plague so devastating",
        "How come they left?",
        "What caused the gap?",
        "What is the reason for the delay?",
        "For what reason did they leave?",
        "Tell me why Moscow wants Bakhmut",
    ],
    Kind.HOW: [
        "How did Boganda die?",
        "how do i bake bread",
        "can you explain how it works?",
        "In what way does it help?",
    ],
    Kind.LIST: [
        "List the regions.",
        "name three planets",
        "What are the four regions?",
        "what are the symptoms of flu",
        "Which countries have signed the treaty?",
        "Which trees stand on Canal Street?",
        "What languages are spoken in Spain?",
        "Who are the members of the council?",
        "Who were Ann Lee's two pupils?",
        "who are her students",
        "Who are the children of the king?",
        "What kinds of bread are there?",
        "Tell me all the names in the report",
    ],
    Kind.DEFINITION: [
        "What is Node.js?",
        "What is photosynthesis?",
        "whats a neutron star",
        "What is a light year?",
        "Define entropy.",
        "What does ATC stand for?",
        "what does kleptocracy mean",
        "Who is Rafael Grossi?",
        "Who are Reuters?",
        "who is rafael grossi",
        "What is the meaning of the name Gomez?",
    ],
    Kind.SUMMARY: [
        "Summarise this",
        "summarize the documents",
        "Can you summarize the report for me?",
        "What is this about?",
        "whats it about",
        "What are these documents about?",
        "What is report.pdf about?",
        "What is the report.pdf about?",
        "What is meeting_notes.pdf about?",
        "what's notes/team.md about",
        "Give me the gist of report.pdf",
        "Give me a short summary.",
        "key points",
        "What are the main points of this article?",
        "Key takeaways?",
        "The takeaways from this report?",
        "Outline the plan for the harbour",
        "Condense this, please",
        "Recap?",
        "tl;dr",
        "TLDR please",
        "What does the article say?",
        "overview",
    ],
}


@pytest.mark.parametrize(("question", "expected"), [(q, k) for k, asked in ASKED.items() for q in asked])
def test_what_is_asked(question: str, expected: Kind) -> None:
    assert kind(question) is expected


@pytest.mark.parametrize(
    "question",
    [
        "What is the film about?",
        "What does the report say about Bakhmut?",
        "Who wrote the summary?",
        "What was the summary judgment?",
        "What is the main export of Brazil?",
        "What are the main ideas of Marxism?",
        "What did he say about it?",
        "When is the overview published?",
        "The takeaway on Main Street opens when?",
        "Outline permission for the pier was granted when?",
        "Recap dates of season two?",
    ],
)
def test_a_question_that_only_sounds_like_it_wants_no_summary(question: str) -> None:
    assert kind(question) is not Kind.SUMMARY


def test_real_words_are_not_taken_for_misspelt_question_words() -> None:
    assert kind("were they there") is Kind.YES_NO
    assert kind("May I go in?") is Kind.YES_NO
    assert kind("May 2021 revenue") is Kind.THING
    assert kind("wheat production in France") is Kind.THING
    assert kind("here is my question: who won?") is Kind.PERSON


def test_only_some_kinds_may_take_several_sentences() -> None:
    assert {each for each in Kind if each.may_take_several} == {Kind.WHY, Kind.HOW, Kind.LIST, Kind.SUMMARY}


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who said that it was late?", True),
        ("Who has also warned of rain?", True),
        ("According to whom is it late?", True),
        ("Who was told that it was late?", False),
        ("Who wrote the report?", False),
        ("Who leads the agency?", False),
        ("What did Grossi say?", False),
        ("Where does the minister who denied the claim live?", False),
    ],
)
def test_some_questions_ask_who_says_something(question: str, asked: bool) -> None:
    assert asks_who_said(question) is asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What did Grossi say about the plant?", Saying("grossi", "the plant", whole=True)),
        ("What did Grossi tell reporters", Saying("grossi", "", whole=True)),
        ("What else has the mayor told the court about it?", Saying("the mayor", "it", whole=True)),
        ("what did he say on Monday?", Saying("he", "", whole=True)),
        ("What does Whitmore recommend?", Saying("whitmore", "", whole=False)),
        ("What did Forbes say it was worth?", None),
        ("What did the mayor tell her brother to do?", None),
        ("What did he buy?", None),
        ("What did Lee say in the letter that he wanted to buy?", None),
        ("What do I have to tell the police?", None),
    ],
)
def test_some_questions_ask_what_somebody_says(question: str, asked: Saying | None) -> None:
    assert saying(question) == asked


def test_who_denied_it_may_be_somebody_who_is_spoken_of() -> None:
    assert asks_who_speaks("Who said that it was late?") and asks_who_speaks("According to whom is it late?")
    assert not asks_who_speaks("Who denied the claim?") and not asks_who_speaks("Who called the police?")


def test_some_questions_ask_for_steps() -> None:
    assert asks_for_steps("How do I reset the router?") and asks_for_steps("tell me how to bake bread")
    assert not asks_for_steps("How did Boganda die?")
