"""The file changes under us, by other processes (journey 7): said at once, lost bytes, edits kept, differences, reload."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, run, session  # noqa: E402

SOON = 5


def other(t, *argv, **more):
    """Another process, in the session's folder, to its end."""
    subprocess.run(argv, cwd=t.home, check=True, timeout=20, stderr=subprocess.DEVNULL, **more)


def dd(t, at, data):
    other(t, "dd", "of=firmware.bin", "bs=1", f"seek={at}", "conv=notrunc", input=data)


def three_changes(t):
    t.bar("BROWSE")
    t.keys("R", "7574", "C-c", ":0x40", "<Enter>", "r", "aa", ":0x2000", "<Enter>", "r", "bb", "g", "g").bar(r"COPY \+3")


def written():
    """written by another program: said, marked until a key, edits kept, the title says so until it is reloaded"""
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        dd(t, 0x22, b"theirs")
        t.message(r"^firmware\.bin on disk: .*\. \[d\]ifferences \[r\]eload Esc$", SOON).row(0x20, "^00000020~ 1c 1d 74 68 65 69 72 73")
        plain, fresh = t.cell(10, 4), t.cell(10 + 3 * 2, 4)
        assert (fresh.bg, fresh.bold) != (plain.bg, plain.bold), (fresh, plain)
        t.wait(r"^ 1 firmware\.bin ~ \+3")
        t.keys("j").row(0x20, "^00000020  1c 1d 74").bar(r"COPY \+3  0x00000010")
        t.keys("C-c", ":reload", "<Enter>").message(r"^firmware\.bin: read anew, 3 changes kept$")
        t.wait(r"^ 1 firmware\.bin \+3").keys(":w", "<Enter>").message("^firmware.bin: wrote 4 bytes at 3 places")
        assert t.content("firmware.bin")[:0x28] == b"ut" + FIRMWARE[2:0x22] + b"theirs"


MAPPER = """
import mmap, sys
with open("firmware.bin", "r+b") as f:
    m = mmap.mmap(f.fileno(), 0)
for at, text in ((0x30, b"\\x2c"), (0x30, b"map")):
    m[at:at + len(text)] = text
    print("stored", flush=True)
    sys.stdin.readline()
"""


def through_a_mapping():
    """stores through another program's mapping, which change no time, are seen in the visible bytes"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        mapper = subprocess.Popen([sys.executable, "-c", MAPPER], cwd=t.home, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        mapper.stdout.readline()  # the first store into a page changes the times, those behind it do not
        t.message("on disk: written by another program", SOON).keys("r").message("read anew")
        t.settle(0.6)
        before = os.stat(t.path("firmware.bin"))
        mapper.stdin.write(b"\n")
        mapper.stdin.flush()
        mapper.stdout.readline()
        t.row(0x30, "^00000030~ 6d 61 70", SOON).message(r"^firmware\.bin on disk: 3 bytes changed from 0x30 on\. \[d\]", SOON)
        same = os.stat(t.path("firmware.bin")).st_mtime_ns == before.st_mtime_ns
        print(f"# the times of the file are {'what they were' if same else 'others'}")
        mapper.communicate(b"\n", timeout=10)


def nothing_is_swallowed():
    """keys that do not answer do what they always do; typing is never taken for an answer"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys("j")
        dd(t, 0x22, b"x")
        t.message(r"\[d\]ifferences \[r\]eload Esc$", SOON)
        t.keys("j", "j").bar("0x00000030").keys("R", "dd").row(0x30, "^00000030[*] dd").keys("C-c")
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        dd(t, 0x22, b"x")
        t.message(r"\[d\]ifferences \[r\]eload Esc$", SOON).keys(":d").message(":d")
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys("R", "d")
        dd(t, 0x22, b"x")
        t.message(r"^firmware\.bin on disk: .*:differences :reload$", SOON)
        t.keys("d").row(0, "^00000000[*] dd 45")


def cut():
    """cut short: lost bytes are ??, edits stay; d lists, r reloads: what lay beyond is not applied, u brings it"""
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        other(t, "truncate", "-s", "96", "firmware.bin")
        t.message(r"^firmware\.bin on disk: 16\.1 KiB shorter, lost part \?\?\. \[d\]ifferences \[r\]eload Esc$", SOON)
        t.row(0x60, r"^00000060! \?\? \?\?").row(0x40, r"^00000040\* aa").bar(r"COPY \+3")
        t.keys("d").wait(r"^on disk: 2, 1 meets ours").wait(r"^ 0x60    gone  16452  \?   -$").wait(r"^ 0x2000  gone  1      fc  -  bb$")
        t.keys("r").message("^firmware.bin: read anew, 1 of 3 changes not applied; u brings it$")
        t.wait("^not applied: 1 ").wait(r"^ 0x60  gone  1  fc  -  bb$").bar(r"COPY \+2")
        t.keys("o").message("^0x60: ours stands over theirs, pending; u takes it back$").bar(r"COPY \+3")
        t.keys("o").message("^0x60: edited since").keys("q", "u", "u").bar(r"COPY \+3").row(0x60, r"^00000060\* bb")
        t.keys(":w", "<Enter>").message("wrote")
        assert t.content("firmware.bin") == b"ut" + FIRMWARE[2:0x40] + b"\xaa" + FIRMWARE[0x41:0x60] + b"\xbb"


