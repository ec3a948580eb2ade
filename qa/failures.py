"""What went wrong with a language model, in one sentence that says what to do."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from qa.models import Model

_TOO_LONG = ("context_length", "context length", "context window", "maximum context", "too many tokens",
             "prompt is too long", "exceed_context", "context size", "maximum number of tokens",
             "max_new_tokens", "reduce the length")  # fmt: skip
_KINDS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}  # Anthropic's names of statuses, told inside a stream
_SHOWN = 200  # characters of a server's own words


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request failed. `retry`: asking again may help, after `wait` seconds if that is known.

    `too_long`: a shorter prompt would help.
    """

    message: str
    retry: bool = False
    wait: float | None = None
    too_long: bool = False


class SilentModelError(Exception):
    """Nothing came for as long as was waited."""


class CutOffError(Exception):
    """The answer ended in the middle."""


class NoAnswerError(Exception):
    """The answer ended without a word."""


class NoRoomError(Exception):
    """All the tokens of the answer were spent before a word of it."""


class NothingError(Exception):
    """The connection closed without a piece of an answer."""


class WithheldError(Exception):
    """The provider's filter stopped the answer."""


class NoModelError(Exception):
    """A model that should run in this process cannot be loaded."""


class TooLongError(Exception):
    """The prompt has more tokens than the model takes."""


def diagnose(error: BaseException, model: Model, patience: float) -> Failure:
    """The failure that an exception of any provider's client stands for."""
    host = urlsplit(model.base_url).netloc or model.name
    for each in _chain(error):
        if isinstance(status := _status(each), int):
            return _refused(each, status, model, host)
    if isinstance(error, TooLongError):
        return _too_long(model)
    if isinstance(error, NoModelError):
        return Failure(
            f"{model.name} cannot be loaded: {_shown(str(error), model)}. "
            "Give the folder of a chat model, or its name in your Hugging Face cache."
        )
    names = {kind.__name__ for each in _chain(error) for kind in type(each).__mro__}
    if isinstance(error, WithheldError):
        return Failure(f"The filter of {host} withheld the answer. Ask in other words.")
    if isinstance(error, NoAnswerError):
        return Failure(f"{model.name} answered nothing. Ask again, or choose another model: qa models")
    if isinstance(error, NoRoomError):
        return Failure(
            f"{model.name} spent all tokens of its answer on thinking. "
            "Set QA_LLM_ANSWER to more, such as 8192."
        )
    if isinstance(error, NothingError):
        return Failure(f"{host} sent no answer. Ask again. {_check_address(model)}", retry=True)
    if names & {"gaierror"}:
        return Failure(f"There is no server called {host}. {_check_address(model)}")
    if names & {"SSLError", "SSLCertVerificationError"}:
        return Failure(f"There is no secure connection to {host}. {_check_address(model)}")
    if names & {"ConnectTimeout", "ConnectError", "ConnectionRefusedError"}:
        return Failure(f"Nothing answers at {host}. {_start(model)}")
    if names & {"SilentModelError", "ReadTimeout", "APITimeoutError", "TimeoutException", "TimeoutError"}:
        return Failure(
            f"{model.name} said nothing for {patience:g} s. Ask again, or set QA_LLM_TIMEOUT to more seconds."
        )
    if names & {"CutOffError", "RemoteProtocolError", "ReadError", "ConnectionResetError", "WriteError"}:
        return Failure(f"{host} broke off the answer. Ask again.", retry=True)
    if names & {
        "JSONDecodeError",
        "ValidationError",
        "TypeError",
        "AttributeError",
        "KeyError",
        "IndexError",
    }:
        return Failure(f"{host} does not answer as {_speaks(model)}. {_check_address(model)}")
    return Failure(f"{model.name} failed: {_shown(_words(error), model)}. Choose another model: qa models")


