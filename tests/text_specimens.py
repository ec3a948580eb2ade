"""Awkward files of text: notes, Markdown, code, tables, JSON, HTML and mail."""

from __future__ import annotations

import codecs

from making import eml, pdf
from specimens import Specimen

FRENCH = "Le café coûte 3 € — “très” cher.\nLa forêt est près de la rivière."
POLISH = "Zażółć gęślą jaźń. W poniedziałek będzie padał śnieg, a w nocy mróz."
RUSSIAN = "Привет. Это документ о погоде в Москве и области."
JAPANESE = "これは日本語の文書です。天気についての報告。"
BROKEN_UTF8 = "Grüße aus Köln, Düsseldorf und Zürich. ".encode() + b"\xe9\xff" + b" Ende."

PLAIN = (
    Specimen("seed.txt", b"One line.\nAnother line.\n", "One line.\nAnother line.\n"),
    Specimen("annual-report_2023.txt", b"x", "x", name_title="annual report 2023"),
    Specimen("crlf.txt", b"a\r\nb\rc\n", "a\nb\nc\n"),
    Specimen("marked utf8.txt", codecs.BOM_UTF8 + FRENCH.encode(), FRENCH),
    Specimen("utf16 le marked.txt", codecs.BOM_UTF16_LE + FRENCH.encode("utf-16-le"), FRENCH),
    Specimen("utf16 be marked.txt", codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be"), FRENCH),
    Specimen("utf16 le.txt", FRENCH.encode("utf-16-le"), FRENCH),
    Specimen("utf16 be.txt", FRENCH.encode("utf-16-be"), FRENCH),
    Specimen("utf32.txt", codecs.BOM_UTF32_LE + FRENCH.encode("utf-32-le"), FRENCH),
    Specimen("utf32 be.txt", FRENCH.encode("utf-32-be"), FRENCH),
    Specimen("cp1252.txt", FRENCH.encode("cp1252"), FRENCH),
    Specimen("cp1250.txt", POLISH.encode("cp1250"), POLISH),
    Specimen("latin2.txt", POLISH.encode("iso8859_2"), POLISH),
    Specimen("cp1251.txt", RUSSIAN.encode("cp1251"), RUSSIAN),
    Specimen("koi8.txt", RUSSIAN.encode("koi8_r"), RUSSIAN),
    Specimen("shift jis.txt", JAPANESE.encode("shift_jis"), JAPANESE),
    Specimen("iso2022.txt", JAPANESE.encode("iso2022_jp"), JAPANESE),
    Specimen(
        "broken utf8.txt",
        BROKEN_UTF8,
        "Grüße aus Köln, Düsseldorf und Zürich. �� Ende.",
        notes=("some bytes are not valid UTF-8 and were replaced",),
    ),
    Specimen(
        "cut utf16.txt",
        codecs.BOM_UTF16_LE + FRENCH.encode("utf-16-le")[:-1],
        FRENCH[:-1] + "�",
        notes=("some bytes are not valid UTF-16 and were replaced",),
    ),
    Specimen(
        "control characters.log",
        b"a\x00b\x07 c\x0cd soft\xc2\xadly 5\xc2\xa0km " + b"e" * 99,
        "ab c\nd softly 5 km " + "e" * 99,
    ),
    Specimen("emoji.txt", "Ok 👍🏽 and 👨‍👩‍👧.".encode(), "Ok 👍🏽 and 👨‍👩‍👧."),
    Specimen("empty.txt", b"", fails="empty file"),
    Specimen("white.txt", b" \n\t\r\n \xc2\xa0 ", fails="empty file"),
    Specimen("only a mark.txt", codecs.BOM_UTF8, fails="empty file"),
    Specimen("zeros.txt", bytes(5000), fails="binary data, not text"),
    Specimen("really a pdf.txt", lambda: pdf(), fails="binary data, not text"),
    Specimen(
        "really a picture.md", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, fails="binary data, not text"
    ),
    Specimen("random.txt", bytes(range(256)) * 40, fails="binary data, not text"),
    Specimen("LICENSE", b"Apache License", "Apache License"),
    Specimen("code/main.py", "def f():\n\treturn 'é'\n".encode(), "def f():\n\treturn 'é'\n"),
    Specimen("picture.jpg", b"\xff\xd8\xff", fails="a kind of file that is not read (.jpg)"),
    Specimen("no suffix", b"words", fails="a kind of file that is not read (no suffix)"),
)

MARKDOWN_TEXT = """---
title: "The *real* title"
date: 2024-05-06T10:00
author: Ada Lovelace
---

# First **bold** [link](http://x) #

Text under it
---

Second heading
==============

```python
# no heading
```

   ### Third
- item
---
#no heading either
"""

MARKDOWN = (
    Specimen(
        "front matter.md",
        MARKDOWN_TEXT.replace("\n", "\r\n").encode(),
        MARKDOWN_TEXT,
        title="The *real* title",
        author="Ada Lovelace",
        published="2024-05-06",
        headings=(
            (1, "First **bold** [link](http://x)"),
            (2, "Text under it"),
            (1, "Second heading"),
            (3, "Third"),
        ),
    ),
    Specimen(
        "headings.markdown",
        b"## Sub _first_\n\n# The `main` *one* [here](x)\n\ntext",
        "## Sub _first_\n\n# The `main` *one* [here](x)\n\ntext",
        title="The main one here",
        headings=((2, "Sub _first_"), (1, "The `main` *one* [here](x)")),
    ),
    Specimen("plain.md", b"no heading\n", "no heading\n"),
    Specimen("long line.md", b"# " + b" " * 200_000 + b"x #", "# " + " " * 200_000 + "x #"),
)

TABLES = (
    Specimen(
        "people.csv",
        b'Name,Born,Note\nAda,1815,"wrote, ""notes"""\nBob,,"two\nlines"\n\nCy,1999\n',
        'Name: Ada; Born: 1815; Note: wrote, "notes"\n\nName: Bob; Note: two lines\n\nName: Cy; Born: 1999',
    ),
    Specimen(
        "semicolon.csv",
        "Ort;Preis\nKöln;3,50\nBonn;4,00\n".encode("cp1252"),
        "Ort: Köln; Preis: 3,50\n\nOrt: Bonn; Preis: 4,00",
    ),
    Specimen("no header.csv", b"1,2\n3,4\n", "1 | 2\n\n3 | 4"),
    Specimen("only a header.csv", b"a,b\n", "a | b"),
    Specimen(
        "caption.csv", b"Sales\n\nRegion,2019,2020\nNorth,1,2\n", "Sales\n\nRegion: North; 2019: 1; 2020: 2"
    ),
    Specimen("tabs.tsv", b"k\tv\na,b\t1\n", "k: a,b; v: 1"),
    Specimen("long.csv", b"k,v\na," + b"w" * 200_000, "k: a; v: " + "w" * 200_000),
    Specimen("empty.csv", b"\n\n", fails="empty file"),
    Specimen("commas.csv", b",,,\n,,\n", fails="no text in this file"),
)

JSON = (
    Specimen(
        "article.json",
        b'{"title": "A day", "date": "2024-02-03", "n": 1.10, "ok": true, "none": null,'
        b' "place": {"city": "Rome"}, "tags": ["a", "b"], "rows": [{"x": 1}, {"x": 2}]}',
        "title: A day; date: 2024-02-03; n: 1.10; ok: true; place.city: Rome; tags: a, b"
        "\n\nrows.x: 1\n\nrows.x: 2",
        title="A day",
        published="2024-02-03",
    ),
    Specimen(
        "list.json",
        b'[{"name": "Ada"}, {"name": "Bob", "name": "Twice"}]',
        "name: Ada\n\nname: Bob; name: Twice",
    ),
    Specimen(
        "long.json",
        ('{"a": "' + "word " * 90 + '", "b": "two\\nlines"}').encode(),
        "a: " + ("word " * 90).strip() + "\n\nb: two\nlines",
    ),
    Specimen("surrogate.json", b'{"a": "x\\ud800y \\ud83d\\ude00"}', "a: x�y 😀"),
    Specimen(
        "comment.json",
        b'{\n  // settings\n  "a": 1\n}',
        '{\n  // settings\n  "a": 1\n}',
        notes=("not valid JSON (line 2): read as plain text",),
    ),
    Specimen("deep.json", b"[" * 100_000, fails="nested too deeply"),
    Specimen("hollow.json", b'{"a": null, "b": []}', fails="no text in this file"),
    Specimen(
        "events.jsonl",
        b'{"who": "Ada", "did": "wrote"}\nnot json\n\n[1, 2]\n',
        "who: Ada; did: wrote\n\nnot json\n\n1, 2",
        notes=("1 line is not valid JSON: read as plain text",),
    ),
)

ARTICLE = """<!doctype html><html><head><meta charset="{charset}"><title>Flood wall opens | Gazette</title>
<meta property="og:title" content="Flood wall opens"><meta name="author" content="Ana Ruiz">
<meta property="article:published_time" content="2024-03-05T10:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/n">News</a></nav><header><h1>Flood wall opens</h1></header><article>
<h2>Costs</h2><p>The wall <b>cost</b> 4.2&nbsp;million euros and took three years to build, the
coun&shy;cil said on <a href="x">Tuesday</a>. On 1999-01-02 nothing like it was thought of.</p>
<p>Élan &amp; “vigour”<br>in two lines.</p>
<ul><li>One item</li><li>Two items<ul><li>nested</li></ul></li></ul>
<table><tr><th>Year</th><th>Sum</th></tr><tr><td>2020</td><td>1.1</td></tr><tr><td>2021</td><td>2.2</td></tr></table>
<h3>Next steps</h3><p>More will follow when spring arrives, and the mayor hopes that the river will stay low
until the summer festival has ended.</p></article>
<aside>Read also: ten walls you must see</aside><footer>Copyright, cookies, imprint</footer>
<script>var x = "never seen";</script></body></html>"""
ARTICLE_TEXT = "\n\n".join(
    (
        "Costs",
        "The wall cost 4.2 million euros and took three years to build, the council said on Tuesday. "
        "On 1999-01-02 nothing like it was thought of.",
        "Élan & “vigour”\nin two lines.",
        "- One item\n- Two items\n- nested",
        "Year: 2020; Sum: 1.1",
        "Year: 2021; Sum: 2.2",
        "Next steps",
        "More will follow when spring arrives, and the mayor hopes that the river will stay low until the "
        "summer festival has ended.",
    )
)
DOCUMENT = """<h1>My notes</h1><p>Short.</p><p style="display: none">hidden</p>loose words
<pre>keep
  this</pre><dl><dt>Term</dt><dd>Meaning</dd></dl><!-- unseen --><p>On 1999-05-05 we met.</p>
<table><tr><td><h2>Inner</h2><p>layout</p></td></tr></table><h3></h3>"""

HTML = (
    Specimen(
        "article.html",
        ARTICLE.format(charset="utf-8").encode(),
        ARTICLE_TEXT,
        title="Flood wall opens",
        author="Ana Ruiz",
        published="2024-03-05",
        headings=((2, "Costs"), (3, "Next steps")),
    ),
    Specimen(
        "old article.htm",
        ARTICLE.format(charset="iso-8859-1").encode("cp1252"),
        ARTICLE_TEXT,
        title="Flood wall opens",
        author="Ana Ruiz",
        published="2024-03-05",
        headings=((2, "Costs"), (3, "Next steps")),
    ),
    Specimen(
        "document.html",
        DOCUMENT.encode(),
        "My notes\n\nShort.\n\nloose words\n\nkeep\n  this\n\n- Term\n- Meaning"
        "\n\nOn 1999-05-05 we met.\n\nInner\n\nlayout",
        title="My notes",
        headings=((1, "My notes"), (2, "Inner")),
    ),
    Specimen("text.html", b"just words &lt;b&gt;", "just words <b>"),
    Specimen(
        "empty.html",
        b"<html><head><title>T</title></head><body> </body></html>",
        fails="no text in this file",
    ),
    Specimen("script.html", b"<script>alert(1)</script>", fails="no text in this file"),
    Specimen("deep.html", b"<div>" * 30_000 + b"x", fails="nested too deeply"),
    Specimen("really zip.html", b"PK\x03\x04" + bytes(99), fails="binary data, not text"),
)

MAIL = (
    Specimen(
        "plain.eml",
        lambda: eml(
            "Hello Bob,\n\nsee you on Monday.\n",
            From="Ada <ada@example.org>",
            To="bob@example.org",
            Subject="Grüße: the plan",
            Date="Tue, 05 Mar 2024 23:30:00 -0500",
            files=("plan.pdf", "b.png"),
        ),
        "From: Ada <ada@example.org>\nTo: bob@example.org\nDate: Tue, 05 Mar 2024 23:30:00 -0500"
        "\nSubject: Grüße: the plan"
        "\n\nHello Bob,\n\nsee you on Monday.\n\nAttachments: plan.pdf, b.png",
        title="Grüße: the plan",
        author="Ada <ada@example.org>",
        published="2024-03-05",
    ),
    Specimen(
        "html only.eml",
        lambda: eml(
            html="<p>Dear <b>all</b>,</p><p>lunch is at 12.</p>", From="c@example.org", Subject="Lunch"
        ),
        "From: c@example.org\nSubject: Lunch\n\nDear all,\n\nlunch is at 12.",
        title="Lunch",
        author="c@example.org",
    ),
    Specimen(
        "both.eml",
        lambda: eml("plain words", html="<p>html words</p>", Subject="Both"),
        "Subject: Both\n\nplain words",
        title="Both",
    ),
    Specimen(
        "bad charset.eml",
        b"Subject: =?utf-8?q?Caf=C3=A9?=\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n"
        b"caf\xe9 au lait\r\n",
        "Subject: Café\n\ncafé au lait",
        title="Café",
    ),
    Specimen("no date.eml", b"From: x\nDate: yesterday\n\nhi", "From: x\nDate: yesterday\n\nhi", author="x"),
    Specimen("no mail.eml", b"\n\njust some words", fails="not an e-mail: it has no header"),
)

TEXT_SPECIMENS = (*PLAIN, *MARKDOWN, *TABLES, *JSON, *HTML, *MAIL)
