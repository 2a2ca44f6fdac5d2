"""What the second host says: questions that the next words answer, and remarks on what was just said. Words only.

Each is said at most once in a script. ``{t}`` is the topic in the source's words, ``{T}`` the same at the start of a
sentence. A remark may wonder or nod; it never states a fact of its own.
"""

from __future__ import annotations

from declaim.model.source import GroupKind

OPENING_QUESTIONS = ("So, what's in it?", "What did they put into it?", "Give me the short version. What's inside?")
HISTORY_QUESTIONS = ("How does it fit in with what came before?", "Remind me, what came before it?")
SIGN_OFFS = ("Thanks for walking me through it.",)
REST_QUESTIONS = (
    "Is that all of them?",
    "And the rest?",
    "Anything we skipped?",
    "Was that the whole list?",
    "Did we get to the end of it?",
)

GROUP_QUESTIONS: dict[GroupKind, tuple[str, ...]] = {
    GroupKind.BREAKING: (
        "Let's get the hard part over with. What breaks?",
        "Is there anything I have to change before I upgrade?",
        "What could trip me up here?",
    ),
    GroupKind.SECURITY: ("Anything on the security side?", "Is there a security reason to update?", "What about security?"),
    GroupKind.ADDED: (
        "So what's new?",
        "What can it do now that it couldn't before?",
        "Tell me about the additions.",
        "Which parts are new?",
    ),
    GroupKind.CHANGED: (
        "And what works differently now?",
        "Did anything change that I'm used to?",
        "What has moved around?",
        "Which habits do I need to change?",
    ),
    GroupKind.PERFORMANCE: ("Did it get any faster?", "What about speed?", "And performance?"),
    GroupKind.DEPRECATED: ("What's on its way out?", "Is there anything I should stop using?", "Which things are deprecated?"),
    GroupKind.REMOVED: (
        "And what's gone?",
        "Did they take anything away?",
        "What has been removed?",
        "Which things can I no longer use?",
    ),
    GroupKind.FIXED: (
        "Which bugs are gone?",
        "All right, what got fixed?",
        "And the fixes?",
        "What was broken that isn't any more?",
    ),
    GroupKind.DOCUMENTATION: ("Is there anything new to read?", "What about the documentation?", "Did the docs change?"),
    GroupKind.INTERNAL: ("What happened behind the scenes?", "And under the hood?", "Anything for the people who build it?"),
    GroupKind.OTHER: (
        "What else is in there?",
        "Is there anything else?",
        "And apart from that?",
        "What have we not talked about yet?",
    ),
}
TITLE_QUESTIONS = (
    "There's a section called “{t}”. What's in it?",
    "What do they say under “{t}”?",
    "Next in the notes is “{t}”. Go ahead.",
    "Then there's “{t}”. What's that about?",
    "And “{t}”?",
    "I also see “{t}” here. Tell me more.",
    "Let's turn to “{t}”.",
    "What should I know about “{t}”?",
    "The next heading says “{t}”.",
    "That brings us to “{t}”.",
    "How about “{t}”?",
    "Moving along, “{t}” comes next.",
    "And what's behind “{t}”?",
    "I'm curious about “{t}”.",
    "Shall we look at “{t}”?",
    "On my list, “{t}” is up now.",
    "Take me through “{t}”.",
    "Now for “{t}”.",
)

