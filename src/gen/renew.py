"""renew.py GEN ROOT [--write]: compare what GEN makes of the tables with the files of the tree (TAP), or write them."""
import os
import subprocess
import sys

FILES = {
    "man": "doc/sextant.1",
    "commands": "doc/commands.md",
    "keys": "doc/keys.md",
    "bash": "doc/completions/sextant.bash",
    "zsh": "doc/completions/_sextant",
    "fish": "doc/completions/sextant.fish",
}


def content(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def main():
    gen, root = sys.argv[1:3]
    write = "--write" in sys.argv
    print(f"1..{len(FILES)}")
    for number, (kind, name) in enumerate(FILES.items(), 1):
        path = os.path.join(root, name)
        made = subprocess.run([gen, kind], stdout=subprocess.PIPE, check=True).stdout
        if write:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(made)
        same = content(path) == made
        print(f"{'ok' if same else 'not ok'} {number} - {name} is what the tables say")
        if not same:
            print("# renew it: ninja -C build docs")


main()
