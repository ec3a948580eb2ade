"""How questions are worded. Every pattern but `FILE` sees lower-case words with single spaces between."""

from __future__ import annotations

import re

from qa.mentions import SPEECH


def _any_of(words: str) -> str:
    return rf"(?:{'|'.join(map(re.escape, words.split()))})\b".replace(r"\.", " ")


# Known to be files though the index holds none of that name. No source code: Node.js is no file.
FILE = re.compile(
    r"[\w./-]*[\w-]\.(?:txt|md|pdf|docx?|pptx?|xlsx?|html?|csv|tsv|epub|json|eml|rst|log)\b(?!\.\w)",
    re.IGNORECASE,
)
THIS_FILE = "this file"  # what stands for a file's name while the other patterns are tried
TOKEN = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*|[,;:/%$€£]")
COURTESY = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|so|and|but|now|well|also|then|please|kindly|thanks|just|actually"
    r"|(?:(?:can|could|would|will) (?:you|u|anyone) )?(?:please )?(?:tell|show|give|remind) (?:me|us)"
    r"|(?:can|could|would|will) (?:you|u|anyone) (?:please )?"
    r"(?:say|explain|find out|find|look up|check|let me know"
    r"|(?=summar|list|name|describe|define|give|outline|recap|sum|condense))"
    r"|(?:do|does|did) (?:you|u|anyone|anybody) (?:happen to )?(?:know|remember)"
    r"|(?:i|we)(?:'d| would| want| need|'m| am| was)? ?(?:like |want |need )?(?:to )?"
    r"(?:know|ask|wonder|wondering|curious|find out|understand)(?: about)?"
    r"|according to (?:the|this|these) [\w.-]+|any idea|from the (?:text|documents?|article))\b"
    r"|[,:;]) ?(?:if (?=wh|how)|whether |about (?=wh|how))?"
)
SPELT_OUT = {
    "whats": "what is", "what's": "what is", "wats": "what is", "what're": "what are", "whos": "who is",
    "who's": "who is", "wheres": "where is", "where's": "where is", "whens": "when is", "when's": "when is",
    "hows": "how is", "how's": "how is", "why's": "why is", "how'd": "how did", "where'd": "where did",
    "what'd": "what did", "who'd": "who did", "why'd": "why did", "wat": "what", "wut": "what",
    "tldr": "summary",
}  # fmt: skip
ASKING = ("what", "which", "who", "whom", "whose", "where", "when", "why", "how")
REAL_WORDS = frozenset(
    "hat whit wat wen hen were here win wan wit hose how who ho hy whoo whos wo row".split()
)

_SUBJECT = (
    r"(?:this|it|that|these|they|all of (?:this|it|these|them)|everything|here"
    r"|(?:the|this|that|these|those|my|our|all|all the|each|every|both|both the|attached) (?:[\w-]+ )?"
    r"(?:documents?|docs?|files?|reports?|articles?|papers?|texts?|pages?|pdfs?|story|stories|e-?mails?|notes"
    r"|letters?|contents?|corpus|folder|collection|chapters?|slides|presentations?|books?|transcripts?|material))"
)
SUMMARY = re.compile(
    r"^(?:summari[sz]e|summari[sz]ing|sum (?:it |this |that |them )?up)\b"
    rf"|^(?:recap|condense|outline)(?: (?:{_SUBJECT}|the|all|my|our|briefly|for|what|how|why)\b|$)"
    r"|^(?:a |an |the |me |us )*(?:(?:brief|short|quick|concise|executive|high-level|general) )*"
    r"(?:summary|gist|synopsis|overview|recap|abstract|outline)(?: (?:of|for|from|on|about|please|here)\b|$)"
    r"|^(?:what (?:is|are|were|was) )?(?:the |some |its |their |me )*(?:\w+ )?"
    r"(?:key|main|most important|central|major|principal)"
    r" (?:points?|ideas?|findings?|takeaways?|messages?|facts|topics?|themes?|conclusions?|arguments?)"
    rf"(?: (?:of|in|from|here) ?{_SUBJECT}?| here)?$"
    r"|^(?:the )?(?:key |main )takeaways?\b"
    rf"|^(?:the )?takeaways?(?: (?:of|from|in|for) {_SUBJECT}| here| please)?$"
    r"|^what (?:is|are|was) the (?:summary|gist|overview|synopsis|takeaways?)(?: (?:of|here)\b|$)"
    rf"|^what (?:is|are|was|were) {_SUBJECT}(?: all| mainly| mostly| really)* about$"
    rf"|^what (?:do|does|did) {_SUBJECT}"
    r" (?:say|talk about|deal with|cover|contain|discuss|describe|tell us|tell me)$"
    rf"|^what (?:is|are) in {_SUBJECT}$|^describe {_SUBJECT}$|^what am i (?:looking at|reading)$"
)
DEFINE = re.compile(
    r"(?:define|definition of|the definition of|meaning of|the meaning of)\b"
    r"|what (?:does|do|did) .+ (?:mean|stand for)$"
    r"|what (?:is|was) (?:meant by|the (?:definition|meaning) of)\b"
)
LIST = re.compile(
    r"(?:list|enumerate|name (?:all|some|the|two|three|four|five|six|\d+|every|each|a few)|examples of"
    r"|(?:all|some|a list of|a few|every|two|three|four|five|\d+) (?:the )?[\w-]+s\b"
    r"|(?:what|which) (?:all|else|(?:other |different )?(?:kinds|types|sorts|examples) of)\b)"
)
YES_NO = re.compile(
    r"(?:is|are|was|were|am|does|do|did|has|have|had|can|could|will|would|shall|should|may(?! \d)|might|must"
    r"|(?:is|are|was|were|does|do|did|has|have|had|could|would|should|wo|ca|must)n't|can't|won't) \S"
)
QUESTION_WORD = re.compile(rf"(?:[a-z]+ )?\b({'|'.join(ASKING)})\b")
LATE_QUESTION_WORD = re.compile(
    r".*(?:[,:] |\b(?:in|on|of|to|by|for|from|at|with|is|was|are|were|did|called|about|and) )"
    rf"({'|'.join(ASKING)})\b"
)


