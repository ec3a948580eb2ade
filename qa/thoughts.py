"""What a reasoning model thinks aloud before it answers."""

from __future__ import annotations

import re

_OPENINGS = ("<think>", "<thinking>")
_CLOSING = re.compile(r"</think(?:ing)?>\s*")
_LONGEST = 12  # characters of a closing


class Thoughts:
    """Takes a model's text piece by piece and leaves out the thoughts that it begins with.

    Servers that know of them send them apart; others leave them in the text, between <think> and </think>.
    """

    def __init__(self) -> None:
        self._held = ""
        self._over = False

    def without(self, piece: str) -> str:
        """What is answer, as far as that is sure, of this piece and of what was held back."""
        if self._over:
            return piece
        self._held += piece
        begun = self._held.lstrip()
        if not begun.startswith(_OPENINGS):
            may_be = any(opening.startswith(begun) for opening in _OPENINGS)
            return "" if may_be else self._release(self._held)
        if closing := _CLOSING.search(begun):
            self._held = _OPENINGS[0] + closing[0].rstrip()  # until there is more than white space behind it
            answer = begun[closing.end() :]
            return self._release(answer) if answer else ""
        self._held = _OPENINGS[0] + begun[len(_OPENINGS[0]) :][-_LONGEST:]
        return ""

    def rest(self) -> str:
        """What was held back and is no thought, now that nothing more comes."""
        return "" if self._held.startswith(_OPENINGS[0]) else self._release(self._held)

    def _release(self, answer: str) -> str:
        self._held, self._over = "", True
        return answer
