"""A sentence to questions that it answers, by rules that need no parser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.grammar import BASE, DONE, PAST, inside, is_negated, is_one_phrase
from qa.mentions import Sort, mentions
from qa.wording import PERSON_NOUN

_LEANS_ON_OTHERS = re.compile(
    r"(?:he|she|it|they|we|i|you|his|her|their|its|our|this|that|these|those|there|here|but|and|or|so|yet"
    r"|some|many|most|others|several|each|every|all|one|today"
    r"|however|also|then|both|such|another|meanwhile|moreover|the (?:former|latter|same|two))\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:he|she|it|they|him|them|his|her|hers|its|their|we|us|our|i|my)\b", re.IGNORECASE)
_NAME = r"[A-Z][\w’'-]*\w(?: (?:of |de |van |von |the )?[A-Z][\w’'-]*\w)*"
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = "(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_FULL_DATE = rf"(?:\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{1,2}}(?:, \d{{4}})?|{_MONTH} \d{{4}})"
_DATE = re.compile(rf"\b{_FULL_DATE}\b")
_TAIL = r"(?:(?: (?:in|at|by|from|near|with) (?:the |an? )?)[\w’'-]+(?: [\w’'-]+){0,6})?"
_WHEN = rf"(?:in|on) (?P<answer>(?:the \w+ of )?(?:{_FULL_DATE}|\d{{4}}|{_DAY}s?))\b"
_AMOUNT = r"\d[\d,.]*\b(?: (?:thousand|million|billion|trillion))?"
_NUMBER = re.compile(rf"(?<![\w.,-]){_AMOUNT}\b%?(?![-\w])")
_ABOUT = r"(?:(?:only|about|around|some|nearly|almost|at least|more than|over) )?"
_INNER_NAME = re.compile(rf"(?<=[a-z,] ){_NAME}")
_MANY = r"(?:[a-z]+s|people|men|women|children)"
_MONEY = r"(?:euros|dollars|pounds|kroner|kronor|francs|rupees|yen|yuan|roubles|rubles)"
_THING = r"(?P<subject>(?:The )?\w[\w ’'-]{2,60}?)"
_IS = r"(?P<was>is|are|was|were|will(?= be ))(?P<be> be)?"
_WORDS = r"(?: [\w’'-]+){0,10}?"
_THEN = r"(?=,| and | because |\.$)"
_WORD_NUMBER = "Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Twenty|Thirty|Forty|Fifty|Sixty"
_VERB = (
    "(?:is|are|was|were|has|have|had|will|became|won|said|says|wrote|led|leads|accuses|owns|holds|plans"
    "|[a-z]+ed)"
)
_SUBJECT = re.compile(
    rf"(?P<name>(?:The )?{_NAME}(?: (?!is |was |has )[a-z]+s)?) (?P<rest>(?P<verb>{_VERB}) .+)\.$"
)
_HELPER = re.compile(r"\b(?:is|are|was|were|has|have|had)\b")
_PASSIVE = re.compile(rf"(?:(?:is|are|was|were)|(?:has|have|had) been) {DONE}")
_BEING = re.compile(r"(?P<was>is|are|was|were) (?P<what>(?:a|an|the|one of)\b.+)")
_TOPMOST = r"(?:[a-z]{2,}est|first|only|main|second|third|last|next|chief|most [a-z]+)"
_COMMON = re.compile(r"^\w+(?:ment|ion|ness|ity|ism|ese|ish|ian|ing)$")
_THE_MOST = re.compile(rf"(?:is|was) the {_TOPMOST} ")
_SPEAKING = re.compile(
    r"(?:says|said|wrote|accuses|plans|led|leads|won|owns|approved|rejected|seized|signed|announced|ordered"
    r"|demanded|warned|asked|agreed|bought|hired|appointed)\b"
)
_AGREEMENT = {"are": "is", "were": "was", "have": "has"}
_FEWEST, _MOST = 5, 35  # words of a sentence that is asked about
_LONGEST = 20  # words of a question about its subject
GAP = "___"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the answer that stands in `sentence`, how it was made, and the subject it names if any."""

    question: str
    answer: str
    sentence: str
    rule: str
    subject: str = ""

    @property
    def is_natural(self) -> bool:
        """Whether people would ask so."""
        return GAP not in self.question


