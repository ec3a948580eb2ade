"""Who said it: the sentence that names the speaker stays with the sentence that quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index_store.sentences import Span, paragraph_ends
from qa.gazetteer import TITLES
from qa.mentions import SPEECH, Mention, Sort, mentions
from qa.words import content_words

_SENTENCES_BACK = 6
_LONGEST_QUOTATION = 12  # sentences that one quotation may run over

_FAR_BACK = 2000  # characters

SPEAKS = re.compile(rf"\b{SPEECH}\b", re.IGNORECASE)
DENIES = re.compile(
    r"\b(?:not|never|no|cannot|den(?:y|ies|ied)|reject(?:s|ed)?|dismiss(?:es|ed)?|lies?|myth|false|untrue|rumou?rs?)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"(?P<opens>“|(?<![\w.,!?…])\"(?=\S))|(?P<closes>”|\")",
)
_PRONOUN_SPOKE = re.compile(
    rf"\b(he|she|they|it)\b(?: (?:also|has|have|had|then|later|further))? {SPEECH}\b"
    rf"|(?:^(?:…+,)?|…) ?{SPEECH} (he|she|they)\b"  # after a quotation only: "Lund, a lawyer, said he"
    r"|\baccording to (him|her|them)\b|\b(he|she|they) (?:believes?|thinks?)\b",
    re.IGNORECASE,
)
_OWN_SUBJECT = re.compile(  # "He left.", "Then he left.", "On Monday, he left."
    r"(?:(?:and|but|so|then|now|later|[^,\n]{1,40},) )?(he|she|they|it)\b", re.IGNORECASE
)
_SUBJECTS = {"him": "he", "her": "she", "them": "they"}
_SPOKE = re.compile(rf"\b{SPEECH}\b|\baccording to\b", re.IGNORECASE)
_HAS_SPOKEN = re.compile(rf"(?:,[^.,]{{1,120}},)? (?:\w+ )?{SPEECH}\b")
_IS_TOLD = re.compile(r"(?:,[^.,]{1,120},)? (?:is|are|was|were|be|been|being|got)\b")
_SAID_BY = re.compile(  # not "told", which is followed by the hearer
    r"\b(?:said|says|added|adds|replied|explained|explains|noted|notes|recalled|recalls|insisted|insists"
    r"|stressed|argued|argues|joked|according to)"
    r"(?: (?!of|to|in|on|at|by|from|for|about|with|that|he|she|it|they)[a-z]+){0,2} $",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:the|a|an|one|its|his|her|their) (?:[\w-]+ ){0,3}?"
    rf"({'|'.join(sorted(TITLES - {'st', 'sister', 'brother', 'father'}))}"
    r"|officials?|officers?|authors?|expert|analyst|lawyer|attorney|activist|researchers?|scientists?|witness"
    r"|chief|head|leader|founder|owner|manager|resident|doctor|teacher|student|mother|survivor)"
    rf"(?: [\w-]+){{0,2}}? {SPEECH}\b",
    re.IGNORECASE,
)
_CLAIM_AFTER = 3  # sentences after the one that names the speaker


def speaker_spans(text: str, sentences: Sequence[Span], span: Span) -> tuple[Span, ...]:
    """The sentences that say who speaks in the one at `span`, in order; none when it says so itself.

    `sentences` are those of `text`, in order, and `span` lies in one of them. A quotation may run over
    several sentences: the one with "she said" is looked for at either end, and then, when that has only a
    pronoun, the nearest sentence before it that names somebody whom the pronoun fits. Nothing is returned
    where the speaker cannot be told.
    """
    at = _holding(sentences, span[0])
    if at is None:
        return ()
    telling = _telling(text, sentences, at)
    if telling is None:
        return ()
    found = {telling, _naming(text, sentences, telling)} - {at, None}
    return tuple(sentences[i] for i in sorted(i for i in found if i is not None))


def speaker(text: str, sentences: Sequence[Span], words: Span) -> Span | None:
    """The name of who says the words at `words`, in their sentence or in one that `speaker_spans` brings.

    `text` and `sentences` as there. A pronoun that speaks ("he said") stands for a name too. None where the
    words are not said by anybody, neither in a quotation nor after "she said that", where they name who
    speaks themselves, and where it cannot be told who does.
    """
    at = _holding(sentences, words[0])
    speaks = _HAS_SPOKEN.match(text, words[1]) is not None
    if at is None or (speaks and mentions(text[slice(*words)])):
        return None
    _, quoted = _quoted_near(text, sentences, at)
    before = _unquoted(text, (sentences[at][0], words[0]), quoted)
    is_said = speaks or _SPOKE.search(before) or any(_overlap(words, each) for each in quoted)
    return teller(text, sentences, at) if is_said else None


def is_called(name: str, asked: str) -> bool:
    """Whether a name and how somebody is asked for ("raman" for Councillor Priya Raman) are one's."""
    one, other = (frozenset(content_words(each.lower())) - TITLES for each in (name, asked))
    return bool(one and other) and (one <= other or other <= one)


