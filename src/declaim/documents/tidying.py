"""What of a tree is not read: images, badges, comments, code, anchors, footnotes. Taken out and noted with its reason."""

from __future__ import annotations

import re

from declaim.documents.credits import is_reference_only
from declaim.documents.inline import HTML_TAG, IMAGE, LINK, plain, tidy
from declaim.documents.nodes import Node, Tree
from declaim.model.source import BlockKind, LeftOut

_ANCHOR_TAG = re.compile(r"<a\s+(?:id|name)\s*=\s*[\"']?[^<>\s\"']{0,200}[\"']?\s*(?:/>|>\s*</a>)", re.IGNORECASE)
_ANCHOR = re.compile(r"^\([\w.:-]{1,100}\)=[ \t]*$", re.MULTILINE)
_CONTENTS = re.compile(r"(?:table of )?contents|toc|index|on this page", re.IGNORECASE)
_ANCHOR_LINK = re.compile(r"[*_`]{0,3}\[[^\[\]]{1,300}\]\(#[^()\s]{0,300}\)[*_`]{0,3}")
_FENCED_DIV = re.compile(r"^ {0,3}:{3,}[^\n]{0,200}$", re.MULTILINE)
_FOOTNOTE = re.compile(r"^\[\^[\w-]{1,40}\]:\s")
_HASHES = re.compile(
    r"\b(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|[0-9A-F]{64})\b|\b(?:sha(?:1|256|512)|md5)(?:sum)?\s?[:=]\s*`?[0-9a-f]{32,}",
    re.IGNORECASE,
)
_LONG_HEX = re.compile(r"[0-9a-fA-F]{32}")
_FULL_CHANGELOG = re.compile(
    r"^\W{0,4}(?:full changelog|full change ?log|compare changes|full diff|all changes|compare|commits|view (?:all )?changes"
    r"|see (?:the )?full changelog)\b\W{0,4}"
    r"(?:\(?(?:https?://|`?v?\d[\w.-]{0,40}(?:\.\.\.?)|\S{1,80}\.\.\.)\S{0,300}\)?\W{0,2})?$",
    re.IGNORECASE,
)
_LINK_ONLY = re.compile(r"\W{0,3}[A-Za-z][\w -]{1,30}:\s*<?https?://\S{1,300}>?\W{0,3}$")
_ELSEWHERE = re.compile(
    r"(?:please )?(?:check|see|read|refer to|view|find|for)\b[^.]{0,160}\b(?:previous|earlier|older|prior|full|complete)\b"
    r"[^.]{0,40}\b(?:changes?|releases?|versions?|notes|history|change ?logs?|list|entries)\b[^.]{0,60}\.?$"
    r"|subscribe to\b.{0,80}$",
    re.IGNORECASE,
)
_POINTING = ("previous", "earlier", "older", "prior", "full", "complete", "subscribe")
_COMPARE_URL = re.compile(r"https?://\S{1,200}/compare/\S{0,100}?\.\.\.?(?P<to>[^\s)>\]]{1,100})")
_MAX_NOTED = 300


def blank_anchors(text: str) -> str:
    """A text with MyST anchors and the fences of ``:::`` blocks emptied: marks that belong to no reader."""
    if ")=" in text:
        text = _ANCHOR.sub("", text)
    return _FENCED_DIV.sub("", text) if ":::" in text else text


def tidy_tree(tree: Tree) -> None:
    """Takes what is not read out of ``tree.nodes``, in place, and notes it in ``tree.left_out``."""
    _take_contents(tree)
    pending = [tree.nodes]
    while pending:
        nodes = pending.pop()
        nodes[:] = [kept for node in nodes if (kept := _tidied(node, tree.left_out)) is not None]
        pending.extend(node.children for node in nodes if node.children)
    tree.left_out.sort(key=lambda note: note.source_lines)


def _take_contents(tree: Tree) -> None:
    """Takes lists of links into the page itself out, with the heading above them where it calls them contents."""
    nodes, at = tree.nodes, 0
    while at < len(nodes):
        end = at
        while end < len(nodes) and nodes[end].kind is BlockKind.LIST_ITEM:
            end += 1
        if end - at >= 2 and all(map(_is_anchor_item, nodes[at:end])):
            first = (
                at - 1
                if at and nodes[at - 1].kind is BlockKind.HEADING and _CONTENTS.fullmatch(plain(nodes[at - 1].text))
                else at
            )
            span = Node(BlockKind.LIST_ITEM, nodes[first].first, nodes[end - 1].last)
            tree.left_out.append(note(span, " · ".join(plain(item_text(node)) for node in nodes[at:end]), "table of contents"))
            del nodes[first:end]
            at = first
        else:
            at = max(end, at + 1)


