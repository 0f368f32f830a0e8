"""What a crash leaves comes back: kill -9 and a hung-up line, asked, looked at, deleted; history over sessions."""
import glob
import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import FIRMWARE, SEXTANT, Session, run, session  # noqa: E402

WAITS = r"^firmware\.bin: 3 unsaved changes of \d\d:\d\d\. \[r\]ecover \[l\]ook \[i\]gnore \[x\]delete$"


SHIM = os.environ.get("FAULT_SO", "build/tests/document/fault.so")


def again(t, *argv, **more):
    """The next start, in the same home."""
    return Session(list(argv) or ["firmware.bin"], home=t.home, **more)


def crash(t, sig=signal.SIGKILL):
    """Three changes, the last an insertion; then the end."""
    t.bar("BROWSE")
    t.keys("R", "7574", "C-c", "j", "j", "r", "99", "5", "G", "i", "aabbcc", "C-c").bar(r"COPY \+3")
    t.kill(sig)
    t.wait_exit()


CRASHED = bytearray(FIRMWARE)
CRASHED[0:2] = b"\x75\x74"
CRASHED[0x22] = 0x99


def shell(t, *argv):
    env = {**os.environ, "HOME": t.home, "XDG_STATE_HOME": t.home + "/state", "XDG_CONFIG_HOME": t.home + "/config"}
    return subprocess.run([os.path.abspath(SEXTANT), *argv], cwd=t.home, env=env, capture_output=True, text=True,
                          timeout=60, stdin=subprocess.DEVNULL)


def journals(t):
    return [x for x in glob.glob(t.home + "/state/sextant/*.*") if os.path.isdir(x)]


def killed():
    """J6: kill -9 in the middle of typing; the next start asks; recover brings bytes, cursor and undo"""
    with session("firmware.bin", FIRMWARE) as t:
        crash(t)
        assert t.content("firmware.bin") == FIRMWARE
        with again(t) as u:
            u.message(WAITS)
            u.keys("r").message(r"^firmware\.bin: 3 changes of \d\d:\d\d are back, in memory\. u undoes, :w writes$")
            u.bar(r"COPY \+3  0x0000000")
            assert u.content("firmware.bin") == FIRMWARE
            assert u.line(2).startswith("00000000* 75 74")
            u.keys("u").message(r"^undone: 3 bytes").bar(r"COPY \+2")
            u.keys("U").bar(r"COPY \+3")
            u.keys("u", "u", "u").bar("COPY  0x")
            u.keys("U", "U", ":", "w", "<Enter>").message("wrote 3 bytes at 2 places")
            assert u.content("firmware.bin") == bytes(CRASHED)
            u.keys("q")
            assert u.wait_exit() == "exit 0"
        with again(t) as v:
            v.bar("BROWSE")
            v.settle(0.3)
            assert "unsaved" not in v.text()


def killed_twice():
    """what was recovered and not written is there after the next crash, too"""
    with session("firmware.bin", FIRMWARE) as t:
        crash(t)
        with again(t) as u:
            u.message(WAITS).keys("r").bar(r"COPY \+3")
            u.keys("g", "g", "8", "j", "r", "55").bar(r"COPY \+4")
            u.kill()
            u.wait_exit()
        with again(t) as v:
            v.message(r"4 unsaved changes").keys("r").bar(r"COPY \+4")
            v.keys("u", "u", "u", "u").bar("COPY  0x")


def hung_up():
    """a line that drops is asked about like a crash; the message survives a narrow window"""
    for sig in (signal.SIGHUP, signal.SIGTERM):
        with session("firmware.bin", FIRMWARE) as t:
            crash(t, sig)
            with again(t) as u:
                u.message(WAITS).keys("r").bar(r"COPY \+3")


