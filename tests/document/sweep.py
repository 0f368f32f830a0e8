"""Saves that are killed, or fail, at each system call: the file is the old one or the new one, or the journal makes it
so; and what was edited is in the file or in the journal.

    sweep.py SAVE_ONCE FAULT_SO [long]
"""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases  # noqa: E402
from cases import OLD, content, describe  # noqa: E402

PROGRAM, SHIM = map(os.path.abspath, sys.argv[1:3])
LONG = "long" in sys.argv[3:]
# kills need no disk; the long form takes one all the same
WHERE = os.environ.get("SWEEP_DIR") or ("/var/tmp" if LONG or not os.path.isdir("/dev/shm") else "/dev/shm")


FEW = (("kill", "finish"), ("EIO", "journal"))


class Run(cases.Case):
    """A case, and what became of it."""

    def run(self, fault):
        read, write = os.pipe()
        env = dict(os.environ, LD_PRELOAD=SHIM, FAULT=fault, FAULT_LOG=str(write))
        done = subprocess.run([PROGRAM] + self.edit(), env=env, pass_fds=[write],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.close(write)
        self.calls = os.read(read, 100)
        os.close(read)
        self.code, self.said, self.errors = done.returncode, done.stdout.decode().split("\n"), done.stderr.decode()
        return done

    def recover(self):
        command = {"journal": ["recover", self.state, self.out], "finish": ["restore", self.file, self.state, self.out],
                   "back": ["restore", self.file, self.state, self.out, "back"]}[self.how]
        return subprocess.run([PROGRAM] + command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def litter(top):
    return [n for n in os.listdir(top) if n.startswith(".")]


def judge_through(case, killed):
    """Each edit that was said is in the file, whole, and at most one more; the others are not."""
    said = sum(line.startswith("edit ") for line in case.said)
    if not killed and case.code == 0:
        return None if content(case.file) == case.new else "said done, the file is torn"
    if killed and os.path.isdir(case.state) and case.recover().returncode != 0 and said > 0:
        return "cannot be recovered"
    now = content(case.file)
    if now not in case.states[said:said + 2]:
        return "torn after %d edits" % said
    return "%d edits said, one more is in the file" % said if not killed and now != case.states[said] else None


def judge(case, top, killed):
    """None, or what is wrong."""
    if case.states:
        return judge_through(case, killed)
    now = content(case.result)
    if case.save == "as" and content(case.file) != OLD:
        return "the file that it was is changed"
    if case.backup_wrong():
        return case.backup_wrong()
    if case.links > 1 and os.stat(case.file).st_nlink != case.links:
        return "a name was lost"
    if os.stat(case.file).st_mode & 0o7777 != 0o640:
        return "the mode is %o" % os.stat(case.file).st_mode
    if not killed:
        if case.code == 0:
            good = now == case.new and not litter(top) and (case.save != "backup" or content(case.file + "~") == OLD)
            return None if good else "said saved, the file is %s, beside it %s" % (describe(now, case), os.listdir(top))
        if case.code != 3 and case.code != 2:
            return "ended with %d: %s" % (case.code, case.errors)
        # past the rename an error is still told, and the new file stays
        if now != case.old and now != case.new:
            return "failed, and the file is torn"
        return "left over: %s" % litter(top) if litter(top) else None
    if case.save == "bare":
        guards = [n for n in litter(top) if content(os.path.join(top, n)) == OLD]
        return None if now in (OLD, case.new) or guards else "torn, and nothing beside it is what it was"
    if not os.path.isdir(case.state):
        return None if now == case.old else "no journal, the file is " + describe(now, case)
    if case.recover().returncode != 0 and "edited" in case.said:
        return "cannot be recovered"
    after = content(case.result)
    if after not in (case.old, case.new):
        return "torn, also after recovery (before: %s)" % describe(now, case)
    if litter(top):
        return "left over after recovery: %s" % litter(top)
    pending = after != case.new or case.save == "some"
    if "edited" in case.said and pending and content(case.out) not in (case.document, case.closed):
        return "the edits are lost"
    return None


def sweep(case, fault, how):
    """Returns how many calls were tried, and what went wrong."""
    n, tried, wrong = 1, 0, []
    case.how = how
    while True:
        top = tempfile.mkdtemp(prefix="sextant-sweep.", dir=WHERE)
        try:
            case.prepare(top)
            case.run("%s:%d" % (fault, n))
            killed = case.code == -9
            bad = judge(case, top, killed)
        finally:
            shutil.rmtree(top)
        if bad:
            wrong.append("%s:%d %s (said %s)" % (fault, n, bad, case.said))
        if not killed and case.calls and int(case.calls) < n:
            return tried, wrong
        tried += 1
        n += 1


def slow(number, case):
    """A journal on a slow disk is given up and said to be."""
    top = tempfile.mkdtemp(prefix="sextant-sweep.", dir=WHERE)
    try:
        case.prepare(top)
        case.run("slow:1")
        good = case.code == 0 and any("too slow" in line for line in case.said) and content(case.file) == case.new
    finally:
        shutil.rmtree(top)
    print("%sok %d - a slow journal is given up, said, and saving works" % ("" if good else "not ", number))
    if not good:
        print("#", case.said, case.errors)


def main():
    runs = [Run(c.name, c.kind, c.links, c.save) for c in cases.all_cases()]
    # what is killed is recovered by what the journal promises alone, and by the program, to either side
    faults = [(kind, how) for kind in ("kill", "torn") for how in ("journal", "finish", "back")]
    faults += [(kind, "journal") for kind in ("short", "ENOSPC", "EIO", "EDQUOT", "EROFS")]
    faults += [("EFBIG", "journal")] if LONG else []
    number = 0
    for case in runs:
        for fault, how in faults:
            if not LONG and case.name in cases.MORE and (fault, how) not in FEW:
                continue
            number += 1
            tried, wrong = sweep(case, fault, how)
            print("%sok %d - %s, %s at each of %d calls, recovered by %s" %
                  ("not " if wrong or not tried else "", number, case.name, fault, tried, how))
            for line in wrong[:10]:
                print("#", line)
            sys.stdout.flush()
    number += 1
    slow(number, runs[0])
    print("1..%d" % number)


main()
