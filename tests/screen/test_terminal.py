"""The terminal: sizes, suspend, signals, pipes, other terminals, mouse, idleness; it is left clean in every case."""
import os
import signal
import sys
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, SEXTANT, Terminal, run, session  # noqa: E402

ALTERNATE, NORMAL = b"\x1b[?1049h", b"\x1b[?1049l"


def is_cooked(t):
    """The line discipline is as the shell had it."""
    flags = termios.tcgetattr(t.fd)
    return bool(flags[3] & termios.ISIG)


def clean(t, until=None):
    """What the program wrote (up to what the shell wrote behind it) has put everything back."""
    out = t.out[:t.out.index(until)] if until else t.out
    assert is_cooked(t), "line discipline"
    assert out.rfind(NORMAL) > out.rfind(ALTERNATE) >= 0, "the shell's screen is back"
    for mode in (b"2004", b"1006", b"1004"):
        on, off = out.rfind(b"\x1b[?" + mode + b"h"), out.rfind(b"\x1b[?" + mode + b"l")
        assert off >= on, f"mode {mode} is off"
    assert out.rfind(b"\x1b[8h") > out.rfind(b"\x1b[8l") > 0, "right-to-left letters: left in place, then as they were"


def sizes():
    """every size from 1x1 up draws something and comes back"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        for width, height in ((1, 1), (2, 3), (20, 5), (7, 30), (40, 8), (200, 60), (60, 3), (120, 40), (1, 24), (80, 1)):
            t.resize(width, height)
            t.settle(0.03)
            t.keys("j", "<PgDn>", "R", "C-c", "/", "ab", "C-c", "<F1>", "q", "g", "g")
            assert t.alive(), (width, height, t.how())
        t.resize(80, 24)
        t.bar("^ BROWSE  COPY  0x00000000").row(0, "7f 45 4c 46")
        t.resize(1, 1)
        t.wait(lambda text: text == "B")
        t.resize(20, 5)
        t.wait("B C")


def suspend():
    """C-z leaves a line on the shell's screen; fg brings all back"""
    with session("firmware.bin", FIRMWARE) as t:
        t.send("q")
        t.wait_exit()
        shell = ["/bin/bash", "--norc", "--noprofile", "-i"]
        with Terminal(shell, env={"PS1": "shell> ", "HOME": t.home}, cwd=t.home) as u:
            u.wait("shell>")
            u.send(f"{os.path.abspath(SEXTANT)} firmware.bin", "<Enter>")
            u.wait("BROWSE  COPY")
            u.send("r", "0", "0")
            u.wait(r"BROWSE  COPY \+1")
            u.send("C-z")
            u.wait("sextant: waiting with 1 unsaved change in firmware.bin; fg brings it back")
            u.wait("Stopped")
            clean(u, b"Stopped")
            u.send("echo $((6 * 7))", "<Enter>")
            u.wait("^42")
            u.send("fg", "<Enter>")
            u.wait(r"BROWSE  COPY \+1").wait(r"^00000000\* 00 45")
            u.send("j")
            u.wait("0x00000010")
            u.send("Z", "Q")
            u.wait(lambda _: u.out.rfind(b"shell> ") > u.out.rfind(NORMAL))


def ended_by_signals():
    """SIGTERM and SIGHUP leave a clean terminal and the file as it was"""
    for sig in (signal.SIGTERM, signal.SIGHUP):
        with session("firmware.bin", FIRMWARE) as t:
            t.bar("BROWSE")
            t.keys("r", "00")
            t.kill(sig)
            assert t.wait_exit() == f"exit {128 + sig}", t.how()
            clean(t)
            assert t.content("firmware.bin") == FIRMWARE


def crash():
    """a crash leaves a clean terminal, says so, and dies of its signal"""
    for sig in (signal.SIGSEGV, signal.SIGABRT, signal.SIGFPE):
        with session("firmware.bin", FIRMWARE) as t:
            t.bar("BROWSE")
            t.keys("r", "00")
            t.kill(sig)
            assert t.wait_exit() == f"signal {sig.name}", t.how()
            clean(t)
            assert "sextant: crashed by" in t.text(), t.text()


