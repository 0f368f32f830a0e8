#!/usr/bin/python3
"""What the code must not say, and where the few exceptions stand, each with its reason."""
import re

import lint

BELOW_APP = ('src/base', 'src/map', 'src/document', 'src/search', 'src/format', 'src/view', 'src/command', 'src/term')


class Rule:
    def __init__(self, name, pattern, folders=('src', 'include'), homes=(), good=(), bad=()):
        self.name = name
        self.pattern = pattern
        self.folders = folders  # where it holds
        self.homes = homes      # files and folders that may
        self.good = good        # samples that prove the pattern
        self.bad = bad

    def check(self):
        notes = [f'the pattern misses: {text}' for text in self.bad if not lint.hits(lint.code(text), self.pattern)]
        notes += [f'the pattern hits: {text}' for text in self.good if lint.hits(lint.code(text), self.pattern)]
        for name in lint.sources(*self.folders):
            if name.startswith(tuple(self.homes)):
                continue
            for line, text in lint.hits(lint.code(lint.read(name)), self.pattern):
                notes.append(f'{name}:{line}: {text}')
        lint.ok(not notes, self.name, notes)


def calls(*names):
    return r'(?<![\w.>])(?:' + '|'.join(names) + r')\s*\('


RULES = [
    Rule('no function that cannot know how much room there is',
         calls('strcpy', 'stpcpy', 'strcat', 'strncpy', 'strncat', 'sprintf', 'vsprintf', 'gets', 'alloca'),
         bad=['strcpy(a, b);', 'n = sprintf (a, "x");'], good=['snprintf(a, 1, "strcpy(");', '// gets(x)']),
    Rule('no function that cannot say that a number is wrong', calls('atoi', 'atol', 'atoll', 'atof'),
         bad=['int n = atoi(s);'], good=['/* atoi(s) */']),
    Rule('no function with memory of its own',
         calls('strtok', 'rand', 'srand', 'random', 'asctime', 'ctime', 'localtime', 'gmtime', 'tmpnam', 'mktemp',
               'tempnam', 'readdir64_r'),
         bad=['strtok(s, " ")'], good=['localtime_r(&t, &tm)', 'strtok_r(s, " ", &k)', 'x.random()']),
    Rule('nothing is run by a shell', calls('system', 'popen'), bad=['system("ls");'], good=['file_system(f);']),
    Rule('no exit below app',
         calls('exit', '_exit', '_Exit', 'quick_exit', 'abort'), BELOW_APP,
         homes=['src/base/error.c'],  # sx_bug: a bug ends here
         bad=['exit(1);', '  _exit(3);', 'abort();'], good=['on_exit(f, 0);', 's->exit(s);']),
    Rule('the locale is set by app alone', calls('setlocale', 'uselocale'), BELOW_APP, bad=['setlocale(LC_ALL, "");']),
    Rule('curses only in term', r'#\s*include\s*<(?:ncurses|curses|term)(?:w)?[./]', homes=['src/term/'],
         bad=['#include <curses.h>', '#include <ncursesw/curses.h>', '#include <term.h>'],
         good=['#include <termios.h>', '#include <sextant/term.h>']),
    Rule('PCRE2 only in search', r'#\s*include\s*<pcre2|\bpcre2_\w+\s*\(', homes=['src/search/'],
         bad=['#include <pcre2.h>', 'pcre2_match(c);']),
    Rule('mmap only in map', calls('mmap', 'mmap64', 'mremap'), homes=[
        'src/map/',
        'src/document/add.c',  # the journal's own chunks: nobody but us can make them shorter
    ], bad=['p = mmap(NULL, n);'], good=['sx_map_mmap(x)', 'm->mmap(x)']),
    Rule('SIGBUS only in map', r'^(?!.*sigdelset).*\bSIGBUS\b', homes=[
        'src/map/',
        'src/app/',  # a crash puts the terminal back; map's handler is asked first
    ], bad=['sigaction(SIGBUS, &a, NULL);'], good=['sigdelset(&all, SIGBUS);']),
    Rule('no signal() where sigaction is meant', calls('signal'), BELOW_APP, bad=['signal(SIGINT, f);'],
         good=['pthread_cond_signal(&c)']),
    Rule('an offset is uint64_t: no off_t but where the system answers with one',
         r'\b(?:off_t|off64_t|loff_t)\s+\*?\w+\s*(?:[;,)\[]|=(?!\s*lseek\())', homes=['src/map/', 'src/document/save', 'src/document/out.c'],
         bad=['off_t at = x;', 'f(off_t at)', 'off_t at;'], good=['(off_t)at', 'off_t end = lseek(f, 0, SEEK_END);']),
    Rule('an offset is uint64_t: nothing called offset, address or position is int or long',
         r'\b(?:int|long|unsigned|short|uint32_t|int32_t|ssize_t)\s+(?:\w+_)?(?:offset|address|position)\b',
         bad=['int offset = 0;', 'unsigned long file_offset;', 'uint32_t position'],
         good=['uint64_t offset;', 'int64_t offset', 'size_t position']),
]

TEXT_RULES = [
    ('nothing is left to do', re.compile(r'\b(?:TODO|FIXME|XXX)\b(?!\()')),
    ('no path of the machine it was made on', re.compile(r'(?<![\w.$}*-])/(?:work/|tmp/wt\b|root/)')),
]


def check_texts():
    assert TEXT_RULES[0][1].search('// FIXME later') and not TEXT_RULES[0][1].search('/tmp/x.XXXXXX')
    assert TEXT_RULES[1][1].search('see ' + '/' + 'work/x') and not TEXT_RULES[1][1].search('net/work/x')
    for what, pattern in TEXT_RULES:
        notes = []
        for name in lint.tracked():
            if name.startswith(('tests/data/', 'tests/lint/banned.py')):
                continue
            for number, line in enumerate(lint.read(name).split('\n'), 1):
                if pattern.search(line):
                    notes.append(f'{name}:{number}: {line.strip()[:100]}')
        lint.ok(not notes, what, notes)


def main():
    for rule in RULES:
        rule.check()
    check_texts()
    lint.done()


main()
