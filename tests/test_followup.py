"""Follow-up questions are rewritten to stand alone; all others are left as they are."""

import dataclasses

import pytest

from qa import Answer, Assistant
from qa.followup import stand_alone
from qa.types import AnswerSentence, Status


def turn(question: str, statement: str = "", rewritten: str | None = None) -> Answer:
    """An answered turn of a conversation, or one without an answer."""
    sentences = (AnswerSentence(statement, (1,), "supported"),) if statement else ()
    status: Status = "answered" if statement else "insufficient"
    return Answer(question, statement, status, None, sentences, (), (), "builtin", "v", {}, rewritten)


PLANT = turn("What is Zaporizhzhia?", "Zaporizhzhia is the largest nuclear power plant in Europe.")
HEAD = turn(
    "Who is the head of the IAEA?",
    "Separately on Wednesday, Rafael Grossi, head of the International Atomic Energy Agency, told reporters.",
)
ATTACKS = turn(
    "How many Russian attacks were reported on Wednesday?",
    "Only 57 Russian attacks were reported on Wednesday.",
)
HAMLET = turn("Who wrote Hamlet?", "Hamlet is a tragedy written by William Shakespeare before 1601.")
CAPITAL = turn("What is the capital of France?", "Paris is the capital of France.")
FLOOD = turn("How many people died in the flood in 2020?", "In 2020, 120 people died.")
CURIE = turn("When did Marie Curie win the Nobel Prize?", "Marie Curie won the Nobel Prize in 1903.")
LAKE = turn("What is the largest lake in Africa?", "Lake Victoria is the largest lake in Africa.")
LEAVES = turn("what is photosynthesis", "Photosynthesis is the process by which plants use sunlight.")
DENIAL = turn("Did Moscow deny the allegation?", "Moscow denies the allegation.")
OWNER = turn("Which company owns Instagram?", "Instagram is owned by Meta Platforms.")
BRIDGE = turn("When was the bridge built?", "The bridge was built in 1932.")
LIGHT = turn("When was the Skerry lighthouse built?", "The Skerry lighthouse was built by Thomas Hale.")
MASTER = turn("Who is the harbour master?", "The harbour master is Ben Holt.")
REVENUE = turn("What was the revenue in 2021?", "Revenue in 2021 was $4 million.")
CHIEF = turn("Who is the CEO of Acme?", "Mary Finch has led Acme as chief executive since 2015.")
FOUNDER = turn("Who founded the company?", "The company was founded by Per Dahl.")
REFUNDS = turn("What is the refund policy?", "Refunds are paid within 30 days.")
CUP = turn("Who won the World Cup?")
LEASE = turn("Who is the landlord?", "Helga Lindqvist lets the flat to Marco Bianchi.")
UNKNOWN = turn("What does Kyiv want?")