def _who(verbs: str) -> re.Pattern[str]:
    """Asks who says something, with one of the verbs."""
    return re.compile(rf"(?:who (?:(?:has|had|also|first|once|publicly) )*{verbs}|according to whom)\b")


WHO_SAID = _who(rf"(?!wrote|writes){SPEECH}")
# Asks for whoever speaks, and not, as "Who denied it?" may, for one who is spoken of
WHO_SPEAKS = _who("(?:said|says|testified|told of)")
# Asks for whoever makes a claim, in whatever words; "Who announced it?" asks for whoever did
WHO_CLAIMS = _who("(?:said|says|testified|told|added|claimed|suggested|argued|stated|noted|warned)")
_SAID = (  # all that is said, or some of it
    r"(?:(?P<all>say|said|tell|told)|argued?|claim(?:ed)?|warn(?:ed)?|recommend(?:ed)?|proposed?|demand(?:ed)?)"
)
WHAT_IS_SAID = re.compile(  # "What did he say it cost?" asks for a price
    rf"what (?:else )?(?:did|does|do|has|have|had) (?P<who>[^,;]+?)(?<! to) {_SAID}"
    r"(?: (?:the )?(?:reporters|journalists|press|media|court|jury|police|parliament|us))?"
    r"(?: (?:about|regarding|of) (?P<topic>.+)| (?:on|in|at|after|during) (?:[\w'-]+ ){0,2}[\w'-]+)?$"
)
STEPS = re.compile(r"how (?:to|(?:do|can|could|should|must|would) (?:i|we|you|one))\b")
REASON = re.compile(
    r"(?:is |was |were |are )?(?:the )?(?:main |primary |real |major )?"
    r"(?:reasons?|causes?|motives?|purpose|motivation)\b"
    r"|caused?\b|causes\b|led to\b|for$|made .+ (?:decide|leave|want)\b|prompted\b|motivated\b"
)
BE = re.compile(r"(?:is|are|was|were|'s|be|would be|will be) ")
ARTICLE = re.compile(
    r"(?:(?:the|a|an|his|her|its|their|your|my|our|this|that) )*(?:names? of (?:the |a |an )?)?"
)
OWNER = re.compile(r"(?:the|his|her|its|their|your|my|our) |(?:[\w.-]+ ){0,3}[\w.-]+'s ")
_NO_NOUN = (
    r"(?:of|in|on|for|to|by|with|at|from|as|about|after|before|during|since|per|between|under|over|against|than"
    r"|and|or|that|which|who|when|where|is|was|are|were|be|do|does|did|has|have|had|can|could|will|would|should"
    r"|may|might|must|the|an?|this|these|those|his|her|its|their|most|more|no|many|all|some|any)\b"
)
HEAD = re.compile(  # "fee" of "transfer fee of", "toll" of "death toll"; no "Times", "land mass"
    rf"(?!{_NO_NOUN})(?:[^\W\d][\w'-]* (?!{_NO_NOUN}|\w+ed\b)){{0,3}}"
    rf"((?!(?:times|ages|areas?|mass|eras?|people)\b)[^\W\d][\w-]*)(?= {_NO_NOUN}| \w+ed\b| ?[,;:]|$)"
)
PLURAL = re.compile(  # of a few words, the last one in the plural and no verb
    r"(?!(?:did|do|does|is|was|has)\b)(?:[\w-]+ ){0,2}?"
    r"(?!(?:is|was|this|does|has|[\w-]+(?:ss|us|is|ics|news))\b)(?:[\w-]{2,}s|people|children|men|women)\b"
)
PLURAL_VERB = re.compile(
    r" (?:are|were|do|did|have|had|can|could|will|would|must|should|make up|belong|come|contain|export|grow"
    r"|include|lie|live|need|oppose|own|produce|remain|sell|speak|stand|support|take|use|want|work)\b"
)
COUNTED = re.compile(
    r"(?:the )?(?:two|three|four|five|six|seven|eight|nine|ten|\d+|main|various|several|some) "
)
DEFINABLE = re.compile(
    r"(?:(?:a|an) )?(?!(?:the|it|this|that|there|he|she|they|my|our|your|his|her|its|their)\b)"
    r"[\w'.-]+(?: [\w'.-]+){0,3}$"
)
PREPOSITION = re.compile(
    r"\b(?:of|in|on|for|to|by|with|at|from|as|about|that|than|and|or|\w{3,}(?:ed|ing|'s))\b|s' "
)
MEASURE = re.compile(
    r"(?:many|much|old|far|long|big|large|tall|often|high|deep|fast|wide|heavy|hot|cold|small|short|few|little"
    r"|late|thick|close|near|frequently|strong|expensive|young|rich)\b"
)
_TIME_NOUN = r"(?:calendar |fiscal |exact )*" + _any_of(
    """year years month months day days date dates time times week weeks weekday century centuries decade
    decades season seasons era eras period periods hour birthday birthdate deadline anniversary"""
)
_NUMBER_NOUN = (
    r"(?:(?:total|average|estimated|approximate|exact|current|median|annual|maximum|minimum|\w+est) )*"
    + _any_of(
        """number numbers percentage percentages percent share shares amount amounts population populations
        price prices cost costs height heights temperature temperatures proportion proportions distance
        distances length lengths width widths depth depths area areas size sizes rate rates speed speeds age
        ages score scores salary salaries budget budgets fraction quantity elevation altitude weight weights
        mass count capacity revenue revenues profit profits income earnings ratio
        gdp turnout margin duration fee fees fine toll wage enrollment
        volume diameter radius frequency density"""
    )
)
_PERSON_NOUN = (
    r"(?:(?:first|last|current|former|new|next|american|french|german|famous|\w+ish|\w+ian) )*"
    + _any_of(
        """person people man woman president king queen prime.minister minister actor actors actress actresses
        author authors writer writers singer singers artist artists scientist scientists player players coach
        coaches director directors leader leaders emperor pope general ceo chief.executive chair chairman
        chairwoman chairperson head founder founders inventor inventors physicist philosopher composer poet
        governor mayor judge senator politician architect explorer mathematician economist historian monarch
        ruler quarterback astronaut engineer owner producer host chancellor spokesman spokeswoman spokesperson
        secretary member members winner winners victim victims wife husband father mother son daughter
        tenant landlord landlady caretaker buyer seller client customer employer employee neighbour neighbor
        nurse dentist accountant
        keeper officer doctor teacher pilot lawyer brother sister boyfriend girlfriend captain manager
        commander"""
    )
)
_PLACE_NOUN = r"(?:(?:capital|us|american|european|african|asian|\w+ern|\w+an) )*" + _any_of(
    """city cities country countries state states town towns village villages region regions continent
    continents county counties province provinces place places location locations district districts island
    islands capital headquarters birthplace nation nations neighborhood neighbourhood venue stadium address
    territory territories hometown street"""
)
NUMBER_NOUN = re.compile(_NUMBER_NOUN)
TIME_NOUN = re.compile(_TIME_NOUN)
PERSON_NOUN = re.compile(_PERSON_NOUN)
PLACE_NOUN = re.compile(_PLACE_NOUN)
