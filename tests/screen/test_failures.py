"""What other editors were seen to do wrong, by the same steps on this one; doc/failures.md has it as a table.

Each case is a row there: its docstring is what the row says of Sextant. The last one holds the page and the cases together.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from screen import SEXTANT, Terminal  # noqa: E402
from session import FIRMWARE, Session, run, session  # noqa: E402

SHIM, SAVE_ONCE = (os.path.abspath(os.environ.get(name, "build/tests/document/" + path))
                   for name, path in (("FAULT_SO", "fault.so"), ("SAVE_ONCE", "save_once")))
PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "doc", "failures.md")
LARGE = bytes(range(256)) * 4096 * 64
MINE = os.geteuid() == 0


def insert_at_front(t):
    return t.keys("i", "aa", "C-c", ":", "w", "<Enter>")


def brought_back(t):
    """What recovery makes of the file, and of the edits in the journal."""
    out = t.path("out")
    journals = [folder for folder, _, files in os.walk(t.path("state")) if "head" in files]
    assert journals, "no journal is left"
    state = os.path.dirname(journals[0])
    done = subprocess.run([SAVE_ONCE, "restore", t.path("firmware.bin"), state, out], stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stdout
    return t.content("firmware.bin"), t.content("out")


def cut_by_others():
    """says so at once; what is gone is ??, never zeros; looking and editing go on"""
    with session("firmware.bin", LARGE[:1 << 20]) as t:
        t.bar("BROWSE")
        t.keys("G").bar("0x000fffff")
        os.truncate(t.path("firmware.bin"), 1 << 19)
        t.message(r"^firmware.*: 512\.0 KiB shorter", 5)
        t.keys("<PgUp>", "<PgDn>", "<Esc>").wait(r"!( \?\?){8}").settle(0.7)  # Esc waits so long for a letter
        t.keys("g", "g").row(0, "00 01 02 03").keys("r", "99").row(0, r"^00000000\* 99")


def killed():
    """the file is untouched; the next start offers the edits, and brings all of them back"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("R", "7574", "C-c", "i", "aa", "C-c").bar(r"COPY \+")
        t.kill(signal.SIGKILL)
        assert t.wait_exit() == "signal SIGKILL"
        edited = b"\x75\x74\xaa" + FIRMWARE[2:]
        assert t.content("firmware.bin") == FIRMWARE
        assert brought_back(t) == (FIRMWARE, edited)


def full_disk():
    """refused before a byte is written, with what is needed and free; the file is whole, and an overwrite finds its place"""
    with session("firmware.bin", FIRMWARE, env=None if MINE else
                 {"LD_PRELOAD": SHIM, "FAULT": "ENOSPC:1", "FAULT_CALLS": "pwrite64>1000000"}) as t:
        t.bar("BROWSE")
        disk = t.path("disk")
        os.mkdir(disk)
        if MINE:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=True)
        try:
            content = LARGE[:3 << 20]
            with open(disk + "/f.bin", "wb") as f:
                f.write(content)
            t.keys(":", "e disk/f.bin", "<Enter>").wait("2 f.bin")
            insert_at_front(t).message(r"^f\.bin: (a copy needs 3\.0 MiB, .* free|not written, the disk is full)")
            t.keys("<Esc>").message("not written, changes kept").bar(r"COPY \+1")
            assert t.content("disk/f.bin") == content and os.listdir(disk) == ["f.bin"]
            t.keys("u", "r", "99", ":", "w", "<Enter>").message("wrote 1 byte at 1 place")
            assert t.content("disk/f.bin") == b"\x99" + content[1:]
            t.keys("u", "ZQ").wait_exit()
        finally:
            if MINE:
                subprocess.run(["umount", "-l", disk])


