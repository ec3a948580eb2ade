"""The names of language models: what each stands for, and which are usable here."""

from __future__ import annotations

import http.client
import importlib.util
import ipaddress
import json
import os
import re
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qa.errors import ModelError

BUILTIN = "builtin"
_FORMS = "builtin, openai/MODEL, anthropic/MODEL, ollama/MODEL, openai-like/MODEL or huggingface/PATH"
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

    Raises ModelError for a name of another form, and where a client, an address or a key is missing.
    """
    if name == BUILTIN:
        return None
    provider, _, model = name.partition("/")
    if not model or provider not in _PROVIDERS:
        raise ModelError(f"There is no model {name!r}. Give {_FORMS}. See: qa models")
    if not (has_client(provider) or provider in _COMPATIBLE):
        raise ModelError(f"{provider} needs a client that is not installed. Run: {_install(provider)}")
    found = Model(name, provider, model, _address(provider, environ), _key(provider, environ))
    if provider in _USUAL and not found.key:
        raise ModelError(f"{name} needs a key. Set {_KEYS[provider]}, or use: --llm builtin")
    return found


def usable_models(environ: Mapping[str, str] = os.environ) -> tuple[Choice, ...]:
    """What can answer here, the built-in reader first.

    Asks an Ollama on this machine and the server of `QA_LLM_BASE_URL` for their models, and nobody
    else: for a key in the environment a usual model is listed, and the key not used.
    """
    return (Choice(BUILTIN), *_served("ollama", environ), *_served("openai-like", environ), *_keyed(environ))


def has_client(provider: str) -> bool:
    """Whether the provider's own client is installed."""
    try:
        return importlib.util.find_spec(f"llama_index.llms.{provider.replace('-', '_')}") is not None
    except ModuleNotFoundError:
        return False


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


_PROVIDERS = ("openai", "anthropic", "ollama", "openai-like", "huggingface")
_USUAL = {"openai": "gpt-4.1-mini", "anthropic": "claude-sonnet-4-5"}
_COMPATIBLE = ("ollama", "openai-like")  # speak OpenAI's protocol, whose client is always there
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "ollama": "OLLAMA_API_KEY"}
_HOME = {
    "openai": ("OPENAI_BASE_URL", "https://api.openai.com/v1"),
    "anthropic": ("ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
}


def _key(provider: str, environ: Mapping[str, str]) -> Secret:
    """A provider's own key is never sent to another one's server."""
    variable = _KEYS.get(provider, "")
    variable = variable if environ.get(variable) else "QA_LLM_API_KEY"
    key = environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise ModelError(f"{variable} has a character that no key has. Copy the key again.")
    return Secret(key)


def _address(provider: str, environ: Mapping[str, str]) -> str:
    if provider == "huggingface":
        return ""
    if provider == "ollama":
        return _ollama(environ)
    if provider in _HOME:
        variable, home = _HOME[provider]
        return _checked(variable, environ.get(variable, "").strip() or home)
    if not (url := environ.get("QA_LLM_BASE_URL", "").strip()):
        raise ModelError(
            "openai-like needs the address of a server. "
            "Set QA_LLM_BASE_URL, for example: QA_LLM_BASE_URL=http://127.0.0.1:8080/v1"
        )
    return _checked("QA_LLM_BASE_URL", url)


def _checked(variable: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is no number
        whole = False
    if not whole:
        raise ModelError(
            f"{variable} is {url.rpartition('@')[2].partition('?')[0]!r}, which is no address. "
            "Give one such as http://127.0.0.1:8080/v1"
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ModelError(
            f"{variable} holds more than an address: a password, or what follows a ? or #. "
            f"Leave that out; a key belongs into {_key_variable(variable)}."
        )
    return url.rstrip("/")


def _key_variable(address_variable: str) -> str:
    """OPENAI_BASE_URL to OPENAI_API_KEY, and so on."""
    return f"{re.sub('_(BASE_URL|HOST)$', '', address_variable)}_API_KEY"


def _ollama(environ: Mapping[str, str]) -> str:
    """Ollama's own variable, which may lack the scheme, or say where it listens: everywhere is here too."""
    host = environ.get("OLLAMA_HOST", "").strip()
    if not host:
        return _OLLAMA
    host = f"[{host}]" if host.count(":") > 1 and not set("[/") & set(host) else host
    host = f"127.0.0.1{host}" if host.startswith(":") else host
    parts = urlsplit(_checked("OLLAMA_HOST", host if "//" in host else f"http://{host}"))
    name = "127.0.0.1" if parts.hostname in ("0.0.0.0", "::") else str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 11434)
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}{parts.path}"


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
    """A usual model of each provider whose key is there; its other models can be named as well."""
    for provider, model in _USUAL.items():
        if environ.get(_KEYS[provider]):
            missing = "" if has_client(provider) else f"run: {_install(provider)}"
            yield Choice(f"{provider}/{model}", not is_loopback(_address(provider, environ)), missing)


def _install(provider: str) -> str:
    """The command that brings a provider's client, in a checkout in the versions that are tested."""
    here = Path(__file__).parents[1]
    if (here / "constraints.txt").is_file():
        return f"{sys.executable} -m pip install -c '{here}/constraints.txt' -e '{here}[{provider}]'"
    return f"{sys.executable} -m pip install 'footnote-qa[{provider}]'"


def _listed(url: str, key: Secret) -> list[str] | None:
    """The ids that an OpenAI-compatible server lists, None when it does not answer so."""
    headers = {"Authorization": f"Bearer {key.reveal()}"} if key else {}
    handlers: list[urllib.request.BaseHandler] = [_Staying()]
    handlers += [urllib.request.ProxyHandler({})] if is_loopback(url) else []
    try:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.build_opener(*handlers).open(request, timeout=_PATIENCE) as response:
            listed = json.load(response)["data"]
        return sorted(str(each["id"]) for each in listed)
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows no redirection, which would take the key along."""

    def redirect_request(self, *_: Any) -> None:
        """Never."""
