#!/usr/bin/python3
"""What can be opened, and what is refused with which sentence: sizes, devices, processes, pipes, permissions, names."""
import ctypes
import multiprocessing
import os
import pty
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from sextant import *  # noqa: E402,F403
from sextant import Error, Map, lib, EXTEND, CREATE, PRIVATE, SHARED, PROT_READ, PROT_WRITE  # noqa: E402
from tap import Tap  # noqa: E402

t = Tap()
EIB = 1 << 60


def refusal(call):
    try:
        call().free()
    except Error as e:
        return e.kind, e.text
    return "opened", ""


def refused(name, kind, call, *words):
    """The call fails with this kind, and the sentence has the words; it comes within a second."""
    began = time.monotonic()
    got, text = refusal(call)
    t.ok(got == kind and all(w in text for w in words) and time.monotonic() - began < 1, f"{name}: {text or got}",
         f"got {got}: {text}")


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def read(path):
    with open(path, "rb") as f:
        return f.read()


# --- sizes -------------------------------------------------------------------------------------------------------------

def test_sizes(folder):
    path = os.path.join(folder, "file")
    write(path, b"")
    refused("an empty file", "empty", lambda: Map.open(path), "is empty")
    refused("an empty file, length asked", "range", lambda: Map.open(path, READ, length=1))
    with Map.open(path, WRITE, length=10, flags=EXTEND) as m:
        t.ok(m[:] == bytes(10) and os.path.getsize(path) == 10, "an empty file is extended on request")
    write(path, b"x")
    with Map.open(path) as m:
        t.ok(m[:] == b"x" and m.access == WRITE and m.kind == FILE, "one byte")
    write(path, bytes(100))
    refused("a negative offset", "range", lambda: Map.open(path, READ, offset=-1), "negative")
    refused("an offset at the end", "range", lambda: Map.open(path, READ, offset=100))
    refused("an offset past the end", "range", lambda: Map.open(path, READ, offset=101))
    refused("a length past the end", "range", lambda: Map.open(path, READ, offset=50, length=51))
    refused("a length that no file has", "range", lambda: Map.open(path, WRITE, offset=50, length=(1 << 64) - 1,
                                                                    flags=EXTEND))
    with Map.open(path, READ, offset=99, length=1) as m:
        t.is_(len(m), 1, "the last byte alone")
    t.is_(os.path.getsize(path), 100, "nothing of this changed the file")


def sparse(path, size, *islands):
    fd = os.open(path, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o644)
    os.ftruncate(fd, size)
    for at, data in islands:
        os.pwrite(fd, data, at)
    os.close(fd)


def test_large(folder):
    gib = 1 << 30
    path = os.path.join(folder, "sparse")
    places = [2 * gib - 3, 4 * gib - 3, 64 * gib - 3, 100 * gib - 6]
    sparse(path, 100 * gib, *((at, b"island") for at in places))
    began = time.monotonic()
    with Map.open(path, WRITE) as m:
        hits, at = [], 0
        while (at := m.find(b"island", at)) != -1:
            hits.append(at)
            at += 1
        t.is_(hits, places, "islands of 100 GiB, across 2, 4 and 64 GiB")
        t.is_(m.rfind(b"island", 0, places[-1]), places[-2], "and backwards")
        t.is_(m.find(b"absent", 0), -1, "what is not there")
        m[places[2]:places[2] + 6] = b"ISLAND"
        m.seek_to(places[2])
        t.is_(m.read(6), b"ISLAND", "changed beyond 64 GiB")
        t.is_(m[-6:], b"island", "the end")
        m.move(0, places[0], 6)
        t.is_(m[:6], b"island", "moved")
        m.flush(places[2], 6)
    t.ok(os.stat(path).st_blocks * 512 < 1 << 20, "holes stayed holes")
    t.ok(time.monotonic() - began < 5, "in no time")
    os.unlink(path)


def largest_sparse(folder):
    """The largest file that a file system in memory takes."""
    for place in "/dev/shm", folder:
        path = os.path.join(place, f"sextant-test-{os.getpid()}")
        try:
            sparse(path, 7 * EIB, (6 * EIB + 12345, b"needle"))
            return path
        except OSError:
            if os.path.exists(path):
                os.unlink(path)
    return None


