"""What is switched on in the terminal is put back, on every way out."""
import base64
import os
import re
import signal
import termios
import time

from driver import Driver, Tap

tap = Tap()


def modes_of(out):
    """Private modes that are on at the end of the output, and the cursor shape."""
    on, shape = set(), None
    for match in re.finditer(rb"\x1b\[\?([0-9;]+)([hl])|\x1b\[([0-9]) q|\x1b(=|>)", out):
        if match[1]:
            for mode in match[1].split(b";"):
                (on.add if match[2] == b"h" else on.discard)(int(mode))
        elif match[3]:
            shape = int(match[3])
        else:
            (on.add if match[4] == b"=" else on.discard)("keypad")
    return on, shape


OURS = {1, 1002, 1004, 1006, 1049, 2004, 2026, "keypad"}


def check_clean(d, before):
    on, shape = modes_of(bytes(d.out))
    assert not on & OURS, f"left on: {on & OURS}"
    assert 25 in on, "the cursor is hidden"
    assert shape in (None, 0), f"cursor shape {shape}"
    assert d.out.rstrip().endswith(b"\x1b[?1049l\x1b[23;0;0t") or b"\x1b[?1049l" in d.out[-60:], d.out[-80:]
    assert termios.tcgetattr(d.fd) == before, "the line's modes"


def begin(*args):
    """The driver, and the modes that a new line has."""
    master, line = os.openpty()
    before = termios.tcgetattr(line)
    os.close(master)
    os.close(line)
    return Driver(*args), before


@tap.case
def closing():
    """by closing"""
    d, before = begin("keys", 25)
    with d:
        d.say()
        raw = termios.tcgetattr(d.fd)
        assert not raw[3] & (termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
        assert not raw[0] & (termios.IXON | termios.ICRNL)
        d.send("q")
        assert d.wait_exit() == "exit 0"
        check_clean(d, before)


@tap.case
def painting_shows_modes():
    """they were on at all"""
    d, before = begin("paint", 5, 1)
    with d:
        while d.say() != "end":
            pass
        d.settle()
        on, _ = modes_of(bytes(d.out))
        assert {1, 1002, 1004, 1006, 1049, 2004, "keypad"} <= on and 2026 not in on, on
        d.send("n")
        assert d.wait_exit() == "exit 0"
        check_clean(d, before)


@tap.case
def crash():
    """by a crash, from the signal handler"""
    d, before = begin("crash")
    with d:
        how = d.wait_exit()
        assert how in ("signal SIGSEGV", "exit 139"), how
        check_clean(d, before)


@tap.case
def suspend():
    """by suspending; and all is on again afterwards"""
    d, before = begin("suspend")
    with d:
        d.settle(0.2)
        # alone in its session there is nobody to stop for: it goes on at once
        assert d.say() == "again"
        out = bytes(d.out)
        stopped = out.index(b"stopped; fg brings it back")
        on, shape = modes_of(out[:stopped])
        assert not on & OURS and shape == 0, (on, shape)
        on, shape = modes_of(out)
        assert {1049, 2004, "keypad"} <= on and shape == 6, (on, shape)
        assert "after" in d.line(0)
        d.send("n")
        assert d.wait_exit() == "exit 0"
        check_clean(d, before)


@tap.case
def stopped_from_outside():
    """after SIGSTOP and SIGCONT it takes the terminal again and asks for a redraw"""
    d, before = begin("keys", 25)
    with d:
        d.say()
        os.kill(d.pid, signal.SIGSTOP)
        time.sleep(0.05)
        termios.tcsetattr(d.fd, termios.TCSANOW, before)
        os.kill(d.pid, signal.SIGCONT)
        assert d.say().startswith("resize ")
        assert not termios.tcgetattr(d.fd)[3] & termios.ICANON
        d.send("q")
        assert d.say() == "key q"
        assert d.wait_exit() == "exit 0"
        check_clean(d, before)


@tap.case
def clipboard():
    """the clipboard: OSC 52, in pieces through screen, refused where there is none or no room"""
    for term, length, said in (("xterm-256color", 1000, "copied"), ("screen", 1000, "copied"), ("screen", 0, "copied"),
                               ("linux", 5, "this terminal has no clipboard that programs reach"),
                               ("xterm-256color", 56244, "copied"),
                               ("xterm-256color", 60000, "60000 bytes are too many for the terminal's clipboard, which takes 56244")):
        with Driver("copy", length, term=term, env={"TMUX": ""}) as d:
            assert d.say() == said
            d.send("n")
            assert d.wait_exit() == "exit 0"
            out = bytes(d.out)
            if term == "screen":
                out = b"".join(re.findall(rb"\x1bP(.*?)\x1b\\", out, re.S))
            found = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", out)
            assert bool(found) == (said == "copied"), (term, length)
            if found:
                assert base64.b64decode(found[1]) == bytes(i & 255 for i in range(length))


tap.done()
