"""What a system refuses while a file is written: quotas, limits of one file, disks that fail or only read. Each is said
with its reason, within the line; the old file is whole, the changes are kept, and a write that may be done goes well later."""
import os
import resource
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from session import run, session  # noqa: E402

SHIM = os.path.abspath(os.environ.get("FAULT_SO", "build/tests/document/fault.so"))
CONTENT = bytes(range(256)) * 4096 * 3
LARGE = bytes(range(256)) * 4096 * 64  # which is written in larger parts than anything a journal writes
ROOT = os.geteuid() == 0
NAME = "firmware.bin"


def failing(fault, calls, content=CONTENT):
    return session(NAME, content, env={"LD_PRELOAD": SHIM, "FAULT": fault, "FAULT_CALLS": calls})


def insert(t):
    return t.bar("BROWSE").keys("i", "aa", "C-c").bar(r"COPY \+1").keys(":", "w", "<Enter>")


def overwrite(t):
    return t.bar("BROWSE").keys("r", "aa").bar(r"COPY \+1").keys(":", "w", "<Enter>")


def refused(t, message, content=CONTENT):
    """Said, and nothing has happened; then the write goes well."""
    t.message(message).keys("C-c")
    assert t.content(NAME) == content
    assert [n for n in os.listdir(t.home) if n.startswith("." + NAME)] == []
    t.bar(r"COPY \+1").keys(":", "w", "<Enter>").message("^firmware.bin: wrote 1 byte at 1 place")


def quota():
    """EDQUOT: what a copy needs, and that it is the quota"""
    with failing("EDQUOT:1", "pwrite64>1000000", LARGE) as t:
        insert(t)
        refused(t, r"^firmware\.bin: a copy needs 64\.0 MiB, your quota is full\. \[e\]lsewhere Esc$", LARGE)
        assert t.content(NAME) == b"\xaa" + LARGE


def one_file():
    """EFBIG, by a real limit (SIGXFSZ does not end the program): too large for one file; the same length still goes"""
    with session(NAME, CONTENT) as t:
        t.bar("BROWSE")
        resource.prlimit(t.pid, resource.RLIMIT_FSIZE, (len(CONTENT), resource.RLIM_INFINITY))
        insert(t)
        t.message(r"^firmware\.bin: too large for one file here, changes kept\. \[e\]lsewhere Esc$").keys("C-c")
        assert t.content(NAME) == CONTENT
        t.keys("u", "r", "aa", ":", "w", "<Enter>").message("^firmware.bin: wrote 1 byte at 1 place")
        resource.prlimit(t.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        t.keys("i", "bb", "C-c", ":", "w", "<Enter>").message("^firmware.bin: wrote 1 byte at 1 place")
        assert t.content(NAME) == b"\xbb\xaa" + CONTENT[1:]


def input_output():
    """EIO, where the bytes are written, where the disk is to take them, where a copy takes the name"""
    for calls, content in (("pwrite64>1000000", LARGE), ("fsync", CONTENT), ("renameat", CONTENT)):
        with failing("EIO:1", calls, content) as t:
            insert(t)
            refused(t, r"^firmware\.bin: not written, [^:]+: input/output error$", content)


def only_reads():
    """EROFS: a file system that became read-only"""
    with session(NAME, CONTENT, env=None if ROOT else {"LD_PRELOAD": SHIM, "FAULT": "EROFS:1", "FAULT_CALLS": "renameat"}) as t:
        disk = t.path("disk")
        os.mkdir(disk)
        if ROOT:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], check=True)
        try:
            with open(disk + "/f.bin", "wb") as f:
                f.write(CONTENT)
            t.bar("BROWSE").keys(":", "e disk/f.bin", "<Enter>").wait("2 f.bin")
            if ROOT:
                subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            for edit in (insert, overwrite) if ROOT else (insert,):
                edit(t).message(r"^f\.bin: not written, its file system is read-only\. Changes kept; :w NAME$")
                t.keys("u").bar("COPY  0x")
            assert t.content("disk/f.bin") == CONTENT and os.listdir(disk) == ["f.bin"]
            if ROOT:
                subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
            overwrite(t).message("^f.bin: wrote 1 byte at 1 place")
        finally:
            if ROOT:
                subprocess.run(["umount", "-l", disk], check=False)


run(quota, one_file, input_output, only_reads)