def claim_span(text: str, sentences: Sequence[Span], name: Span, asked: frozenset[str]) -> Span | None:
    """The sentence after the one with `name`, said by whom that names, with most of the words `asked` for.

    None where it has no more of them than the one with the name itself.
    """
    at = _holding(sentences, name[0])
    if at is None:
        return None
    after = range(at + 1, min(len(sentences), at + 1 + _CLAIM_AFTER))
    said = [i for i in after if (told_by := teller(text, sentences, i)) and _overlap(told_by, name)]
    shared = {i: len(asked & content_words(text[slice(*sentences[i])])) for i in (at, *said)}
    best = max(shared, key=lambda i: shared[i])
    return None if best == at else sentences[best]


def _holding(sentences: Sequence[Span], offset: int) -> int | None:
    """The number of the sentence that holds a character."""
    return next((i for i, (start, end) in enumerate(sentences) if start <= offset < end), None)


def teller(text: str, sentences: Sequence[Span], at: int) -> Span | None:
    """The name of who is said to say what sentence number `at` says; None where it cannot be told."""
    telling = _telling(text, sentences, at)
    if telling is None:
        return None
    place = sentences[telling]
    outside = _unquoted(text, place, _quotations(text, *place))
    named = [each for each in mentions(outside) if _speaks(each, outside)]
    if not named and (naming := _naming(text, sentences, telling)) is not None:
        pronoun = _spoken_pronoun(outside)
        place = sentences[naming]
        outside = _unquoted(text, place, _quotations(text, *place))
        named = [
            each
            for each in mentions(outside)
            if each.sort is Sort.PERSON and (pronoun is None or each.may_be(pronoun))
        ]
        if len(named) > 1:
            named = [each for each in named if _speaks(each, outside)]
    return (place[0] + named[0].start, place[0] + named[0].end) if len(named) == 1 else None


def _spoken_pronoun(outside: str) -> str | None:
    """The pronoun, in lower case, that speaks in a sentence without its quotations."""
    found = _PRONOUN_SPOKE.search(outside)
    return next((each.lower() for each in found.groups() if each), None) if found else None


def _speaks(mention: Mention, outside: str) -> bool:
    """Whether a name is the subject of "said", before or behind it."""
    if mention.sort in (Sort.TIME, Sort.PLACE) or _IS_TOLD.match(outside, mention.end):
        return False
    return bool(_HAS_SPOKEN.match(outside, mention.end) or _SAID_BY.search(outside, 0, mention.start))


def _quoted_near(text: str, sentences: Sequence[Span], at: int) -> tuple[range, list[Span]]:
    """The numbers of the sentences as far off as a quotation can run, and the quotations in them."""
    near = range(max(0, at - _LONGEST_QUOTATION), min(len(sentences), at + _LONGEST_QUOTATION + 1))
    return near, _quotations(text, sentences[near[0]][0], sentences[near[-1]][1])


def _telling(text: str, sentences: Sequence[Span], at: int) -> int | None:
    """The sentence with the "she said" of what the sentence `at` says; None when nobody is said to say it."""
    near, quoted = _quoted_near(text, sentences, at)
    spoken = {i for i in near if _SPOKE.search(_unquoted(text, sentences[i], quoted))}
    if at in spoken:
        return at
    own = next((each for each in quoted if _overlap(each, sentences[at])), None)
    if own is None or _says_more(_unquoted(text, sentences[at], quoted)):
        return None
    inside = [i for i in near if _overlap(sentences[i], own)]
    around = (*(i for i in inside if i > at), *(i for i in reversed(inside) if i < at))
    if found := [i for i in around if i in spoken]:
        return found[0]
    before = inside[0] - 1
    return before if before in spoken and _leads_in(text, sentences[before], quoted) else None


