"""The README's pictures: `python3 packaging/screenshots.py [FOLDER]` renders the sample and takes the window in both themes;
into a FOLDER also as it is on a large screen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import ROOT, prepare

PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from declaim.commands.sample import open_sample
from declaim.commands.studio import Studio
from declaim.jobs import Jobs
from declaim.storage import Library
from declaim.ui.main_thread import MainThread
from declaim.ui.main_window import MainWindow
from declaim.ui.appearance import apply_theme
from declaim.ui.theme import DARK, LIGHT
from declaim.voices import Voices

place, out = Path(sys.argv[1]), Path(sys.argv[2])
sizes = [((1280, 800), "")] + [((2560, 1440), "-large")] * (sys.argv[3:] == ["large"])
application = QApplication(sys.argv[:1])
apply_theme(application, LIGHT)
door = MainThread()
studio = Studio(Library.open(place / "library"), Voices.discover(), Jobs(ThreadPoolExecutor(4), door.post))
window = MainWindow(studio)
window.resize(1280, 800)
window.show()

def opened(script_id):
    window.open_script(script_id)
    studio.jobs.subscribe(lambda job: job.title.startswith("Render") and job.state == "done" and rendered(script_id))
    QTimer.singleShot(1500, lambda: window.findChild(QWidget, "renderButton").click())

def rendered(script_id):
    editor = window.findChild(QWidget, "scriptEditor")
    editor.setFocus()
    text = studio.scripts.row(script_id).text
    studio.scripts.save_text(script_id, text.replace("before you upgrade", "before you upgrade anything"))
    QTimer.singleShot(3500, shoot)

def shoot():
    window.script.go_to_line(3)
    for name, theme in (("light", LIGHT), ("dark", DARK)):
        apply_theme(application, theme)
        for size, ending in sizes:
            window.resize(*size)
            for _ in range(8):
                application.processEvents()
            window.grab().save(str(out / f"window-{name}{ending}.png"), "PNG", 0)
    application.quit()

open_sample(studio, opened)
application.exec()
window.close()
studio.close()
"""


def main(arguments: list[str]) -> int:
    python = prepare(("voices",))
    out = Path(arguments[0]) if arguments else ROOT / "resources" / "screenshots"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DECLAIM_CONFIG": str(Path(place) / "config")}
        also = ["large"] if arguments else []
        return subprocess.run([str(python), "-c", PROGRAM, place, str(out), *also], check=False, env=environment).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