def interrupted():
    """SIGINT from outside cancels and does not end"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.kill(signal.SIGINT)
        t.settle(0.1)
        t.keys("j").bar("0x00000010")


def terminals():
    """poor and odd terminals: vt100, linux, screen, unknown, NO_COLOR, no UTF-8"""
    for term, env in (("vt100", {}), ("linux", {}), ("screen", {}), ("xterm-kitty", {}), ("tmux-256color", {}),
                      ("xterm-256color", {"NO_COLOR": "1"}), ("xterm-256color", {"LC_ALL": "C"}), ("ansi", {})):
        with session("firmware.bin", FIRMWARE, term=term, env=env) as t:
            t.bar("BROWSE  COPY  0x00000000")
            t.keys("j").bar("0x00000010")
            if env.get("NO_COLOR"):
                assert all(t.cell(x, y).fg == "default" and t.cell(x, y).bg == "default"
                           for x in range(80) for y in range(24)), "no colour"
            if env.get("LC_ALL"):
                assert all(b < 0x80 for b in t.out), "ASCII only"
            t.send("q")
            assert t.wait_exit() == "exit 0", (term, t.how())


def from_a_pipe():
    """stdin as the file: shown when it has come; C-c keeps what has come of an endless one"""
    read, write = os.pipe()
    os.write(write, b"from a pipe\n" * 100)
    os.close(write)
    with session(None, None, "-", stdin=read) as t:
        os.close(read)
        t.row(0, "66 72 6f 6d").wait("1 stdin")
        t.send("q")
        assert t.wait_exit() == "exit 0"
    read, write = os.pipe()
    os.write(write, b"endless")
    with session(None, None, "-", stdin=read) as t:
        os.close(read)
        t.message(r"^reading .*C-c stops")
        t.send("C-c")
        t.row(0, "65 6e 64 6c 65 73 73")
        os.close(write)


def fifo():
    """a FIFO is refused with a sentence, without a hang"""
    with session() as t:
        t.send("q")
        t.wait_exit()
        os.mkfifo(t.path("fifo"))
        with session(None, None, t.path("fifo")) as u:
            assert u.wait_exit(5) == "exit 3", u.how()
            assert "sextant: " in u.text()


def mouse():
    """click puts the cursor, drag selects, the wheel scrolls, a click on the map goes far"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")

        def at(button, x, y, end=b"M"):
            t.send_bytes(b"\x1b[<%d;%d;%d" % (button, x + 1, y + 1) + end)
            t.settle(0.03)
        at(0, 13, 3)
        at(0, 13, 3, b"m")
        t.bar("0x00000011")
        at(0, 10, 2)
        at(32, 19, 2)
        at(0, 19, 2, b"m")
        t.bar("^ SELECT .*sel 4")
        t.keys("C-c")
        at(0, 62, 4)
        t.bar("0x00000022")
        t.keys("R", "x").row(0x20, "78")
        t.keys("C-c")
        at(65, 20, 10)
        t.wait(lambda text: "00000000  7f" not in text)
        at(0, 79, 20)
        t.bar("0x00003")


def focus_and_noise():
    """focus events, unknown sequences, torn ones: nothing happens to the document"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.send_bytes(b"\x1b[I\x1b[O\x1b[99;99;99z\x1b[200~\x1b[201~\x1bOA\x1b[1;2A")
        t.keys("C-c", "j").bar("^ BROWSE  COPY  0x000000")


def idle():
    """nothing to do costs nothing: no more than 1 % of a processor"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.settle(0.2)

        def used():
            with open(f"/proc/{t.pid}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            return int(fields[11]) + int(fields[12])
        before, wrote = used(), len(t.out)
        end = time.monotonic() + 2
        while time.monotonic() < end:
            t.read(0.1)
        ticks = used() - before
        assert ticks <= 2 * os.sysconf("SC_CLK_TCK") // 100, f"{ticks} ticks"
        assert len(t.out) == wrote, "and nothing is painted"


def flow_control():
    """C-s and C-q are keys, not flow control"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("C-s").message("nothing to write")
        t.keys("j").bar("0x00000010")
        t.keys("C-q", "j").bar("0x00000020")


run(sizes, suspend, ended_by_signals, crash, interrupted, terminals, from_a_pipe, fifo, mouse, focus_and_noise, idle,
    flow_control)
