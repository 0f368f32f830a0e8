"""What a write says while it lasts: its cost before, its progress, a cancel in time, and one that comes too late."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, run, session  # noqa: E402

SHIM = os.environ.get("FAULT_SO", "build/tests/document/fault.so")
# five blocks of 4 MiB are written, the sixth waits, and two or three more are ready
HELD = r"^writing firmware\.bin (3[89]|4\d|5\d)%"
LARGE = bytes(range(256)) * 4096 * 64  # 64 MiB, which are written in blocks of 4


def held(content, calls, number=1):
    """A session in which the N-th of these calls waits until open_gate(t)."""
    env = {"LD_PRELOAD": os.path.abspath(SHIM), "FAULT": f"hold:{number}", "FAULT_CALLS": calls, "FAULT_GATE": "gate"}
    return session("firmware.bin", content, env=env)


def open_gate(t):
    with open(t.path("gate"), "w"):
        pass


def cost_first():
    """a copy that costs something asks first; Esc writes nothing, e asks where else"""
    with session("firmware.bin", FIRMWARE) as t:
        with open(t.path("firmware.bin"), "r+b") as f:
            os.posix_fallocate(f.fileno(), 0, 300 << 20)
        t.bar("BROWSE")
        t.keys(":", "reload", "<Enter>", "i", "aa", "C-c", ":", "w", "<Enter>")
        t.message(r"^firmware\.bin \+1: copies 300\.0 MiB, \S+ m?s; \S+ .iB free\. \[y\]es \[e\]lsewhere Esc$")
        t.keys("<Esc>").message("^not written, changes kept$")
        assert t.content("firmware.bin")[:4] == FIRMWARE[:4]
        t.keys(":", "w", "<Enter>").message("copies").keys("e").message("^write to:")
        t.keys("other.bin", "<Enter>").message(r"^firmware\.bin \+1: copies 300\.0 MiB.*Esc$")
        t.keys("y").message("wrote 1 byte at 1 place", 30).wait("1 other.bin")
        with open(t.path("other.bin"), "rb") as f:
            assert f.read(5) == b"\xaa" + FIRMWARE[:4]


def progress_and_cancel():
    """progress with what a cancel would do; looking and editing go on; C-c leaves the old file whole"""
    with held(LARGE, "pwrite64>1000000", 6) as t:
        t.bar("BROWSE")
        t.keys("i", "aa", "C-c", ":", "w", "<Enter>")
        t.message(r"^writing firmware\.bin \d+%, \d+\.\d of 64\.0 MiB, \S+ .iB/s, \d+ s\. C-c: old file stays$")
        t.bar(r"write \d+%")
        t.keys("G").bar("0x04000000").keys("r", "bb").bar(r"COPY \+2")
        t.keys("C-c").message("^stopping the write")
        open_gate(t)
        t.message(r"^firmware\.bin: stopped at [1-9]\d?%, not written\. Old file whole, 2 changes kept$")
        assert t.content("firmware.bin") == LARGE
        assert [n for n in os.listdir(t.home) if n.startswith(".firmware")] == []
        t.bar(r"COPY \+2").keys(":", "w", "<Enter>").message("wrote 2 bytes at 2 places", 30)
        assert t.content("firmware.bin") == b"\xaa" + LARGE[:-1] + b"\xbb"


def edits_meanwhile():
    """what is changed while it is written is pending behind it"""
    with held(LARGE, "pwrite64>1000000", 6) as t:
        t.bar("BROWSE")
        t.keys("i", "aa", "C-c", ":", "w", "<Enter>").message(HELD).keys("G", "r", "cc").bar(r"COPY \+2")
        open_gate(t)
        t.message("wrote 1 byte at 1 place").bar(r"COPY \+1")
        assert t.content("firmware.bin") == b"\xaa" + LARGE
        t.keys("u").bar("COPY  0x").keys("u").bar(r"COPY \+1").keys(":", "w", "<Enter>").message("wrote", 30)
        assert t.content("firmware.bin") == LARGE


def too_late():
    """past the rename there is no cancel, and it says so"""
    with held(FIRMWARE, "renameat,renameat2") as t:
        t.bar("BROWSE")
        t.keys("i", "aa", "C-c", ":", "w", "<Enter>")
        t.message(r"^firmware\.bin: all is written and goes to the disk; too late to stop$")
        t.keys("C-c").message(r"^firmware\.bin: too late to stop, all is written and goes to the disk$")
        t.keys("q").message("a write is running")
        open_gate(t)
        t.message("wrote 1 byte at 1 place")
        assert t.content("firmware.bin") == b"\xaa" + FIRMWARE


def back_again():
    """in place, a cancel puts back what was written, shows that, and the file is the old one"""
    with held(LARGE, "pwrite64>1000000", 21) as t:
        t.bar("BROWSE")
        t.keys(":", "fill 0:16M {11}", "<Enter>", ":", "w", "<Enter>").message(r"^writing firmware\.bin [5-9]\d%", 30)
        t.keys("C-c").message("^stopping the write")
        open_gate(t)
        t.message(r"^firmware\.bin: stopped at \d+%, not written\. Old file whole, 1 change kept$")
        assert t.content("firmware.bin") == LARGE


def backup():
    """:set backup keeps the old file beside the new one"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys(":", "set backup", "<Enter>", "r", "00", ":", "w", "<Enter>").message("wrote 1 byte")
        assert t.content("firmware.bin~") == FIRMWARE
        t.keys("i", "aa", "C-c", ":", "w", "<Enter>").message("wrote 1 byte")
        assert t.content("firmware.bin~") == b"\0" + FIRMWARE[1:]
        assert t.content("firmware.bin") == b"\xaa\0" + FIRMWARE[1:]


