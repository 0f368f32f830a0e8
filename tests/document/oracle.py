#!/usr/bin/python3
"""Random sequences of the mapping's verbs, answered by a document, by a map, and by Python's own mmap: all the same.

    SEED=1 ROUNDS=1000 tests/document/oracle.py
"""
import importlib.util
import os
import random
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
import sextant  # noqa: E402
from sextant import COPY, READ, WRITE  # noqa: E402
from sextant_document import Document  # noqa: E402

_spec = importlib.util.spec_from_file_location("map_oracle", os.path.join(HERE, "..", "map", "oracle.py"))
map_oracle = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(map_oracle)

SEED, ROUNDS, CALLS, PAGE = map_oracle.SEED, map_oracle.ROUNDS, map_oracle.CALLS, map_oracle.PAGE
NOT_OURS = {"set", "closed"}  # what a document does not have


class Round(map_oracle.Round):
    """One file three times: a document on one, a map on another, Python on the third; the same calls on all."""

    def __init__(self, number, folder):
        super().__init__(number, folder)
        self.maps = os.path.join(folder, "maps")
        self.edited = []  # contents before each edit of the document, for undo

    def write(self, data):
        super().write(data)
        with open(self.maps, "wb") as f:
            f.write(data)

    def start(self, oracle):
        r = self.random
        data = map_oracle.random_bytes(r, r.choice([2, 50, PAGE, 4 * PAGE])) or b"x"
        self.write(data)
        self.access = r.choice([READ, WRITE, COPY, COPY])
        offset = r.choice([0, 0, 0, PAGE, 2 * PAGE])
        length = r.choice([0, 0, 0, r.randrange(1, len(data) + 5)])
        window, fanout, chunk = r.choice([0, PAGE]), r.choice([0, 4, 5]), r.choice([0, 64, 4096])
        self.log.append(f"{len(data)} bytes, access {self.access}, offset {offset}, length {length}, window {window}, "
                        f"fanout {fanout}, chunk {chunk}")
        self.part = bool(offset or length)
        theirs = oracle.call("open", self.theirs, self.access, offset, length, 0)
        ours = self.open(lambda: sextant.Map.open(self.maps, self.access, offset, length, 0, window))
        self.expect("map open", ours, theirs)
        try:
            self.document = Document.open(self.mine, self.access, offset, length, fanout, chunk, window)
            mine = "value", None, None
        except sextant.Error as e:
            mine = "error", e.kind, e.text
        self.expect("document open", mine, theirs)
        return ours[0] == "value"

    def usable(self, name, args):
        if name in NOT_OURS or (name == "slice" and args[2] is not None):
            return False
        # an edit of the length is a document's own: in COPY it may, in a part of a file never
        if name == "resize" and (self.access != WRITE or self.part):
            return False
        return super().usable(name, args)

    def run(self, oracle):
        if not self.start(oracle):
            return
        for _ in range(CALLS):
            name, args = map_oracle.random_call(self.random, self.map.length())
            if not self.usable(name, args):
                continue
            self.log.append(f"{name}{args!r:.200}")
            theirs = oracle.call(name, *args)
            mine = map_oracle.our_call(self.document, name, args)
            maps = map_oracle.our_call(self.map, name, args)
            self.expect(name, mine, theirs)
            self.expect(f"map's {name}", maps, theirs)
            if mine[0] == "error" and mine[1] != maps[1]:
                raise AssertionError(f"{name}: document {mine!r:.300}, map {maps!r:.300}")
            self.expect("tell", map_oracle.our_call(self.document, "tell", ()), oracle.call("tell"))
            self.document.check()
        self.log.append("the end")
        self.expect("[:]", map_oracle.our_call(self.document, "slice", ()), oracle.call("slice", None))
        if map_oracle.contents(self.mine) != map_oracle.contents(self.theirs):
            raise AssertionError("the files differ")
        self.take_all_back()
        self.document.free()
        self.map.free()

    def take_all_back(self):
        """Undone to the beginning the file, or the document, is what it was."""
        steps = 0
        try:
            while sextant.lib.sx_document_undo_count(self.document.handle):
                self.document.undo()
                self.document.check()
                steps += 1
        except sextant.Error as e:
            raise AssertionError(f"undo {steps}: {e}") from e
        if self.document.modified:
            raise AssertionError("undone to the beginning, and modified")


def main():
    print(f"# SEED={SEED} ROUNDS={ROUNDS}")
    oracle, failed = map_oracle.Oracle(), 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            round_ = Round(number, folder)
            try:
                round_.run(oracle)
            except (AssertionError, sextant.Error) as e:
                failed += 1
                print(f"# round {number}: {e}")
                print("".join(f"#   {line}\n" for line in round_.log[-8:]), end="")
                if failed > 4:
                    break
    oracle.quit()
    print(f"{'not ' if failed else ''}ok 1 - {ROUNDS} random sequences of {CALLS} calls are answered alike by all three")
    print("1..1")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