GRAVE_FOLLOW_UPS = (
    "What do I have to know about that?",
    "So what does that mean for me?",
    "How should I deal with it?",
    "What do the notes advise?",
)
FOLLOW_UPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"^(?:Previously|Before|Until now|Formerly|In the past)\b", ("What was it like before?", "How did it use to work?",
        "And before that?", "What did it do until now?")),
    (r"^(?:For example|E\.g|For instance|Such as)|\be\.g\.|\bfor example\b", ("Can you give me an example?",
        "What would that look like?", "Say, for instance?")),
    (r"^In detail: ", ("Such as?", "Which ones?", "What does that cover?", "Namely?", "Which parts exactly?",
        "Can you list them?")),
    (r"\bbecause\b|\bin order to\b|\bso that\b", ("Why is that?", "What's the reason?", "What was behind it?",
        "Why did they do that?", "And what for?")),
    (r"^(?:Use|Pass|Set|Run|Call|Add|Enable|Try|Choose|Hold|Click|Select|Install|Open|Press|Type|Simply)\b|\byou can\b", (
        "How do I use it?", "How would I try that?", "What do I have to do?", "How do I get started with that?",
            "So how does it work for me?",
        "Where do I start?",
    )),
    (r"^(?:When|If|Where|While)\b", ("In which case?", "When does that apply?", "When would I notice?",
        "And under which conditions?")),
    (r"^(?:Note|Please|Be aware|However|But|Only)\b|\bexcept\b", ("Is there a catch?", "Anything to watch out for?",
        "Any limits?", "What should I keep in mind?")),
    (r".", (
        "Tell me more.", "How so?", "Can you explain that?", "What does that mean in practice?", "What's the story there?",
            "Go on.",
        "What's behind that?", "And in plain words?", "What else do they say about it?", "Can we go a bit deeper?",
            "How does that play out?",
        "What do the notes say about that?", "I'd like to hear more about that one.", "Could you spell that out?",
            "And what follows from that?",
        "Help me picture that.", "What does it come down to?", "Let's stay with that for a second.",
    )),
)  # fmt: skip
"""Asked between an entry's first sentence and the rest of it; chosen by how the rest goes on."""

PREFACES = (
    "What about {t}?", "And {t}?", "I saw {t} mentioned. What's that?", "Next I have {t} in my notes.",
        "Where does {t} come in?",
    "Tell me about {t}.", "What happened with {t}?", "Somebody asked me about {t}.", "Is there any news on {t}?",
        "What's the deal with {t}?",
    "Let's not forget {t}.", "I was going to ask about {t}.", "Didn't I read something about {t}?", "How about {t}?",
    "The notes mention {t}, too.", "What did they do about {t}?", "One more thing I noticed: {t}.", "Can we talk about {t}?",
    "I also see {t} on the list.", "And what's this about {t}?", "You wanted to say something about {t}.", "Anything on {t}?",
    "There's a line about {t} here.", "Then we come to {t}.", "I have a question mark next to {t}.",
        "Does {t} play a part as well?",
    "My next note just says {t}.", "What did you find on {t}?", "Fill me in on {t}.", "I'd like to know about {t}.",
)  # fmt: skip
"""Asked before an entry that names ``{t}``."""

REMARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\bcrash|\bsegfault|\bpanic", ("Nobody will miss that crash.", "A crash less, then.",
        "That must have cost somebody an afternoon.", "Crashes like that are hard to pin down.")),
    (r"\bleak", ("Leaks are the kind you only notice after days.", "Good that somebody found that leak.")),
    (r"\bhang|\bfreez|\bdeadlock|\bstuck", ("Waiting for something that never comes, I know the feeling.",
        "So no more staring at a frozen screen there.")),
    (r"\bdata loss|\blost\b|\bcorrupt", ("That's the sort of bug that keeps people up at night.",
        "Losing data is never fun. I'm glad they caught it.")),
    (r"\d ?%|\bpercent\b|\d(?:\.\d+)?x\b|\d ?ms\b", ("Now that's a number I can remember.",
        "I like it when there's a figure to go with it.", "Numbers. Thank you.")),
    (r"\bfaster\b|\bspeeds? ?up\b|\bperformance\b|\bslow\b", ("I never say no to a bit less waiting.",
        "Speed is always welcome.", "My patience says thanks.", "That's time I'd rather spend elsewhere.")),
    (r"\bdark mode|\btheme", ("My eyes approve.", "The night owls will be pleased.")),
    (r"\bWindows\b", ("One for the Windows crowd.", "So Windows got some attention.")),
    (r"\bmacOS|\bMac\b", ("And one for the Mac users.", "The Mac people will take note.")),
    (r"\bLinux\b", ("The Linux folks will be listening.", "Linux, noted.")),
    (r"\bPython \d", ("Time to check which Python I'm on.", "So my Python version matters here.")),
    (r"\bdefault (?:is|to|value|changed)\b",
        ("Changed defaults are easy to overlook, so thanks for saying it.",
        "I tend to live with the defaults, so that one is for me.")),
    (r"\brename", ("New names take a while to stick.", "I'll mistype that for a week.")),
    (r"`-{1,2}[a-z]", ("One more option for my cheat sheet.", "I'll have to look that up in the help.",
        "Another flag to remember.", "That goes straight into my shell history.")),
    (r"\bshortcut|\bkeyboard|`?Ctrl|`?Cmd", ("My hands will need to learn that.",
        "Anything that keeps me off the mouse is fine by me.")),
    (r"\berror message|\bwarning", ("A clear message is half the fix.", "At least it tells you what's wrong.")),
    (r"\btypos?\b", ("Small, but somebody cared enough.", "Even the little ones count.")),
    (r"\btests?\b|\bcoverage|\bCI\b", ("Not what users see, but I'm glad it's there.", "The maintainers will sleep better.")),
    (r"\bdocument|\bdocs\b|\bguide|\btutorial", ("Good. I do read the manual, sometimes.", "Somebody has to write it down.")),
    (r"\blog(?:ging)? in\b|\blogin\b|\bpasswords?\b|\bauthentication\b|\bsign(?:ing)?[- ]in\b",
        ("Anything about signing in gets my attention.", "That's a door you want to close properly.")),
    (r"\bUnicode|\bencoding|\bUTF", ("Encodings. They get all of us at some point.", "Text is never just text, is it?")),
    (r"\btime ?zones?\b|\bdates?\b|\btimestamps?\b", ("Dates and times, everybody's favourite.",
        "I never trust a date until I've checked it twice.")),
    (r"\btimeouts?\b|\bretr(?:y|ies)\b|\bnetwork\b", ("Networks fail. It's good to plan for it.",
        "My train ride home will be the test for that.")),
    (r"\binstall(?:er|ation|ing|s)?\b", ("First impressions count, so that matters.",
        "The easier it is to get going, the better.")),
    (r"\bmemory\b|\bRAM\b", ("My laptop fans are listening.", "I'll watch the memory graph for that.")),
    (r"\bAPI\b|\bendpoint", ("The API crowd will want to hear that.", "That's one for everyone with scripts of their own.")),
    (r"\bplugin|\bextension", ("Plugin authors, take note.", "I should check the plugins I use.")),
    (r"\bdatabases?\b|\bSQL\b", ("That's close to where the data lives, so I'm all ears.",
        "Databases. One wrong move and everybody knows.")),
    (r"\bmigrations?\b|\bmigrat(?:e|es|ed|ing)\b", ("I'll set aside some time for that.",
        "Best not on a Friday afternoon, then.")),
    (r"\bsearch(?:es|ing)?\b", ("I lose things all the time, so that's for me.", "Finding things is half the job.")),
    (r"\bexport(?:s|ing|er)?\b", ("Getting things in and out is what I do all day.", "That fits right into how I work.")),
    (r"\bbutton|\bdialog|\bmenu|\bwindow|\bicon|\bsidebar", ("You'd spot that on the screen right away.",
        "I'll go and look for it after this.")),
    (r"\bdependenc(?:y|ies)\b|\bnow requires?\b", ("Worth a look at what else is installed.",
        "So the surroundings have to match.")),
    (r"\btranslations?\b|\blocales?\b|\blocali[sz]ation", ("Not everybody works in English, after all.",
        "That opens it to a few more people.")),
    (r"\bfiles\b|\bfolders?\b", ("Files and folders, where it all ends up.",
        "I can think of a folder or two where that matters.")),
)  # fmt: skip
"""Remarks on what an entry says, by its words."""