def looked_at():
    """look shows it READ and changes nothing; :recover takes it up"""
    with session("firmware.bin", FIRMWARE) as t:
        crash(t)
        with again(t) as u:
            u.message(WAITS).keys("l").message("what would come back, READ").bar(r"READ \+3")
            u.keys("g", "g").row(0, "^00000000[*] 75 74")
            u.keys("R").message("READ|looked at")
            u.keys(":access copy", "<Enter>").message("only to be looked at; :recover takes it up")
            u.keys("q")
            assert u.wait_exit() == "exit 0"
        with again(t) as v:
            v.message(WAITS).keys("l").bar(r"READ \+3")
            v.keys(":recover", "<Enter>").bar(r"COPY \+3")
            v.keys("u").bar(r"COPY \+2")


def ignored_and_deleted():
    """ignore asks again next time; x asks a second time, and only then is it gone"""
    with session("firmware.bin", FIRMWARE) as t:
        crash(t)
        with again(t) as u:
            u.message(WAITS).keys("i").message("left for later").bar("COPY  0x")
            u.keys("q")
            assert u.wait_exit() == "exit 0"
        with again(t) as u:
            u.message(WAITS).keys("x").message(r"^firmware\.bin: delete 3 unsaved changes of .* for good\? \[y\]es Esc$")
            u.keys("C-c").message("they are kept")
            u.keys("q")
            u.wait_exit()
        with again(t) as u:
            u.message(WAITS).keys("x", "y").message("deleted")
            u.keys("q")
            u.wait_exit()
        assert not journals(t)
        with again(t) as u:
            u.bar("BROWSE").settle(0.3)
            assert "unsaved" not in u.text()


def newer_file():
    """a file that somebody has changed since is not changed blindly: look, export"""
    with session("firmware.bin", FIRMWARE) as t:
        crash(t)
        with open(t.path("firmware.bin"), "r+b") as f:
            f.seek(100)
            f.write(b"others")
        with again(t) as u:
            u.message(r"^firmware\.bin: 3 unsaved changes of \d\d:\d\d, file newer\. \[l\]ook \[e\]xport \[i\]gnore$")
            u.keys("r").message("file newer")
            u.keys("e").wait("export patch firmware.bin.patch").keys("<Enter>").settle(0.2)
            assert b"75 74" in u.content("firmware.bin.patch")
            u.keys(":recover", "<Enter>").message("file newer").keys("C-c")
        assert t.content("firmware.bin")[100:106] == b"others"


def discarded():
    """M3: what was discarded is not asked about, and is there for --recover"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("R", "7574", "C-c", "q").message("unwritten").keys("d")
        assert t.wait_exit() == "exit 0"
        assert "firmware.bin: 1 change discarded; sextant --recover has it for 30 days" in t.text(), t.text()
        listed = shell(t, "--list-recoverable")
        assert re.match(r".*/firmware\.bin\t20\d\d-\d\d-\d\dT[0-9:]+Z\t1\tdiscarded\n$", listed.stdout), listed
        with again(t) as u:
            u.bar("BROWSE").settle(0.3)
            assert "unsaved" not in u.text()
        with again(t, "--recover", "firmware.bin") as u:
            u.message("is back, in memory").bar(r"COPY \+1").row(0, "75 74")
        # and without a name the newest
        with again(t, "--recover") as u:
            u.bar(r"COPY \+1").row(0, "75 74")


def listed():
    """--list-recoverable says file, time and number, and nothing when nothing waits; batch names what waits"""
    with session("firmware.bin", FIRMWARE) as t:
        empty = shell(t, "--list-recoverable")
        assert (empty.returncode, empty.stdout) == (1, "")
        crash(t)
        one = shell(t, "--list-recoverable")
        assert one.returncode == 0 and one.stdout.startswith(t.path("firmware.bin") + "\t"), one
        assert one.stdout.endswith("\t3\tunsaved\n"), one
        batch = shell(t, "-e", "size", "firmware.bin")
        assert batch.returncode == 0 and batch.stdout == f"{len(FIRMWARE)}\n", batch
        assert "3 unsaved changes of" in batch.stderr and "--recover" in batch.stderr, batch
        taken = shell(t, "--recover", "-e", "slice 0:2 as hex", "-e", "quit!", "firmware.bin")
        assert taken.stdout == "3\n7574\n", taken


def torn():
    """a journal cut in the middle of its last record comes back up to the record before; a damaged head is named"""
    with session("firmware.bin", FIRMWARE) as t:
        crash(t)
        log = journals(t)[0] + "/log"
        os.truncate(log, os.path.getsize(log) - 3)
        with again(t) as u:
            u.message(r"[23] unsaved changes").keys("r").bar(r"COPY \+[23]")
            u.kill()
            u.wait_exit()
        with open(journals(t)[0] + "/head", "r+b") as f:
            f.seek(30)
            f.write(b"\xff\xff\xff")
        with again(t) as u:
            u.message(r"^firmware\.bin: a journal cannot be used: the head of the journal is damaged$").bar("COPY  0x")


def second_instance():
    """M18: who comes second is told who has it, and stays READ until the access menu says otherwise"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("R", "7574", "C-c").bar(r"COPY \+1")
        with again(t) as u:
            u.bar("BROWSE")
            u.keys("r", "11")
            u.message(rf"^firmware\.bin: edited by Sextant {t.pid} on pts/\d+, 1 change\. READ here; ga changes$").bar("READ")
            u.keys("g", "a", "c").bar("COPY")
            u.keys("r", "11").bar(r"COPY \+1")
            u.kill()
            u.wait_exit()
        t.keys(":", "w", "<Enter>").message("wrote 2 bytes")