def _refused(error: BaseException, status: int, model: Model, host: str) -> Failure:
    """What an HTTP status means, with the server's own words where they help."""
    said = _words(error)
    if status in (401, 403):
        return Failure(f"{host} refused the key. {_set_key(model)}")
    if any(mark in said.lower() for mark in _TOO_LONG) or status == 413:
        return _too_long(model)
    if status == 404:
        elsewhere = "" if "model" in said.lower() else f" {_check_address(model)}"
        return Failure(f"{host} has no model {model.model!r}. {_get_model(model)}{elsewhere}")
    if status == 429:
        return _limited(error, said, host)
    if status >= 500:
        return Failure(f"{host} failed with error {status}. Ask again later.", retry=True, wait=_wait(error))
    if 300 <= status < 400:
        return Failure(f"{host} sends requests elsewhere. {_check_address(model)}")
    return Failure(f"{host} refused the request ({status}): {_shown(said, model)}. {_check_address(model)}")


def _too_long(model: Model) -> Failure:
    return Failure(
        f"The passages are too long for {model.name}. Look at fewer (qa ask -k 3), "
        "or set QA_LLM_CONTEXT to the tokens it takes.",
        too_long=True,
    )


def _limited(error: BaseException, said: str, host: str) -> Failure:
    if "quota" in said.lower() or "billing" in said.lower():
        return Failure(f"The quota of your key at {host} is used up. Add to it, or use: --llm builtin")
    wait = _wait(error)
    when = f"in {wait:.0f} s" if wait is not None else "in a minute"
    return Failure(f"{host} takes no more requests for now. Ask again {when}.", retry=True, wait=wait)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from, outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _status(error: BaseException) -> Any:
    """The HTTP status that an error stands for; an error inside a stream names it in its body, if at all."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 300:
        return status
    if isinstance(body := getattr(error, "body", None), dict):
        detail = body.get("error", body)
        told = detail if isinstance(detail, dict) else body
        status = told.get("code", told.get("status"))
        return status if isinstance(status, int) else _KINDS.get(str(told.get("type")), 500)
    return None if status is None else 500


def _words(error: BaseException) -> str:
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        detail = body.get("error", body)
        return str(detail.get("message") or json.dumps(detail)) if isinstance(detail, dict) else str(detail)
    return str(error) or type(error).__name__


def _shown(said: str, model: Model) -> str:
    """A server's words on one line, short, and without the key, should it repeat that."""
    key = model.key.reveal()
    line = " ".join((said.replace(key, "…") if key else said).split())
    return (line if len(line) <= _SHOWN else line[:_SHOWN] + " …").rstrip(".")


def _wait(error: BaseException) -> float | None:
    """The seconds or the date of Retry-After, None without."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    told = headers.get("retry-after", "")
    try:
        date = None if told[:1].isdigit() else parsedate_to_datetime(told)
        return max(0.0, date.timestamp() - time.time() if date else float(told))
    except ValueError:
        return None


def _check_address(model: Model) -> str:
    if model.provider == "openai-like":
        return "Check QA_LLM_BASE_URL; it usually ends in /v1."
    return "Check OLLAMA_HOST." if model.provider == "ollama" else "Check your connection."


def _start(model: Model) -> str:
    if model.provider == "ollama":
        return "Start it with: ollama serve"
    if model.provider == "openai-like":
        return "Start the server there, or check QA_LLM_BASE_URL."
    return "Check your connection, or use: --llm builtin"


def _get_model(model: Model) -> str:
    if model.provider == "ollama":
        return f"Run: ollama pull {model.model}"
    return "See what there is: qa models"


def _set_key(model: Model) -> str:
    own = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
    return f"Set {own.get(model.provider, 'QA_LLM_API_KEY')} to a valid one."


def _speaks(model: Model) -> str:
    return {"ollama": "Ollama does", "anthropic": "Anthropic does"}.get(
        model.provider, "an OpenAI-compatible server does"
    )
