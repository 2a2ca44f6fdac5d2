"""Which headings of a file name its releases."""

from __future__ import annotations

from dataclasses import replace

from declaim.documents.nodes import Tree
from declaim.documents.versions import ReleaseHead, Strength, parse_release_head
from declaim.model.source import BlockKind


def find_release_heads(tree: Tree, product: str = "") -> dict[int, ReleaseHead]:
    """The headings of ``tree.nodes`` that name releases, by the index of the node.

    A version that stands alone is one at every level; one among other words only beside such, or where half of the
    headings of its level are like it.
    """
    candidates: dict[int, ReleaseHead] = {}
    totals: dict[int, int] = {}
    for index, node in enumerate(tree.nodes):
        if node.kind is not BlockKind.HEADING:
            continue
        totals[node.level] = totals.get(node.level, 0) + 1
        head = parse_release_head(node.text, tree.links)
        if head is not None:
            candidates[index] = _with_product(head, product)
    surely = {tree.nodes[at].level for at, head in candidates.items() if head.strength is Strength.STRONG}
    likely = (
        surely
        or _common_levels(tree, candidates, totals, Strength.TITLED)
        or _common_levels(tree, candidates, totals, Strength.DATED)
    )
    return {at: head for at, head in candidates.items() if _is_release(head, tree.nodes[at].level, surely, likely)}


def _with_product(head: ReleaseHead, product: str) -> ReleaseHead:
    if product and head.strength is Strength.TITLED and head.name.lower() == product.lower() and not head.subtitle:
        return replace(head, strength=Strength.STRONG)
    return head


def _common_levels(tree: Tree, candidates: dict[int, ReleaseHead], totals: dict[int, int], strength: Strength) -> set[int]:
    counts: dict[int, int] = {}
    for at, head in candidates.items():
        if head.strength >= strength:
            counts[tree.nodes[at].level] = counts.get(tree.nodes[at].level, 0) + 1
    return {level for level, count in counts.items() if count * 2 >= totals[level]}


def _is_release(head: ReleaseHead, level: int, surely: set[int], likely: set[int]) -> bool:
    if head.strength is Strength.STRONG:
        return True
    if level not in likely:
        return False
    if head.strength is Strength.WEAK:
        return head.unreleased or head.date is not None
    return head.strength is Strength.TITLED or level in surely or not surely