def test_huge(folder):
    path = largest_sparse(folder)
    if not path:
        t.skip("7 EiB", "no file system here has files of 7 EiB")
        return
    place = 6 * EIB + 12345
    try:
        with Map.open(path, WRITE) as m:
            t.is_(len(m), 7 * EIB, "7 EiB open")
            t.is_([m.find(b"needle"), m.rfind(b"needle")], [place, place], "are searched")
            t.is_([m.find(b"absent"), m.rfind(b"absent")], [-1, -1], "to the end")
            t.is_(m.peek(place - 2, 10), b"\0\0needle\0\0", "and read anywhere")
            m.store(7 * EIB - 4, b"last")
            t.is_(m[-4:], b"last", "and written")
            source = m.source()
            t.is_(source.read(place - 100, 300, SCAN)[100:106], b"needle", "pinned")
            t.is_([e[2] for e in source.extents()], [HOLE, DATA, HOLE, DATA], "known by extents")
            bytes_, states = source.peek(place - 1, 3)
            t.ok(bytes_ == b"\0ne" and states == bytes([HERE] * 3), "peeked at")
            source.close()
            t.ok(os.stat(path).st_blocks * 512 < 1 << 20, "without filling memory")
    finally:
        os.unlink(path)


def test_limited_address_space(folder):
    """Where the address space is too small for a standing mapping, windows do."""
    if "asan" in os.environ.get("LD_PRELOAD", ""):
        t.skip("1 TiB within 6 GiB of address space", "the sanitizer needs more for itself")
        return
    path = os.path.join(folder, "sparse")
    sparse(path, 1 << 40, (3 << 38, b"needle"))

    def child():
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        with Map.open(path, READ) as m:
            sys.exit(0 if m.find(b"needle") == 3 << 38 and m.peek(3 << 38, 6) == b"needle" else 1)
    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
    t.is_(process.exitcode, 0, "1 TiB within 6 GiB of address space")
    os.unlink(path)


# --- what is no plain file --------------------------------------------------------------------------------------------------

def test_refused(folder):
    refused("a directory", "kind", lambda: Map.open(folder), "directory")
    refused("a missing file", "missing", lambda: Map.open(os.path.join(folder, "missing"), READ))
    refused("a missing folder", "missing", lambda: Map.open(os.path.join(folder, "missing", "x"), WRITE, flags=CREATE))
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    refused("a FIFO", "kind", lambda: Map.open(fifo), "stream")
    refused("a FIFO for writing", "kind", lambda: Map.open(fifo, WRITE), "stream")
    name = os.path.join(folder, "socket")
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(name)
        refused("a socket", "kind", lambda: Map.open(name))
    master, slave = pty.openpty()
    refused("a terminal by path", "kind", lambda: Map.open(os.ttyname(slave), READ), "terminal")
    refused("a terminal by descriptor", "kind", lambda: Map.open_fd(slave), "terminal")
    os.close(master)
    os.close(slave)
    reader, writer = os.pipe()
    refused("a pipe by descriptor", "kind", lambda: Map.open_fd(reader), "stream")
    refused("the writing end", "kind", lambda: Map.open_fd(writer))
    os.close(reader)
    os.close(writer)
    refused("a descriptor that is not open", "io", lambda: Map.open_fd(999))
    refused("a folder's descriptor", "kind", lambda: Map.open_fd(os.open(folder, os.O_RDONLY)), "directory")


