"""An answer as plain text, Markdown or HTML. Document text is data in all three, never markup."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable, Iterator
from typing import Literal

from index_store import Hit
from qa.types import Answer, Citation, Usage, Verdict

_CONTROL = dict.fromkeys([*range(32), *range(127, 160)], "\N{REPLACEMENT CHARACTER}")
_MARKERS = re.compile(r"(?: ?\[\d+\])+")
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$&])")


_MARKS: dict[Verdict, str] = {
    "supported": "",
    "weak": " (weakly supported)",
    "unsupported": " (not in the documents)",
}


def place(citation: Citation) -> str:
    """Where a quote stands: its page if it has one, and its characters."""
    characters = f"characters {citation.start}–{citation.end}"
    return f"page {citation.page}, {characters}" if citation.page else characters


def counted(usage: Usage) -> str:
    """The tokens and, where it is known and not nothing, what they cost."""
    tokens = f"{usage.input_tokens:,} tokens read, {usage.output_tokens:,} written"
    return f"{tokens}, ${usage.cost:.4f}" if usage.cost else tokens


def passage_lines(hit: Hit) -> str:
    """A hit of a search: rank, file, place and score, and the passage on a line of its own."""
    passage = hit.passage
    where = f"{_one_line(passage.source)}, characters {passage.start}–{passage.end}"
    return f"{hit.rank}. {where}, score {hit.score:.3f}\n    {_one_line(passage.text)}"


def marked(answer: Answer) -> list[tuple[str, Verdict]]:
    """The text in stretches, each with its verdict: a sentence with its markers, or what stands between."""
    stretches: list[tuple[str, Verdict]] = []
    at = 0
    for sentence in answer.sentences:
        start = answer.text.find(sentence.text, at)
        markers = _MARKERS.match(answer.text, start + len(sentence.text))
        end = markers.end() if markers else start + len(sentence.text)
        if at < start:
            stretches.append((answer.text[at:start], "supported"))
        stretches.append((answer.text[start:end], sentence.verdict))
        at = end
    return [*stretches, (answer.text[at:], "supported")] if answer.text[at:] else stretches


def plain(answer: Answer) -> str:
    """The text with its markers, what has no support marked so, and the numbered sources below it."""
    lines = [f"(asked as: {_one_line(answer.rewritten_question)})"] if answer.rewritten_question else []
    lines += [_one_line(answer.lead)] if answer.lead else []
    said = "".join(text + _MARKS[verdict] for text, verdict in marked(answer))
    lines += [_one_line(line) for line in said.split("\n") if line.strip()]
    lines += [f"({chance})", ""] if (chance := _chance(answer)) else [""]
    for citation in answer.citations:
        lines.append(f"[{citation.number}] {_one_line(citation.source)}, {place(citation)}")
        lines.append(f"    {_quoted(_one_line(citation.quote))}")
    if answer.status == "insufficient" and answer.hits:
        lines.append("Nearest passages:")
        for hit in answer.hits:
            passage = hit.passage
            lines.append(f"  · {_one_line(passage.source)}, characters {passage.start}–{passage.end}")
            lines.append(f"    {_shorten(passage.text)}")
    lines += [f"({_one_line(notice)})" for notice in answer.notices]
    lines += ["The model had written:", f"    {_one_line(answer.partial)} …"] if answer.partial else []
    lines += [f"({counted(answer.usage)})"] if answer.usage else []
    if answer.alternative:
        lines += ["", "The built-in reader answers:", plain(answer.alternative)]
    return "\n".join(lines).rstrip()


def markdown(answer: Answer) -> str:
    """The answer as Markdown; the sources are a list of quotes with file, place and hash."""
    parts = [f"*Asked as: {_escape(answer.rewritten_question)}*"] if answer.rewritten_question else []
    parts += [f"**{_escape(answer.lead)}**"] if answer.lead else []
    said = "".join(
        f" *{_escape(part.strip())}*"
        if kind == "mark"
        else f"**{_escape(part)}**"
        if kind == "bold"
        else _escape(part)
        for part, kind in _parts(answer)
    )
    parts.append(said)
    parts += [f"*{_escape(chance)}*"] if (chance := _chance(answer)) else []
    for citation in answer.citations:
        where = f"{_escape(citation.source)}, {place(citation)}, sha256 `{citation.document_sha256[:12]}`"
        parts.append(f"**\\[{citation.number}\\]** {where}\n\n> {_escape(_one_line(citation.quote))}")
    if answer.status == "insufficient" and answer.hits:
        nearest = [f"- {_escape(h.passage.source)}: {_escape(_shorten(h.passage.text))}" for h in answer.hits]
        parts.append("\n".join(["Nearest passages:", "", *nearest]))
    parts += [f"*{_escape(notice)}*" for notice in answer.notices]
    parts += [f"The model had written:\n\n> {_escape(_one_line(answer.partial))} …"] if answer.partial else []
    parts += [f"*{_escape(counted(answer.usage))}*"] if answer.usage else []
    if answer.alternative:
        parts.append(f"The built-in reader answers:\n\n{markdown(answer.alternative)}".rstrip())
    return "\n\n".join(parts) + "\n"


def html(answer: Answer) -> str:
    """The answer for a notebook."""
    say: Callable[[str], str] = markup.escape
    sources = "".join(
        f"<li value={each.number}><cite>{say(each.source)}</cite>, {place(each)}"
        f"<blockquote>{say(each.quote)}</blockquote></li>"
        for each in answer.citations
    )
    if answer.status == "insufficient":
        sources = "".join(
            f"<li><cite>{say(hit.passage.source)}</cite><blockquote>{say(hit.passage.text)}</blockquote></li>"
            for hit in answer.hits
        )
    lead = f"<p><strong>{say(answer.lead)}</strong></p>" if answer.lead else ""
    tags = {"plain": "{}", "bold": "<b>{}</b>", "mark": "<small>{}</small>"}
    said = "".join(tags[kind].format(say(part)) for part, kind in _parts(answer))
    told = [*answer.notices, *([f"The model had written: {answer.partial} …"] if answer.partial else [])]
    told += [counted(answer.usage)] if answer.usage else []
    notices = "".join(f"<p><small>{say(each)}</small></p>" for each in told)
    other = f"<p>The built-in reader answers:</p>{html(answer.alternative)}" if answer.alternative else ""
    chance = f"<p><small>{chance}</small></p>" if (chance := _chance(answer)) else ""
    return f"<div>{lead}<p>{said}</p>{chance}<ol>{sources}</ol>{notices}{other}</div>"


def _chance(answer: Answer) -> str:
    """Beside a refusal, how likely it is that the documents answer; "" where nothing was read."""
    if answer.status == "answered" or answer.probability is None or not answer.hits:
        return ""
    percent = int(100 * answer.probability)  # rounded up, it could reach the threshold
    return f"chance that the documents do: {percent or 'under 1'} %"


def _parts(answer: Answer) -> Iterator[tuple[str, Literal["plain", "bold", "mark"]]]:
    """The answer's text with its answering words, and a mark after what has no full support."""
    judged = [verdict for _, verdict in marked(answer)]
    if any(_MARKS[verdict] for verdict in judged):  # a language model's, in which no words stand out
        for text, verdict in marked(answer):
            yield text, "plain"
            if _MARKS[verdict]:
                yield _MARKS[verdict], "mark"
    else:
        for part, bold in emphasis(answer):
            yield part, "bold" if bold else "plain"


