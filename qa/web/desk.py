"""The addresses below `documents/`: pages and originals to look at, and what changes the corpus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from index_store import PageRenderer
from index_store.errors import IndexStoreError
from index_store.settings import attic
from qa.errors import QAError
from qa.web import documents, welcome
from qa.web.intake import Clash, Intake, IntakeError, NameTakenError
from qa.web.library import Library
from qa.web.limits import ARRIVAL
from qa.web.rebuilding import Rebuilding, told
from qa.web.removal import Removal
from qa.web.suggestions import Suggestions
from qa.web.table import Wanted, folders, table
from qa.web.visitor import may_change_corpus

WIDTHS = (600, 900, 1200, 1800, 2700)
"""How wide the image of a page can be, in pixels: few widths, so that each is drawn once for many readers."""

FOR_EVER = "private, max-age=31536000, immutable"
SHOWN = ("text/plain", "text/markdown", "text/csv", "text/tab-separated-values", "application/json")
"""What a browser may show as text; everything else but PDF is for saving, and HTML is never run."""

Handler = Callable[[Request], Response]


class ForbiddenError(QAError):
    """Whoever asks may not change the documents."""


class Desk:
    """Answers what the panels ask outside Gradio: files, images, and the work on the corpus."""

    def __init__(
        self, library: Library, renderer: PageRenderer, suggestions: Suggestions, limit: int
    ) -> None:
        self._library = library
        self._suggestions = suggestions
        self._renderer = renderer
        self._most = limit
        self._rebuilding = Rebuilding(library)

    def routes(self) -> list[Route]:
        """All addresses, relative to the page's own."""
        return [
            self._route("page", "GET", self.page),
            self._route("limit", "GET", self.limit),
            self._route("original", "GET", self.original),
            self._route("list", "GET", self.list),
            self._route("starters", "GET", self.starters),
            self._route("plan", "GET", self.plan),
            self._route("work", "GET", self.work),
            self._route("work", "POST", self.rebuild),
            self._route("work", "DELETE", self.stop),
            self._route("file", "DELETE", self.remove),
            Route(ARRIVAL, self._take, methods=["PUT"]),
        ]

    def page(self, request: Request) -> Response:
        """The image of a page, for the hash of the file that the reader sees the words of."""
        query = request.query_params
        number, wanted = int(query["number"]), int(query.get("width", 0))
        width = next((each for each in WIDTHS if each >= wanted), WIDTHS[-1])
        with self._library.lent() as assistant:
            path = assistant.original(query["source"])
        image = self._renderer.image(path, query["sha256"], number, width)
        return Response(image, media_type="image/png", headers={"cache-control": FOR_EVER})

    def original(self, request: Request) -> Response:
        """The file of a document as it is: a PDF or a text to look at, anything else to save."""
        source = request.query_params["source"]
        with self._library.lent() as assistant:
            path, media_type = assistant.original(source), assistant.document(source).media_type
        shown = "application/pdf" if media_type == "application/pdf" else "text/plain"
        if shown == "text/plain" and media_type not in SHOWN:
            return FileResponse(path, media_type="application/octet-stream", filename=path.name)
        name = quote(path.name)
        return FileResponse(
            path, media_type=shown, headers={"content-disposition": f"inline; filename*=UTF-8''{name}"}
        )

    def list(self, request: Request) -> Response:
        """The table of the files, the folders, and the line about the index."""
        with self._library.lent() as assistant:
            files, status = assistant.files(), assistant.status()
            folder = assistant.folder()
        may = may_change_corpus(request)
        return JSONResponse(
            {
                "table": table(files, Wanted.parse(request.query_params)),
                "folders": folders(files),
                "health": documents.health(status, datetime.now(UTC)),
                "files": len(files),
                "documents": status.documents,
                "may_add": may and folder is not None,
                "may_rebuild": may,
            }
        )

    def limit(self, _request: Request) -> Response:
        """How many bytes a file may have that is added."""
        return JSONResponse({"bytes": self._most})

    def starters(self, _request: Request) -> Response:
        """The questions to start from; null while they are being looked for."""
        with self._library.lent() as assistant:
            found = self._suggestions.now(assistant.status().version)
        return JSONResponse({"starters": None if found is None else welcome.starters(found)})

    def plan(self, request: Request) -> Response:
        """What a rebuild would do. It reads the corpus, so that not everyone may ask for it over and over."""
        self._require_permission(request)
        with self._library.lent() as assistant:
            report = assistant.rebuild(dry_run=True)
        return JSONResponse({"plan": documents.plan(report), "changes": documents.changes(report)})

    def work(self, _request: Request) -> Response:
        """How it stands with the rebuild."""
        return JSONResponse(told(self._rebuilding.work))

    def rebuild(self, request: Request) -> Response:
        """Begin a rebuild."""
        self._require_permission(request)
        self._rebuilding.start()
        return self.work(request)

    def stop(self, request: Request) -> Response:
        """Stop the rebuild; what is done is kept."""
        self._require_permission(request)
        self._rebuilding.stop()
        return self.work(request)

    def remove(self, request: Request) -> Response:
        """Take documents out of the corpus, and then out of the index."""
        self._require_permission(request)
        removal = Removal(self._folder(), attic())
        try:
            kept = [str(removal.put_away(source)) for source in request.query_params.getlist("source")]
        finally:
            self._rebuilding.start()  # also for those before one that could not be moved
        return JSONResponse({"kept": kept})

    async def take(self, request: Request) -> Response:
        """Take one file into the corpus; it is indexed by the next rebuild."""
        self._require_permission(request)
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._most:
            raise IntakeError(f"It is larger than {self._most >> 20} MB.")
        folder = await run_in_threadpool(self._folder)
        intake = Intake(folder, Removal(folder, attic()).put_away, self._most)
        clash = request.query_params.get("clash", "ask")
        asked = cast(Clash, clash if clash in ("keep", "replace") else "ask")
        taken = await intake.take(request.query_params["name"], request.stream(), asked)
        return JSONResponse({"source": taken.source, "already": taken.already}, 201)

    def _folder(self) -> Path:
        with self._library.lent() as assistant:
            folder = assistant.folder()
        if folder is None:
            raise IntakeError("The documents are not a folder of this machine, so none can be added here.")
        return folder

    def _require_permission(self, request: Request) -> None:
        if not may_change_corpus(request):
            raise ForbiddenError("Sign in to change the documents.")

    def _route(self, name: str, method: str, handler: Handler) -> Route:
        async def answer(request: Request) -> Response:
            try:
                return await run_in_threadpool(handler, request)
            except Exception as error:
                return self._trouble(error)

        return Route(f"/documents/{name}", answer, methods=[method])

    async def _take(self, request: Request) -> Response:
        try:
            return await self.take(request)
        except Exception as error:
            return self._trouble(error)

    def _trouble(self, error: Exception) -> Response:
        """The one place where an exception becomes a response."""
        if isinstance(error, (KeyError, ValueError)) and not isinstance(error, (QAError, IndexStoreError)):
            return JSONResponse({"error": "This is not an address of the page."}, 400)
        status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
        return JSONResponse({"error": self._library.explain(error)}, status)


STATUS: tuple[tuple[type[Exception], int], ...] = (
    (ForbiddenError, 403),
    (NameTakenError, 409),
    (IntakeError, 422),
    (IndexStoreError, 404),
    (QAError, 422),
)
