"""A program in a real pty, with the screen that a terminal would show.

    with Terminal([SEXTANT, "file"]) as t:
        t.wait("00000000")          # until a line matches, or fail with the screen
        t.send("j", "<PgDn>", "C-g")  # keys by their names in the documentation, or plain text
        t.settle()                  # until nothing has come for a moment
        assert t.line(0).startswith(...)

What the program writes is stamped on arrival and rendered by pyte only when somebody looks, so that the slow emulator
never slows the program. Time enters only as an upper bound for giving up.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import traceback

import pyte

SEXTANT = os.environ.get("SEXTANT", "build/sextant")

KEYS = {
    "Esc": "\x1b", "Enter": "\r", "Tab": "\t", "BS": "\x7f", "Space": " ", "Up": "\x1bOA", "Down": "\x1bOB",
    "Right": "\x1bOC", "Left": "\x1bOD", "Home": "\x1bOH", "End": "\x1bOF", "PgUp": "\x1b[5~", "PgDn": "\x1b[6~",
    "Ins": "\x1b[2~", "Del": "\x1b[3~", "F1": "\x1bOP", "F2": "\x1bOQ", "F3": "\x1bOR", "F4": "\x1bOS",
    "F5": "\x1b[15~", "F6": "\x1b[17~", "F7": "\x1b[18~", "F8": "\x1b[19~", "F9": "\x1b[20~", "F10": "\x1b[21~",
}
ARROWS = {"Up": "A", "Down": "B", "Right": "C", "Left": "D", "Home": "H", "End": "F"}
TILDES = {"Ins": 2, "Del": 3, "PgUp": 5, "PgDn": 6}


def key_bytes(name):
    """The bytes that xterm sends for a key: "C-x", "M-x", "S-Left", "<PgDn>", or text as it is."""
    bare = name[1:-1] if len(name) > 2 and name[0] == "<" and name[-1] == ">" else name
    if bare in KEYS:
        return KEYS[bare].encode()
    m = re.fullmatch(r"((?:[CMS]-)+)(.+)", bare)
    if not m:
        return name.encode()
    mods, key = m.group(1), m.group(2)
    if key in ARROWS or key in TILDES:
        code = 1 + ("S-" in mods) + 2 * ("M-" in mods) + 4 * ("C-" in mods)
        return (f"\x1b[1;{code}{ARROWS[key]}" if key in ARROWS else f"\x1b[{TILDES[key]};{code}~").encode()
    out = KEYS.get(key, key)
    if "C-" in mods:
        out = {"Space": "\0", "_": "\x1f", "]": "\x1d"}.get(key) or chr(ord(key) & 31)
    return (("\x1b" if "M-" in mods else "") + out).encode()


def plain_sgr(match):
    """Bright colours as palette colours, which pyte would make plain, and bold for good; dim as italics, which pyte would drop."""
    out, tokens = [], match.group(1).decode().split(";")
    while tokens:
        token = tokens.pop(0)
        if token in ("38", "48") and tokens:
            n = 2 if tokens[0] == "5" else 4
            out += [token] + tokens[:n]
            del tokens[:n]
        elif token in ("90", "91", "92", "93", "94", "95", "96", "97"):
            out += ["38", "5", str(int(token) - 82)]
        elif token in ("100", "101", "102", "103", "104", "105", "106", "107"):
            out += ["48", "5", str(int(token) - 92)]
        elif token == "22":
            out += ["22", "23"]
        else:
            out.append("3" if token == "2" else token)
    return f"\x1b[{';'.join(out)}m".encode()


class Terminal:
    """columns x rows cells; `t.out` is everything that the program has written. `faithful`: see plain_sgr."""

    def __init__(self, argv, columns=80, rows=24, env=None, cwd=None, stdin=None, term="xterm-256color",
                 faithful=False):
        self.faithful = faithful
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.out = bytearray()
        self.rendered = 0
        self.last = self.first = None
        self.status = None
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            self._child(argv, columns, rows, env, cwd, stdin, term)
        self._size(columns, rows)
        fcntl.fcntl(self.fd, fcntl.F_SETFL, fcntl.fcntl(self.fd, fcntl.F_GETFL) | os.O_NONBLOCK)

    def _child(self, argv, columns, rows, env, cwd, stdin, term):
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would be ignored, and the program keeps that
            if stdin is not None:
                os.dup2(stdin, 0)
            full = {k: v for k, v in os.environ.items() if k not in ("LINES", "COLUMNS", "COLORTERM", "NO_COLOR")}
            full.update({"TERM": term, "LC_ALL": "C.UTF-8"}, **(env or {}))
            if cwd:
                os.chdir(cwd)
            os.execvpe(argv[0], argv, full)
        except OSError as e:
            os.write(2, f"{argv[0]}: {e}\n".encode())
        finally:
            os._exit(127)

    def _size(self, columns, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- input and output

    def send(self, *keys):
        """Type keys, each by its name or as plain text."""
        self.send_bytes(b"".join(key_bytes(k) for k in keys))

    def send_bytes(self, data):
        self.first = None
        while data:
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                self.read(0.01)
            except OSError:
                return

    def read(self, timeout):
        """Take what is there, waiting at most `timeout`; whether something came."""
        if not select.select([self.fd], [], [], max(0, timeout))[0]:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self.poll()
            time.sleep(0.005)
            return False
        self.last = time.perf_counter()
        self.first = self.first or self.last
        self.out += data
        return True

    def settle(self, quiet=0.05, timeout=10):
        """Until nothing has come for `quiet` seconds; whether that was reached in time."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end and self.alive():
            if not self.read(quiet):
                return True
        return not self.alive()

    def wait(self, what, timeout=10):
        """Until a regular expression is found on the screen, or what(text) holds; AssertionError with the screen."""
        holds = what if callable(what) else lambda text: re.search(what, text, re.M)
        end = time.perf_counter() + timeout
        while True:
            if holds(self.text()):
                return self
            if time.perf_counter() > end or not self.alive() and not self.read(0):
                raise AssertionError(f"never saw {what!r} ({self.how()}); the screen:\n{self.text()}")
            self.read(0.05)

    def resize(self, columns, rows):
        self.text()
        self.screen.resize(rows, columns)
        self._size(columns, rows)

    # --- the screen

    def _render(self):
        data = bytes(self.out[self.rendered:])
        # A sequence that has not come whole yet waits for its rest.
        tail = re.search(rb"\x1b(\[[0-9;?>=<]*|\][^\x07\x1b]*)?$", data)
        if tail and len(data) - tail.start() < 200:
            data = data[:tail.start()]
        self.rendered += len(data)
        data = re.sub(rb"\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\", b"", data)
        data = re.sub(rb"\x1b\[[>=<][0-9;]*[a-zA-Z]|\x1b\[[0-9]* q|\x1b\[\?[0-9;]*\$p", b"", data)
        # pyte knows no REP (CSI n b)
        data = re.sub(rb"([\x20-\x7e])\x1b\[([0-9]+)b", lambda m: m.group(1) * (int(m.group(2)) + 1), data)
        if self.faithful:
            data = re.sub(rb"\x1b\[([0-9;]*)m", plain_sgr, data)
        self.stream.feed(data)

    def text(self):
        return "\n".join(self.lines())

    def lines(self):
        self._render()
        # not pyte's own `display`: it fails on the half of a wide character that the rest of a frame is about to replace
        width, buffer = self.screen.columns, self.screen.buffer
        return ["".join(buffer[y][x].data for x in range(width)).rstrip() for y in range(self.screen.lines)]

    def line(self, y):
        return self.lines()[y]

    def cell(self, x, y):
        """pyte's cell: data, fg, bg, bold, underscore, reverse."""
        self._render()
        return self.screen.buffer[y][x]

    def cursor(self):
        self._render()
        return self.screen.cursor.x, self.screen.cursor.y

    # --- the process

    def poll(self):
        if self.status is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                pid, status = self.pid, 0
            if pid:
                self.status = status
        return self.status

    def alive(self):
        return self.poll() is None

    def how(self):
        """"alive", "exit 0" or "signal SIGSEGV"."""
        status = self.poll()
        if status is None:
            return "alive"
        if os.WIFSIGNALED(status):
            return f"signal {signal.Signals(os.WTERMSIG(status)).name}"
        return f"exit {os.WEXITSTATUS(status)}"

    def wait_exit(self, timeout=10):
        """How it ended; "alive" when it did not."""
        end = time.perf_counter() + timeout
        while self.alive() and time.perf_counter() < end:
            self.read(0.02)
        while self.read(0):
            pass
        return self.how()

    def kill(self, sig=signal.SIGKILL):
        if self.alive():
            os.kill(self.pid, sig)

    def close(self):
        self.kill()
        self.wait_exit(20)
        os.close(self.fd)


class Tap:
    """ok(), then done(): `ok N - name` lines for meson; an exception in case() is a failure with its text."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, why=""):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        if not good and why:
            print("\n".join("# " + line for line in str(why).splitlines()), flush=True)

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}", flush=True)

    def case(self, function):
        """Run function() as one test named by its docstring."""
        name = (function.__doc__ or function.__name__).strip().splitlines()[0]
        try:
            function()
        except Exception as e:
            self.ok(False, name, traceback.format_exc() + str(e))
        else:
            self.ok(True, name)

    def done(self):
        print(f"1..{self.count}")
        sys.exit(self.failed > 0)