def emphasis(answer: Answer) -> tuple[tuple[str, bool], ...]:
    """The answer's text in parts, each with whether it is the words that answer by themselves."""
    parts: list[tuple[str, bool]] = []
    quotes = {each.number: each for each in answer.citations}
    cursor = 0
    for sentence in answer.sentences:
        words = _answering(quotes[sentence.citations[0]]) if sentence.citations else ""
        start = answer.text.find(sentence.text, cursor)
        place = answer.text.find(words, start, start + len(sentence.text)) if words and start >= 0 else -1
        if place >= 0:
            parts += [(answer.text[cursor:place], False), (words, True)]
            cursor = place + len(words)
    return (*parts, (answer.text[cursor:], False))


def _answering(citation: Citation) -> str:
    """The words of the quote that answer by themselves, on one line, or "" for none."""
    if citation.answer_start is None or citation.answer_end is None:
        return ""
    start, end = citation.answer_start - citation.start, citation.answer_end - citation.start
    return " ".join(citation.quote[start:end].split())


def _one_line(text: str) -> str:
    """The text on one line, without what would steer a terminal."""
    return " ".join(text.split()).translate(_CONTROL)


def _quoted(line: str) -> str:
    return line if line.startswith(("“", '"')) else f"“{line}”"


def _shorten(text: str, limit: int = 160) -> str:
    line = _one_line(text)
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + " …"


def _escape(text: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", text)
