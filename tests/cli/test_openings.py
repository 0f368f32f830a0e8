"""What can be opened, by the real program: empty and huge files, devices, memory, what is refused; and files cut short
while they are searched and saved."""
import ctypes
import mmap
import os
import subprocess
import time

from cli import Cli

t = Cli()
GiB, EiB = 1 << 30, 1 << 60


def sparse(path, size, *islands):
    with open(path, "wb") as file:
        file.truncate(size)
        for at, content in islands:
            file.seek(at)
            file.write(content)


def bytes_at(path, at, count):
    with open(path, "rb") as file:
        file.seek(at)
        return file.read(count)


def cached_pages(path, at, count):
    """How many pages of a part of a file are in memory."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int64]
    states = (ctypes.c_ubyte * (count // mmap.PAGESIZE))()
    with open(path, "rb") as file:
        here = libc.mmap(None, count, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), at)
    libc.mincore(ctypes.c_void_p(here), ctypes.c_size_t(count), states)
    libc.munmap(ctypes.c_void_p(here), ctypes.c_size_t(count))
    return sum(state & 1 for state in states)


# small ones
t.write("empty", b"")
t.script("no byte at all", ["size", "length", "read 5", "try find x", "insert {41}", "write", "size"],
         file="empty", err=lambda err: "not in 0x0:0x0" in err,
         out="0\n0\n\ncopy\t1\t1\n1\n")
t.equal(t.read("empty"), b"A", "and then one")
t.script("one byte", ["size", "byte 0", "byte end-1", "find A", "delete all", "length", "undo", "length", "quit!"],
         file="empty", out="1\n65\n65\n0x0\n0\n1\n")

# offsets behind 2, 4 and 64 GiB: shown, found, changed in place, inserted before
for size, borders in ((5 * GiB, (2 * GiB, 4 * GiB)), (100 * GiB, (64 * GiB,))):
    path = t.path("huge")
    sparse(path, size, *((border - 4, b"-border-") for border in borders), (size - 4, b"last"))
    for border in borders:
        t.script(f"around {border:#x} of {size // GiB} GiB", [
            f"slice {border - 4}:{border + 4}", f"dump {border - 4} +8", f"find -border- {border - 100}:", f"assign {border - 2} +4 EDIT", "write",
        ], file="huge", out=lambda out: out.startswith(b"-border-\n%010x  2d 62 6f 72 64 65 72 2d " % (border - 4)) and
            b"%#x\n" % (border - 4) in out and b"in-place\t4\t1\n" in out)
        t.equal(bytes_at(path, border - 4, 8), b"-bEDITr-", "the four bytes, and no others")
    t.script("an insert in front moves them", ["insert {00 01 02} at 0", f"slice {borders[-1] - 1}:{borders[-1] + 7}", "slice end-4:",
                                               "undo", "slice end-4:", "quit!"], file="huge", out="-bEDITr-\nlast\nlast\n")
    t.ok(os.stat(path).st_blocks * 512 < 1 << 20, "holes stayed holes")
    os.unlink(path)

# what is searched in a sparse file are its islands: a hole that is looked at costs memory, and time with what is read ahead
places = [i * GiB + 12345 for i in range(0, 100, 10)]
path = t.path("islands")
sparse(path, 100 * GiB, *((at, b"an island") for at in places))
t.script("islands in 100 GiB", ["count island", "findall island"], file="islands",
         out="10\n" + "".join(f"{at + 3:#x}\t6\tisland\n" for at in places))
pages = sum(cached_pages(path, at // GiB * GiB, GiB) for at in places)
t.ok(pages <= 4 * len(places), f"{pages} pages are in memory around {len(places)} islands")
os.unlink(path)

# the largest that a file system here takes
huge = f"/dev/shm/sextant-open-{os.getpid()}"
try:
    sparse(huge, 7 * EiB, (6 * EiB + 12345, b"needle"))
except OSError as e:
    t.skip("7 EiB", f"no file system in memory here: {e}")
else:
    t.script("7 EiB", ["length", "find needle", "slice 0x6000000000003039 +6", "assign end-1: {5a}", "write", "byte end-1"],
             file=huge, out=lambda out: out.startswith(b"%d\n%#x\nneedle\n" % (7 * EiB, 6 * EiB + 12345)) and out.endswith(b"\n90\n"))
    t.equal(bytes_at(huge, 7 * EiB - 1, 1), b"Z", "written at its very end")
finally:
    if os.path.exists(huge):
        os.unlink(huge)

# a block device
t.write("image", bytes(range(256)) * 1024)
try:
    device = subprocess.run(["losetup", "--show", "-f", t.path("image")], check=True, capture_output=True, text=True).stdout.strip()
except (OSError, subprocess.CalledProcessError):
    t.skip("a block device", "no loop device to be had")
else:
    try:
        t.script("a block device is READ", ["length", "byte 0x1ff", "assign 0 +1 {ff}"], file=device, out="262144\n255\n", code=3,
                 err=lambda err: "is READ" in err)
        t.check("and written when asked", ["-W", "-e", "assign 0x100 +4 EDIT", "-e", "flush", device])
        t.equal(t.read("image")[0x100:0x104], b"EDIT", "in the file behind it")
    finally:
        subprocess.run(["losetup", "-d", device], check=False)

# memory of a process: ours
here = ctypes.create_string_buffer(b"a needle in this very process")
t.script("/proc/PID/mem", ["info", f"slice {ctypes.addressof(here)} +29", f"try find needle {ctypes.addressof(here)} +29"],
         file=f"/proc/{os.getpid()}/mem", out=lambda out: b"access\tread\n" in out and b"\na needle in this very process\n" in out and
         out.endswith(b"\n%#x\n" % (ctypes.addressof(here) + 2)))
t.script("/proc/self/mem is there", ["try byte 0"], file="/proc/self/mem", out="", code=3, err=lambda err: "0x0" in err)
t.script("a file of /proc, whose size says 0", ["slice 0:5"], file="/proc/version", out="Linux\n")

# refused with a sentence, at once
os.mkfifo(t.path("fifo"))
t.script("a FIFO", ["length"], file="fifo", code=3, out="",
         err=lambda err: "'fifo' is a pipe, which can only be read to its end: sextant - < fifo" in err)
os.mkdir(t.path("folder"))
t.script("a directory", ["length"], file="folder", code=3, out="", err=lambda err: "'folder' is a directory, which has no bytes" in err)
t.script("a name that is not there", ["length"], file="nosuch.bin", code=3, out="", err=lambda err: "nosuch.bin" in err)
t.script("no end", ["length"], file="/dev/zero", code=3, out="", err=lambda err: "'/dev/zero' has no end" in err)
t.script("but a part of it", ["length", "byte 4095"], file="/dev/zero@0+4096", out="4096\n0\n")
t.write("secret", b"x")
os.chmod(t.path("secret"), 0)
os.chmod(t.folder, 0o755)
try:
    got = subprocess.run([t.program, "-e", "length", t.path("secret")], capture_output=True, user=65534, env=t.environment(),
                         cwd="/") if os.geteuid() == 0 else t.popen(["-e", "length", "secret"], stdout=-1, stderr=-1)
    err = got.stderr if os.geteuid() == 0 else got.communicate()[1]
    t.ok(got.returncode == 3 and b"permission denied" in err, f"no permission: {err!r}")
except OSError as e:
    t.skip("no permission", f"nobody cannot run the program here: {e}")
evil = "\x1b]0;owned\x07\n"
t.write(evil, b"abc")
code, out, err = t.run(["-e", "try find zzz", "-e", "find zzz", evil])
t.ok(code == 1 and "\\x1b]0;owned\\x07\\n: find: " in err and "\x1b" not in err, f"a name with escapes: {err!r}")


# cut to half while it is worked on: a signal would be a negative code
def cut_while(name, commands, good, delays=(0.01, 0.03, 0.1)):
    for delay in delays:
        t.write("big", bytes(range(256)) * (256 << 10) + b"the end")
        process = t.popen(["-s", "-", "big"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(("\n".join(commands) + "\n").encode())
        process.stdin.close()
        process.stdin = None
        time.sleep(delay)
        os.truncate(t.path("big"), 32 << 20)
        out, err = process.communicate(timeout=60)
        t.ok(good(process.returncode, out, err.decode()), f"{name}, after {delay} s: exit {process.returncode}, {out[-60:]!r} {err[-150:]!r}")


def not_all_read(code, out, err):
    """Either it was through before the cut, or it says what it could not read; never a plain 'not found' of all."""
    return code == 1 or code == 3 and "cannot be read" in err


def kept(code, out, err):
    return code in (0, 3) and not any(n.startswith(".big") for n in os.listdir(t.folder))


cut_while("a literal", ['find "nowhere to be found" all'], not_all_read)
cut_while("a regex in JIT code", [r"count /x[^y]{3,5}z\x00/"], not_all_read)
cut_while("a regex that looks back", [r"count /(?s)(.)\1\1\1\1/"], not_all_read)
cut_while("a save by copy", ["insert {41} at 0", "write", "size"], kept)

t.done()
