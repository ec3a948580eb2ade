"""English verbs: the irregular ones with their forms, and common regular ones."""

from __future__ import annotations

import re

_IRREGULAR = """
arise arose arisen, awake awoke awoken, bear bore borne, beat beat beaten, become became become,
begin began begun, bend bent bent, bet bet bet, bind bound bound, bite bit bitten, bleed bled bled,
blow blew blown, break broke broken, bring brought brought, build built built, burn burned burned,
burst burst burst, buy bought bought, cast cast cast, catch caught caught, choose chose chosen,
come came come, cost cost cost, cut cut cut, deal dealt dealt, dig dug dug, do did done, draw drew drawn,
drink drank drunk, drive drove driven, eat ate eaten, fall fell fallen, feed fed fed, feel felt felt,
fight fought fought, find found found, flee fled fled, fly flew flown, forbid forbade forbidden,
forget forgot forgotten, freeze froze frozen, get got got, give gave given, go went gone, grow grew grown,
hang hung hung, have had had, hear heard heard, hide hid hidden, hit hit hit, hold held held, keep kept kept,
know knew known, lay laid laid, lead led led, leave left left, lend lent lent, let let let, lie lay lain,
lose lost lost, make made made, mean meant meant, meet met met, overcome overcame overcome, pay paid paid,
put put put, read read read, ride rode ridden, ring rang rung, rise rose risen, run ran run, say said said,
see saw seen, seek sought sought, sell sold sold, send sent sent, set set set, shake shook shaken,
shed shed shed, shoot shot shot, show showed shown, shrink shrank shrunk, shut shut shut, sing sang sung,
sink sank sunk, sit sat sat, sleep slept slept, speak spoke spoken, spend spent spent, split split split,
spread spread spread, stand stood stood, steal stole stolen, stick stuck stuck, strike struck struck,
swear swore sworn, sweep swept swept, swim swam swum, take took taken, teach taught taught, tear tore torn,
tell told told, think thought thought, throw threw thrown, undergo underwent undergone,
understand understood understood, wear wore worn, weave wove woven, win won won, withdraw withdrew withdrawn,
write wrote written, lead led led, overthrow overthrew overthrown, undertake undertook undertaken,
rebuild rebuilt rebuilt, foresee foresaw foreseen, spring sprang sprung, wind wound wound,
oversee oversaw overseen, withhold withheld withheld, override overrode overridden
"""
_REGULAR = """
abandon accept achieve acquire add adopt allow announce appear appoint approve arrive ask attack attempt
attend base believe belong call carry cause change claim close collect complete compose conclude conduct
consider consist contain continue contribute control convert cover create cross declare decide decline defeat
define deliver demand depend describe design destroy determine develop die differ discover divide earn
elect employ enable encourage end enter establish estimate exist expand expect experience explain express
extend fail favor finish focus follow force form found gain govern graduate grant happen help hire host
identify impact implement import improve include increase influence inherit inspire intend introduce invade
invent invest join kill lack land last launch learn live locate look love maintain marry measure mention
merge move name need notice obtain occupy occur offer open operate oppose order organize originate own
participate pass perform place plan play possess practice predict prefer prepare present prevent produce
promise promote propose protect prove provide publish purchase push reach receive recognize record reduce
refer refuse reject relate release rely remain remove replace report represent require resign result retain
retire return reveal rule save score search secure seem serve settle share sign spark stage start state stay
stop struggle study suffer suggest support surrender survive switch teach think threaten trade train transfer
translate travel try turn use value view visit vote wait want warn watch weigh work worship
""".split()
_FORMS = {
    base: (past, participle)
    for base, past, participle in (each.split() for each in " ".join(_IRREGULAR.split()).split(", "))
}

BASES = frozenset([*_FORMS, *_REGULAR])
PASTS = frozenset(past for past, _ in _FORMS.values())
PARTICIPLES = frozenset(["been", *(participle for _, participle in _FORMS.values())])


_BASE_OF = {past: base for base, (past, _) in _FORMS.items() if past != base}


def base_of(word: str) -> str | None:
    """The base of a past tense, None of what is no known one."""
    if word in _BASE_OF:
        return _BASE_OF[word]
    return next((base for base in (word[:-2], word[:-1]) if base in BASES and past(base) == word), None)


def past(base: str) -> str:
    """The past tense."""
    if base in _FORMS:
        return _FORMS[base][0]
    if base.endswith("e"):
        return f"{base}d"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ied"
    doubled = re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", base) or base.endswith(
        ("fer", "mit", "cur", "trol")
    )
    return f"{base}{base[-1]}ed" if doubled and base not in ("offer", "suffer", "differ") else f"{base}ed"


def third_person(base: str) -> str:
    """The third person singular of the present."""
    if base == "have":
        return "has"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ies"
    return f"{base}es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{base}s"