def grown():
    """longer: said once, not for each line of a log; reload shows the rest"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys("r", "00")
        other(t, "sh", "-c", "echo more >> firmware.bin")
        t.message(r"^firmware\.bin on disk: 5 bytes longer\. \[d\]ifferences \[r\]eload Esc$", SOON).keys("C-c")
        other(t, "sh", "-c", "echo more >> firmware.bin")
        t.settle(0.6)
        assert "on disk" not in t.line(23), t.line(23)
        t.keys(":differences", "<Enter>").wait(r"^ 0x40a4  added  10  -  6d 6f 72 65 \.\.$").keys("r")
        t.message("^firmware.bin: read anew, 1 change kept$").keys("G").bar(f"0x{len(FIRMWARE) + 9:08x}").bar(r"COPY \+1")


def over_ours():
    """written where we changed it: M22 at :w; d shows three sides; r takes theirs, ours comes back by u; o overwrites"""
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        dd(t, 0x40, b"Z")
        t.message("on disk", SOON).keys("C-c", ":w", "<Enter>")
        t.message(r"^firmware\.bin changed on disk [0-9][0-9]:[0-9][0-9]\. \[d\]iff \[r\]ebase \[o\]verwrite \[e\]lsewhere Esc$")
        t.keys("d").wait(r"^on disk: 1, 1 meets ours").wait(r"^ 0x40  changed  1  3c  5a  aa$")
        t.keys("q", ":w", "<Enter>").message("changed on disk").keys("r").message("^firmware.bin: read anew, 1 of 3 changes not applied")
        t.wait(r"^ 0x40  changed  1  3c  5a  aa$").bar(r"COPY \+2").settle(0.6)
        t.wait(r"^ 1 firmware\.bin \+2 ").message("not applied").keys("<Enter>").bar("0x00000040").row(0x40, "^00000040. 5a")
        t.keys("u").row(0x40, r"^00000040\* aa").keys(":w", "<Enter>").message("^firmware.bin: wrote 4 bytes at 3 places")
        assert t.content("firmware.bin")[0x40] == 0xAA
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        dd(t, 0x40, b"Z")
        t.message("on disk", SOON).keys("C-c", ":w", "<Enter>").message("changed on disk").keys("e").message("^write to:")
        t.keys("mine.bin", "<Enter>").message("wrote")
        assert t.content("mine.bin")[0x40] == 0xAA and t.content("firmware.bin")[0x40:0x41] == b"Z"


def replaced():
    """another file takes the name: both are held, so everything that differs is listed; reload shows the new one"""
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        new = bytearray(FIRMWARE)
        new[0x100:0x104], new[0x40] = b"NEW!", 0x77
        with open(t.path("new.bin"), "wb") as f:
            f.write(new)
        other(t, "mv", "new.bin", "firmware.bin")
        t.message(r"^firmware\.bin on disk: replaced by another file\. \[d\]ifferences \[r\]eload Esc$", SOON)
        t.row(0x40, r"^00000040\* aa").keys("d").wait("^on disk: 2, 1 meets ours")
        t.wait(r"^ 0x40   changed  1  3c           77  aa$").wait(r"^ 0x100  changed  4  fc fd fe ff  4e 45 57 21$")
        t.keys("r").wait(r"^ 0x40  changed  1  3c  77  aa$").keys("q").row(0x100, "^00000100. 4e 45 57 21").row(0x40, "^00000040. 77")
        t.bar(r"COPY \+2").keys(":w", "<Enter>").message("wrote 3 bytes at 2 places")
        assert t.content("firmware.bin")[0x100:0x104] == b"NEW!" and t.content("firmware.bin")[0x2000] == 0xBB


def deleted():
    """deleted: what is here stays, :w makes it again"""
    with session("firmware.bin", FIRMWARE) as t:
        three_changes(t)
        other(t, "rm", "firmware.bin")
        t.message(r"^firmware\.bin on disk: deleted\. What is here stays; :w makes it again$", SOON).row(0, "^00000000[*] 75 74 4c")
        t.keys(":reload", "<Enter>").message("firmware.bin").bar(r"COPY \+3")
        t.keys(":w", "<Enter>").message(r"^firmware\.bin was deleted on disk\. \[o\] makes it again \[e\]lsewhere Esc$")
        t.keys("o").message("wrote")
        assert t.content("firmware.bin")[:2] == b"ut" and len(t.content("firmware.bin")) == len(FIRMWARE)


def followed():
    """in WRITE-THROUGH others may write as we do: said, not asked"""
    with session("firmware.bin", FIRMWARE, "-W") as t:
        t.bar("WRITE-THROUGH")
        dd(t, 0x22, b"theirs")
        t.row(0x20, "74 68 65 69 72 73", SOON).message(r"^firmware\.bin on disk: [^[]*$", SOON)
        t.keys("r", "00").bar("w1")
        assert t.content("firmware.bin")[0] == 0 and t.content("firmware.bin")[0x22:0x28] == b"theirs"


def not_shown():
    """a file in another tab: said at once in few words, ~ in the title; who comes to it is asked"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        with open(t.path("two.bin"), "wb") as f:
            f.write(FIRMWARE)
        t.keys(":", "e two.bin", "<Enter>").wait(r"^ 1 firmware\.bin   2 two\.bin ").keys("r", "00")
        t.settle(2.5)  # until somebody has looked at the other one
        other(t, "truncate", "-s", "96", "firmware.bin")
        t.message(r"^firmware\.bin on disk: 16\.1 KiB shorter, lost part \?\?\. 1gt shows it$", SOON)
        t.wait(r"^ 1 firmware\.bin ~   2 two\.bin \+1 ").keys("g", "t")
        t.message(r"^firmware\.bin on disk: 16\.1 KiB shorter, lost part \?\?\. \[d\]ifferences \[r\]eload Esc$")
        t.row(0x60, r"^00000060! \?\? \?\?").keys("r").message("read anew").keys("g", "t").row(0, "^00000000[*] 00")
        t.settle(0.5)
        with open(t.path("new.bin"), "wb") as f:
            f.write(b"another one")
        other(t, "mv", "new.bin", "firmware.bin")
        t.message(r"^firmware\.bin on disk: replaced by another file\. 1gt shows it$", SOON)
        other(t, "rm", "firmware.bin")
        t.message(r"^firmware\.bin on disk: deleted\. 1gt shows it$", SOON).keys("1", "g", "t")
        t.message(r"^firmware\.bin on disk: deleted\. What is here stays; :w makes it again$")
        t.keys(":", "tell", "<Enter>").message("^0x0").keys("g", "t", "g", "t").message("^0x0")


