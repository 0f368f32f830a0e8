"""The state directory on a disk of its own: really full, and read-only. Mounts of small memory disks, skipped where that is
not allowed."""
import contextlib
import glob
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, Session, Tap, session  # noqa: E402


@contextlib.contextmanager
def disk(t, options):
    """The session's state directory is a disk."""
    where = t.path("state")
    os.makedirs(where, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", where], check=True, capture_output=True)
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", where], check=True)


def usable():
    """None, or why nothing can be mounted."""
    with session("firmware.bin", FIRMWARE) as t:
        try:
            with disk(t, "size=64k"):
                return None
        except (OSError, subprocess.CalledProcessError) as e:
            return f"mount: {e}"


def fill(where):
    """Until no byte fits any more."""
    with open(where + "/filler", "wb", buffering=0) as f:
        with contextlib.suppress(OSError):
            while True:
                f.write(b"x" * 4096)


def full_from_the_start():
    """a full state disk: said at the first edit, editing and writing go on; with space again :journal DIR protects"""
    with session("firmware.bin", FIRMWARE) as t, disk(t, "size=256k") as where:
        fill(where)
        with Session(["firmware.bin"], home=t.home) as u:
            u.bar("BROWSE").keys("R", "7574", "C-c").message("^UNPROTECTED: a crash would lose changes").bar("UNPROTECTED")
            u.keys("j", "r", "33").bar(r"COPY \+2  UNPROTECTED")
            u.keys(":w", "<Enter>").message("wrote 3 bytes at 2 places")
            assert u.content("firmware.bin")[:2] == b"ut"
            u.keys("j", "r", "44").bar(r"COPY \+1  UNPROTECTED")
            os.remove(where + "/filler")
            u.keys(":journal " + where + "/sextant", "<Enter>").bar(r"COPY \+1  0x")
            u.kill()
            u.wait_exit()
        with Session(["firmware.bin"], home=t.home) as v:
            v.message("1 unsaved change").keys("r").bar(r"COPY \+1").row(0x20, "44").keys("u").bar("COPY  0x")


def full_in_the_middle():
    """a state disk that fills while one types: said at once, naming it; nothing that was typed is lost"""
    with session("firmware.bin", FIRMWARE) as t, disk(t, "size=512k") as where:
        with Session(["firmware.bin"], home=t.home) as u:
            u.bar("BROWSE").keys("R", "7574", "C-c").bar(r"COPY \+1  0x").settle(0.2)
            fill(where)
            for row in range(40):
                u.keys("j", ":insert file firmware.bin", "<Enter>").settle(0.1)
                if "UNPROTECTED" in u.text():
                    break
            u.message("^UNPROTECTED: a crash would lose changes, .* is full").bar("UNPROTECTED")
            u.keys("C-c", "g", "g", "R", "99", "C-c").row(0, "99 74").bar("UNPROTECTED")
            os.remove(where + "/filler")
            u.keys(":journal " + where + "/again", "<Enter>").settle(0.3)
            assert "UNPROTECTED" not in u.line(u.screen.lines - 2), u.text()
            u.kill()
            u.wait_exit()
        assert len(glob.glob(where + "/again/*.*")) >= 1


def read_only():
    """a read-only home: said at the first edit, editing, undo and writing work, and nothing complains at the end"""
    with session("firmware.bin", FIRMWARE) as t, disk(t, "size=64k,ro"):
        with Session(["firmware.bin"], home=t.home) as u:
            u.bar("BROWSE").keys("R", "7574", "C-c").message("^UNPROTECTED: a crash would lose changes").bar("UNPROTECTED")
            assert "read-only" in u.text().lower() or "Read-only" in u.text(), u.text()
            u.keys("u").message("^undone: 2 bytes").keys("U", ":w", "<Enter>").message("wrote 2 bytes at 1 place")
            assert u.content("firmware.bin")[:2] == b"ut"
            u.keys("q")
            assert u.wait_exit() == "exit 0"


def main():
    tap = Tap()
    why = usable()
    for case in (full_from_the_start, full_in_the_middle, read_only):
        if why:
            tap.skip(case.__doc__, why)
        else:
            tap.case(case)
    tap.done()


main()
