"""The morning digest: as the terminal shows it, and as Markdown and HTML for a mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Callable

from tensorboard_runlens.report.digest_document import digest_report, sections_of
from tensorboard_runlens.report.document import Block, Bullets, Code, Paragraph
from tensorboard_runlens.report.formats import html, markdown, nothing_beside
from tensorboard_runlens.report.text import printable
from tensorboard_runlens.schema.digest import DigestAnswer


def text(answer: DigestAnswer) -> bytes:
    """The headline, then each section with its lines."""
    (short, *others) = sections_of(answer)
    lines = [line for block in short.blocks for line in _block(block, "")]
    for one in others:
        lines += ["", printable(one.heading)] if one.blocks else []
        lines += [line for block in one.blocks for line in _block(block, "    ")]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _block(block: Block, indent: str) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield indent + printable(block.text)
    elif isinstance(block, Bullets):
        yield from (indent + printable(item) for item in block.items)
    elif isinstance(block, Code):
        yield from (f"{indent}    {printable(line)}" for line in block.text.splitlines())


def _markdown(answer: DigestAnswer) -> bytes:
    return markdown.render(digest_report(answer), nothing_beside)


def _html(answer: DigestAnswer) -> bytes:
    """A page without a script."""
    return html.render(digest_report(answer), nothing_beside)


FORMATS: Mapping[str, Callable[[DigestAnswer], bytes]] = {
    "text": text,
    "md": _markdown,
    "html": _html,
}
"""What a digest is written as beside JSON."""
