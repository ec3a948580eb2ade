"""E-mails (EML)."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from index_store.errors import DocumentError
from index_store.readers.encoding import decode
from index_store.readers.extracted import Extracted, TextBuilder, clean

_SHOWN: Final = ("From", "To", "Cc", "Date", "Subject")


def read_eml(data: bytes, _: Path) -> Extracted:
    """Sender, recipients, date and subject, then the text (or the HTML), then the attachments' names."""
    message = BytesParser(policy=policy.default).parsebytes(data.lstrip(b"\r\n"))
    assert isinstance(message, EmailMessage)
    builder = TextBuilder()
    for header in _SHOWN:
        if value := _header(message, header):
            builder.add(f"{header}: {value}", "\n")
    if not builder.start_page():
        raise DocumentError("not an e-mail: it has no header")
    builder.add(_body(message))
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    if names:
        builder.add("Attachments: " + ", ".join(names))
    return builder.extracted().named(
        title=_header(message, "Subject"), author=_header(message, "From"), published=_date(message)
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header on one line; "" when it is missing, or too broken for the parser."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, IndexError, AttributeError, TypeError):  # the parser's own on malformed headers
        return ""


def _date(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError):
        return None


def _body(message: EmailMessage) -> str:
    """The plain text when it says something, else the HTML."""
    plain = message.get_body(("plain",))
    text = clean(_content(plain)) if isinstance(plain, EmailMessage) else ""
    html = message.get_body(("html",))
    if text.strip() or not isinstance(html, EmailMessage):
        return text
    from index_store.readers.html import markup_text

    source = _content(html)
    return markup_text(source).text if source.strip() else ""


def _content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    return decode(payload, part.get_content_charset())[0] if isinstance(payload, bytes) else ""