def _leads_in(text: str, sentence: Span, quoted: Sequence[Span]) -> bool:
    """Whether the sentence before a quotation says who speaks, and does not only hold such a verb.

    At the end of the paragraph before it does where it ends with a colon or names who said something.
    """
    if sentence[1] not in paragraph_ends(text) or text[sentence[1] - 1] == ":":
        return True
    outside = _unquoted(text, sentence, quoted)
    said = (outside[each.end :] for each in mentions(outside) if each.sort is Sort.PERSON)
    return _PRONOUN_SPOKE.search(outside) is not None or any(map(_HAS_SPOKEN.match, said))


def _quotations(text: str, start: int, end: int) -> list[Span]:
    """The quotations between two offsets, marks included.

    One that is opened again at the head of a paragraph goes on; one that is never closed ends with its line.
    """
    found: list[Span] = []
    opened: int | None = None
    for mark in _MARK.finditer(text, start, end):
        if mark.lastgroup == "closes":
            if opened is not None:
                found.append((opened, mark.end()))
            opened = None
        elif opened is None:
            opened = mark.start()
        elif text[opened : mark.start()].rstrip(" ")[-1:] != "\n":
            found.append((opened, mark.start()))
            opened = mark.start()
    if opened is not None:
        line = text.find("\n", opened, end)
        found.append((opened, end if line < 0 else line))
    return found


def _naming(text: str, sentences: Sequence[Span], telling: int) -> int | None:
    """The nearest sentence that names the speaker whom the sentence `telling` only points to."""
    start, end = sentences[telling]
    back = max(0, start - _FAR_BACK)
    quoted = _quotations(text, back, end)
    outside = _unquoted(text, (start, end), quoted)
    pronoun = _PRONOUN_SPOKE.search(outside)
    earlier = range(telling - 1, max(-1, telling - 1 - _SENTENCES_BACK), -1)
    if pronoun is None:
        office = _OFFICE.search(outside)
        if office is None or _names_somebody(outside):
            return None
        said = ((i, _unquoted(text, sentences[i], quoted)) for i in earlier)
        return next(
            (i for i, each in said if office[1].lower() in each.lower() and _names_somebody(each)), None
        )
    word = next(each for each in pronoun.groups() if each).lower()
    if any(each.may_be(word) for each in mentions(outside[: pronoun.start()])):
        return None  # "When Grossi arrived, he said …"
    named = [back + each.start for each in _fitting(_unquoted(text, (back, start), quoted), word)]
    for i in earlier:
        begin, end = sentences[i]
        subject = _OWN_SUBJECT.match(text, begin, end)
        if subject and subject[1].lower() == _SUBJECTS.get(word, word):
            end = subject.start(1)  # whom "He thanked Hall" names is another
        if any(begin <= at < end for at in named):
            return i
    return None


def _names_somebody(said: str) -> bool:
    return any(each.sort is Sort.PERSON for each in mentions(said))


def _fitting(before: str, pronoun: str) -> list[Mention]:
    """The names that the pronoun of a speaker can stand for, in order.

    He may be called by his last name when the full one stands there too.
    """
    named = mentions(before)
    if pronoun in ("they", "them", "it"):
        return [each for each in named if each.sort is Sort.GROUP]
    people = [each for each in named if _may_be_a_person(each, before) and each.may_be(pronoun)]
    return [each for each in named if any(f" {one.text}".endswith(f" {each.text}") for one in people)]


def _may_be_a_person(mention: Mention, text: str) -> bool:
    """Whether it is a person's name or one of two words that nothing tells to be another thing's."""
    return mention.sort is Sort.PERSON or (
        mention.sort is Sort.NAME
        and " " in mention.text
        and not text[: mention.start].lower().endswith("the ")
    )


def _says_more(outside: str) -> bool:
    """Whether a sentence says more than what it quotes: a few quoted words are no speech."""
    return len(re.findall(r"[^\W_]+", outside)) > 2


def _unquoted(text: str, sentence: Span, quoted: Sequence[Span]) -> str:
    """The sentence with what stands in quotation marks blotted out."""
    start, end = sentence
    said = text[start:end]
    for a, b in (
        (max(a, start) - start, min(b, end) - start) for a, b in quoted if _overlap((a, b), sentence)
    ):
        said = said[:a] + "…" * (b - a) + said[b:]
    return said


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
