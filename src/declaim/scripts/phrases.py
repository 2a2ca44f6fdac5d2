"""How each tone puts things: openings, group introductions, closings and the frames of entries. Words only, no logic.

In a frame ``{s}`` is the release, ``{p}`` the product, ``{o}`` a noun phrase, ``{v}`` a verb and what follows it. The first
frame of a list opens a group, the others follow in turn.
"""

from __future__ import annotations

from dataclasses import dataclass

from declaim.model.script import Tone
from declaim.model.source import GroupKind

TITLES = {
    GroupKind.BREAKING: "Breaking changes",
    GroupKind.SECURITY: "Security",
    GroupKind.ADDED: "What's new",
    GroupKind.CHANGED: "Changes",
    GroupKind.PERFORMANCE: "Performance",
    GroupKind.DEPRECATED: "Deprecations",
    GroupKind.REMOVED: "Removals",
    GroupKind.FIXED: "Fixes",
    GroupKind.DOCUMENTATION: "Documentation",
    GroupKind.INTERNAL: "Under the hood",
    GroupKind.OTHER: "Also in this release",
}


@dataclass(frozen=True)
class Frames:
    """How one tone turns what an entry says into a sentence."""

    adds: tuple[str, ...]
    fixes: tuple[str, ...]
    removes: tuple[str, ...]
    does: tuple[str, ...]
    other: tuple[str, ...]
    troubles: tuple[str, ...]
    """``{o}`` is a sentence that tells a bug."""


@dataclass(frozen=True)
class Voice:
    """One tone's words. ``{name}`` is product and version, ``{date}`` a date, ``{counts}`` what the release holds."""

    opening: str
    opening_undated: str
    opening_unreleased: str
    opening_many: str
    overview: str
    brief: str
    audience: str
    serious: str
    intros: dict[GroupKind, str]
    later: tuple[str, ...]
    """A file's own group: ``{title}``."""
    rest: str
    closing: str
    closing_unreleased: str
    closing_many: str
    frames: Frames


_CASUAL = Voice(
    opening="{name} is out. It was released on {date}, and here's what's in it.",
    opening_undated="{name} is out, and here's what's in it.",
    opening_unreleased="Here's a look at {name}: work that's done, but not in a release yet.",
    opening_many="Here's what has been going on in {name}, release by release, starting with the newest.",
    overview="You'll hear about {counts}.",
    brief="If you only have a minute, here's what matters most.",
    audience="This one's for {audience}.",
    serious="Before you update, there's something you should know.",
    intros={
        GroupKind.BREAKING: "First, what breaks. Have a look at this before you upgrade.",
        GroupKind.SECURITY: "Security comes before everything else.",
        GroupKind.ADDED: "Let's get to what's new.",
        GroupKind.CHANGED: "Some things work differently now.",
        GroupKind.PERFORMANCE: "Then there's speed.",
        GroupKind.DEPRECATED: "A few things are on their way out.",
        GroupKind.REMOVED: "Some things have been taken out.",
        GroupKind.FIXED: "Now for the fixes.",
        GroupKind.DOCUMENTATION: "On to the documentation.",
        GroupKind.INTERNAL: "And a peek under the hood.",
        GroupKind.OTHER: "And a few more things.",
    },
    later=("Next up: {title}.", "On to {title}.", "Then there's {title}.", "Now for {title}.", "That brings us to {title}."),
    rest="And {count} more that we'll leave to the written notes.",
    closing="And that's {name}. Thanks for listening.",
    closing_unreleased="And that's where things stand. Thanks for listening.",
    closing_many="And that brings you up to date. Thanks for listening.",
    frames=Frames(
        adds=(
            "{s} adds {o}.",
            "You also get {o}.",
            "{p} now has {o}.",
            "Also new: {o}.",
            "It brings {o} as well.",
            "Then there's {o}.",
            "On top of that, it adds {o}.",
        ),
        fixes=(
            "{s} fixes {o}.",
            "It also fixes {o}.",
            "There's a fix for {o}.",
            "Also fixed: {o}.",
            "{o} got fixed, too.",
            "Another fix deals with {o}.",
        ),
        removes=("{s} {v}.", "It also {v}.", "{s} also {v}.", "And it {v}."),
        does=("{p} now {v}.", "It now {v}.", "What's more, it now {v}.", "{p} also {v}."),
        other=("{s} {v}.", "It also {v}.", "{s} also {v}.", "On top of that, it {v}.", "And it {v}.", "Beyond that, it {v}."),
        troubles=(
            "{s} fixes a problem where {o}.",
            "It also fixes a bug where {o}.",
            "There's a fix for the case where {o}.",
            "Another fix is for when {o}.",
        ),
    ),
)

