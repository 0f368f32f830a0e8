#!/usr/bin/python3
"""Includes go down only, by src/LAYERS. A contract header of include/sextant/ belongs to the layer that implements it;
a private header of src/LAYER/ is for that layer alone, but for gen, which reads tables out of command's."""
import os
import re

import lint

# Who implements a contract. One that is not here belongs to the only layer that has a source of its name.
OWNERS = {
    **dict.fromkeys(['bytes.h', 'error.h', 'source.h', 'job.h', 'text.h', 'expression.h', 'key.h', 'machine.h', 'intern.h'], 'base'),
    'map.h': 'map',
    'patch.h': 'format',
    **dict.fromkeys(['document.h', 'recovery.h', 'snapshot.h'], 'document'),
    'search.h': 'search',
    **dict.fromkeys(['grid.h', 'style.h', 'styles.def', 'view.h'], 'view'),
    'session.h': 'command',
    'term.h': 'term',
}


def layers():
    """{layer: {what it may include}}; 'document/snapshot.h' is that one contract of a layer."""
    table = {}
    for line in lint.read('src/LAYERS').split('\n'):
        if line and not line.startswith('#'):
            name, _, below = line.partition(':')
            table[name.strip()] = set(below.split())
    return table


def owner(header, table):
    """The layer of a contract header, None when nobody can tell."""
    if header in OWNERS:
        return OWNERS[header]
    stem = os.path.splitext(header)[0]
    homes = [layer for layer in table if os.path.isfile(os.path.join(lint.ROOT, 'src', layer, stem + '.c'))]
    return homes[0] if len(homes) == 1 else None


def verdict(layer, include, table):
    """None when `layer` may include it, else why not."""
    head, _, tail = include.partition('/')
    if head == 'sextant':
        home = owner(tail, table)
        if home is None:
            return f'nobody knows the layer of {tail}: name it in OWNERS of tests/lint/layers.py'
    elif head in table:
        home = head
        if home != layer and tail.endswith('.h') and layer != 'gen':
            return f'{include} is private to {home}; what others may use is declared in include/sextant/'
    else:
        return None  # of the system
    if home == layer or home in table[layer] or f'{home}/{tail}' in table[layer]:
        return None
    return f'{layer} may not include {home}: see src/LAYERS'


def includes(name):
    text = lint.read(name)
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', text, re.M):
        yield text.count('\n', 0, match.start()) + 1, match[1]


def layer_of(name, table):
    if name.startswith('include/sextant/'):
        return owner(os.path.basename(name), table)
    return name.split('/')[1]


def check_rule(table):
    """The rule itself, on includes whose verdict is known."""
    samples = [('base', 'sextant/error.h', True), ('base', 'sextant/map.h', False), ('search', 'sextant/map.h', False),
               ('document', 'sextant/map.h', True), ('view', 'sextant/snapshot.h', True),
               ('view', 'sextant/document.h', False), ('term', 'sextant/snapshot.h', False),
               ('command', 'document/journal.h', False), ('document', 'document/journal.h', True),
               ('gen', 'command/command.h', True), ('gen', 'term/paint.h', False), ('app', 'command/cli.def', True),
               ('search', 'command/cli.def', False), ('base', 'string.h', True)]
    wrong = [f'{layer} {include}' for layer, include, good in samples
             if (verdict(layer, include, table) is None) != good]
    lint.ok(not wrong, 'the rule knows right from wrong', wrong)


def check_table(table):
    folders = {name.split('/')[1] for name in lint.sources('src')}
    order = list(table)
    upward = [f'{layer}: {below}' for layer in table for below in table[layer]
              if below.split('/')[0] not in order or
              (layer != 'gen' and order.index(below.split('/')[0]) >= order.index(layer))]
    lint.ok(folders <= set(table), 'every folder of src has its line in LAYERS', sorted(folders - set(table)))
    lint.ok(not upward, 'LAYERS names only what stands above the line', upward)


def main():
    table = layers()
    check_table(table)
    check_rule(table)
    for layer in [*table, None]:
        notes = []
        for name in lint.sources('src', 'include'):
            if layer_of(name, table) != layer:
                continue
            if layer is None:
                notes.append(f'{name}: which layer implements it? OWNERS in tests/lint/layers.py')
                continue
            for line, include in includes(name):
                why = verdict(layer, include, table)
                if why:
                    notes.append(f'{name}:{line}: {why}')
        lint.ok(not notes, f'includes of {layer} go down' if layer else 'every contract has a layer', notes)
    lint.done()


main()