def ask(sentence: str) -> Iterator[Asked]:
    """The questions that the sentence answers and that make sense without what stands around it.

    A sentence with a gap comes only where no rule makes a question. Nothing comes of a negated sentence.
    """
    sentence = " ".join(sentence.split())
    if not _stands_alone(sentence) or is_negated(sentence):
        return
    made = False
    for rule, pattern, word in _PATTERNS:
        if (found := pattern.match(sentence)) and (question := word(found)):
            made = True
            yield Asked(question, found["answer"], sentence, rule, found.groupdict().get("subject", ""))
    for asked in _of_subject(sentence):
        made = True
        yield asked
    for rule, pattern in (("date", _DATE), ("number", _NUMBER), ("name", _INNER_NAME)) if not made else ():
        if found := pattern.search(sentence):
            gapped = sentence[: found.start()] + GAP + sentence[found.end() :]
            yield Asked(f"What is missing here: “{gapped}”?", found[0], sentence, rule)


def _how_many_there(found: re.Match[str]) -> str:
    return f"How many {found['rest']}?"


def _how_many(found: re.Match[str]) -> str:
    subject = inside(found["subject"])
    many = "much" if re.match(_MONEY, found["what"]) else f"many {found['what']}"
    year = f" in {found['year']}" if found["year"] else ""
    return f"How {many} did {subject} {BASE[found['past']]}{found['rest']}{year}?" if subject else ""


def _how_much(found: re.Match[str]) -> str:
    helper = found["was"] or ("does" if found["cost"] == "costs" else "did")
    expected = f" {found['expected']}" if found["expected"] else ""
    return f"How much {helper} {subject}{expected} cost?" if (subject := inside(found["subject"])) else ""


def _of_what_was_done(word: str) -> Callable[[re.Match[str]], str]:
    def worded(found: re.Match[str]) -> str:
        subject = inside(found["subject"])
        done = found["done"] or ""
        if subject is None or not is_one_phrase(re.sub(rf"^ {DONE}", "", done)):
            return ""
        return f"{word} {found['was']} {subject}{found['be'] or ''}{done}?"

    return worded


def _of_what_one_did(word: str) -> Callable[[re.Match[str]], str]:
    def worded(found: re.Match[str]) -> str:
        subject = inside(found["subject"])
        if subject is None or not is_one_phrase(found["rest"]):
            return ""
        return f"{word} did {subject} {BASE[found['past']]}{found['rest']}?"

    return worded


def _where(found: re.Match[str]) -> str:
    named = mentions(found["answer"])
    is_time = any(each.sort is Sort.TIME for each in named)
    is_language = re.search(r"(?:ish|ese|ian|ench|German|Latin)$", found["answer"])
    return "" if is_time or is_language else _of_what_was_done("Where")(found)


def _by_whom(found: re.Match[str]) -> str:
    sorts = {each.sort for each in mentions(found["answer"])}
    if not sorts or Sort.TIME in sorts:
        return ""
    asked = _of_what_was_done("Who")(found)
    return f"{asked[:-1]} by?" if asked else ""


def _who_is(found: re.Match[str]) -> str:
    subject, said = inside(found["subject"]), found["answer"]
    is_name = re.fullmatch(rf"(?:the )?{_NAME}", said)
    is_person = bool(is_name) and any(
        each.sort is Sort.PERSON and each.text == said for each in mentions(found.string)
    )
    told = re.match(rf"The {_TOPMOST} ", found["subject"])
    if subject is None or not (is_person or (told and (is_name or said.startswith(("a ", "an ", "the "))))):
        return ""
    is_role = is_person or (told and PERSON_NOUN.match(found["subject"][told.end() :]))
    return f"{'Who' if is_role else 'What'} {found['was']} {subject}?"


