"""What the page says of how far one can rely on an answer, or on there being none."""

from __future__ import annotations

import dataclasses

from test_web_parts import ANSWER, QUOTE, text_of

from qa import AnswerSentence
from qa.web import transcript
from qa.web.turn import Turn


def test_the_foot_tells_what_one_can_rely_on() -> None:
    assert transcript.reliance(dataclasses.replace(ANSWER, probability=0.75)) == "fairly sure"
    said = (AnswerSentence(QUOTE, (1,), "supported"), AnswerSentence("It is large.", (), "unsupported"))
    written = dataclasses.replace(ANSWER, model="ollama/x", sentences=said, probability=0.75)
    assert transcript.reliance(written) == "1 of 2 sentences supported"
    refused = dataclasses.replace(ANSWER, status="insufficient", citations=(), sentences=(), probability=0.04)
    assert transcript.reliance(refused) == "answer 4 % likely"
    assert transcript.reliance(dataclasses.replace(refused, probability=0.001)) == "answer under 1 % likely"


def test_a_refusal_names_the_documents_that_alone_were_asked() -> None:
    refused = dataclasses.replace(ANSWER, status="insufficient", citations=(), sentences=(), hits=())
    html = transcript.article(Turn(1, "Who?", answer=refused, sources=("a.txt", "<b>/", "c.txt", "d.txt")))
    assert "The chosen documents don’t say.Only a.txt, <b>/, c.txt and 1 more were asked. " in text_of(html)
    html = transcript.article(Turn(1, "Who?", answer=refused, sources=("a.txt",)))
    assert "Only a.txt was asked." in text_of(html)
    assert "Ask all documents" not in transcript.article(Turn(1, "Who?", answer=refused))
