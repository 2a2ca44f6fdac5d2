"""``render --plan``: what a render would do and why, without doing it."""

from __future__ import annotations

from typing import Any

import click

from declaim.cli.terminal import print_json
from declaim.commands.planning import RenderSummary
from declaim.render import RenderPlan, RenderRequest


def show_plan(plan: RenderPlan, request: RenderRequest, *, as_json: bool) -> None:
    """Prints it as text, or as one JSON document."""
    if as_json:
        print_json(_plan_json(plan, request))
        return
    click.echo(RenderSummary(plan.to_render_count, plan.ready_count, plan.seconds_estimate, plan.cost_usd).text)
    for line in plan.lines:
        if not line.is_ready:
            click.echo(f"Line {line.index + 1}, {line.line.speaker}: {line.reason}")


def _plan_json(plan: RenderPlan, request: RenderRequest) -> dict[str, Any]:
    return {
        "out": str(request.out),
        "lines": len(plan.lines),
        "ready_lines": plan.ready_count,
        "stale_lines": [
            {"index": line.index, "speaker": line.line.speaker, "text": line.spoken.shown, "reason": line.reason}
            for line in plan.lines
            if not line.is_ready
        ],
        "seconds": round(plan.seconds_estimate, 1),
        "cost_usd": round(plan.cost_usd, 6),
    }