def test_descriptors(folder):
    path = os.path.join(folder, "file")
    write(path, b"0123456789")
    fd = os.open(path, os.O_WRONLY)
    refused("a descriptor for writing only", "permission", lambda: Map.open_fd(fd))
    os.close(fd)
    fd = os.open(path, os.O_RDONLY)
    refused("WRITE of a descriptor for reading", "permission", lambda: Map.open_fd(fd, WRITE))
    os.lseek(fd, 3, os.SEEK_SET)
    with Map.open_fd(fd, COPY) as m:
        m[0] = 65
        m.find(b"9")
        source = m.source()
        source.extents()
        source.close()
        t.is_(os.lseek(fd, 0, os.SEEK_CUR), 3, "the caller's position stays")
        os.close(fd)
        t.is_(m[:], b"A123456789", "the caller may close its descriptor")
    fd = os.open(path, os.O_RDWR | os.O_APPEND)
    with Map.open_fd(fd) as m:
        m[0:2] = b"ab"
        t.is_(read(path), b"ab23456789", "a descriptor that appends is overwritten all the same")
    os.close(fd)
    fd = os.open(path, os.O_RDWR)
    os.unlink(path)
    with Map.open_fd(fd) as m:
        m[2:4] = b"cd"
        m.resize(20)
        t.is_((m[:5], os.fstat(fd).st_size), (b"abcd4", 20), "a file without a name")
        t.ok(os.get_inheritable(m.fd) is False, "descriptors are not inherited")
    os.close(fd)


def test_protection(folder):
    path = os.path.join(folder, "file")
    write(path, b"0123456789")
    for flags, access in ((PROT_READ, READ), (PROT_READ | PROT_WRITE, WRITE), (PROT_READ | SHARED, READ),
                          (SHARED, WRITE), (PRIVATE, COPY), (PRIVATE | PROT_READ, READ),
                          (PRIVATE | PROT_READ | PROT_WRITE, COPY)):
        with Map.open(path, flags=flags) as m:
            t.is_(m.access, access, f"protection and sharing {flags:06b}")
    refused("access and protection at once", "syntax", lambda: Map.open(path, READ, flags=PROT_READ))
    refused("shared and private", "syntax", lambda: Map.open(path, flags=SHARED | PRIVATE))


def test_create(folder):
    path = os.path.join(folder, "new\x1b]0;pwned\x07")
    refused("an empty new file", "empty", lambda: Map.open(path, WRITE, flags=CREATE), r"\x1b", r"\x07")
    t.ok(not os.path.exists(path), "a file that could not be mapped is not left behind")
    with Map.open(path, WRITE, length=5, flags=CREATE | EXTEND) as m:
        m[:] = b"12345"
    t.is_(read(path), b"12345", "a new file, with control characters in its name")
    kind, text = refusal(lambda: Map.open(path, READ, offset=99))
    t.ok("\x1b" not in text and "\x07" not in text, "whose name is shown without them")
    with Map.open(path, WRITE, flags=CREATE) as m:
        t.is_(m[:], b"12345", "CREATE of a file that is there opens it")


def test_permission(folder):
    path = os.path.join(folder, "secret")
    write(path, b"secret")

    def child():
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        os.umask(0)
        results = [refusal(lambda: Map.open(path, READ))[0], refusal(lambda: Map.open(path, WRITE))[0]]
        os._exit(0 if results == ["permission", "permission"] else 1)

    def child_readonly():
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        with Map.open(path) as m:
            first = m.access == READ and m[:] == b"secret"
            try:
                m.set_access(WRITE)
                second = False
            except Error as e:
                second = e.kind == "permission" and m.access == READ and m[:] == b"secret"
        os._exit(0 if first and second and refusal(lambda: Map.open(path, WRITE))[0] == "permission" else 1)
    for mode, target, name in ((0o000, child, "no permission at all"),
                               (0o444, child_readonly, "a file to be read only: DEFAULT is READ, WRITE is refused")):
        os.chmod(os.path.dirname(folder), 0o755)
        os.chmod(folder, 0o755)
        os.chmod(path, mode)
        pid = os.fork()
        if pid == 0:
            try:
                target()
            finally:
                os._exit(9)
        t.is_(os.waitpid(pid, 0)[1], 0, name)


# --- devices, processes ---------------------------------------------------------------------------------------------------------

