"""The names of language models: what each stands for, and which are usable here."""

from __future__ import annotations

import ipaddress
import json
import os
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from qa.errors import ModelError

BUILTIN = "builtin"
_FORMS = "builtin, openai/MODEL, ollama/MODEL or openai-like/MODEL"
_OLLAMA = "http://127.0.0.1:11434"
_PATIENCE = 2.0  # seconds for a server to say what models it has


class Secret:
    """A key. It is shown by nothing; `reveal` gives it to the client that needs it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "…" if self._value else "''"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a key is never written down")


@dataclass(frozen=True, slots=True)
class Model:
    """A language model: `name` as one gives it to `--llm`, and where it is asked.

    `base_url` is the address of its server, "" for a model that runs in this process.
    """

    name: str
    provider: str
    model: str
    base_url: str
    key: Secret

    @property
    def remote(self) -> bool:
        """Whether questions and passages leave this machine. A private network is not this machine."""
        return bool(self.base_url) and not is_loopback(self.base_url)

    @property
    def warning(self) -> str | None:
        """The line to show before the first question to a remote model."""
        if not self.remote:
            return None
        host = urlsplit(self.base_url).hostname
        return f"{self.name}: questions and the passages found for them leave this machine, to {host}."


@dataclass(frozen=True, slots=True)
class Choice:
    """A name for `--llm` that works here, or with `note` what is still missing for it to work."""

    name: str
    remote: bool = False
    note: str = ""


def find_model(name: str, environ: Mapping[str, str] = os.environ) -> Model | None:
    """The model called `name`, None for the built-in reader. Opens no connection.

    Raises ModelError for a name of another form, and where an address or a key is missing.
    """
    if name == BUILTIN:
        return None
    provider, _, model = name.partition("/")
    if not model or provider not in _PROVIDERS:
        raise ModelError(f"There is no model {name!r}. Give {_FORMS}. See: qa models")
    if provider in _TO_COME:
        raise ModelError(f"{provider} has no client yet. {_INSTEAD}")
    found = Model(name, provider, model, _address(provider, environ), _key(provider, environ))
    if provider in _KEYS and not found.key:
        raise ModelError(f"{name} needs a key. Set {_KEYS[provider]}, or use: --llm builtin")
    return found


def usable_models(environ: Mapping[str, str] = os.environ) -> tuple[Choice, ...]:
    """What can answer here, the built-in reader first.

    Asks an Ollama on this machine and the server of `QA_LLM_BASE_URL` for their models, and nobody
    else: a key in the environment is listed, never used.
    """
    return (Choice(BUILTIN), *_served("ollama", environ), *_served("openai-like", environ), *_keyed(environ))


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


_PROVIDERS = ("openai", "anthropic", "ollama", "openai-like", "huggingface")
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_TO_COME = ("anthropic", "huggingface")
_INSTEAD = "Serve the model by OpenAI's protocol, and use: --llm openai-like/MODEL"


def _key(provider: str, environ: Mapping[str, str]) -> Secret:
    """A provider's own key is never sent to another one's server."""
    own = environ.get(_KEYS.get(provider, ""), "")
    return Secret((own or environ.get("QA_LLM_API_KEY", "")).strip())


def _address(provider: str, environ: Mapping[str, str]) -> str:
    if provider == "openai-like":
        return _checked(environ.get("QA_LLM_BASE_URL", ""))
    if provider == "ollama":
        return _ollama(environ)
    return {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}.get(provider, "")


def _checked(url: str) -> str:
    if not url:
        raise ModelError(
            "openai-like needs the address of a server. "
            "Set QA_LLM_BASE_URL, for example: QA_LLM_BASE_URL=http://127.0.0.1:8080/v1"
        )
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ModelError(
            f"QA_LLM_BASE_URL is {url.rpartition('@')[2]!r}, which is no address. "
            "Give one such as http://127.0.0.1:8080/v1"
        )
    if parts.username or parts.password:
        raise ModelError("QA_LLM_BASE_URL holds a password. Put the key into QA_LLM_API_KEY instead.")
    return url.rstrip("/")


def _ollama(environ: Mapping[str, str]) -> str:
    """Ollama's own variable, which may lack the scheme, or say where it listens: everywhere is here too."""
    host = environ.get("OLLAMA_HOST", "").strip().rstrip("/")
    if not host:
        return _OLLAMA
    parts = urlsplit(host if "//" in host else f"http://{host}")
    name = "127.0.0.1" if parts.hostname in (None, "0.0.0.0", "::") else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 11434)
    return f"{parts.scheme}://{f'[{name}]' if ':' in str(name) else name}:{port}"


def _served(provider: str, environ: Mapping[str, str]) -> Iterator[Choice]:
    """The models that a server has; a remote Ollama is asked only when `OLLAMA_HOST` names it."""
    if provider == "openai-like" and not environ.get("QA_LLM_BASE_URL"):
        return
    address = _address(provider, environ)
    path = f"{address}/v1/models" if provider == "ollama" else f"{address}/models"
    names = _listed(path, _key(provider, environ) if provider == "openai-like" else Secret(""))
    if names is None and provider == "openai-like":
        yield Choice("openai-like/MODEL", not is_loopback(address), f"no list of models at {path}")
    for name in names or ():
        yield Choice(f"{provider}/{name}", not is_loopback(address))


def _keyed(environ: Mapping[str, str]) -> Iterator[Choice]:
    for provider, variable in _KEYS.items():
        if environ.get(variable) and provider not in _TO_COME:
            yield Choice(f"{provider}/MODEL", True, f"{variable} is set")


def _listed(url: str, key: Secret) -> list[str] | None:
    """The ids that an OpenAI-compatible server lists, None when it does not answer so."""
    headers = {"Authorization": f"Bearer {key.reveal()}"} if key else {}
    handlers = [urllib.request.ProxyHandler({})] if is_loopback(url) else []
    try:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.build_opener(*handlers).open(request, timeout=_PATIENCE) as response:
            listed = json.load(response)["data"]
        return sorted(str(each["id"]) for each in listed)
    except (OSError, ValueError, KeyError, TypeError):
        return None