def written_by_others():
    """asks, and shows both; nothing of the others is overwritten unasked, by a screen or by a script"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "00")
        theirs = b"\x55" + FIRMWARE[1:]
        with open(t.path("firmware.bin"), "r+b") as f:
            f.write(theirs[:1])
        t.keys(":", "w", "<Enter>").message(r"\[d\]iff \[r\]ebase \[o\]verwrite \[e\]lsewhere Esc")
        t.keys("<Esc>").message("not written")
        assert t.content("firmware.bin") == theirs


def odd_arguments():
    """each is opened or refused with a sentence, within a moment; none hangs, none spins"""
    with tempfile.TemporaryDirectory(prefix="sextant-odd.") as top:
        os.mkfifo(top + "/fifo")
        os.mkdir(top + "/dir")
        open(top + "/empty", "w").close()
        said = {"dir": "directory", "fifo": "FIFO|pipe", "empty": "BROWSE", "/dev/zero": "has no end",
                "missing": "does not exist", "/proc/self/mem": "BROWSE"}
        for name, words in said.items():
            path = name if name[0] == "/" else os.path.join(top, name)
            with Session([path]) as t:
                t.wait(words, 5)
                t.settle(0.3)
                if t.alive():
                    before = time_used(t.pid)
                    time.sleep(0.3)
                    assert time_used(t.pid) - before <= 3, name
                    t.keys("<Esc>").settle(0.7)
                    t.send(":", "q!", "<Enter>")
                    assert t.wait_exit() in ("exit 0", "exit 3"), (name, t.how())


def device():
    """shown with its size, READ, and told as a device; an overwrite asks for more than a key"""
    with tempfile.TemporaryDirectory(prefix="sextant-loop.") as top:
        with open(top + "/backing", "wb") as f:
            f.write(FIRMWARE[:16384])
        made = subprocess.run(["losetup", "--find", "--show", top + "/backing"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) if MINE and shutil.which("losetup") else None
        if not made or made.returncode != 0:
            print("# no loop device can be had here")
            return
        try:
            with Session([made.stdout.strip()]) as t:
                t.bar("BROWSE  READ").row(0, "7f 45 4c 46").wait("16384 bytes")
                t.keys("R").message("READ, nothing changed. :access copy edits in memory")
                t.keys(":access copy", "<Enter>").bar("BROWSE  COPY").keys("r", "00").row(0, r"^00000000\* 00")
        finally:
            subprocess.run(["losetup", "-d", made.stdout.strip()], check=True)
        with open(top + "/backing", "rb") as f:
            assert f.read() == FIRMWARE[:16384]


def not_ours():
    """edits stay in memory; at writing it says whose file it is, keeps the changes, and another name takes them"""
    with tempfile.TemporaryDirectory(prefix="sextant-not-ours.") as top:
        os.chmod(top, 0o1777)
        path, home = top + "/firmware.bin", top + "/home"
        with open(path, "wb") as f:
            f.write(FIRMWARE)
        os.chmod(path, 0o444)
        os.mkdir(home)
        os.chmod(home, 0o777)
        become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if MINE else []
        with Terminal(become + [os.path.abspath(SEXTANT), path], env={"HOME": home, "XDG_STATE_HOME": home + "/state"}) as t:
            t.wait("BROWSE  COPY").send("r", "00")
            t.wait(r"COPY \+1").send(":w", "<Enter>")
            t.wait(r"firmware\.bin: not written, (it belongs to root|permission denied)\. Changes kept; :w NAME")
            with open(path, "rb") as f:
                assert f.read() == FIRMWARE
            t.send(":w " + home + "/mine.bin", "<Enter>")
            t.wait("mine.bin: wrote")
        with open(home + "/mine.bin", "rb") as f:
            assert f.read() == b"\x00" + FIRMWARE[1:]


def time_used(pid):
    """Ticks of the processor."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def sizes():
    """every size draws something, and the last one is as if nothing had been"""
    with session("firmware.bin", FIRMWARE, columns=120, rows=40) as t:
        t.bar("BROWSE")
        for columns, rows in ((1, 1), (120, 40), (3, 2), (20, 5), (200, 80), (1, 40), (120, 1), (120, 40)):
            t.resize(columns, rows)
            t.keys("<PgDn>")
            t.settle(0.1)
            assert t.alive() and len(t.out) < 1 << 20
        t.keys("g", "g").row(0, "7f 45 4c 46").bar("BROWSE  COPY  0x00000000")


def names():
    """control characters of names are shown as such, on the screen and in messages, and never sent"""
    name = "\x1b]0;pwn\x07"
    with session(name, FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "00", ":", "w", "<Enter>").message("wrote")
        assert r"\x1b]0;pwn\x07" in t.text() and b"\x1b]0;pwn" not in t.out
    done = subprocess.run([os.path.abspath(SEXTANT), "-e", "size", "/nowhere/" + name], stderr=subprocess.PIPE)
    assert done.returncode == 3 and b"\x1b" not in done.stderr, done


