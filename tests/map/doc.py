#!/usr/bin/python3
"""The programs in doc/mapping.md, as they stand there, are compiled, run on a file beyond 4 GiB, and do what they say.

    doc.py COMPILER INCLUDE LIBRARY
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from tap import Tap  # noqa: E402

t = Tap()
include, library, *compiler = sys.argv[1:]  # a compiler may have a launcher before it
folder_of_library = os.path.dirname(library)
environment = {**os.environ, "LD_LIBRARY_PATH": folder_of_library}
PLACE = 5 << 30


def programs():
    with open(os.path.join(HERE, "..", "..", "doc", "mapping.md"), encoding="utf-8") as f:
        return dict(re.findall(r"<!-- test: (\S+) -->\n```\w+\n(.*?)```", f.read(), re.S))


def changes_the_word(name, command, folder):
    path = os.path.join(folder, "large file")
    with open(path, "wb") as f:
        f.truncate(PLACE + 1000)
        f.seek(PLACE)
        f.write(b"an ERROR")
    done = subprocess.run([*command, path], env=environment, capture_output=True, text=True, check=False)
    with open(path, "rb") as f:
        f.seek(PLACE)
        t.is_(f.read(9), b"an FIXED\0", f"{name} finds a word beyond 4 GiB and changes it")
    t.ok(f"changed at {PLACE + 3:#x}" in done.stdout and done.returncode == 0, f"{name} says where", done.stdout + done.stderr)
    again = subprocess.run([*command, path], env=environment, capture_output=True, text=True, check=False)
    t.ok("nothing changed" in again.stdout, f"{name} says when there is none", again.stdout + again.stderr)
    missing = subprocess.run([*command, path + "x"], env=environment, capture_output=True, text=True, check=False)
    t.ok(missing.returncode == 1 and "no such file" in missing.stderr, f"{name} says what is wrong", missing.stderr)
    os.unlink(path)


with tempfile.TemporaryDirectory() as folder:
    found = programs()
    t.is_(sorted(found), ["word.c", "word.py"], "the page has both programs")
    for name, text in found.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        command = [sys.executable, path]
        if name.endswith(".c"):
            command = [path[:-2]]
            built = subprocess.run([*compiler, "-Wall", "-Wextra", "-I", include, path, "-o", command[0],
                                    "-L", folder_of_library, "-lsextant"], capture_output=True, text=True, check=False)
            t.ok(built.returncode == 0 and not built.stderr, f"{name} compiles without a warning", built.stderr)
        changes_the_word(name, command, folder)
sys.exit(t.done())
