"""WRITE-THROUGH, with another process reading the file (journey 4): at once, whole, put back by u; lengths; devices."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, Session, Tap, session  # noqa: E402

THROUGH = "^firmware.bin: changes now go into the file at once; u puts old bytes back$"


def seen(t, at, n, name="firmware.bin"):
    """What another process reads."""
    got = subprocess.run(["dd", f"if={name}", "bs=1", f"skip={at}", f"count={n}", "status=none"], cwd=t.home,
                         capture_output=True, check=True, timeout=20)
    return got.stdout


def red(t, text):
    """The badge stands white on red."""
    y = t.screen.lines - 2
    cell = t.cell(t.line(y).index(text), y)
    return (cell.fg, cell.bg) == ("white", "red") and cell.bold


def with_changes():
    """pending changes: Esc stays, w writes them through, d drops them; the way back never asks"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys("R", "7574", "C-c", ":access write", "<Enter>")
        t.message(r"^1 change pending in firmware\.bin\. \[w\]rite now \[d\]iscard Esc: stay in COPY$")
        t.keys("C-c").message("^stays in COPY$").bar(r"COPY \+1")
        assert seen(t, 0, 2) == FIRMWARE[:2]
        t.keys("C", "w").message(THROUGH).bar("^ BROWSE  WRITE-THROUGH w1 ")
        assert seen(t, 0, 2) == b"ut" and red(t, "WRITE-THROUGH")
        t.keys("C").message("^firmware.bin is COPY now: changes wait in memory until :w$").bar("COPY  0x")
        t.keys("r", "00").bar(r"COPY \+1").keys("C", "d").message(THROUGH).bar("WRITE-THROUGH w1 ")
        assert seen(t, 0, 2) == b"ut"


def at_once():
    """half a byte is in no file, a whole one at once; u puts the old one back, U the new; w counts places"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys("C").message(r"\[y\]es Esc$").keys("y").message(THROUGH).keys("R", "7").bar("^ OVERWRITE  WRITE-THROUGH .* 7_ ")
        assert seen(t, 0, 2) == FIRMWARE[:2] and red(t, "OVERWRITE") and red(t, "WRITE-THROUGH")
        t.keys("5").bar("WRITE-THROUGH w1 ").row(0, "^00000000[*] 75 45")
        assert seen(t, 0, 2) == b"u" + FIRMWARE[1:2]
        cell = t.cell(10, 2)
        assert cell.underscore, cell
        t.keys("C-c", ":0x1000", "<Enter>", "r", "aa").bar("WRITE-THROUGH w2 ")
        t.keys("u").message("^undone: 1 byte at 0x1000").bar("WRITE-THROUGH w1 ").keys("u").bar("WRITE-THROUGH  0x")
        assert seen(t, 0, len(FIRMWARE)) == FIRMWARE
        t.keys("U").bar("WRITE-THROUGH w1 ")
        assert seen(t, 0, 1) == b"u"
        t.keys("q")
        assert t.wait_exit() == "exit 0"


def long_tail():
    """what is typed before a long tail is written when one rests, or at Esc; no key is lost meanwhile, u puts it back"""
    big = bytes(range(256)) * 12288
    with session("big.bin", big) as t:
        t.bar("BROWSE").keys("C").message(r"\[y\]es Esc$").keys("y").message("go into the file at once").keys("i", "a", "a", "b", "b", "c", "c")
        t.row(0, "^00000000[*] aa bb cc 00 01").bar(r"^ INSERT  WRITE-THROUGH w1  ")
        assert seen(t, 0, 4, "big.bin") == b"\xaa\xbb\xcc\x00" and os.stat(t.path("big.bin")).st_size == len(big) + 3
        t.keys("d", "d", "C-c").bar(r"^ BROWSE  WRITE-THROUGH w1  ")
        assert seen(t, 0, 5, "big.bin") == b"\xaa\xbb\xcc\xdd\x00"
        t.keys("u").message("^undone: 4 bytes at 0x0").bar("WRITE-THROUGH  0x")
        assert t.content("big.bin") == big


def lengths():
    """insert, delete, resize move the tail in the file; u puts all of it back"""
    with session("firmware.bin", FIRMWARE, "-W") as t:
        t.bar("WRITE-THROUGH").keys("l", "i", "0102").row(0, "^00000000[*] 7f 01 02 45").bar("^ INSERT  WRITE-THROUGH w1")
        assert seen(t, 0, 20000) == FIRMWARE[:1] + b"\1\2" + FIRMWARE[1:] and red(t, "INSERT")
        t.keys("C-c", "v", "l", "l", "l", "d").bar("^ BROWSE")
        assert seen(t, 0, 20000) == FIRMWARE[:1] + b"\1\2" + FIRMWARE[5:]
        t.keys(":resize 100", "<Enter>").wait("  100 bytes")
        assert os.path.getsize(t.path("firmware.bin")) == 100
        t.keys("u", "u", "u").message("^undone: 2 bytes at 0x1 ").bar("WRITE-THROUGH .* 0x00000001")
        assert seen(t, 0, 20000) == FIRMWARE


def refused():
    """slices keep the length; a tail beyond the limit is not moved; nothing changes, and it says what does it"""
    with session("firmware.bin", FIRMWARE, "-W") as t:
        t.bar("WRITE-THROUGH").keys(":assign 0:6 FIXED", "<Enter>")
        t.message("^FIXED has 5 bytes, 0:6 has 6; WRITE-THROUGH keeps length. :access copy$")
        assert seen(t, 0, 20000) == FIRMWARE
    home = tempfile.mkdtemp(prefix="sextant-")
    with open(home + "/firmware.bin", "wb") as f:
        f.truncate(200 << 20)
    with Session(["-W", "firmware.bin"], home=home) as t:
        t.own = True
        t.bar("WRITE-THROUGH").keys(":0x40", "<Enter>", "i", "01")
        t.message("^0x40: would move 200.0 MiB in the file: refused. :access copy inserts in memory$").bar("WRITE-THROUGH  0x00000040")
        assert os.path.getsize(home + "/firmware.bin") == 200 << 20
        t.keys("C-c", ":access copy", "<Enter>").message("COPY now").keys("i", "01").bar(r"INSERT  COPY \+1")
        t.keys("C-c", "C").message(r"\[w\]rite now").keys("d").message(THROUGH)


def read_only():
    """READ: nothing changes, each way says so, and how to go on"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys(":access read", "<Enter>").bar("BROWSE  READ")
        for key in ("R", "i", "r", "A", "C"):
            t.keys(":echo other", "<Enter>").message("^other$").keys(key)
            t.message(r"^firmware\.bin is READ.*:access copy edits in memory$").bar("BROWSE  READ")
        assert seen(t, 0, 20000) == FIRMWARE
        t.keys(":access copy", "<Enter>", "r", "00").bar(r"COPY \+1")


