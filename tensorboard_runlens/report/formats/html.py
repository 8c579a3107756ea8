"""A report as one HTML file that opens by a double click: the tab's own pages with their data in the file, or the
document where the tab has no page about it.

Nothing is fetched: the policy at its head forbids it, and allows the one script by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html import escape

import msgspec

from tensorboard_runlens import static_files
from tensorboard_runlens.report.document import (
    Block,
    Bullets,
    Code,
    Document,
    Figure,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    shown,
)
from tensorboard_runlens.report.figures.svg import svg
from tensorboard_runlens.report.formats import Beside, Format
from tensorboard_runlens.report.pages import Pages
from tensorboard_runlens.report.text import printable

DATA_ID = "runlens-report"
"""The element that frontend/src/embedded.ts reads."""


def render(report: Report, beside: Beside) -> bytes:
    """The tab where it has a page about this."""
    if report.pages is None:
        return _document_file(report.document)
    return _tab_file(report.document, report.pages())


def _tab_file(document: Document, pages: Pages) -> bytes:
    (script, style) = (_static("index.js"), _static("style.css"))
    return _file(
        document.title,
        f"script-src {_hash(script)}; style-src 'unsafe-inline'; img-src data: blob:",
        style,
        f'<script type="application/json" id="{DATA_ID}">{_data(document, pages)}</script>\n'
        f'<script type="module">{script}</script>',
    )


def _static(name: str) -> str:
    """A file of the bundle, of which nothing may end the element that it is put into."""
    text = static_files.load()[name].body.decode("utf-8")
    if "</script" in text.lower() or "</style" in text.lower() or "<!--" in text:
        raise ValueError(f"{name} would end the element that it stands in")
    return text


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _data(document: Document, pages: Pages) -> str:
    """JSON in which no sign can end the element."""
    answers: Mapping[str, msgspec.Raw] = {
        key: msgspec.Raw(body) for (key, body) in pages.answers.items()
    }
    pictures = {
        key: f"data:{mimetype};base64,{base64.b64encode(content).decode()}"
        for (key, (mimetype, content)) in pages.pictures.items()
    }
    whole = {
        "made": document.made,
        "left_out": list(pages.left_out),
        "start": pages.start,
        "answers": answers,
        "pictures": pictures,
    }
    return msgspec.json.encode(whole).decode("utf-8").replace("<", "\\u003c")


STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c1c1c; background: #fff; }
table { border-collapse: collapse; margin: .6rem 0; display: block; overflow-x: auto; }
th, td { padding: .2rem .7rem .2rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid #ddd; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { background: #f4f4f4; padding: .6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; }
.muted { color: #555; }
"""


def _document_file(document: Document) -> bytes:
    body = [f"<h1>{_text(document.title)}</h1>", f'<p class="muted">{_text(document.made)}</p>']
    for one in document.sections:
        body += _section(one)
    policy = "style-src 'unsafe-inline'; img-src data:"
    return _file(document.title, policy, STYLE, "<main>\n" + "\n".join(body) + "\n</main>")


def _section(one: Section) -> Iterator[str]:
    yield f"<h2>{_text(one.heading)}</h2>"
    for block in one.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"<p>{_text(block.text)}</p>"
    elif isinstance(block, Bullets):
        yield "<ul>" + "".join(f"<li>{_text(item)}</li>" for item in block.items) + "</ul>"
    elif isinstance(block, Code):
        lines = "\n".join(map(_text, block.text.splitlines()))
        yield f"<pre><code>{lines}</code></pre>"
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        yield _figure(block)


def _table(table: Table) -> Iterator[str]:
    yield "<table><thead>" + _row(table.columns, "th") + "</thead><tbody>"
    yield from (_row(row, "td") for row in table.rows)
    yield "</tbody></table>"
    if table.note:
        yield f'<p class="muted">{_text(table.note)}</p>'


def _row(cells: Row, tag: str) -> str:
    return "<tr>" + "".join(_cell(cell, tag) for cell in cells) + "</tr>"


def _cell(cell: object, tag: str) -> str:
    kind = ' class="number"' if isinstance(cell, (int, float)) else ""
    return f"<{tag}{kind}>{_text(shown(cell))}</{tag}>"  # type: ignore[arg-type]


def _figure(figure: Figure) -> str:
    content = base64.b64encode(svg(figure.chart, figure.caption)).decode()
    alt = _text(figure.caption)
    source = f"data:image/svg+xml;base64,{content}"
    return f'<figure><img src="{source}" alt="{alt}"><figcaption>{alt}</figcaption></figure>'


def _file(title: str, policy: str, style: str, body: str) -> bytes:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; {policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(title)}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
""".encode()


def _text(text: str) -> str:
    return escape(printable(text))


FORMAT = Format("html", "text/html; charset=utf-8", render)
