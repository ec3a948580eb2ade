"""The `qa` command. Results go to stdout, progress and errors to stderr."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import json
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from index_store import IndexStoreError, corpus_name, index_folder
from index_store.command import (
    add_index_option,
    add_rebuild_arguments,
    default_corpus,
    progress_bar,
    run_doctor,
    run_rebuild,
    run_status,
)
from index_store.generation import current, is_index
from qa.assistant import Assistant
from qa.conversation import Conversation
from qa.errors import ModelError, QAError
from qa.evaluation.command import add_arguments as add_eval_arguments
from qa.evaluation.command import run_eval
from qa.live import watched
from qa.models import BUILTIN, usable_models
from qa.render import passage_lines
from qa.settings import THRESHOLD, Settings
from qa.types import Answer
from qa.web.access import access_from, add_access_options
from qa.web.user_command import add_user_commands

ANSWERED, ERROR, USAGE, INSUFFICIENT = 0, 1, 2, 3  # exit codes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 answered or done, 1 error, 2 usage, 3 insufficient."""
    _accept_every_character()
    parsed = _parser().parse_args(arguments)
    try:
        code = int(parsed.run(parsed))
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read the output has read enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERROR
    except (QAError, IndexStoreError) as exc:
        if isinstance(exc, ModelError) and exc.partial:
            _say(f"{exc.partial} …")
        sys.stderr.write(f"qa: {exc}\n")
        return ERROR
    except KeyboardInterrupt:
        sys.stderr.write("qa: stopped\n")
        return ERROR