FOLLOW_UPS = [
    (PLANT, "Who seized it?", "Who seized Zaporizhzhia?"),
    (PLANT, "And who leads it?", "Who leads Zaporizhzhia?"),
    (PLANT, "who seized it", "Who seized Zaporizhzhia"),
    (PLANT, "How many people live there?", "How many people live in Zaporizhzhia?"),
    (PLANT, "When did they go there?", "When did they go to Zaporizhzhia?"),
    (PLANT, "What about Chernobyl?", "What is Chernobyl?"),
    (PLANT, "and its capital?", "What about Zaporizhzhia’s capital?"),
    (PLANT, "Why?", "Why is it that Zaporizhzhia is the largest nuclear power plant in Europe?"),
    (HEAD, "When did he visit the plant?", "When did Rafael Grossi visit the plant?"),
    (HEAD, "What did he say about Bakhmut?", "What did Rafael Grossi say about Bakhmut?"),
    (HEAD, "what is his plan?", "What is Rafael Grossi’s plan?"),
    (HEAD, "What happened to him?", "What happened to Rafael Grossi?"),
    (HEAD, "When was it founded?", "When was the IAEA founded?"),
    (ATTACKS, "And on Thursday?", "How many Russian attacks were reported on Thursday?"),
    (ATTACKS, "What about Thursday?", "How many Russian attacks were reported on Thursday?"),
    (ATTACKS, "And Ukrainian attacks?", "How many Ukrainian attacks were reported on Wednesday?"),
    (ATTACKS, "Where did they happen?", "Where did the Russian attacks happen?"),
    (ATTACKS, "How many of them were deadly?", "How many of the Russian attacks were deadly?"),
    (ATTACKS, "Why?", "Why is it that only 57 Russian attacks were reported on Wednesday?"),
    (HAMLET, "When was it written?", "When was Hamlet written?"),
    (HAMLET, "Where was he born?", "Where was William Shakespeare born?"),
    (HAMLET, "And who was his wife?", "Who was William Shakespeare’s wife?"),
    (HAMLET, "What about Faust?", "Who wrote Faust?"),
    (CAPITAL, "How many people live there?", "How many people live in Paris?"),
    (CAPITAL, "What is its population?", "What is Paris’s population?"),
    (CAPITAL, "How big is it?", "How big is Paris?"),
    (CAPITAL, "And of Germany?", "What is the capital of Germany?"),
    (CAPITAL, "what about germany", "What is the capital of germany?"),
    (CAPITAL, "and in Spain?", "What is the capital of Spain?"),
    (FLOOD, "What about 2021?", "How many people died in the flood in 2021?"),
    (FLOOD, "And in 2021?", "How many people died in the flood in 2021?"),
    (FLOOD, "in France?", "How many people died in the flood in 2020 in France?"),
    (FLOOD, "And children?", "How many children died in the flood in 2020?"),
    (FLOOD, "How many of them were women?", "How many of the people were women?"),
    (FLOOD, "Why did they die?", "Why did the people die?"),
    (CURIE, "When did she die?", "When did Marie Curie die?"),
    (CURIE, "Who was her husband?", "Who was Marie Curie’s husband?"),
    (CURIE, "Who married her?", "Who married Marie Curie?"),
    (CURIE, "And Albert Einstein?", "When did Albert Einstein win the Nobel Prize?"),
    (CURIE, "Where?", "Where is it that Marie Curie won the Nobel Prize in 1903?"),
    (LAKE, "And the second largest?", "What is the second largest lake in Africa?"),
    (LAKE, "And in Asia?", "What is the largest lake in Asia?"),
    (LAKE, "How deep is it?", "How deep is Lake Victoria?"),
    (LEAVES, "where does it take place?", "Where does photosynthesis take place?"),
    (DENIAL, "Why?", "Why did Moscow deny the allegation?"),
    (DENIAL, "Who made it?", "Who made the allegation?"),
    (OWNER, "Who leads it?", "Who leads Meta Platforms?"),
    (OWNER, "And WhatsApp?", "Which company owns WhatsApp?"),
    (BRIDGE, "How long is it?", "How long is the bridge?"),
    (BRIDGE, "Who paid for it?", "Who paid for the bridge?"),
    (BRIDGE, "When did this happen?", "When did this happen: the bridge was built in 1932?"),
    (BRIDGE, "and how many workers died?", "How many workers died in the case of the bridge?"),
    (BRIDGE, "What about the architect?", "What about the architect in the case of the bridge?"),
    (LIGHT, "How tall is it?", "How tall is the Skerry lighthouse?"),
    (LIGHT, "What about the harbour?", "When was the harbour built?"),
    (LIGHT, "And the keeper?", "What about the keeper in the case of Skerry?"),
    (CAPITAL, "What about the population?", "What is the population of France?"),
    (MASTER, "What about the director?", "Who is the director?"),
    (REVENUE, "What about profit?", "What was the profit in 2021?"),
    (REVENUE, "And in 2022?", "What was the revenue in 2022?"),
    (CHIEF, "Where is it based?", "Where is Acme based?"),
    (FOUNDER, "When was he born?", "When was Per Dahl born?"),
    (FOUNDER, "When did it go public?", "When did the company go public?"),
    (REFUNDS, "Does it cover shipping?", "Does the refund policy cover shipping?"),
    (REFUNDS, "What about digital goods?", "What about digital goods in the case of the refund policy?"),
    (CUP, "And in France?", "Who won the World Cup in France?"),
    (LEASE, "And the tenant?", "Who is the tenant?"),
    (UNKNOWN, "Who leads it?", "Who leads Kyiv?"),
]