def hard_links():
    """a file with other names: said, asked, rewritten behind a backup, and the names stay together"""
    with session("firmware.bin", FIRMWARE) as t:
        os.link(t.path("firmware.bin"), t.path("other name"))
        t.bar("BROWSE")
        t.keys("i", "aa", "C-c", ":", "w", "<Enter>")
        t.message(r"^firmware\.bin: it has other names \(hard links\)\. Rewrite\? \[y\]es \[e\]lsewhere Esc$")
        t.keys("<Esc>").message("^not written, changes kept$")
        assert t.content("firmware.bin") == FIRMWARE
        t.keys(":", "w", "<Enter>").message("Rewrite").keys("y").message("wrote")
        assert t.content("other name") == b"\xaa" + FIRMWARE


def leaving_at_once():
    """:q! while it is written: the old file or the new one, and nothing beside it"""
    with held(LARGE, "pwrite64>1000000", 6) as t:
        t.bar("BROWSE")
        t.keys("i", "aa", "C-c", ":", "w", "<Enter>").message(HELD)
        t.send(":", "q!", "<Enter>")
        open_gate(t)
        assert t.wait_exit() == "exit 0"
        assert t.content("firmware.bin") in (LARGE, b"\xaa" + LARGE)
        assert [n for n in os.listdir(t.home) if n.startswith(".firmware")] == []


def stuck_disk():
    """a disk that never answers does not keep :q! from leaving; the edits wait in the journal"""
    with held(LARGE, "pwrite64>1000000", 6) as t:
        t.bar("BROWSE")
        t.keys("i", "aa", "C-c", ":", "w", "<Enter>").message(HELD)
        t.send(":", "q!", "<Enter>")
        assert t.wait_exit() == "exit 0"
        assert t.content("firmware.bin") == LARGE
        kept = [n for _, _, names in os.walk(t.path("state")) for n in names]
        assert "head" in kept and "log" in kept, kept


run(cost_first, progress_and_cancel, edits_meanwhile, too_late, back_again, backup, hard_links, leaving_at_once, stuck_disk)
