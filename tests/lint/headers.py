#!/usr/bin/python3
"""Each header compiles alone: contracts that are installed as C11, pedantic, and as C++; the others as the project is
built. Each says in its first lines what it is for, and includes itself only once.

    headers.py COMPILER...
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

import lint

WARN = ['-Wall', '-Wextra', '-Werror', '-fsyntax-only', '-I', os.path.join(lint.ROOT, 'include')]
PRIVATE = ['-std=gnu11', '-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64', '-Wpedantic', '-I', os.path.join(lint.ROOT, 'src')]
LANGUAGES = {
    'C11': ['-x', 'c', '-std=c11', '-Wpedantic'],
    'C++': ['-x', 'c++', '-std=c++11', '-Wpedantic'],
}


def installed():
    return set(re.findall(r"'sextant/(\w+\.h)'", lint.read('include/meson.build')))


def includes_of(name):
    """A text that has this header and nothing else."""
    path = name[len('include/'):] if name.startswith('include/') else name[len('src/'):]
    return f'#include <{path}>\n#include <{path}>\nextern int nothing;\n'


def knows_cpp(compiler):
    """gcc without g++ cannot compile C++ at all."""
    return subprocess.run([compiler, '-x', 'c++', '-fsyntax-only', '-'], input='', text=True,
                          capture_output=True).returncode == 0


def compiles(compiler, options, name):
    """The first complaint, or None."""
    run = subprocess.run([*compiler, *WARN, *options, '-'], input=includes_of(name), text=True, capture_output=True)
    if run.returncode == 0:
        return None
    lines = run.stderr.strip().split('\n')
    return next((line for line in lines if 'error:' in line), lines[0])


def check(title, compiler, options, names):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(lambda name: compiles(compiler, options, name), names))
    notes = [f'{name}: {why}' for name, why in zip(names, answers) if why]
    lint.ok(not notes, f'{title}: {len(names)} headers compile alone', notes)


def main():
    contracts = lint.sources('include', ext=('.h',))
    public = [name for name in contracts if os.path.basename(name) in installed()]
    inner = [name for name in contracts + lint.sources('src', ext=('.h',)) if name not in public]
    compilers = [c for c in sys.argv[1:] or ['gcc', 'clang'] if shutil.which(c)]
    lint.ok(len(public) > 5, 'installed contracts are found', [str(public)])
    for compiler in compilers:
        check(f'{compiler}, C11, installed', [compiler], LANGUAGES['C11'], public)
        if knows_cpp(compiler):
            check(f'{compiler}, C++, installed', [compiler], LANGUAGES['C++'], public)
    # Private ones are read by one compiler only: what the other says of them, its build says.
    check(f'{compilers[0]}, the others', compilers[:1], ['-x', 'c', *PRIVATE], inner)
    told = [name for name in public + inner if not lint.read(name).startswith('/*')]
    once = [name for name in public + inner if '#pragma once' not in lint.read(name)]
    needs = [f'{name}: {header}' for name in public
             for header in re.findall(r'#include <sextant/(\w+\.h)>', lint.read(name)) if header not in installed()]
    lint.ok(not told, 'each begins with what it is for', told)
    lint.ok(not once, 'each has #pragma once', once)
    lint.ok(not needs, 'installed ones include only installed ones', needs)
    lint.done()


main()
