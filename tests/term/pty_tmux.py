"""The same random grids inside a real terminal multiplexer: what it holds is the grid, looks included.

tmux judges widths, regions and colours by itself; its capture is read back through pyte.
"""
import os
import random
import shutil
import subprocess
import tempfile
import time

import pyte

import driver
import pty_paint
from driver import Tap

COLUMNS, ROWS, FRAMES = 80, 24, 12


class Tmux:
    """The driver as the only program of a server of its own."""

    term = "tmux-256color"

    def __init__(self, folder, *args):
        self.socket = os.path.join(folder, "socket")
        fifo = os.path.join(folder, "said")
        os.mkfifo(fifo)
        program = " ".join([os.path.abspath(driver.DRIVER), *map(str, args)])
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", COLUMNS, "-y", ROWS, f"exec {program} 3>{fifo}")
        self.said = open(fifo)

    def tmux(self, *args):
        env = {k: v for k, v in os.environ.items() if k not in ("TMUX", "COLORTERM", "NO_COLOR")}
        env.update({"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"})
        return subprocess.run(["tmux", "-S", self.socket, *map(str, args)], check=True, capture_output=True, env=env).stdout

    def say(self):
        return self.said.readline().rstrip("\n")

    def settle(self, _):
        """Until the pane stays as it is."""
        before = None
        for _ in range(100):
            time.sleep(0.05)
            now = self.tmux("capture-pane", "-p", "-e", "-N")
            if now == before:
                break
            before = now
        self.screen = pyte.Screen(COLUMNS, ROWS)
        pyte.ByteStream(self.screen).feed(before.rstrip(b"\n").replace(b"\n", b"\r\n"))
        x, y, shown = self.tmux("display-message", "-p", "#{cursor_x} #{cursor_y} #{cursor_flag}").split()
        self.at, self.screen.cursor.hidden = (int(x), int(y)), shown == b"0"

    def text(self):
        return ""

    def cell(self, x, y):
        return self.screen.buffer[y][x]

    def cursor(self):
        return self.at


def run(seed):
    with tempfile.TemporaryDirectory() as folder:
        t = Tmux(folder, "paint", seed, FRAMES)
        try:
            for frame in range(FRAMES):
                pty_paint.compare(t, frame)
                t.tmux("send-keys", "n")
        except AssertionError as e:
            raise AssertionError(f"{e}\ndriver paint {seed} {FRAMES}") from e
        finally:
            subprocess.run(["tmux", "-S", t.socket, "kill-server"], capture_output=True)


def main():
    tap = Tap()
    if not shutil.which("tmux"):
        tap.skip("grids inside tmux", "no tmux here")
        tap.done()
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"# SEED={seed}")
    rng = random.Random(seed)
    for _ in range(3):
        def case():
            """random grids inside tmux"""
            run(rng.randrange(1 << 32))
        tap.case(case)
    tap.done()


if __name__ == "__main__":
    main()
