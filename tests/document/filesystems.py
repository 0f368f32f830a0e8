"""test_save and the sweep on file systems of their own, as loop mounts; skipped with a reason where that is not allowed.

    filesystems.py TEST_SAVE SAVE_ONCE FAULT_SO SWEEP SEXTANT

And a device that has lost its second half, whose reads fail for real.
"""
import os
import shutil
import subprocess
import sys
import tempfile

TEST_SAVE, SAVE_ONCE, SHIM, SWEEP, SEXTANT = map(os.path.abspath, sys.argv[1:6])
number = 0


def result(good, what, lines=""):
    global number
    number += 1
    print("%sok %d - %s" % ("" if good else "not ", number, what))
    for line in lines.splitlines():
        print("#", line)
    sys.stdout.flush()


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


def use(name, where):
    done = run(TEST_SAVE, where)
    bad = "\n".join(l for l in done.stdout.splitlines() if not l.startswith("ok "))
    result(done.returncode == 0, "saving on %s" % name, "" if done.returncode == 0 else bad)
    os.environ["SWEEP_DIR"] = where
    done = run(sys.executable, SWEEP, SAVE_ONCE, SHIM)
    bad = "\n".join(l for l in done.stdout.splitlines() if not l.startswith("ok "))
    result("not ok" not in done.stdout and done.returncode == 0, "killed and failing on %s" % name,
           bad if "not ok" in done.stdout else done.stdout[-2000:] if done.returncode else "")


def loop(top, name, make, size="400M"):
    image, where = os.path.join(top, name + ".img"), os.path.join(top, name)
    os.mkdir(where)
    if not shutil.which(make[0]):
        return result(True, "%s # SKIP no %s" % (name, make[0]))
    run("truncate", "-s", size, image)
    made = run(*make, image)
    if made.returncode != 0 or run("mount", "-o", "loop", image, where).returncode != 0:
        return result(True, "%s # SKIP it cannot be mounted" % name)
    try:
        use(name, where)
    finally:
        run("umount", where)
        os.unlink(image)


def overlay(top):
    parts = {n: os.path.join(top, "overlay-" + n) for n in ("lower", "upper", "work", "merged", "disk")}
    for path in parts.values():
        os.mkdir(path)
    # what lies on an overlay cannot be the upper layer of another
    if run("mount", "-t", "tmpfs", "-o", "size=800m", "tmpfs", parts["disk"]).returncode != 0:
        return result(True, "overlay # SKIP it cannot be mounted")
    for n in ("upper", "work"):
        parts[n] = os.path.join(parts["disk"], n)
        os.mkdir(parts[n])
    options = "lowerdir=%(lower)s,upperdir=%(upper)s,workdir=%(work)s" % parts
    if run("mount", "-t", "overlay", "-o", options, "overlay", parts["merged"]).returncode != 0:
        result(True, "overlay # SKIP it cannot be mounted")
    else:
        use("overlay", parts["merged"])
        run("umount", parts["merged"])
    run("umount", parts["disk"])


def cut_device(top):
    """Bytes behind a loop device are taken away: input/output errors, by name and place, and the rest goes on."""
    backing = os.path.join(top, "backing")
    content = bytes(range(256)) * 32768
    with open(backing, "wb") as f:
        f.write(content)
    made = run("losetup", "--find", "--show", backing)
    if made.returncode != 0:
        return result(True, "a device that is cut # SKIP no loop device")
    device = made.stdout.strip()
    env = dict(os.environ, HOME=top, XDG_STATE_HOME=top)

    def sextant(*commands):
        args = [SEXTANT, "-C"] + [x for c in commands for x in ("-e", c)] + [device]
        return subprocess.run(args, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        os.truncate(backing, len(content) // 2)
        run("blockdev", "--flushbufs", device)
        done = sextant("goto 0x600000", "put {11 22}", "write")
        # a page that somebody has read before can be kept, and not be written
        refused = "0x600000 cannot be read: input/output error", "stopped at 0x600000: input/output error"
        result(done.returncode == 3 and any(r in done.stderr.lower() for r in refused),
               "what cannot be read cannot be kept: not written", done.stdout + done.stderr)
        done = sextant("goto 0x100000", "put {11 22}", "write")
        result(done.returncode == 0 and done.stdout == "in-place\t2\t1\n", "the half that is there is written",
               done.stdout + done.stderr)
        done = sextant("insert x", "write")
        result(done.returncode == 3 and "length cannot change" in done.stderr, "a device keeps its length", done.stderr)
        done = sextant("insert x", "write " + os.path.join(top, "saved"))
        result(done.returncode == 3 and "cannot be read" in done.stderr and not os.path.exists(os.path.join(top, "saved")),
               "a copy that cannot be whole is none", done.stdout + done.stderr)
    finally:
        run("losetup", "-d", device)
    with open(backing, "rb") as f:
        data = f.read(len(content) // 2)
    result(data == content[:0x100000] + b"\x11\x22" + content[0x100002:0x400000], "and nothing else is changed")


def keep_programs(top):
    """Copies of them: what is built anew while this runs is another program, and for a moment none."""
    for name in ("TEST_SAVE", "SAVE_ONCE", "SHIM", "SEXTANT"):
        globals()[name] = shutil.copy(globals()[name], top)


def main():
    if os.geteuid() != 0:
        print("1..0 # SKIP only root may mount")
        return
    top = tempfile.mkdtemp(prefix="sextant-fs.", dir="/var/tmp")
    os.chmod(top, 0o755)
    keep_programs(top)
    try:
        loop(top, "ext4", ["mkfs.ext4", "-q"])
        loop(top, "xfs", ["mkfs.xfs", "-q"])
        loop(top, "btrfs", ["mkfs.btrfs", "-q"])
        overlay(top)
        cut_device(top)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print("1..%d" % number)


main()
