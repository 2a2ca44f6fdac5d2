"""``render --plan``: what a render would do and why, without doing it."""

from __future__ import annotations

import math
from typing import Any

import click

from declaim.cli.terminal import print_json
from declaim.commands.planning import RenderSummary
from declaim.commands.production import Production
from declaim.render import RenderPlan


def show_plan(plan: RenderPlan, production: Production, *, as_json: bool) -> None:
    """Prints it as text, or as one JSON document."""
    limit_usd = math.inf if production.limit_usd is None else production.limit_usd
    summary = RenderSummary(
        plan.to_render_count, plan.ready_count, plan.seconds_estimate, plan.cost_usd, confirm_above_usd=limit_usd
    )
    if as_json:
        print_json(_plan_json(plan, production, summary))
        return
    click.echo(summary.text)
    if summary.asks_first:
        click.echo(f"That is more than your limit of ${limit_usd:.2f}: a render asks first, or wants --yes.")
    for line in plan.lines:
        if not line.is_ready:
            click.echo(f"Line {line.index + 1}, {line.line.speaker}: {line.reason}")


def _plan_json(plan: RenderPlan, production: Production, summary: RenderSummary) -> dict[str, Any]:
    return {
        "out": str(production.request.out),
        "lines": len(plan.lines),
        "ready_lines": plan.ready_count,
        "stale_lines": [
            {"index": line.index, "speaker": line.line.speaker, "text": line.spoken.shown, "reason": line.reason}
            for line in plan.lines
            if not line.is_ready
        ],
        "seconds": round(plan.seconds_estimate, 1),
        "cost_usd": round(plan.cost_usd, 6),
        "asks_first": summary.asks_first,
    }
