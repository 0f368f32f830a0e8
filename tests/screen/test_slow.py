"""A disk that hangs until it is let go: bytes not here yet are drawn as pending, and keys are answered all the same."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import slowfs  # noqa: E402
from session import Session, Tap  # noqa: E402

CONTENT = bytearray(bytes(range(256)) * 4096)  # 1 MiB
CONTENT[0x40000:0x42000] = bytes(8192)
HELD = 512 << 10

# The leak check stops every thread first, and one that waits for such a disk cannot be stopped.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"


def opened(fs):
    t = Session([fs.path])
    t.bar("BROWSE  COPY  0x00000000")
    t.row(0, "00 01 02 03")
    return t


def pending(fs):
    """pending bytes, keys answered, painted when they come"""
    with opened(fs) as t:
        fs.hold(HELD)
        t.keys("G")
        assert fs.waiting.wait(5), "somebody reads there"
        t.wait(r"^000fff00  \.\. \.\. \.\.")
        assert "??" not in t.text()
        t.keys("g", "g").bar("0x00000000").row(0, "00 01 02 03")
        t.keys("<PgDn>").bar("0x00000140")
        t.keys("i", "77", "C-c", "u").message("undone: 1 byte")
        t.keys("G").wait(r"^000fff00  \.\.")
        fs.let_go()
        t.wait("^000fff00  00 01 02 03")


def leaving(fs):
    """q never waits for a read that hangs"""
    with opened(fs) as t:
        fs.hold(HELD)
        t.keys("G").wait(r"^000fff00  \.\.")
        t.send("q")
        assert t.wait_exit().startswith("exit 0"), t.how()
    fs.let_go()


def searching(fs):
    """a search that hangs is cancelled at once, and leaving is possible"""
    with opened(fs) as t:
        fs.hold(HELD)
        t.keys("/", "nowhere to be found", "<Enter>")
        assert fs.waiting.wait(5)
        t.keys("j").bar("0x00000010")
        t.keys("C-c").message("^cancelled at [0-9]+%, 0 found, rest unknown")
        t.keys("j").bar("0x00000020")
        t.send("q")
        assert t.wait_exit().startswith("exit 0"), t.how()
    fs.let_go()


def command(fs):
    """a command that hangs shows itself, C-c asks it to stop, q leaves it behind"""
    with opened(fs) as t:
        fs.hold(HELD)
        t.keys(":", "count /no such thing/", "<Enter>")
        t.message("^count .*C-c stops")
        t.send("C-c")
        t.message("^count: waits for a read that does not come back. q leaves", 5)
        t.send("q")
        assert t.wait_exit() == "exit 4", t.how()
    fs.let_go()


def counting(t, fs):
    """a command that runs until the disk is let go"""
    fs.hold(HELD)
    return t.keys(":", "count /no such thing/", "<Enter>").message("^count .*C-c stops")


def typed_meanwhile(fs):
    """keys typed while a command runs are done when it has ended"""
    with opened(fs) as t:
        counting(t, fs).keys("j", "j", "l")
        fs.let_go()
        t.message("^0$|not in").bar("0x00000021")


def typed_and_cancelled(fs):
    """C-c takes back what was typed while a command ran"""
    with opened(fs) as t:
        counting(t, fs).keys("j", "C-c")
        fs.let_go()
        t.message("^count: cancelled|^cancelled").keys("l").bar("0x00000001")


def typed_before_asked(fs):
    """what was typed while a command ran does not answer the question that comes then"""
    with opened(fs) as t:
        t.keys("r", "00").bar(r"COPY \+1")
        counting(t, fs).send_bytes(b"qd")
        fs.let_go()
        t.message("unwritten").keys("<Esc>").bar(r"COPY \+1  0x00000000")


def gone(fs):
    """a server that answers nothing any more, not even size and times: what was read stays on the screen, keys are answered"""
    fs.attributes_hold = 0
    with opened(fs) as t:
        t.keys("<PgDn>").bar("0x00000140").row(0x140, "40 41 42 43").keys("g", "g").row(0, "00 01 02 03")
        t.keys(":", "0x40000", "<Enter>").row(0x40000, "00 00 00 00 00 00 00 00").keys("g", "g")
        fs.go_away()
        for _ in range(3):
            t.keys("<PgDn>").bar("0x00000140").row(0x140, "40 41 42 43")
            t.keys(":", "0x40000", "<Enter>").bar("0x00040000").row(0x40000, "00 00 00 00 00 00 00 00")
            t.keys("g", "g").bar("0x00000000").row(0, "00 01 02 03")
        fs.let_go()
        t.keys("G").wait("^000fff00  00 01 02 03")


def bad_places(fs):
    """bytes that cannot be read are ??, said once, never zeros, found by no search, and read anew when asked"""
    fs.fail(HELD, HELD + 4096)
    with opened(fs) as t:
        t.keys(":", "0x80000", "<Enter>").message(r"^0x80000:0x81000 unreadable \(input/output error\), shown as \?\?\. :reread")
        t.row(HELD - 16, "f0 f1 f2 f3").row(HELD, r"! \?\? \?\? \?\?").bar(r"0x00080000 .* \?\?")
        t.keys("/", "C-u", r"\0\0\0\0", "<Enter>").message("not found, but 4.0 KiB of 0x0:0x100000 cannot be read")
        t.keys("R", "4", "1").row(HELD, r"! 41 \?\? \?\?").keys("C-c", "u").row(HELD, r"! \?\? \?\?")
        t.keys(":", "reread", "<Enter>").message("^4.0 KiB still unreadable, the first at 0x80000")
        fs.mend()
        t.keys(":", "reread", "<Enter>").message("^4.0 KiB readable again").row(HELD, " 00 01 02 03")
        t.keys(":", "reread", "<Enter>").message("^nothing is known to be unreadable")


def main():
    tap = Tap()
    why = slowfs.usable()
    cases = (pending, leaving, searching, command, typed_meanwhile, typed_and_cancelled, typed_before_asked, gone, bad_places)
    for case in cases:
        if why:
            tap.skip(case.__doc__, why)
            continue
        with tempfile.TemporaryDirectory() as folder, slowfs.SlowFs(folder + "/fs", CONTENT) as fs:
            tap.case(named(case, fs))
    tap.done()


def named(case, fs):
    def run():
        case(fs)
    run.__doc__ = case.__doc__
    return run


main()
