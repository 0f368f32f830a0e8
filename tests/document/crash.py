"""Power cuts: what a save does to files is recorded, and the disk is made as it could be when the power goes behind any
of the calls: all that was synced is there, and of the rest any subset. Each such disk is recovered: the file is the old
one or the new one, and what was said and synced is not lost.

    crash.py SAVE_ONCE TRACE_SO INODE_SO [long]    the short form takes some of the ways and subsets, the long one many more

CASE=NAME in the environment: only that way.

And since a test of this kind proves nothing by passing: each fsync in turn is taken for nothing, and some disk must then
be beyond recovery.
"""
import json
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases  # noqa: E402

PROGRAM, SHIM, INODE = map(os.path.abspath, sys.argv[1:4])
LONG = "long" in sys.argv[4:]
SEED = int(os.environ.get("SEED", random.randrange(1 << 32)))
WHERE = "/dev/shm" if os.path.isdir("/dev/shm") else "/var/tmp"
RANDOM_SUBSETS = 12 if LONG else 1
SINGLE = 1000 if LONG else 2  # how many of the calls are left out, and done alone, at each point
TRIES = 20  # at finding a disk that needed the sync which is left out
RECORDS = 3
HOW = ("journal", "finish", "back")
SECTOR = 512
SPARE = os.path.join(tempfile.gettempdir(), "sextant-crash.%d.out" % os.getpid())  # of what is recorded, not on the disk


# --- the disk -------------------------------------------------------------------------------------------------------

class Node:
    """A file or directory, whatever its name."""

    def __init__(self, mode, inode=0, time=0):
        self.mode, self.data, self.names = mode, bytearray(), {}
        self.inode, self.time = inode, time

    def copy(self):
        other = Node(self.mode, self.inode, self.time)
        other.data, other.names = bytearray(self.data), dict(self.names)
        return other


class Op:
    """One thing done to one node: `node` is its number, `apply` does it. A sync makes what is before it on its node
    durable."""

    def __init__(self, node, kind, *args, time=0):
        self.node, self.kind, self.args, self.time = node, kind, args, time

    def apply(self, nodes):
        node = nodes[self.node]
        if self.kind in ("write", "truncate"):
            node.time = self.time
        if self.kind == "write":
            at, data = self.args
            if len(node.data) < at:
                node.data.extend(bytes(at - len(node.data)))
            node.data[at:at + len(data)] = data
        elif self.kind == "truncate":
            size, = self.args
            del node.data[size:]
            node.data.extend(bytes(size - len(node.data)))
        elif self.kind == "mode":
            node.mode = self.args[0]
        elif self.kind == "names":
            for name, number in self.args[0].items():
                if number is None:
                    node.names.pop(name, None)
                else:
                    node.names[name] = number

    def torn(self, rng):
        """Parts of a write that the disk may have taken: some of its sectors."""
        if self.kind != "write" or len(self.args[1]) <= SECTOR:
            return [self]
        at, data = self.args
        first = SECTOR - at % SECTOR
        cuts = [0] + list(range(first, len(data), SECTOR)) + [len(data)]
        parts = [(a, b) for a, b in zip(cuts, cuts[1:]) if rng.random() < 0.5]
        return [Op(self.node, "write", at + a, data[a:b], time=self.time) for a, b in parts]


