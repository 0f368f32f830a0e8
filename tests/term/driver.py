"""The driver in a pty, and what it says on its descriptor 3, line by line."""
import os
import queue
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import pyte.graphics  # noqa: E402
from screen import Tap, Terminal  # noqa: E402,F401

# pyte takes the bright colours of aixterm, 90 and 100 on, for bold ones
for n, name in enumerate(["black", "red", "green", "brown", "blue", "magenta", "cyan", "white"]):
    pyte.graphics.FG_ANSI[90 + n] = pyte.graphics.BG_ANSI[100 + n] = "bright" + name

DRIVER = sys.argv[1]


class Driver(Terminal):
    def __init__(self, *args, **options):
        reader, writer = os.pipe()
        os.set_inheritable(writer, True)
        super().__init__(["sh", "-c", f'exec "$0" "$@" 3>&{writer} {writer}>&-', DRIVER, *map(str, args)], **options)
        os.close(writer)
        self.said = queue.Queue()
        self.thread = threading.Thread(target=self._listen, args=(os.fdopen(reader),), daemon=True)
        self.thread.start()

    def _listen(self, pipe):
        for line in pipe:
            self.said.put(line.rstrip("\n"))
        self.said.put(None)

    def say(self, timeout=10):
        """The next line that it says; None at its end. Its output is read meanwhile, so that it never waits for us."""
        while timeout > 0:
            try:
                return self.said.get(timeout=0.01)
            except queue.Empty:
                self.read(0)
                timeout -= 0.01
        raise AssertionError(f"said nothing ({self.how()}); the screen:\n{self.text()}")

    def all(self, quiet=0.3):
        """What it says until nothing more comes."""
        lines = []
        while True:
            try:
                lines.append(self.say(quiet))
            except AssertionError:
                return lines
            if lines[-1] is None:
                return lines[:-1]