def _accept_every_character() -> None:
    """Where the terminal's encoding lacks a character, a question mark stands for it."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(io.UnsupportedOperation):  # it has been read from already
                stream.reconfigure(errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qa", description="Ask your documents, see the exact words that answer."
    )
    parser.add_argument("--version", action="version", version=f"footnote {version('footnote-qa')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer a question, with its sources")
    ask.add_argument("question")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    _add_search_options(ask)
    _add_assistant_options(ask)
    _add_threshold(ask)
    _add_writer_options(ask)
    ask.set_defaults(run=_ask)
    search = commands.add_parser("search", help="list the passages that fit a query best")
    search.add_argument("query")
    search.add_argument("--json", action="store_true", help="print the passages as JSON")
    _add_search_options(search)
    _add_assistant_options(search)
    search.set_defaults(run=_search)
    chat = commands.add_parser(
        "chat",
        help="ask one question after another",
        description="Ask one question after another. A follow-up is asked with what it leaves out, and the"
        " answer says how. To overrule that, type = to ask the same words as they are, or = and others.",
    )
    _add_assistant_options(chat)
    _add_threshold(chat)
    _add_writer_options(chat)
    chat.set_defaults(run=_chat)
    serve = commands.add_parser("serve", help="chat in the browser")
    serve.add_argument("--host", default=os.environ.get("QA_HOST") or "127.0.0.1")
    serve.add_argument("--port", type=int, default=os.environ.get("QA_PORT") or "7860")
    add_access_options(serve)
    _add_assistant_options(serve)
    _add_threshold(serve)
    serve.set_defaults(run=_serve)
    evaluating = commands.add_parser("eval", help="measure the answers to a file of questions")
    add_eval_arguments(evaluating)
    _add_assistant_options(evaluating)
    _add_threshold(evaluating)
    # An answer of the built-in reader must not count as one of the model's.
    evaluating.set_defaults(run=lambda parsed: run_eval(parsed, _open), no_fallback=True)
    add_user_commands(commands.add_parser("user", help="say who may sign in to the page"))
    models = commands.add_parser("models", help="list who can answer here")
    models.set_defaults(run=_models)
    _add_index_commands(commands)
    return parser


def _add_index_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rebuilding = commands.add_parser("rebuild", help="bring the index up to date with its corpus")
    add_rebuild_arguments(rebuilding)
    rebuilding.set_defaults(run=run_rebuild)
    status = commands.add_parser("status", help="say what the index holds")
    _add_corpus_options(status)
    status.set_defaults(run=run_status)
    doctor = commands.add_parser("doctor", help="check the index, and mend it")
    doctor.add_argument("--repair", action="store_true", help="mend what can be mended")
    doctor.add_argument("--json", action="store_true", help="print what was found as JSON")
    _add_corpus_options(doctor)
    doctor.set_defaults(run=run_doctor)


def _add_corpus_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--corpus", default=default_corpus(), help="a folder or file (default: $QA_CORPUS, else seeds/)"
    )
    add_index_option(parser)


def _add_assistant_options(parser: argparse.ArgumentParser) -> None:
    _add_corpus_options(parser)
    parser.add_argument(
        "--llm",
        metavar="NAME",
        default=os.environ.get("QA_LLM") or "builtin",
        help="who answers (default: $QA_LLM, else builtin)",
    )


def _add_threshold(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="P",
        default=THRESHOLD,
        help="the probability, 0 to 1, below which the documents don't say (default: %(default)s)",
    )


def _add_writer_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--strict", action="store_true", help="leave out what a language model says and no passage supports"
    )
    parser.add_argument(
        "--no-fallback", action="store_true", help="fail when the language model fails; the reader stays out"
    )


def _add_search_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-k", type=int, metavar="N", help="the number of passages")
    parser.add_argument(
        "--source", action="append", metavar="GLOB", help="only these documents or folders; may be repeated"
    )


def _open(parsed: argparse.Namespace) -> Assistant:
    settings = Settings(
        threshold=getattr(parsed, "threshold", THRESHOLD),
        strict=getattr(parsed, "strict", False),
        fallback=not getattr(parsed, "no_fallback", False),
    )
    _tell_of_new_index(parsed, settings)
    with progress_bar() as progress:
        assistant = Assistant.open(
            parsed.corpus, index=parsed.index, llm=parsed.llm, settings=settings, progress=progress
        )
    if assistant.model is not None and (warning := assistant.model.warning):
        sys.stderr.write(f"qa: {warning}\n")
    return assistant


def _tell_of_new_index(parsed: argparse.Namespace, settings: Settings) -> None:
    """Say where an index is about to be made in a folder that was named, for the name may be mistyped."""
    if settings.index.chroma_url or not (parsed.index or os.environ.get("QA_INDEX")):
        return
    folder = index_folder(parsed.corpus, parsed.index)
    if is_index(folder) and not (folder.is_dir() and current(folder)):
        sys.stderr.write(
            f"qa: there is no index at {folder}; making one there of {corpus_name(parsed.corpus)}\n"
        )


def _ask(parsed: argparse.Namespace) -> int:
    with _open(parsed) as assistant:
        answer = watched(assistant.stream(parsed.question, k=parsed.k, sources=parsed.source))
    _say(_json(answer.to_dict()) if parsed.json else str(answer))
    return ANSWERED if answer.status == "answered" else INSUFFICIENT


def _json(values: object) -> str:
    """The values as JSON that the output's encoding can hold."""
    holds_all = (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(values, ensure_ascii=not holds_all, indent=2)


def _models(_: argparse.Namespace) -> int:
    chosen = os.environ.get("QA_LLM") or BUILTIN
    for choice in usable_models():
        notes = [
            choice.note,
            "leaves this machine" if choice.remote else "",
            "chosen" * (choice.name == chosen),
        ]
        _say(f"{choice.name:32}{', '.join(note for note in notes if note)}".rstrip())
    return ANSWERED


def _search(parsed: argparse.Namespace) -> int:
    with _open(parsed) as assistant:
        hits = assistant.search(parsed.query, k=5 if parsed.k is None else parsed.k, sources=parsed.source)
    if parsed.json:
        _say(_json([dataclasses.asdict(hit) for hit in hits]))
    else:
        for hit in hits:
            _say(passage_lines(hit))
    return ANSWERED


def _chat(parsed: argparse.Namespace) -> int:
    with _open(parsed) as assistant:
        conversation = assistant.conversation()
        while True:
            try:
                line = input("? " if sys.stdin.isatty() else "")
            except EOFError:
                return ANSWERED
            try:
                _say(f"{_said(conversation, line)}\n")
            except (QAError, IndexStoreError) as exc:
                sys.stderr.write(f"qa: {exc}\n")


def _said(conversation: Conversation, line: str) -> Answer:
    """The answer to a line of the chat; "=" overrules how the question before was understood."""
    asked, overruling, words = line.partition("=")
    if asked.strip() or not overruling:
        return watched(conversation.stream(line))
    last = conversation.forget_last()
    return watched(conversation.stream(words.strip() or (last.question if last else ""), as_is=True))


def _serve(parsed: argparse.Namespace) -> int:
    from qa.web import serve

    serve(lambda: _open(parsed), host=parsed.host, port=parsed.port, access=access_from(parsed))
    return ANSWERED


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