_PROFESSIONAL = Voice(
    opening="This is the summary of {name}, released on {date}.",
    opening_undated="This is the summary of {name}.",
    opening_unreleased="This is the summary of {name}. They are not part of a release yet.",
    opening_many="This is the release history of {name}, beginning with the most recent release.",
    overview="The release comprises {counts}.",
    brief="These are the changes of greatest consequence.",
    audience="It is intended for {audience}.",
    serious="Please read the following before upgrading.",
    intros={
        GroupKind.BREAKING: "We begin with the breaking changes. They may require action before you upgrade.",
        GroupKind.SECURITY: "The following concerns security.",
        GroupKind.ADDED: "The following has been added.",
        GroupKind.CHANGED: "We turn to changes in existing behaviour.",
        GroupKind.PERFORMANCE: "Regarding performance, there is the following.",
        GroupKind.DEPRECATED: "The following is now deprecated.",
        GroupKind.REMOVED: "The following has been removed.",
        GroupKind.FIXED: "The following problems have been resolved.",
        GroupKind.DOCUMENTATION: "The documentation has been revised as follows.",
        GroupKind.INTERNAL: "Internally, the following has changed.",
        GroupKind.OTHER: "Further changes are as follows.",
    },
    later=("The next section is {title}.", "We turn to {title}.", "The following section is {title}.", "Next is {title}."),
    rest="The written notes list {count} more.",
    closing="This concludes the summary of {name}.",
    closing_unreleased="This concludes the summary of the unreleased changes.",
    closing_many="This concludes the release history.",
    frames=Frames(
        adds=(
            "{s} adds {o}.",
            "It also provides {o}.",
            "{p} now includes {o}.",
            "In addition, it introduces {o}.",
            "Also included is the following: {o}.",
            "The release further adds {o}.",
        ),
        fixes=(
            "{s} fixes {o}.",
            "It also corrects {o}.",
            "A further fix concerns {o}.",
            "In addition, it resolves {o}.",
            "The release also fixes {o}.",
        ),
        removes=("{s} {v}.", "It also {v}.", "{s} also {v}.", "In addition, it {v}."),
        does=("{p} now {v}.", "It now {v}.", "In addition, it now {v}.", "{p} also {v}."),
        other=(
            "{s} {v}.",
            "It also {v}.",
            "{s} also {v}.",
            "In addition, it {v}.",
            "The release further {v}.",
            "Moreover, it {v}.",
        ),
        troubles=(
            "{s} fixes a problem where {o}.",
            "It also resolves an issue where {o}.",
            "A further fix concerns cases where {o}.",
            "In addition, it corrects a fault where {o}.",
        ),
    ),
)

_ENTHUSIASTIC = Voice(
    opening="Say hello to {name}! It came out on {date}, and we're going through all of it.",
    opening_undated="Say hello to {name}! Let's go through it.",
    opening_unreleased="Let's peek ahead at {name}. You can't install them from a release yet, but here they come!",
    opening_many="Let's take a tour of {name}, release by release, newest first!",
    overview="Here's what's inside: {counts}.",
    brief="Let's go straight to the highlights!",
    audience="If you're one of the {audience} out there, this is for you.",
    serious="One thing up front, because it really matters.",
    intros={
        GroupKind.BREAKING: "First things first: what breaks. Take a moment for this before you upgrade.",
        GroupKind.SECURITY: "Safety first, so here's the security news.",
        GroupKind.ADDED: "Here comes the new stuff!",
        GroupKind.CHANGED: "Now let's see what works differently.",
        GroupKind.PERFORMANCE: "Let's talk speed.",
        GroupKind.DEPRECATED: "A heads-up on what's being phased out.",
        GroupKind.REMOVED: "Time to say goodbye to a few things.",
        GroupKind.FIXED: "And now, the bugs that had to go.",
        GroupKind.DOCUMENTATION: "There's something for the readers, too.",
        GroupKind.INTERNAL: "And for those who love to look inside.",
        GroupKind.OTHER: "And there's more.",
    },
    later=("Now on to {title}.", "Next stop: {title}.", "Let's look at {title}.", "Coming up: {title}.", "And now, {title}."),
    rest="And there are {count} more in the written notes.",
    closing="That's {name}. Go and try it out!",
    closing_unreleased="That's what is waiting for its release!",
    closing_many="And now you're all caught up. Go and try the latest one!",
    frames=Frames(
        adds=(
            "{s} brings you {o}.",
            "Meet another addition: {o}.",
            "{p} now has {o}.",
            "You get {o}, too.",
            "And here's one more: {o}.",
            "Say hello to {o}.",
            "Next on the list: {o}.",
        ),
        fixes=(
            "{s} fixes {o}.",
            "Say goodbye to {o}.",
            "It squashes {o}, too.",
            "Also fixed: {o}.",
            "It also takes care of {o}.",
        ),
        removes=("{s} {v}.", "It also {v}.", "{s} also {v}.", "And it {v}."),
        does=("{p} now {v}.", "It now {v}.", "And get this: it now {v}.", "{p} also {v}."),
        other=("{s} {v}.", "It also {v}.", "{s} also {v}.", "And it {v}.", "On top of all that, it {v}."),
        troubles=(
            "{s} fixes a bug where {o}.",
            "It also squashes a bug where {o}.",
            "It also takes care of the case where {o}.",
            "Also sorted: the bug where {o}.",
        ),
    ),
)

