#!/usr/bin/python3
"""What the built libraries say to the linker.

    exports.py BUILD

libsextant.so exports sx_ names alone, each declared in an installed header; a name that one layer gives the linker is
given by no other, nor by the C library, since archives are searched in order and a second one would be left out or taken
instead without a word; and no layer keeps state of its own: the data that can change, which the layers' objects define,
is in the list below with its reason, or a test fails.
"""
import glob
import os
import re
import subprocess
import sys

import lint

STATE = {
    'app/rescue.c': 'signal handlers and the hook of a bug must reach what they rescue',
    'base/error.c': 'a bug must reach the rescue of the terminal from any depth',
    'map/registry.c': 'a signal handler must find the mappings',
    'search/interrupt.c': 'a signal handler must know who had the signal before',
    'term/modes.c': 'a signal handler must put the terminal back',
    'term/signals.c': 'a signal handler must wake the one who waits',
}
LAYERS = ('base', 'map', 'document', 'search', 'format', 'view', 'command', 'term', 'app')


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def check_exports(library):
    names = [line.split()[-1] for line in output('nm', '-D', '--defined-only', library).split('\n') if line]
    names = [name.split('@')[0] for name in names]
    foreign = [name for name in names if not name.startswith('sx_')]
    lint.ok(len(names) > 20, f'libsextant.so exports {len(names)} names')
    lint.ok(not foreign, 'all of them begin with sx_', foreign)
    installed = ''.join(lint.read(f'include/{h}') for h in re.findall(r"'(sextant/\w+\.h)'",
                                                                       lint.read('include/meson.build')))
    unknown = [name for name in names if not re.search(rf'\b{name}\b', installed)]
    lint.ok(not unknown, 'all of them are declared in an installed header', unknown)
    declared = set(re.findall(r'SX_API[^;(]*?\b(sx_\w+)\(', lint.code(installed)))
    missing = sorted(declared - set(names))
    lint.ok(not missing, 'and all that is declared there is there', missing)


def changing(paths):
    """(path, name) of the objects that lie in memory that can be written; const tables do not, after relocation."""
    path = None
    for line in output('objdump', '-t', *paths).split('\n'):
        header = re.match(r'(\S+): +file format', line)
        path = header[1] if header else path
        match = re.match(r'[0-9a-f]+ (.{7}) (\.data|\.bss|\.tbss|\.tdata|\*COM\*)(?:\.[\w.]+)?\t[0-9a-f]+ +(\S+)$', line)
        if match and 'O' in match[1] or match and match[2] == '*COM*':
            if '.data.rel.ro' not in line:
                yield path, match[3]


def source_of(path):
    """'base/error.c' of '.../src/base/libbase.a.p/error.c.o'; a source of another folder keeps its own."""
    layer = path.split(os.sep)[-3]
    name = os.path.basename(path)[:-2]
    return name.replace('_', '/') if name.startswith('.._') else f'{layer}/{name}'


def objects_of(build, layer):
    """Those whose source is still there: a folder that was built before keeps the others."""
    objects = sorted(glob.glob(os.path.join(build, 'src', layer, 'lib*.a.p', '*.o')))
    return [path for path in objects if os.path.exists(os.path.join(lint.ROOT, 'src', source_of(path)))]


def names_of(*nm):
    """(path, name) of what the linker sees."""
    for line in output('nm', '-A', '--defined-only', '-g', *nm).split('\n'):
        match = re.match(r'(.+):[0-9a-f]+ \w (\S+)$', line)
        if match:
            yield match[1], match[2].split('@')[0]


def system_names(program):
    """What the libraries define that a program is linked with."""
    paths = re.findall(r'=> (/\S+)', output('ldd', program))
    return {name for _, name in names_of('-D', *paths)}


def check_names(build):
    owners = {}
    for path, name in names_of(*(path for layer in LAYERS for path in objects_of(build, layer))):
        owners.setdefault(name, []).append(source_of(path))
    twice = [f'{name}: {", ".join(where)}' for name, where in sorted(owners.items()) if len(where) > 1]
    lint.ok(len(owners) > 500, f'{len(owners)} names, private and public, between the files of all layers')
    lint.ok(not twice, 'none is defined twice', twice)
    taken = system_names(os.path.join(build, 'sextant'))
    foreign = [f'{name}: {where[0]}' for name, where in sorted(owners.items()) if name in taken]
    lint.ok(len(taken) > 1000 and not foreign, 'and none by a library of the system', foreign)


def check_state(build):
    for layer in LAYERS:
        live = objects_of(build, layer)
        if not live:
            continue
        found = [f'{source_of(path)}: {name}' for path, name in changing(live) if source_of(path) not in STATE]
        lint.ok(not found, f'{layer} keeps no state of its own', found)


def main():
    build = sys.argv[1]
    check_exports(os.path.join(build, 'src', 'libsextant.so'))
    check_names(build)
    check_state(build)
    lint.done()


main()
