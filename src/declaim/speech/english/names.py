"""Words that the rules know."""

from __future__ import annotations

import re

from declaim.speech.english.wordlist import words_in

PROGRAMS = frozenset(
    words_in("""
    python node nodejs node.js npm pnpm yarn deno bun ruby rails java jdk jre openjdk kotlin scala groovy gradle maven
    swift rust rustc cargo go golang php laravel symfony composer perl raku lua luajit julia r elixir erlang otp haskell
    ghc ocaml clojure dart flutter typescript javascript ecmascript react vue angular svelte sveltekit next nextjs next.js
    nuxt nuxt.js astro remix vite webpack rollup esbuild babel eslint prettier jest vitest mocha cypress playwright django
    flask fastapi starlette pydantic sqlalchemy celery numpy scipy pandas polars pytorch torch tensorflow keras jax
    scikit-learn sklearn matplotlib jupyter ipython pip setuptools wheel poetry uv hatch hatchling pytest tox nox mypy
    ruff black pylint cython cpython pypy micropython pyside pyside6 pyqt qt gtk electron tauri docker podman kubernetes
    k8s helm terraform ansible vagrant packer nginx apache caddy haproxy traefik envoy redis valkey memcached postgres
    postgresql mysql mariadb sqlite mongodb cassandra elasticsearch opensearch kafka rabbitmq nats etcd consul vault
    prometheus grafana jenkins git github gitlab gitea linux kernel ubuntu debian fedora centos rhel alpine arch opensuse
    freebsd openbsd macos osx ios ipados android windows chrome chromium firefox safari edge opera webkit gecko openssl
    libressl boringssl tls ssl ssh openssh curl libcurl http https oauth openid graphql grpc protobuf openapi swagger
    jsonschema cmake make ninja bazel meson gcc clang llvm msvc glibc musl bash zsh fish powershell vim neovim emacs
    vscode intellij pycharm xcode unity unreal godot blender ffmpeg imagemagick pandoc latex markdown wordpress drupal
    jquery bootstrap tailwind sass less postcss storybook c++ c# .net dotnet asp.net f# vb.net framework api sdk cuda rocm
    vulkan opengl directx metal webgpu wayland x11 gnome kde plasma systemd dbus wine proton steam bluetooth usb hdmi pcie
    ieee unicode utf wcag css html xml yaml toml json sql wasm wasi es ecma spring springboot hibernate quarkus micronaut
    junit mockito selenium puppeteer nginx unicorn puma sidekiq bundler gem rspec gnupg gpg zlib zstd boost poco eigen
    opencv sphinx mkdocs hugo jekyll pelican gatsby ember backbone preact solid lit alpine.js htmx express koa fastify
    nest nestjs hapi prisma sequelize typeorm mongoose zod trpc gemini gpt claude llama mistral whisper piper kokoro
    espeak espeak-ng elevenlabs onnx onnxruntime transformers langchain spacy nltk gensim declaim logtalk
""")
)
"""After these, a bare number is a version."""

VERSION_WORDS = frozenset(
    words_in("""
    version versions release releases ver v rev series branch tag milestone prerelease
""")
)
_NOT_NAMES = frozenset(
    words_in("""
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday pi gpa magnitude the a an i it we he she they you in on at of for and or but with from
    to by is was are were figure table section chapter page step part level volume grade score route channel item question
    exercise equation ratio mr mrs ms dr about around over under nearly almost only just average mean total
""")
)
"""Capitalised words after which a number with a point is a decimal."""

VERSION_VERBS = re.compile(
    r"\b(?:upgrad|downgrad|updat|bump|migrat|requir|support|deprecat|introduc|backport|compatib|remov|drop|add|releas|pin|port|"
    r"tested|works|ship|install|version|minimum|default|since|regress|chang|fix|available|support|new in|as of|prior to)",
    re.IGNORECASE,
)
"""Where one of these stands before "to 2.10" or "since 2.10", the number is a version."""

KEYS = {
    "ctrl": "control", "control": "control", "ctl": "control", "shift": "shift", "alt": "alt", "cmd": "command",
    "command": "command", "option": "option", "opt": "option", "meta": "meta", "super": "super", "win": "windows",
    "windows": "windows", "fn": "function", "esc": "escape", "escape": "escape", "enter": "enter", "return": "return",
    "tab": "tab", "space": "space", "spacebar": "space bar", "backspace": "backspace", "del": "delete", "delete": "delete",
    "ins": "insert", "insert": "insert", "home": "home", "end": "end", "pgup": "page up", "pageup": "page up",
    "pgdn": "page down", "pgdown": "page down", "pagedown": "page down", "up": "up", "down": "down", "left": "left",
    "right": "right", "click": "click", "plus": "plus", "minus": "minus", "comma": "comma", "period": "period",
    "hyper": "hyper", "mod": "mod", "caps": "caps", "capslock": "caps lock", "print": "print", "scroll": "scroll",
    "drag": "drag", "wheel": "wheel", "prtsc": "print screen", "prtscn": "print screen", "break": "break", "pause": "pause",
    "+": "plus", "-": "minus", ",": "comma", ".": "period", "/": "slash", "\\": "backslash", "=": "equals", "[": "left bracket",
    "]": "right bracket", ";": "semicolon", "'": "quote", "`": "backtick", "~": "tilde", "←": "left", "→": "right", "↑": "up",
    "↓": "down", "⏎": "return", "↩": "return", "⌫": "backspace", "⌦": "delete", "⇥": "tab", "⎋": "escape", "␣": "space",
}  # fmt: skip
"""Keys by what is printed for them."""
KEY_SIGNS = {"⌘": "command", "⇧": "shift", "⌥": "option", "⌃": "control", "⊞": "windows", "❖": "windows", "⇪": "caps lock"}

ACRONYMS = frozenset(
    words_in("""
    api url uri http https html css js ts jsx tsx xml sql db id ids ip tcp udp dns ssl tls ssh ftp sftp cpu gpu os ui ux
    io sdk ide cdn dom csv tsv pdf svg png jpg jpeg mp3 mp4 md py rs rb sh ps1 cfg ini xlsx docx rst txt utf ascii uuid
    guid jwt sso rpc rss ttl vm pc usb hdmi aws gcp ec2 s3 rds iam vpc cdk npm pip dll exe msi deb rpm apk ipa iso qr dpi
    rgb hsl cmyk lfs pr ci cd qa tts stt llm ai ml nlp ws wss ttf otf woff tmp env
""")
) - {"env", "tmp", "pip", "id", "ids", "md", "txt", "cfg", "py", "sh", "exe", "deb", "iso", "ipa"}  # fmt: skip
"""Said letter by letter, and written in capitals so that engines do so."""
