"""test_save and the sweep on file systems of their own, as loop mounts; skipped with a reason where that is not allowed.

    filesystems.py TEST_SAVE SAVE_ONCE FAULT_SO SWEEP
"""
import os
import shutil
import subprocess
import sys
import tempfile

TEST_SAVE, SAVE_ONCE, SHIM, SWEEP = map(os.path.abspath, sys.argv[1:5])
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
           bad if "not ok" in done.stdout else "")


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


def main():
    if os.geteuid() != 0:
        print("1..0 # SKIP only root may mount")
        return
    top = tempfile.mkdtemp(prefix="sextant-fs.", dir="/var/tmp")
    os.chmod(top, 0o755)
    try:
        loop(top, "ext4", ["mkfs.ext4", "-q"])
        loop(top, "xfs", ["mkfs.xfs", "-q"])
        loop(top, "btrfs", ["mkfs.btrfs", "-q"])
        overlay(top)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print("1..%d" % number)


main()
