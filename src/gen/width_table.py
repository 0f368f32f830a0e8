#!/usr/bin/python3
"""Prints src/base/width_table.h: how many cells each character takes, in the judgement of this machine's C library.

Run by hand, on glibc, when a newer Unicode is wanted; the output is committed, so that the same bytes are shown the
same way whatever the locale is. The C library is asked because curses asks it too, and both must agree.
"""
import ctypes
import unicodedata

BAD, ONE, TWO, MARK, UNSEEN = range(5)
BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x2070)]


def kind(code, width):
    category = unicodedata.category(chr(code))
    if code in BIDI or category in ('Cc', 'Cn', 'Cs', 'Zl', 'Zp') or width < 0:
        return BAD
    if width == 0:
        return UNSEEN if category == 'Cf' else MARK
    return ONE if width == 1 else TWO


def main():
    libc = ctypes.CDLL(None)
    libc.setlocale.restype = ctypes.c_char_p
    if not libc.setlocale(0, b'C.UTF-8'):
        raise SystemExit('needs the locale C.UTF-8')
    runs, last = [], None
    for code in range(0x110000):
        now = kind(code, libc.wcwidth(ctypes.c_int(code)))
        if now != last:
            runs.append(code << 3 | now)
            last = now
    print('/*')
    print(f' * width_table.h - the first character of each run of one kind, Unicode {unicodedata.unidata_version};')
    print(' * printed by src/gen/width_table.py. code << 3 | kind (enum Kind in width.c).')
    print(' */')
    print('#pragma once\n\n#include <stdint.h>\n')
    print('static const uint32_t width_runs[] = {')
    for i in range(0, len(runs), 10):
        print('    ' + ' '.join(f'0x{run:x},' for run in runs[i:i + 10]))
    print('};')


main()