def test_characters():
    refused("/dev/zero without a length", "kind", lambda: Map.open("/dev/zero"), "how many")
    with Map.open("/dev/zero", length=10000) as m:
        t.ok(m.kind == CHAR and m.access == READ and m[9990:] == bytes(10), "/dev/zero with a length")
        source = m.source()
        source.read(0, 5000)
        bytes_, states = source.peek(0, 5000)
        t.ok(set(states) == {HERE}, "what a pin read can be peeked at")
        source.close()
    with Map.open("/dev/null", length=100) as m:
        t.is_(refusal_kind(lambda: m.read(1)), "lost", "/dev/null gives nothing: lost")
    refused("/dev/tty or a terminal that is not there", "kind", lambda: Map.open("/dev/tty", READ))


def refusal_kind(call):
    try:
        call()
    except Error as e:
        return e.kind
    return None


def test_processes():
    data = ctypes.create_string_buffer(b"a string in this process", 100)
    at = ctypes.addressof(data)
    with Map.open("/proc/self/mem") as m:
        t.ok(m.kind == PROC and m.access == READ, "/proc/self/mem is read only by default")
        t.is_(m.length(), (1 << 64) - 4096, "it has all addresses but the last page")
        t.is_(m.peek(at, 8), b"a string", "its bytes")
        t.is_(refusal_kind(lambda: m.peek(16, 4)), "lost", "unmapped addresses are lost")
        t.is_(refusal_kind(lambda: m.peek(1 << 63, 4)), "lost", "beyond 2^63 too")
        source = m.source()
        extents = source.extents()
        t.ok(any(a <= at < b and kind == DATA for a, b, kind in extents), "regions are data")
        t.ok(extents[0][2] == LOST and extents[-1][2] == LOST, "the rest is lost")
        region = next((a, b) for a, b, kind in extents if kind == DATA)
        bytes_, states = source.peek(region[0] - 4, 8)
        t.ok(states == bytes([IS_LOST] * 4 + [HERE] * 4), "peek across the border of a region")
        t.is_(source.read(region[0] - 4, 4), bytes(4), "lost bytes read as zeros")
        t.is_(source.lost(region[0] - 4, 8), [(region[0] - 4, 4)], "and are named")
        source.close()
        needle = bytes([110, 101, 101]) + b"dle-" + str(os.getpid()).encode() + b"-xyz"
        hay = ctypes.create_string_buffer(b"...." + needle)
        found = m.find(needle, ctypes.addressof(hay), ctypes.addressof(hay) + 100)
        t.is_(found, ctypes.addressof(hay) + 4, "memory is searched")
    with Map.open("/proc/self/mem", WRITE) as m:
        m.store(at, b"A STRING")
        t.is_(data.raw[:10], b"A STRING i", "and written")
        t.is_(refusal_kind(lambda: m.resize(100)), "unsupported", "but not resized")
        t.is_(refusal_kind(lambda: m.store(16, b"x")), "io", "unmapped addresses are not")


def test_lying():
    for path in "/proc/self/status", "/proc/self/maps", "/sys/kernel/mm/transparent_hugepage/enabled":
        if not os.path.exists(path):
            t.skip(path, "not here")
            continue
        with Map.open(path, READ) as m:
            t.ok(m.kind == PROC and m[:5] == read(path)[:5] and len(m) > 0, f"{path}, whose size lies")
            m.refresh()
            t.is_(refusal_kind(lambda: m.set_access(WRITE)), "readonly", f"{path} has nothing to write to")


