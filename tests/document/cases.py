"""What the sweeps of saving share: a file, the ways to change it, and what each makes of it."""
import os

OLD = bytes((i * 31 + (i >> 8) * 17 + 5) & 255 for i in range(20000))
BLOCK = b"b" * 3000


def through(kind):
    """What is in the file behind each edit of WRITE, and before the first."""
    states, data = [OLD], bytearray(OLD)
    kind = kind.removesuffix("-written")
    edits = {"through": [(100, 5, b"first"), (9000, 3000, BLOCK), (19999, 1, b"!")],
             # ever further to the front: each moves bytes that none before it has moved
             "through-moves": [(10000, 0, BLOCK), (5000, 4000, b""), (0, 0, b"front")]}
    for at, removed, inserted in edits[kind]:
        data[at:at + removed] = inserted
        states.append(bytes(data))
    return states


def edited(kind):
    data = bytearray(OLD)
    if kind.startswith("through"):
        return through(kind)[-1]
    if kind == "sector":
        data[100:105] = b"first"
    elif kind == "same":
        data[100:105] = b"first"
        data[9000:12000] = BLOCK
        data[19999:] = b"!"
    elif kind == "longer":
        data[0:0] = b"front"
        data[10000:10000] = BLOCK
    else:
        del data[5000:9000]
        data[10000:10005] = b"later"
    return bytes(data)


class Case:
    """One way to save: what is edited, how many names the file has, and how it is saved: "" as it is, "backup" with one,
    "some" only the second change, "as" under another name, "bare" without a journal."""

    def __init__(self, name, kind, links=1, save=""):
        self.name, self.kind, self.links, self.save = name, kind, links, save
        self.document = edited(kind)  # what the document has
        self.new = OLD[:9000] + BLOCK + OLD[12000:] if save == "some" else self.document  # what the save makes
        self.old = None if save == "as" else OLD  # and where it does so, what is there before
        self.states = through(kind) if kind.startswith("through") else None
        # what is edited behind the save of some, and is in the journal when the session is closed
        self.closed = self.document[:15000] + b"later" + self.document[15005:] if save == "some" else None

    def prepare(self, top):
        self.file = os.path.join(top, "file")
        self.result = self.file + (".as" if self.save == "as" else "")
        self.state = os.path.join(top, "home", "state")  # another directory: what is synced there is not synced here
        os.mkdir(os.path.dirname(self.state))
        self.out = os.path.join(top, "out")
        with open(self.file, "wb") as f:
            f.write(OLD)
        os.chmod(self.file, 0o640)
        for i in range(1, self.links):
            os.link(self.file, self.file + str(i))


    def edit(self):
        """The command that edits and saves."""
        return ["edit", self.file, self.state, self.kind] + ([self.save] if self.save else [])

    def backup_wrong(self):
        """What is wrong with the backup, or None: where the file is not the old one any more, there is one, whole."""
        backup = content(self.file + "~")
        if self.save != "backup" or backup == OLD:
            return None
        if backup is not None:
            return "the backup is torn"
        return None if content(self.file) == OLD else "the file is changed, and there is no backup"


def content(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except FileNotFoundError:
        return None


def describe(data, case):
    return "old" if data == case.old else "new" if data == case.new else "torn"


MORE = ("WRITE, then written", "under another name", "by copy, with a backup", "over, with a backup", "over, without a journal")  # like others


def all_cases():
    return [Case("in place", "same"), Case("in one sector", "sector"), Case("by copy", "longer"), Case("over, longer", "longer", 2),
            Case("over, shorter", "shorter", 2), Case("WRITE", "through"), Case("WRITE, moving", "through-moves"),
            Case("WRITE, then written", "through-written"), Case("write-changes", "same", save="some"), Case("under another name", "longer", save="as"),
            Case("in place, with a backup", "same", save="backup"), Case("by copy, with a backup", "longer", save="backup"),
            Case("over, with a backup", "longer", 2, "backup"), Case("over, without a journal", "shorter", 2, "bare")]