def links_and_owners():
    """the link stays a link; inode, other names, owner, mode and attributes stay, also when the length changes"""
    with session("firmware.bin", FIRMWARE) as t:
        path, before = links_made(t)
        t.keys(":", "e sym.bin", "<Enter>").wait("2 sym.bin")
        t.keys("R", "0000", "C-c", ":", "w", "<Enter>").message("wrote 2 bytes")
        assert facts(path) == before and os.path.islink(t.path("sym.bin"))
        os.unlink(t.path("hard.bin"))
        t.keys("g", "g")
        insert_at_front(t).message("wrote 1 byte")
        assert facts(path)[2:] == before[2:] and os.path.islink(t.path("sym.bin"))
        assert t.content("target.bin") == b"\xaa\x00\x00" + FIRMWARE[2:]


def links_made(t):
    t.bar("BROWSE")
    path = t.path("target.bin")
    shutil.copy(t.path("firmware.bin"), path)
    os.symlink("target.bin", t.path("sym.bin"))
    os.link(path, t.path("hard.bin"))
    if MINE:
        os.chown(path, 1234, 1235)
    os.chmod(path, 0o640)
    try:
        os.setxattr(path, "user.kept", b"yes")
    except OSError:
        pass  # the file system has none to keep
    return path, facts(path)


def facts(path):
    st = os.stat(path)
    return st.st_ino, st.st_nlink, st.st_uid, st.st_gid, st.st_mode, {x: os.getxattr(path, x) for x in os.listxattr(path)}


def killed_in_a_save():
    """the name leads to the old file, whole, until it leads to the new one; the edits are in the journal"""
    env = {"LD_PRELOAD": SHIM, "FAULT": "hold:6", "FAULT_CALLS": "pwrite64>1000000", "FAULT_GATE": "gate"}
    with session("firmware.bin", LARGE, env=env) as t:
        t.bar("BROWSE")
        insert_at_front(t).message(r"^writing firmware\.bin (3[89]|4\d|5\d)%")
        t.kill(signal.SIGKILL)
        t.wait_exit()
        assert t.content("firmware.bin") == LARGE
        assert brought_back(t) == (LARGE, b"\xaa" + LARGE)
        assert not [n for n in os.listdir(t.home) if n.startswith(".firmware")]


def costly_pattern():
    """the screen stays alive, C-c stops it, and giving up is not called "not found\""""
    with session("firmware.bin", b"a" * (1 << 20) + b"b") as t:
        t.bar("BROWSE")
        for pattern in ("(a+)+$", "a*a*a*a*c"):
            t.keys("/", "<Tab>", "<Tab>", pattern, "<Enter>").message("gave up at|finding|not in")
            t.keys("j").bar("0x00000010")
            t.keys("C-c", "g", "g").bar("0x00000000")


def terminal_gone():
    """ends at once, the file is as it was, and the edits are in the journal"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("r", "00").bar(r"COPY \+1")
        t.kill(signal.SIGHUP)
        t.wait_exit()
        assert not t.alive() and t.content("firmware.bin") == FIRMWARE
        assert brought_back(t) == (FIRMWARE, b"\x00" + FIRMWARE[1:])


def stopped_and_on():
    """C-z says what waits; fg draws the screen again, with the edits"""
    with session("firmware.bin", FIRMWARE) as t:
        shell = ["/bin/bash", "--norc", "--noprofile", "-i"]
        with Terminal(shell, env={"PS1": "shell> ", "HOME": t.home}, cwd=t.home) as u:
            u.wait("shell>")
            u.send(os.path.abspath(SEXTANT) + " other.bin", "<Enter>")
            u.wait("does not exist").send("n")
            u.wait("BROWSE").send("i", "aabb", "C-c")
            u.wait(r"BROWSE  COPY \+1").send("C-z")
            u.wait("waiting with 1 unsaved change in other.bin").wait("Stopped").send("fg", "<Enter>")
            u.wait(r"BROWSE  COPY \+1").wait(r"^00000000\* aa bb")


def the_page():
    """doc/failures.md has a row for each of these, and says the same"""
    with open(PAGE) as f:
        rows = re.findall(r"^\|[^|]*\|[^|]*\|([^|]*)\|$", f.read(), re.M)[2:]
    assert [r.strip() for r in rows] == [c.__doc__.strip() for c in CASES], rows


CASES = (cut_by_others, killed, full_disk, written_by_others, odd_arguments, device, not_ours, sizes, names, links_and_owners,
         killed_in_a_save, costly_pattern, terminal_gone, stopped_and_on)
run(*CASES, the_page)