class Disk:
    """What the trace does, replayed on numbered nodes; node 0 is the directory `top`."""

    def __init__(self, top):
        self.top, self.start, self.ops = top, [Node(0o755)], []
        self.live, self.inodes = None, []

    def add(self, names, data, path):
        st = os.stat(path)
        node = Node(st.st_mode & 0o7777, st.st_ino, st.st_mtime_ns)
        node.data = bytearray(data)
        self.start.append(node)
        for name in names:
            self.start[0].names[name] = len(self.start) - 1

    def add_directory(self, path):
        st = os.stat(path)
        self.start.append(Node(stat.S_IFDIR | 0o700, st.st_ino, st.st_mtime_ns))
        self.start[0].names[os.path.basename(path)] = len(self.start) - 1

    def add_tree(self, path, number=0):
        """What lies there, as the directory `number`."""
        for name in sorted(os.listdir(path)):
            where = os.path.join(path, name)
            st = os.stat(where)
            self.start.append(Node(st.st_mode if os.path.isdir(where) else st.st_mode & 0o7777, st.st_ino, st.st_mtime_ns))
            child = self.start[number].names[name] = len(self.start) - 1
            if os.path.isdir(where):
                self.add_tree(where, child)
            else:
                self.start[child].data = bytearray(cases.content(where))

    def lookup(self, path):
        """Number of the node, of its directory, and its last name."""
        parts = os.path.relpath(path, self.top).split("/")
        parent = 0
        for part in parts[:-1]:
            parent = self.live[parent].names[part]
        return self.live[parent].names.get(parts[-1]) if parts != ["."] else 0, parent, parts[-1]

    def do(self, op):
        op.apply(self.live)
        self.ops.append(op)

    def make(self, path, *node):
        _, parent, name = self.lookup(path)
        number = len(self.live)
        self.live.append(Node(*node))
        self.start.append(Node(*node))
        self.do(Op(parent, "names", {name: number}))

    def replay(self, lines):
        self.live = [n.copy() for n in self.start]
        for line in lines:
            self.step(json.loads(line))

    def step(self, r):
        op, path = r["op"], r["path"]
        if op == "say":
            self.ops.append(Op(None, "say", bytes.fromhex(r["data"]).decode().strip()))
            return
        if not path.startswith(self.top) or path.endswith(" (deleted)"):
            return
        if op in ("create", "mkdir"):
            self.make(path, r["at"] if op == "create" else stat.S_IFDIR | 0o700, r["inode"], r["time"])
            return
        number, parent, name = self.lookup(path)
        if op in ("unlink", "rmdir"):
            self.do(Op(parent, "names", {name: None}))
        elif op in ("rename", "link"):
            _, to_parent, to = self.lookup(r["to"])
            assert parent == to_parent
            self.do(Op(parent, "names", {to: number, **({name: None} if op == "rename" else {})}))
        elif op == "write":
            self.do(Op(number, "write", r["at"], bytes.fromhex(r["data"]), time=r["time"]))
        elif op in ("truncate", "mode"):
            self.do(Op(number, op, r["at"], time=r["time"]))
        elif op == "sync":
            self.ops.append(Op(number, "sync"))

    def pending(self, end, without=None):
        """Of the first `end` ops: those on the disk for sure, and the others, both by number."""
        sure, open_ops = [], {}
        for i, op in enumerate(self.ops[:end]):
            if op.kind == "say":
                continue
            if op.kind != "sync":
                open_ops.setdefault(op.node, []).append(i)
            elif i != without:
                sure += open_ops.pop(op.node, [])
        return sorted(sure), sorted(i for ops in open_ops.values() for i in ops)

    def said(self, end):
        return [op.args[0] for op in self.ops[:end] if op.kind == "say"]

    def image(self, chosen, rng, tear):
        nodes = [n.copy() for n in self.start]
        for i in chosen:
            for part in self.ops[i].torn(rng) if i == tear else [self.ops[i]]:
                part.apply(nodes)
        return nodes

    def store(self, nodes, number, path, made):
        for name, child in nodes[number].names.items():
            node, where = nodes[child], os.path.join(path, name)
            if stat.S_ISDIR(node.mode):
                os.mkdir(where, 0o700)
                self.store(nodes, child, where, made)
                continue
            if child in made:
                os.link(made[child], where)
                continue
            made[child] = where
            with open(where, "wb") as f:
                f.write(node.data)
            os.chmod(where, node.mode)
            os.utime(where, ns=(node.time, node.time))
            self.inodes.append("%d=%d" % (os.stat(where).st_ino, node.inode))


# --- taking back what a crash left, when the power goes once more -----------------------------------------------------

class Mend(cases.Case):
    """A save in place that was killed with some of its bytes in the file, and is taken back."""

    def prepare_disk(self, top):
        shim = os.path.join(os.path.dirname(SHIM), "fault.so")
        self.prepare(top)
        for n in range(1, 100):
            env = dict(os.environ, LD_PRELOAD=shim, FAULT="kill:%d" % n)
            subprocess.run([PROGRAM] + super().edit(), env=env, stdout=subprocess.DEVNULL)
            if cases.content(self.file) not in (cases.OLD, self.new):
                break
            shutil.rmtree(top)
            os.mkdir(top)
            self.prepare(top)
        disk = Disk(top)
        disk.add_tree(top)
        return disk

    def edit(self):
        """The command that is recorded."""
        return ["restore", self.file, self.state, SPARE, "back"]


# --- one case ---------------------------------------------------------------------------------------------------------

