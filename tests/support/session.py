"""What the scenarios of tests/screen share: files to look at, a session in a terminal, what its lines say.

    with session("firmware.bin", FIRMWARE) as t:
        t.send("R", "75 74")
        t.bar("OVERWRITE  COPY +1")
"""
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from screen import SEXTANT, Tap, Terminal  # noqa: E402

FIRMWARE = bytes([0x7F]) + b"ELF" + bytes(range(256)) * 64 + b"GNU is not unix " * 10


class Session(Terminal):
    """A terminal with the program in it, in a folder and a home of its own."""

    def __init__(self, argv, columns=80, rows=24, env=None, home=None, **more):
        self.home = home or tempfile.mkdtemp(prefix="sextant-")
        self.own = home is None
        full = {"HOME": self.home, "XDG_STATE_HOME": self.home + "/state", "XDG_CONFIG_HOME": self.home + "/config"}
        super().__init__([os.path.abspath(SEXTANT)] + argv, columns, rows, {**full, **(env or {})}, self.home, **more)

    def close(self):
        super().close()
        if self.own:
            shutil.rmtree(self.home, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.home, name)

    def content(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    # --- what the two bottom lines say; each waits until it holds

    def bar(self, pattern, timeout=10):
        return self._until(f"status line {pattern!r}", lambda: re.search(pattern, self.line(self.screen.lines - 2)), timeout)

    def message(self, pattern, timeout=10):
        return self._until(f"message {pattern!r}", lambda: re.search(pattern, self.line(self.screen.lines - 1)), timeout)

    def row(self, offset, pattern, timeout=10):
        """The row of bytes at `offset` (as shown, hex) matches."""
        begin = f"{offset:08x}"
        return self._until(f"row {begin} {pattern!r}",
                           lambda: any(x.startswith(begin) and re.search(pattern, x) for x in self.lines()), timeout)

    def _until(self, what, holds, timeout):
        try:
            return self.wait(lambda _: holds(), timeout)
        except AssertionError as e:
            raise AssertionError(f"never saw {what}; {str(e).partition('> ')[2]}") from None

    def keys(self, *keys):
        """Type keys one at a time, each when the one before has been taken in."""
        for key in keys:
            self.send(key)
            self.settle(0.02)
        return self


def session(name=None, content=None, *argv, columns=80, rows=24, **more):
    """Open `name`, made with `content`, in a fresh home."""
    home = tempfile.mkdtemp(prefix="sextant-")
    if name is not None and content is not None:
        with open(os.path.join(home, name), "wb") as f:
            f.write(content)
    t = Session(list(argv) + ([name] if name else []), columns, rows, home=home, **more)
    t.own = True
    return t


def run(*cases):
    tap = Tap()
    for case in cases:
        tap.case(case)
    tap.done()