def small():
    """the state is there in narrow windows"""
    for columns, bar in ((59, "^INS W-THRU w1 "), (25, "^I W w1")):
        with session("firmware.bin", FIRMWARE, "-W", columns=columns, rows=10) as t:
            t.settle()
            t.keys("i", "01").bar(bar)


class Loop:
    """A loop device over a file of 1 MiB, with a file system in it when `mounted`."""

    def __init__(self, home, mounted):
        self.home, self.place = home, home + "/mnt dir" if mounted else None
        image = home + "/image"
        with open(image, "wb") as f:
            f.truncate(1 << 20)
        if mounted:
            self.do("mkfs.ext4", "-q", image)
        self.device = self.do("losetup", "-f", "--show", image).strip()
        if mounted:
            os.mkdir(self.place)
            self.do("mount", self.device, self.place)

    @staticmethod
    def do(*argv):
        return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=30).stdout

    def close(self):
        if self.place:
            subprocess.run(["umount", self.place], check=False)
        subprocess.run(["losetup", "-d", self.device], check=False)


def device(mounted):
    home = tempfile.mkdtemp(prefix="sextant-")
    loop = Loop(home, mounted)
    try:
        with Session([loop.device], home=home) as t:
            t.own = True
            t.bar("BROWSE  READ").keys("r").message(r"is READ, nothing changed\. :access copy edits in memory$")
            t.keys(":access write", "<Enter>")
            where = r"is mounted on /.*….*dir\. Its name writes at once:" if mounted else \
                r"is a device\. To write to it at once type its name:"
            t.message(f"^{loop.device} {where}")
            t.keys("no", "<Enter>").message("^that is not its name; it stays as it is$").bar("READ")
            t.keys(":access copy", "<Enter>", ":0x80000", "<Enter>", "r", "77", ":access write", "<Enter>").message("1 change pending")
            t.keys("w").message("name.*:$").bar(r"COPY \+1").keys(loop.device, "<Enter>").message("at once").bar("WRITE-THROUGH w1")
            t.keys("l", "r", "78")
            with open(loop.device, "rb") as f:
                assert os.pread(f.fileno(), 2, 0x80000) == b"wx"
            t.keys("u", "u").bar("WRITE-THROUGH  0x").keys("i", "01").message("refused")
    finally:
        loop.close()


def a_device():
    """a device starts READ, and wants its name typed; also behind the question about changes"""
    device(False)


def a_mounted_device():
    """it says where it is mounted"""
    device(True)


tap = Tap()
for case in (with_changes, at_once, long_tail, lengths, refused, read_only, small):
    tap.case(case)
for case in (a_device, a_mounted_device):
    try:
        Loop(tempfile.mkdtemp(prefix="sextant-"), case is a_mounted_device).close()
    except (OSError, subprocess.SubprocessError) as e:
        tap.skip(case.__doc__, f"no loop devices here: {e}".splitlines()[0])
    else:
        tap.case(case)
tap.done()