def prepare_disk(case, top):
    case.prepare(top)
    disk = Disk(top)
    disk.add([n for n in os.listdir(top) if os.path.isfile(os.path.join(top, n))], cases.OLD, case.file)
    disk.add_directory(os.path.dirname(case.state))
    return disk


def record(case):
    """The disk with everything that an undisturbed run does to it."""
    top = tempfile.mkdtemp(prefix="sextant-crash.", dir=WHERE)
    log = os.path.join(tempfile.gettempdir(), os.path.basename(top) + ".trace")
    try:
        disk = case.prepare_disk(top) if isinstance(case, Mend) else prepare_disk(case, top)
        fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        env = dict(os.environ, LD_PRELOAD=SHIM, TRACE=str(fd))
        done = subprocess.run([PROGRAM] + case.edit(), env=env, pass_fds=[fd],
                              stdout=subprocess.PIPE)
        os.close(fd)
        assert done.returncode == 0, done
        with open(log) as f:
            disk.replay(f.readlines())
        return disk
    finally:
        shutil.rmtree(top, ignore_errors=True)
        if os.path.exists(log):
            os.unlink(log)


def synced(disk, end, open_ops, word):
    """Whether `word` was said, and all that was done before it is on the disk."""
    marks = [i for i, op in enumerate(disk.ops[:end]) if op.kind == "say" and op.args[0] == word]
    return bool(marks) and not any(i < marks[0] for i in open_ops)


def is_removed(disk, end):
    """Whether the journal has begun to go: nothing is pending any more."""
    return any(op.kind == "names" and op.args[0].get("head", 0) is None for op in disk.ops[:end])


def judge_written(case, said, recovered, after):
    """WRITE: behind a flush all is there. Bytes that stay in their place are old or new ones until then; an edit that
    moves bytes is there when it is said, and at most one more."""
    if "flushed" in said:
        return None if after == case.new else "flushed, and not there"
    if case.kind == "through-moves":
        edits = sum(line.startswith("edit ") for line in said)
        good = after in case.states[edits:edits + 2]
        return None if good else "torn behind %d edits, recovery says %s" % (edits, recovered.stdout)
    good = len(after) == len(cases.OLD) and all(b in s for b, s in zip(after, zip(*case.states)))
    return None if good else "bytes that nobody wrote"


def is_guarded(disk, case):
    """Without a journal: a copy of what the file was lies beside it."""
    if case.save != "bare":
        return False
    return any(cases.content(os.path.join(disk.top, n)) == cases.OLD for n in os.listdir(disk.top) if n.startswith("."))