def process_ended():
    """a process whose memory is looked at ends: said at once, and nothing is called a deleted file"""
    sleeper = subprocess.Popen(["sh", "-c", "echo here; exec sleep 100"], stdout=subprocess.PIPE)
    sleeper.stdout.readline()
    while "sleep" not in os.readlink(f"/proc/{sleeper.pid}/exe"):
        pass
    with open(f"/proc/{sleeper.pid}/maps", "rb") as maps:
        start = maps.readline().split(b"-")[0].decode()
    with session(None, None, f"/proc/{sleeper.pid}/mem") as t:
        t.bar("BROWSE").keys(":", "0x" + start, "<Enter>").wait("7f 45 4c 46")
        t.settle(0.6)
        sleeper.kill()
        sleeper.wait()
        t.message(r"^mem: the process has ended\. Changes stay; its memory is \?\?$", SOON)


def device_gone():
    """the node of a device goes away: said at once"""
    with session(None, None) as t:
        t.settle()
        try:
            os.mknod(t.path("zero"), 0o20600, os.makedev(1, 5))
            os.close(os.open(t.path("zero"), os.O_RDONLY))
        except OSError as e:
            print(f"# no device can be made here: {e}")
            return
        t.keys(":", "e zero@0+4096", "<Enter>").wait("zero").row(0, "00 00 00 00").settle(0.6)
        os.unlink(t.path("zero"))
        t.message(r"^zero: the device is gone\. Changes stay; :w NAME saves what can be read$", SOON)


def tiny():
    """a window of 20 x 5, and 1 x 1: the answers are there"""
    with session("firmware.bin", FIRMWARE, columns=20, rows=5) as t:
        t.settle()
        dd(t, 0, b"Z")
        t.message(r"\[r\]eload Esc$", SOON).resize(1, 1)
        t.settle()
        t.resize(80, 24)
        t.message(r"\[r\]eload Esc$").keys("r").message("read anew")


run(written, through_a_mapping, nothing_is_swallowed, cut, grown, over_ours, replaced, deleted, followed, not_shown, process_ended, device_gone, tiny)