_RULES: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    (
        "count",
        r"(?:(?:Only|About|Around|Some|Nearly|Almost|At least|More than|Over) )?"
        rf"(?P<answer>\d[\d,]*|{_WORD_NUMBER}) "
        rf"(?P<rest>(?![mb]illion|thousand)(?:[a-zA-Z]\w+ ){{0,3}}{_MANY} "
        r"(?:were|are|have|had|will|can|took|came|went|died|work|live|[a-z]+ed)\b[^:;()]*)\.$",
        _how_many_there,
    ),
    (
        "how many",
        rf"(?:In (?P<year>(?:{_MONTH} )?\d{{4}}),? )?{_THING} (?P<past>{PAST}) {_ABOUT}(?P<answer>{_AMOUNT}) "
        rf"(?P<what>(?:[a-z-]+ ){{0,2}}?{_MANY})(?P<rest>(?: (?:in|at|from|for|on|to|with){_WORDS})?){_THEN}",
        _how_many,
    ),
    (
        "how much",
        rf"{_THING} (?:(?P<was>is|are|was|were|will) )?(?:(?P<expected>[a-z]+ to) )?(?P<cost>costs?) {_ABOUT}"
        rf"(?P<answer>{_AMOUNT} [a-z]+){_WORDS}{_THEN}",
        _how_much,
    ),
    ("when", rf"{_THING} {_IS}(?P<done> {DONE}{_WORDS}) {_WHEN}{_TAIL}{_THEN}", _of_what_was_done("When")),
    ("when", rf"{_THING} (?P<past>{PAST})(?P<rest>{_WORDS}) {_WHEN}{_TAIL}{_THEN}", _of_what_one_did("When")),
    (
        "where",
        rf"{_THING} {_IS}(?P<done>(?: {DONE}(?: by{_WORDS})?)?) (?:in|at|near) (?P<answer>{_NAME})"
        rf"(?: (?:in|on) [\w ]+)?{_THEN}",
        _where,
    ),
    (
        "who by",
        rf"{_THING} {_IS}(?P<done> {DONE}) by (?P<answer>(?:the )?{_NAME}(?: and (?:the )?{_NAME}"
        r"(?: of [\w ]+)?)?)\.$",
        _by_whom,
    ),
    (
        "why",
        rf"{_THING} {_IS}(?P<done> {DONE}{_WORDS}),? because (?:of )?(?P<answer>.+)\.$",
        _of_what_was_done("Why"),
    ),
    (
        "why",
        rf"{_THING} (?P<past>{PAST})(?P<rest>{_WORDS}),? because (?:of )?(?P<answer>.+)\.$",
        _of_what_one_did("Why"),
    ),
    ("who", rf"{_THING} (?P<was>is|was) (?P<answer>[^,;:()]+)(?:, [^,]+)?\.$", _who_is),
)
_PATTERNS = tuple((rule, re.compile(pattern), word) for rule, pattern, word in _RULES)


def _of_subject(sentence: str) -> Iterator[Asked]:
    """Who or what it is that the sentence speaks of, and what that is."""
    if not (found := _SUBJECT.match(sentence)) or len(sentence.split()) > _LONGEST:
        return
    name, rest = found["name"], found["rest"]
    if found["verb"].endswith("ed") and _HELPER.search(rest):  # "those killed were"
        return
    sorts = {each.sort for each in mentions(sentence) if name.startswith(each.text)}
    is_person = Sort.PERSON in sorts
    thing = name.startswith("The ") or " " not in name or sorts & {Sort.PLACE, Sort.GROUP}
    if being := _BEING.match(rest):
        is_one = being["was"] in ("is", "was")
        if is_person or (is_one and thing and not _COMMON.search(name)):
            asked = f"{'Who' if is_person else 'What'} {being['was']} {_lowered(name)}?"
            yield Asked(asked, being["what"], sentence, "definition", name)
        if not _THE_MOST.match(rest):
            return
    elif found["verb"] in ("is", "are", "was", "were") and not _PASSIVE.match(rest):
        return
    rest = f"{_AGREEMENT.get(found['verb'], found['verb'])}{rest[len(found['verb']) :]}"
    if is_person or _SPEAKING.match(rest):
        yield Asked(f"Who {rest}?", name, sentence, "subject")
    elif thing and _PASSIVE.match(rest):
        yield Asked(f"What {rest}?", name, sentence, "subject")


def _lowered(name: str) -> str:
    """`name` as it stands inside a sentence, its article small."""
    return re.sub(r"^The ", "the ", name)


def _stands_alone(sentence: str) -> bool:
    """Whether it is a whole plain sentence that points at nothing before it."""
    words = sentence.split()
    return (
        _FEWEST <= len(words) <= _MOST
        and sentence[0].isupper()
        and sentence.endswith(".")
        and not re.search(r"[“”\"|<>{}]|https?:|\w\.\w+\.", sentence)
        and not _LEANS_ON_OTHERS.match(sentence)
        and not _PRONOUN.search(sentence)
    )