def recover(disk, case, how):
    """By what the journal promises alone, or as a user does, to either side."""
    command = {"journal": ["recover", case.state, case.out], "finish": ["restore", case.file, case.state, case.out],
               "back": ["restore", case.file, case.state, case.out, "back"]}[how]
    env = dict(os.environ, LD_PRELOAD=INODE, INODES=",".join(disk.inodes))
    return subprocess.run([PROGRAM] + command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def judge(disk, case, end, chosen, open_ops, rng, tear):
    """None, or what is wrong with this disk."""
    bad = [(how, judge_one(disk, case, end, chosen, open_ops, rng, tear, how))
           for how in (HOW if LONG else [rng.choice(HOW)])]
    return next(("by %s: %s" % b for b in bad if b[1]), None)


def judge_one(disk, case, end, chosen, open_ops, rng, tear, how):
    disk.inodes = []
    shutil.rmtree(disk.top, ignore_errors=True)
    os.mkdir(disk.top, 0o755)
    disk.store(disk.image(chosen, rng, tear), 0, disk.top, {})
    said = disk.said(end)
    before = cases.describe(cases.content(case.result), case)
    if case.backup_wrong():
        return case.backup_wrong()
    recovered = recover(disk, case, how)
    after, out, old = (cases.content(p) for p in (case.result, case.out, case.out + ".old"))
    if case.states:
        return judge_written(case, said, recovered, after)
    if after not in (case.old, case.new) and not is_guarded(disk, case):
        return "the file is torn, was %s before recovery: %s" % (before, recovered.stdout)
    if case.save == "as" and cases.content(case.file) != cases.OLD:
        return "the file that it was is changed"
    if os.stat(case.file).st_mode & 0o7777 != 0o640:
        return "the mode is %o" % os.stat(case.file).st_mode
    if "saved" in said and after != case.new:
        return "was said to be saved"
    if is_removed(disk, end) or case.save == "bare":
        return None
    if "closed" in said and out != case.closed:
        return "what was edited last is lost, recovery says %s" % recovered.stdout
    if (isinstance(case, Mend) or synced(disk, end, open_ops, "edited")) and out not in (case.document, case.closed):
        return "the edits are lost, recovery says %s" % recovered.stdout
    # what is in one sector is written without waiting for the journal, which then is a second late at most
    # and under another name the file that it was is what it was
    if case.kind != "sector" and case.save != "as" and after == case.new and (out not in (case.document, case.closed) or old != cases.OLD):
        return "what was before the save is lost, recovery says %s" % recovered.stdout
    return None


def subsets(open_ops, rng):
    """Nothing, everything, all but one, only one, and some at random; each with one write that may be torn."""
    yield [], None
    yield open_ops, None
    for i in sorted(rng.sample(open_ops, min(SINGLE, len(open_ops)))):
        yield [j for j in open_ops if j != i], None
        yield [i], None
        yield open_ops, i
    for _ in range(RANDOM_SUBSETS):
        some = [i for i in open_ops if rng.random() < 0.5]
        yield some, rng.choice(some) if some else None


def sweep(disk, case, rng, begin=0, without=None, first_only=False):
    """Returns how many disks were tried, and what went wrong."""
    tried, wrong, seen = 0, [], set()
    for end in range(begin + 1, len(disk.ops) + 1):
        sure, open_ops = disk.pending(end, without)
        for some, tear in subsets(open_ops, rng):
            key = (tuple(sure), tuple(some), tear, tuple(disk.said(end)))
            if key in seen:
                continue
            seen.add(key)
            tried += 1
            bad = judge(disk, case, end, sorted(sure + some), open_ops, rng, tear)
            if bad:
                wrong.append("behind call %d, with %s of %s, torn %s: %s" % (end, some, open_ops, tear, bad))
                if first_only:
                    return tried, wrong
    return tried, wrong


def idle_syncs(case, rng):
    """How many syncs there are, and which of them could as well not be. The journal is synced each second besides: on a
    machine that is slow enough for that to come between, it is one too many, and the run is another."""
    for _ in range(RECORDS):
        disk = record(case)
        try:
            syncs = [i for i, op in enumerate(disk.ops) if op.kind == "sync"]
            idle = [i for i in syncs if not any(sweep(disk, case, rng, i, i, True)[1] for _ in range(TRIES))]
        finally:
            shutil.rmtree(disk.top, ignore_errors=True)
        if not idle:
            break
    return len(syncs), ["call %d, of node %d" % (i, disk.ops[i].node) for i in idle]


# --- all of them --------------------------------------------------------------------------------------------------------

def main():
    number = 0

    def result(good, text, lines=()):
        nonlocal number
        number += 1
        print("%sok %d - %s" % ("" if good else "not ", number, text))
        for line in lines:
            print("#", line)
        sys.stdout.flush()

    print("# SEED=%d" % SEED)
    for case in cases.all_cases() + [Mend("in place, taken back", "same")]:
        if os.environ.get("CASE", case.name) != case.name or (not LONG and case.name in cases.MORE):
            continue
        rng = random.Random(SEED)
        disk = record(case)
        try:
            tried, wrong = sweep(disk, case, rng)
            result(not wrong and tried, "%s: %d calls, %d disks, %d of them beyond recovery" %
                   (case.name, len(disk.ops), tried, len(wrong)), wrong[:10])
        finally:
            shutil.rmtree(disk.top, ignore_errors=True)
        if case.kind in ("same", "sector") and not isinstance(case, Mend):
            written = sum(len(op.args[1]) for op in disk.ops if op.node == 1 and op.kind == "write")
            differs = sum(a != b for a, b in zip(cases.OLD, case.new))
            result(differs <= written <= differs + 64, "%s: %d bytes differ, %d are written to the file" %
                   (case.name, differs, written))
        if case.save == "as":
            continue  # the syncs of a copy, of which the journal's protect here what the file that stays has, too
        count, idle = idle_syncs(case, rng)
        result(not idle and count, "%s: each of %d syncs is missed" % (case.name, count), idle)
    for path in (SPARE, SPARE + ".old"):
        if os.path.exists(path):
            os.unlink(path)
    print("1..%d" % number)


if __name__ == "__main__":
    main()