def history_stays():
    """J3: my patch is undone in the next session, asked first, in memory only; its redo too"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("j", "R", "7574", "C-c", ":", "w", "<Enter>").message("wrote 2 bytes").keys("q")
        assert t.wait_exit() == "exit 0"
        written = t.content("firmware.bin")
        with again(t) as u:
            u.bar("BROWSE").keys("j", "j", "j", "u")
            u.bar("0x00000030").message(r"^Next undo: 2 bytes at 0x10, written \d\d:\d\d\. Take back in memory\? \[y\]es Esc$")
            u.keys("C-c").bar("COPY  0x")
            u.keys("u").message("^Next undo").keys("y").message("^undone: 2 bytes at 0x10").bar(r"COPY \+1").row(0x10, r"^00000010\* 0c 0d")
            assert u.content("firmware.bin") == written
            u.keys("q").message(r"^firmware\.bin: 1 change, 2 bytes unwritten\. \[w\]rite")
            u.keys("C-c", ":", "w", "<Enter>").message("wrote")
            assert u.content("firmware.bin") == FIRMWARE
            u.keys("q")
            u.wait_exit()
        with again(t) as v:
            v.bar("BROWSE").keys("g", "u").wait("as it was opened")
            assert re.search(r"overwrite +0x10 +2 to 2  saved", v.text()), v.text()
            v.keys("q", "U").message(r"^Next redo: 2 bytes at 0x10, made \d\d:\d\d\. Do again in memory\? \[y\]es Esc$")
            v.keys("y").bar(r"COPY \+1").row(0x10, r"^00000010\* 75 74")


def only_its_letters():
    """the question at the start takes its own letters: R and X, which mean other things, answer nothing"""
    with session("firmware.bin", FIRMWARE) as t:
        crash(t)
        with again(t) as u:
            u.message(WAITS).keys("R", "X", "I", "z").settle(0.2)
            u.message(WAITS).bar("^ BROWSE  COPY  0x")
            u.keys("i").message("left for later")


def looked_around():
    """what other files have left is looked through behind the screen: a disk that hangs there holds up no key"""
    held = {"LD_PRELOAD": os.path.abspath(SHIM), "FAULT": "hold:1", "FAULT_CALLS": "unlinkat", "FAULT_GATE": "gate"}
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys("R", "7574", "C-c", ":w", "<Enter>").message("wrote 2 bytes")
        t.keys("q").wait_exit()
        old, = journals(t)
        for name in os.listdir(old):
            os.utime(os.path.join(old, name), (1e9, 1e9))
        with open(t.path("other.bin"), "wb") as f:
            f.write(FIRMWARE)
        with again(t, "other.bin", env=held) as u:
            u.bar("BROWSE").settle(1)
            u.keys("j").bar("0x00000010").keys("<PgDn>").bar("0x00000150")
            assert os.path.isdir(old)
            with open(t.path("gate"), "w"):
                pass
            u.wait(lambda _: not os.path.isdir(old)).keys("k").bar("0x00000140").keys("q")
            assert u.wait_exit() == "exit 0"


def history_beside_discarded():
    """what was written stays undoable after a session whose other changes were discarded"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys("R", "7574", "C-c", ":w", "<Enter>").message("wrote 2 bytes")
        t.keys("j", "r", "99").bar(r"COPY \+1").keys("q").message("unwritten").keys("d")
        assert t.wait_exit() == "exit 0"
        with again(t) as u:
            u.bar("BROWSE").keys("u").message("^Next undo: 2 bytes at 0x0, written").keys("y")
            u.message("^undone: 2 bytes at 0x0").bar(r"COPY \+1").row(0, "^00000000[*] " + FIRMWARE[:2].hex(" "))
            u.keys("U").bar("COPY  0x").keys("U").message("^Next redo|^redone")
            u.keys("y").bar(r"COPY \+1").row(0x10, "99")
            u.keys("u", ":q", "<Enter>")
            assert u.wait_exit() == "exit 0"
        assert "discarded" in shell(t, "--list-recoverable").stdout