@pytest.mark.parametrize(("before", "question", "expected"), FOLLOW_UPS)
def test_a_follow_up_takes_from_the_turn_before_what_it_leaves_out(
    before: Answer, question: str, expected: str
) -> None:
    assert stand_alone(question, [before]) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who accuses Russia?",
        "Who is Rafael Grossi?",
        "When did Russia launch its war against Ukraine?",
        "When did Einstein publish his theory?",
        "After his coup, what office did Napoleon take?",
        "How long does it take to boil an egg?",
        "Is it true that plants sleep?",
        "What time is it?",
        "What is it about bread that people like?",
        "How long has it been since the eagles won?",
        "why is it called black friday",
        "why does it rain",
        "where did they film jaws",
        "who sings why does it hurt so bad",
        "what child is this",
        "Is there a cure for asthma?",
        "How many people are there in the world?",
        "Who works in IT?",
        "Does Bakhmut have its own airport?",
        "What is the capital of France?",
        "What about the films of the director who made Jaws was criticised?",
        "Which team did not let women play there before London did?",
        "How many women were killed?",
        "Summarise the report.",
        "In which year was the treaty signed?",
        "",
        "?",
        "and",
        "it",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    for before in (PLANT, HEAD, ATTACKS, CURIE):
        assert stand_alone(question, [before]) is None
    assert stand_alone(question, []) is None


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (HEAD, "When did she die?"),  # Rafael is no woman
        (CURIE, "When did he die?"),
        (CAPITAL, "When did he die?"),
        (CURIE, "Who lives there?"),
        (UNKNOWN, "Why?"),  # nothing was said
        (LEAVES, "Who are they?"),
    ],
)
def test_nothing_is_put_in_that_does_not_fit(before: Answer, question: str) -> None:
    assert stand_alone(question, [before]) is None


def test_the_newest_thing_that_fits_is_meant() -> None:
    history = [CURIE, HAMLET, ATTACKS]
    assert stand_alone("When did she die?", history) == "When did Marie Curie die?"
    assert stand_alone("When did he die?", history) == "When did William Shakespeare die?"
    assert stand_alone("When did he die?", [HAMLET, HEAD]) == "When did Rafael Grossi die?"
    assert stand_alone("When did she die?", [CURIE, HAMLET, ATTACKS, FLOOD]) is None  # too long ago


def test_the_short_answer_is_meant_before_others_that_the_sentence_names() -> None:
    said = '"Nobody has won," said Interior Minister Esteban Larrea, who signed for President Camila Borja.'
    answer = dataclasses.replace(turn("Who is the president of Ecuador?", said), lead="Camila Borja")
    assert stand_alone("When was she elected?", [answer]) == "When was President Camila Borja elected?"
    assert stand_alone("How many seats does her party hold?", [answer]) == (
        "How many seats does President Camila Borja’s party hold?"
    )


def test_a_rewritten_question_is_what_the_next_one_leans_on() -> None:
    history = [turn("And who leads it?", "Petro Kotin leads the plant.", "Who leads Zaporizhzhia?")]
    assert stand_alone("And who owns it?", history) == "Who owns Zaporizhzhia?"
    assert stand_alone("When was he born?", history) == "When was Petro Kotin born?"


def test_the_rewrite_is_told_and_can_be_overruled(assistant: Assistant) -> None:
    conversation = assistant.conversation()
    conversation.ask("What is Zaporizhzhia?")
    understood = conversation.ask("Who seized it?")
    assert understood.rewritten_question == "Who seized Zaporizhzhia?"
    assert conversation.forget_last() == understood
    assert conversation.ask("Who seized it?", as_is=True).rewritten_question is None
    assert len(conversation.answers) == 2
    assert assistant.ask("Who seized it?", history=()).rewritten_question is None
    assert assistant.conversation().forget_last() is None