TOPIC_REMARKS: dict[GroupKind, tuple[str, ...]] = {
    GroupKind.ADDED: (
        "I'll try {t} first.", "{T} sounds useful.", "I can think of a use for {t}.", "Noted: {t}.",
            "I like that {t} made it in.",
        "So that's what {t} is for.", "Let me write that down: {t}.", "{T} goes on my list.", "I'd have used {t} last week.",
        "I wonder who asked for {t}.", "I'll want to see {t} for myself.", "I can picture {t} in a demo.",
    ),
    GroupKind.FIXED: (
        "So somebody took care of {t}.", "I'm glad {t} got a second look.", "{T} was due for that.",
            "One less thing to say about {t}.",
        "Whoever reported {t} will be relieved.", "I'll trust {t} a little more now.", "I might have blamed myself for {t}.",
        "Then I can stop avoiding {t}.", "Somebody spent real time on {t}.", "That settles {t}.",
    ),
    GroupKind.CHANGED: (
        "I'll keep an eye on {t}.", "Good to know before I touch {t} again.", "So {t} isn't what it was.",
            "I'd better not assume things about {t}.",
        "My notes on {t} need an update.", "I'll look at {t} with fresh eyes.", "It's the small print on {t} that counts.",
        "Let's see how {t} feels after that.",
    ),
    GroupKind.REMOVED: (
        "I'd better check where I still use {t}.", "So {t} has to leave my scripts.", "Farewell, {t}.",
            "A quick search for {t} is on my list, then.",
        "I hope nobody still leans on {t}.",
    ),
    GroupKind.BREAKING: (
        "So I should search my code for {t}.", "That means a look at everything with {t} in it.",
            "I'll check {t} before I upgrade anything.",
        "I'm putting {t} at the top of my checklist.", "Good that you warn me about {t}.",
    ),
}  # fmt: skip

KIND_REMARKS: dict[GroupKind, tuple[str, ...]] = {
    GroupKind.BREAKING: ("I'm writing that one down.", "That's worth planning for.",
        "Better to hear it now than in production.", "Upgrade with care, then."),
    GroupKind.SECURITY: ("That alone is a reason to update.", "I wouldn't wait with that one.",
        "Then I know what I'm doing this afternoon.", "Best to take that seriously."),
    GroupKind.ADDED: ("I can use that.", "That was worth waiting for.", "Now I'm curious.", "Nice, that's a handy one.",
        "I see where this is going.", "That'll come in useful.", "All right, I'm listening."),
    GroupKind.CHANGED: ("That makes sense.", "Fair enough.", "I can get used to that.", "Good to know in advance.",
        "Let me take that in.", "Understood."),
    GroupKind.PERFORMANCE: ("I'll gladly take that.", "Every bit helps."),
    GroupKind.DEPRECATED: ("So it's time to look for the alternative.", "Fair warning.", "I'd rather move early than late."),
    GroupKind.REMOVED: ("Less to carry around.", "That's a clear cut.", "Time for some spring cleaning."),
    GroupKind.FIXED: ("That must have been annoying.", "One down.", "I'm glad that's sorted.", "About time.",
        "I think I've run into that.", "That's a relief.", "Somebody was paying attention."),
    GroupKind.DOCUMENTATION: ("I'll have a read.",),
    GroupKind.INTERNAL: ("The work nobody sees.", "Housekeeping counts, too."),
    GroupKind.OTHER: ("Interesting.", "I see.", "Right.", "Good point.", "I hadn't noticed that.", "Okay, that's clear.",
        "Makes sense to me.", "Hm, I'd like to try that.", "That's good to hear.", "I'll remember that."),
}  # fmt: skip