def marks_stay():
    """J9: a mark with a note is there tomorrow, without any change; and after a crash, moved with its byte"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE").keys(":mark header 0x20 +16 red the head", "<Enter>").settle(0.2)
        t.keys("q")
        assert t.wait_exit() == "exit 0"
        with again(t) as u:
            u.bar("BROWSE").row(0x20, "^00000020'").keys("g", "m").wait("header").keys("q")
            u.keys(":mark late 0x40 +1", "<Enter>", "i", "aabb", "C-c").bar(r"COPY \+1").row(0x20, "^00000020'")
            u.kill()
            u.wait_exit()
        with again(t) as v:
            v.message("1 unsaved change").keys("r").bar(r"COPY \+1")
            v.keys("g", "m").wait("late")
            assert re.search(r"header +0x22 ", v.text()) and re.search(r"late +0x42 ", v.text()), v.text()


def pipe():
    """what came by a pipe, and was changed, is back after kill -9: all of it"""
    with session("firmware.bin", FIRMWARE) as t:
        end, begin = os.pipe()
        os.write(begin, FIRMWARE)
        os.close(begin)
        with Session([], home=t.home, stdin=end) as u:
            u.bar("BROWSE").keys("R", "7574", "C-c").bar(r"COPY \+1  0x").settle(0.2)
            u.kill()
            u.wait_exit()
        os.close(end)
        with again(t, "--recover") as v:
            v.bar(r"COPY \+1").row(0, "75 74").row(0x100, FIRMWARE[0x100:0x104].hex(" "))
            v.keys("u").row(0, FIRMWARE[:4].hex(" "))


def history_of_a_changed_file():
    """when the file is not as we left it, no history is offered"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        t.keys("R", "7574", "C-c", ":", "w", "<Enter>").message("wrote 2 bytes").keys("q")
        t.wait_exit()
        with open(t.path("firmware.bin"), "r+b") as f:
            f.seek(100)
            f.write(b"others")
        with again(t) as u:
            u.bar("BROWSE").keys("u").message("^nothing to undo$")


def written_through():
    """after kill -9 in WRITE-THROUGH undo puts the old bytes back into the file"""
    with session("firmware.bin", FIRMWARE, "-W") as t:
        t.bar("WRITE-THROUGH")
        t.keys("R", "7574", "C-c")
        assert t.content("firmware.bin")[:2] == b"\x75\x74"
        t.kill()
        t.wait_exit()
        with again(t, "-W", "firmware.bin") as u:
            u.bar("WRITE-THROUGH").keys("u").message(r"^Next undo: 2 bytes at 0x0, .* Put back in the file\? \[y\]es Esc$")
            u.keys("y").message("^undone: 2 bytes at 0x0")
            assert u.content("firmware.bin") == FIRMWARE