def _is_anchor_item(node: Node) -> bool:
    """Whether an item, with all below it, is only links into the page."""
    texts = [child for child in node.children if child.kind is not BlockKind.LIST_ITEM]
    return all(_ANCHOR_LINK.fullmatch(child.text) for child in texts) and all(
        _is_anchor_item(child) for child in node.children if child.kind is BlockKind.LIST_ITEM
    )


def item_text(node: Node) -> str:
    """The first words of an item."""
    return next((child.text for child in node.children if child.text), "")


def note(node: Node, text: str, reason: str) -> LeftOut:
    """A record of something that is not read; long texts are cut."""
    words = " ".join(text[: _MAX_NOTED * 2].split())
    return LeftOut(node.source_lines, words if len(words) <= _MAX_NOTED else words[: _MAX_NOTED - 1] + "…", reason)


def reason_to_leave(text: str) -> str:
    """Why a paragraph or an entry of a changelog is not spoken; empty for one that is."""
    if "hangelog" in text or "ompare" in text or "ommits" in text or "iff" in text or "ll changes" in text:
        bare = plain(text) if len(text) < 600 else text
        if _FULL_CHANGELOG.match(bare):
            return "full changelog link"
        links = LINK.findall(text[:1000])
        if len(links) == 1 and "/compare/" in text and not LINK.sub("", text[:1000]).strip(" .:*()[]-"):
            return "compare link"
    if "://" in text[:300] and _LINK_ONLY.match(text):
        return "link only"
    if len(text) < 250 and _points_elsewhere(text):
        return "points to other notes"
    if _LONG_HEX.search(text[:2000]) and _HASHES.search(text[:2000]):
        return "checksum"
    return "reference only" if text[:1] in "[(#hGg" and is_reference_only(text) else ""


def _points_elsewhere(text: str) -> bool:
    lowered = text.lower()
    if not any(word in lowered for word in _POINTING):
        return False
    return _ELSEWHERE.match(plain(text) if "[" in text else text) is not None


def compared_version(text: str) -> str:
    """The newer tag of a compare link ("…/compare/v1.1.0...v1.2.0" → ``v1.2.0``), empty where there is none."""
    match = _COMPARE_URL.search(text[:2000])
    return match.group("to") if match else ""


def _tidied(node: Node, left_out: list[LeftOut]) -> Node | None:
    """The node as it is read, None where nothing is left."""
    if node.kind is BlockKind.CODE:
        left_out.append(note(node, node.text, "code block"))
    elif node.kind is BlockKind.HTML:
        return _tidied_html(node, left_out)
    elif node.kind is BlockKind.TABLE:
        node.rows = tuple(tuple(_tidied_text(node, cell, left_out) for cell in row) for row in node.rows)
    elif node.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and node.text:
        return _tidied_paragraph(node, left_out)
    return node


def _tidied_paragraph(node: Node, left_out: list[LeftOut]) -> Node | None:
    if node.kind is BlockKind.PARAGRAPH and _FOOTNOTE.match(node.text):
        left_out.append(note(node, node.text, "footnote"))
        return None
    image = IMAGE.fullmatch(node.text) if node.text.startswith("!") else None
    node.text = _tidied_text(node, node.text, left_out)
    if image is not None:
        node.kind, node.text = BlockKind.IMAGE, image.group(1)
    return node if node.text or image is not None else None


def _tidied_text(node: Node, text: str, left_out: list[LeftOut]) -> str:
    if "<a " in text:
        text = _ANCHOR_TAG.sub("", text)
    text, taken = tidy(text)
    left_out.extend(note(node, what, reason) for what, reason in taken)
    return text.strip()


def _tidied_html(node: Node, left_out: list[LeftOut]) -> Node | None:
    """A block of HTML is its visible words; without any it is gone."""
    text, taken = tidy(node.text)
    left_out.extend(note(node, what, reason) for what, reason in taken)
    if text.startswith(("<script", "<style", "<?", "<!")):
        left_out.append(note(node, text, "HTML without words"))
        return None
    node.text = " ".join(HTML_TAG.sub(" ", text).split())
    return node if node.text else None
