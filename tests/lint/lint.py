"""What the lint tests share: the sources, C without its comments and strings, and TAP."""
import os
import re
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..'))

_count = 0
_failed = 0


def ok(good, name, notes=()):
    """One TAP line, and its notes when it fails."""
    global _count, _failed
    _count += 1
    print(f"{'' if good else 'not '}ok {_count} - {name.replace('#', '.')}")
    if not good:
        _failed += 1
        for note in notes:
            print(f'# {note}')
    sys.stdout.flush()


def done():
    print(f'1..{_count}')
    sys.exit(1 if _failed else 0)


def tracked():
    """Every file of the tree that is not ignored, as a path from the top; a release has no git, and all is tracked."""
    try:
        out = subprocess.run(['git', '-C', ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
                             check=True, capture_output=True).stdout
        names = [name.decode() for name in out.split(b'\0') if name]
    except (OSError, subprocess.CalledProcessError):
        names = [os.path.relpath(os.path.join(folder, file), ROOT)
                 for folder, _, files in os.walk(ROOT) for file in files]
        names = [name for name in names if not re.match(r'build|\.git/', name)]
    return sorted(name for name in names if os.path.isfile(os.path.join(ROOT, name)))


def sources(*folders, ext=('.c', '.h', '.def')):
    return [name for name in tracked() if name.endswith(ext) and name.startswith(tuple(f + '/' for f in folders))]


def read(name):
    with open(os.path.join(ROOT, name), encoding='utf-8', errors='replace') as file:
        return file.read()


_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code(text):
    """`text` with comments and the insides of strings blanked, lines kept."""
    def blank(match):
        token = match.group()
        if token[0] in '"\'':
            return token[0] + ' ' * (len(token) - 2) + token[0]
        return re.sub(r'[^\n]', ' ', token)
    return _TOKEN.sub(blank, text)


def hits(text, pattern):
    """(line number, line) wherever `pattern` matches in `text`."""
    lines = text.split('\n')
    seen = []
    for match in re.finditer(pattern, text, re.M):
        number = text.count('\n', 0, match.start()) + 1
        if not seen or seen[-1][0] != number:
            seen.append((number, lines[number - 1].strip()))
    return seen