def test_block(folder):
    image = os.path.join(folder, "image")
    write(image, bytes(range(256)) * 4096)
    try:
        device = subprocess.run(["losetup", "--show", "-f", image], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        t.skip("block devices and I/O errors", "no loop device to be had")
        return
    try:
        with Map.open(device) as m:
            t.ok(m.kind == BLOCK and m.access == READ and len(m) == 1 << 20, "a block device is READ by default, with its size")
            t.is_(m[255:258], b"\xff\0\1", "its bytes")
        with Map.open(device, WRITE) as m:
            m[300000:300004] = b"edit"
            m.flush()
            t.is_(read(image)[300000:300004], b"edit", "written through")
            t.is_(refusal_kind(lambda: m.resize(100)), "unsupported", "not resized")
        subprocess.run(["blockdev", "--flushbufs", device], check=False)
        os.truncate(image, 1 << 19)
        with Map.open(device, READ) as m:
            source = m.source()
            pin = source.pin(0, 1 << 20, SCAN)
            data = ctypes.string_at(pin.data, 1 << 20)
            lost = source.lost(0, 1 << 20)
            source.unpin(pin)
            t.ok(data[:1 << 19] == (bytes(range(256)) * 2048)[:300000] + b"edit" + (bytes(range(256)) * 2048)[300004:],
                 "beside an I/O error what can be read is read")
            t.is_(lost, [(1 << 19, 1 << 19)], "what cannot is lost, without a signal")
            t.is_(refusal_kind(lambda: m.get(-1)), "lost", "and an error to the verbs")
            t.is_(m.find(b"\0\0\0\0"), -1, "and no match")
            source.close()
    finally:
        subprocess.run(["losetup", "-d", device], check=False)


# --- streams -----------------------------------------------------------------------------------------------------------------------

def feed(fd, chunks, pause=0):
    def run():
        for chunk in chunks:
            os.write(fd, chunk)
            time.sleep(pause)
        os.close(fd)
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_streams():
    reader, writer = os.pipe()
    thread = feed(writer, [b"one\n", b"two\n", b"three"], 0.01)
    with Map.stream(reader, "pipe") as m:
        t.ok(m.kind == STREAM and m.access == READ and m[:] == b"one\ntwo\nthree", "a pipe is read to its end")
        t.is_((m.readline(), m.find(b"three")), (b"one\n", 8), "and then like a file")
        t.is_(refusal_kind(lambda: m.set_access(WRITE)), "readonly", "which cannot be written")
        m.set_access(COPY)
        m[0:3] = b"ONE"
        t.is_(m[:4], b"ONE\n", "but edited in memory")
        t.ok(m.fd >= 0, "it has a descriptor to copy from")
    thread.join()
    os.close(reader)
    reader, writer = os.pipe()
    os.close(writer)
    with Map.stream(reader) as m:
        t.ok(len(m) == 0 and m[:] == b"" and m.find(b"x") == -1 and m.find(b"") == 0, "an empty pipe is an empty map")
    os.close(reader)
    block = os.urandom(1 << 16)
    reader, writer = os.pipe()
    thread = feed(writer, [block] * 1100)
    with Map.stream(reader, "large") as m:
        t.ok(len(m) == 1100 << 16 and m[-65536:] == block and m.find(block, 1) == 1 << 16, "70 MiB go to the disk")
        t.ok(lib.sx_map_lost(m.handle, __import__("sextant").Span(0, 1 << 40)) is False, "nothing of it is lost")
    thread.join()
    os.close(reader)


def test_cancel():
    job = lib.sx_job_new()
    reader, writer = os.pipe()
    os.write(writer, b"what came")
    timer = threading.Timer(0.1, lambda: lib.sx_job_cancel(job))
    timer.start()
    began = time.monotonic()
    with Map.stream(reader, "slow", job) as m:
        t.ok(m[:] == b"what came" and time.monotonic() - began < 1, "a pipe that never ends is left by cancel, what came is kept")
    timer.join()
    lib.sx_job_free(job)
    os.close(reader)
    os.close(writer)


# --- two processes --------------------------------------------------------------------------------------------------------------------

def test_sharing(folder):
    path = os.path.join(folder, "shared")
    write(path, bytes(10000))
    ours, theirs = multiprocessing.Pipe()

    def child():
        with Map.open(path, WRITE) as m:
            theirs.recv()
            ok = m[5000:5005] == b"hello"
            m[6000:6005] = b"world"
            theirs.send(ok)
            theirs.recv()
    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    with Map.open(path, WRITE) as m, Map.open(path, READ) as other, Map.open(path, COPY) as copy:
        copy[5000] = 1
        m[5000:5005] = b"hello"
        ours.send("go")
        t.ok(ours.recv(), "another process sees what is written at once")
        t.is_((m[6000:6005], other[6000:6005]), (b"world", b"world"), "and we what it writes")
        t.is_(copy[5000:6001], b"\1ello" + bytes(995) + b"w", "a copy keeps its own bytes beside it")
        ours.send("end")
    process.join()


def test_fork():
    """Anonymous memory is shared with children, unless it is private."""
    for flags, want in ((0, b"child"), (PRIVATE, b"paren")):
        with Map.anonymous(100, flags) as m:
            m[:5] = b"paren"
            pid = os.fork()
            if pid == 0:
                m[:5] = b"child"
                os._exit(0)
            os.waitpid(pid, 0)
            t.is_(m[:5], want, "memory after a child wrote: " + ("private" if flags else "shared"))


def test_full(folder):
    """A disk that fills: an error, nothing half written, no signal."""
    mount = os.path.join(folder, "full")
    os.mkdir(mount)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", mount], capture_output=True).returncode:
        t.skip("a full disk", "cannot mount a small file system")
        return
    try:
        path = os.path.join(mount, "file")
        sparse(path, 8 << 20, (0, b"begin"))
        with Map.open(path, WRITE) as m:
            t.is_(refusal_kind(lambda: m.store(0, b"y" * (4 << 20))), "nospace", "a full disk is an error")
            t.ok(m[:10] == b"begin" + bytes(5) and m[700000:700010] == bytes(10), "and what was written goes back")
            t.is_(m.find(b"y"), -1, "all of it")
            m[0:5] = b"BEGIN"
            t.is_(m[:6], b"BEGIN\0", "a byte that has its place can be changed")
            t.is_(m.find(bytes(100), 1 << 20), 1 << 20, "holes of a full disk can be read")
    finally:
        subprocess.run(["umount", mount], check=False)


def overlay_mount(folder):
    """A merged folder over a lower one, or None."""
    for name in "lower", "upper", "work", "merged":
        os.mkdir(os.path.join(folder, name))
    options = ",".join(f"{key}={folder}/{name}" for key, name in (("lowerdir", "lower"), ("upperdir", "upper"),
                                                                  ("workdir", "work")))
    write(os.path.join(folder, "lower", "file"), b"lower" * 5000)
    merged = os.path.join(folder, "merged")
    done = subprocess.run(["mount", "-t", "overlay", "none", "-o", options, merged], capture_output=True)
    return None if done.returncode else merged


def test_overlay(folder):
    """On overlay file systems the first opening for writing makes another inode behind the same name."""
    base = folder
    if subprocess.run(["mount", "-t", "tmpfs", "none", folder], capture_output=True).returncode:
        base = None
    merged = base and overlay_mount(base)
    if not merged:
        t.skip("overlay file systems", "cannot mount one")
        if base:
            subprocess.run(["umount", folder], check=False)
        return
    try:
        path = os.path.join(merged, "file")
        with Map.open(path, READ) as m:
            m.get(0)
            m.set_access(WRITE)
            m[0:5] = b"UPPER"
            t.is_((m[0:10], read(path)[:10]), (b"UPPERlower",) * 2, "WRITE on an overlay: the map shows what is written")
            t.is_(read(os.path.join(base, "lower", "file"))[:5], b"lower", "the lower file stays")
        write(os.path.join(base, "lower", "second"), b"lower" * 5000)
        path = os.path.join(merged, "second")
        with Map.open(path, READ) as m:
            t.is_(m[0:5], b"lower", "mapped from the lower file")
            fd = os.open(path, os.O_RDWR)
            os.pwrite(fd, b"other", 0)
            os.close(fd)
            shown = m[0:5]
            if shown == b"lower":
                t.is_(refusal_kind(lambda: m.set_access(WRITE)), "conflict", "changed by somebody else since: a conflict")
            else:
                t.is_(shown, b"other", "changed by somebody else: shown")
    finally:
        subprocess.run(["umount", merged], check=False)
        subprocess.run(["umount", folder], check=False)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for test in (test_sizes, test_large, test_huge, test_limited_address_space, test_refused, test_descriptors,
                     test_protection, test_create, test_permission, test_block, test_sharing, test_full,
                     test_overlay):
            inner = tempfile.mkdtemp(dir=folder)
            with t.case(test.__name__):
                test(inner)
        for test in test_characters, test_processes, test_lying, test_streams, test_cancel, test_fork:
            with t.case(test.__name__):
                test()
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