def cut_off():
    """M5: a write that was cut off is named at any start; finished, or taken back; Esc looks, READ"""
    big = bytes(range(250)) * 8000
    shim = {"LD_PRELOAD": os.path.abspath(SHIM), "FAULT": "torn:2", "FAULT_CALLS": "pwrite64>1000000"}
    asks = r"^big\.bin: a write stopped half-way at \d\d:\d\d\. \[f\]inish \[b\]ack Esc: look, READ$"
    for answer, left in (("f", b"\xaa" * 1200000 + big[1200000:]), ("b", big)):
        with session("big.bin", big, env=shim) as t:
            t.bar("BROWSE")
            t.keys(":fill 0:1200000 {aa}", "<Enter>").bar(r"COPY \+1")
            t.keys(":w", "<Enter>").wait_exit()
            torn = t.content("big.bin")
            assert torn[:1000] == b"\xaa" * 1000 and torn[1000000:] == big[1000000:]
            with open(t.path("other.bin"), "wb") as f:
                f.write(b"other")
            with again(t, "other.bin") as u:
                u.message(r"^big\.bin: a write stopped half-way at \d\d:\d\d; open it to finish or go back$")
            listed = shell(t, "--list-recoverable")
            assert listed.stdout.endswith("\ttorn\n"), listed
            with again(t, "big.bin") as u:
                u.message(asks).keys("C-c").message("what would come back, READ").bar(r"READ \+1")
                u.keys(":changes max 4", "<Enter>").settle(0.1)
                assert t.content("big.bin") == torn
            with again(t, "big.bin") as u:
                u.message(asks).keys(answer).message("is finished" if answer == "f" else "old bytes are back")
                assert u.content("big.bin") == left
                u.keys("u").message("^undone|^Next undo")


def full_disk():
    """M29: a state directory that cannot be written is said at once, and editing goes on; :journal DIR protects again"""
    with session("firmware.bin", FIRMWARE) as t:
        with open(t.path("nodir"), "w"):
            pass
        with Session(["firmware.bin"], home=t.home, env={"XDG_STATE_HOME": t.path("nodir")}) as u:
            u.bar("BROWSE").keys("R", "7574", "C-c")
            u.message("^UNPROTECTED: a crash would lose changes").bar("UNPROTECTED")
            u.keys("j", "r", "33").bar(r"COPY \+2  UNPROTECTED")
            u.keys(":journal " + t.path("elsewhere"), "<Enter>").settle(0.2)
            u.bar(r"COPY \+2  0x")
            u.kill()
            u.wait_exit()
        left = [x for x in glob.glob(t.path("elsewhere") + "/*.*") if os.path.isdir(x)]
        assert len(left) == 1 and os.stat(left[0]).st_mode & 0o777 == 0o700, left
        os.makedirs(t.path("state"), exist_ok=True)
        os.rename(t.path("elsewhere"), t.path("state/sextant"))
        with again(t) as v:
            v.message("2 unsaved changes").keys("r").bar(r"COPY \+2").row(0, "75 74")
            v.keys("u").bar(r"COPY \+1").keys("u").bar("COPY  0x")


def switched_off():
    """nojournal keeps nothing"""
    with session("firmware.bin", FIRMWARE) as t:
        t.bar("BROWSE")
        os.makedirs(t.path("config/sextant"))
        with open(t.path("config/sextant/config"), "w") as f:
            f.write("journal = off\n")
        with again(t) as u:
            u.bar("BROWSE").keys("R", "7574", "C-c").bar(r"COPY \+1  0x")
            u.kill()
            u.wait_exit()
        assert not journals(t)


# What needs a shim before the program's own libraries is a test of its own: a sanitizer's runtime wants to be the first.
if "shim" in sys.argv:
    run(cut_off, looked_around)
else:
    run(killed, killed_twice, hung_up, looked_at, ignored_and_deleted, newer_file, discarded, listed, torn, second_instance,
        history_stays, only_its_letters, history_beside_discarded, marks_stay, pipe, history_of_a_changed_file, written_through, full_disk, switched_off)
