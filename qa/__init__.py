"""Ask documents a question, get the exact words that answer it."""

from qa.assistant import Assistant
from qa.conversation import Conversation
from qa.errors import ModelError, QAError, QuestionError
from qa.settings import Settings
from qa.types import Answer, AnswerSentence, Citation, Event

__all__ = [
    "Answer",
    "AnswerSentence",
    "Assistant",
    "Citation",
    "Conversation",
    "Event",
    "ModelError",
    "QAError",
    "QuestionError",
    "Settings",
]