_TECHNICAL = Voice(
    opening="{name}, released {date}.",
    opening_undated="{name}, release notes.",
    opening_unreleased="Release notes for {name}, in their current state.",
    opening_many="Release notes for {name}, newest first.",
    overview="Contents: {counts}.",
    brief="Summary of the most relevant changes.",
    audience="Audience: {audience}.",
    serious="Action may be required before upgrading.",
    intros={
        GroupKind.BREAKING: "Breaking changes. Check these against your code before upgrading.",
        GroupKind.SECURITY: "Security.",
        GroupKind.ADDED: "Additions.",
        GroupKind.CHANGED: "Changes in behaviour.",
        GroupKind.PERFORMANCE: "Performance.",
        GroupKind.DEPRECATED: "Deprecations.",
        GroupKind.REMOVED: "Removals.",
        GroupKind.FIXED: "Bug fixes.",
        GroupKind.DOCUMENTATION: "Documentation.",
        GroupKind.INTERNAL: "Internals.",
        GroupKind.OTHER: "Other changes.",
    },
    later=("Section: {title}.",),
    rest="Not read here: {count} more, listed in the changelog.",
    closing="End of the release notes for {name}.",
    closing_unreleased="End of the unreleased changes.",
    closing_many="End of the release notes.",
    frames=Frames(
        adds=("Added: {o}.", "New: {o}.", "{p} gains {o}.", "Also added: {o}.", "A further addition: {o}."),
        fixes=("Fixed: {o}.", "Corrected: {o}.", "Also fixed: {o}.", "Resolved: {o}."),
        removes=("{s} {v}.", "It also {v}.", "{s} also {v}.", "It {v}."),
        does=("{p} now {v}.", "It now {v}.", "{p} also {v}."),
        other=("{s} {v}.", "It also {v}.", "{s} also {v}.", "It {v}."),
        troubles=("Fixed: a defect where {o}.", "Corrected: a case where {o}.", "Also fixed: cases where {o}."),
    ),
)

VOICES = {
    Tone.CASUAL: _CASUAL,
    Tone.PROFESSIONAL: _PROFESSIONAL,
    Tone.ENTHUSIASTIC: _ENTHUSIASTIC,
    Tone.TECHNICAL: _TECHNICAL,
}

PHRASES = {
    GroupKind.BREAKING: ("A breaking change: {o}.", "Breaking as well: {o}.", "Another change that breaks: {o}."),
    GroupKind.SECURITY: ("A security matter: {o}.", "Security, again: {o}.", "Also on security: {o}."),
    GroupKind.ADDED: (),
    GroupKind.CHANGED: ("Changed: {o}.", "Also changed: {o}.", "Another change: {o}.", "On the same list: {o}."),
    GroupKind.PERFORMANCE: ("On performance: {o}.", "For speed: {o}.", "Another one for performance: {o}."),
    GroupKind.DEPRECATED: ("Deprecated: {o}.", "Also deprecated: {o}.", "On the way out, too: {o}."),
    GroupKind.REMOVED: ("Removed: {o}.", "Also removed: {o}.", "Gone as well: {o}."),
    GroupKind.FIXED: (),
    GroupKind.DOCUMENTATION: ("In the documentation: {o}.", "Documented, too: {o}.", "Also for readers: {o}."),
    GroupKind.INTERNAL: ("Internally: {o}.", "Behind the scenes: {o}.", "Also inside: {o}."),
    GroupKind.OTHER: ("In this release: {o}.", "Also in it: {o}.", "On the list, too: {o}.", "Another item: {o}."),
}
"""Frames for bare phrases; additions and fixes have theirs in the tone's frames."""
