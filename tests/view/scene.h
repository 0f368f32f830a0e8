/*
 * scene.h - the picture of the documentation at 80x24, and a document and a screen made out of it.
 */
#pragma once

#include "fixture.h"

static const char *const full[] = {
    " 1 firmware.bin +2   2 log.txt                  67108864 bytes, 64.0 MiB  ascii",
    "           0  1  2  3  4  5  6  7   8  9  a  b  c  d  e  f  0123456789abcdef",
    "00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  ·ELF············   █",
    "00000010* 03 00 3e 00 01 00 00 00  50 17 03 00 00 00 00 00  ··>·····P·······   │",
    "00000020  40 00 00 00 00 00 00 00  b0 48 13 00 00 00 00 00  @········H······   *",
    "00000030  00 00 00 00 40 00 38 00  0d 00 40 00 1d 00 1c 00  ····@·8···@·····   │",
    "00000040' 06 00 00 00 04 00 00 00  40 00 00 00 00 00 00 00  ········@·······   +",
    "00000050  40 00 00 00 00 00 00 00  40 00 00 00 00 00 00 00  @·······@·······   │",
    "00000060  2f 6c 69 62 36 34 2f 6c  64 2d 6c 69 6e 75 78 2d  /lib64/ld-linux-   │",
    "00000070  78 38 36 2d 36 34 2e 73  6f 2e 32 00 00 00 00 00  x86-64.so.2·····   │",
    "00000080  04 00 00 00 10 00 00 00  05 00 00 00[47 4e 55]00  ············GNU·   │",
    "00000090  02 80 00 c0 04 00 00 00  01 00 00 00 00 00 00 00  ················   │",
    "000000a0  04 00 00 00 14 00 00 00  03 00 00 00 47 4e 55 00  ············GNU·   *",
    "000000b0  13 5a fc 8c 6d 1b 9e 02  35 6c ce 21 8b f0 10 9c  ·Z··m···5l·!····   │",
    "000000c0  36 87 ad 9f 00 00 00 00  62 6f 6f 74 3a 20 76 32  6·······boot: v2   │",
    "000000d0  2e 31 33 20 62 75 69 6c  64 20 34 34 37 31 2c 20  .13 build 4471,    !",
    "000000e0  61 6c 6c 20 67 6f 6f 64  2c 20 6e 6f 20 70 61 6e  all good, no pan   │",
    "000000f0  69 63 0a 00 00 00 00 00  25 73 3a 20 6e 6f 74 20  ic······%s: not    │",
    "00000100  66 6f 75 6e 64 00 25 73  3a 20 25 64 20 6c 65 66  found·%s: %d lef   │",
    "00000110! ?? ?? ?? ?? ?? ?? ?? ??  ?? ?? ?? ?? ?? ?? ?? ??  ????????????????   *",
    "00000120- 00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00",
    "00000130- 00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00",
    " BROWSE  COPY +2  0x0000008c  140  0.0%  47 71 01000111  1 of 192       F1 help",
    "match 1 of 192 at 0x8c: \"GNU\" as text, whole file, 21 ms",
};

/* The document, the view of it and the screen of picture 80x24; tests change what they need. */
typedef struct Scene {
    Fixture f;
    SxHexModel hex;
    SxHexOptions options;
    SxTab tabs[2];
    SxScreen screen;
    SxSpan matches[2];
    SxSpan marks[1];
} Scene;

static inline void
scene_load_row(Fixture *f, const char *line)
{
    size_t at = strtoul(line, NULL, 16);
    for (size_t i = 0; i < 16; i++) {
        const char *cell = line + 10 + 3 * i + (i > 7);
        bool lost = cell[0] == '?';
        f->bytes[at + i] = lost ? 0 : (uint8_t)strtoul((char[]){cell[0], cell[1], 0}, NULL, 16);
        f->states[at + i] = lost ? SX_BYTE_LOST : line[8] == '-' ? SX_BYTE_HOLE : SX_BYTE_HERE;
    }
}

static inline void
scene_init(Scene *s)
{
    memset(s, 0, sizeof *s);
    fixture_init(&s->f, 67108864);
    for (size_t row = 2; row < 22; row++)
        scene_load_row(&s->f, full[row]);
    s->f.origins[0x10] = s->f.origins[0x11] = SX_ORIGIN_CHANGED;
    s->matches[0] = (SxSpan){0x8c, 3};
    s->matches[1] = (SxSpan){0xac, 3};
    s->marks[0] = (SxSpan){0x40, 2};
    s->hex = (SxHexModel){.source = &s->f.source, .snapshot = &s->f.snapshot, .length = s->f.length, .cursor = 0x8c,
                          .matches = s->matches, .n_matches = 2, .current = {0x8c, 3}, .has_current = true,
                          .marks = s->marks, .n_marks = 1, .map = "||*|+|||||*||!|||*  "};
    s->tabs[0] = (SxTab){.name = "firmware.bin", .changes = 2};
    s->tabs[1] = (SxTab){.name = "log.txt", .changes = 0};
    s->screen = (SxScreen){.width = 80, .height = 24, .tabs = s->tabs, .n_tabs = 2, .encoding = "ascii",
                           .file_size = s->f.length, .hex = &s->hex, .options = &s->options};
    s->screen.status = (SxStatus){.changes = 2, .cursor = 0x8c, .length = s->f.length, .match = "1 of 192",
                                  .has_value = true, .value = 0x47};
    s->screen.line = (SxLine){.text = "match 1 of 192 at 0x8c: \"GNU\" as text, whole file, 21 ms"};
}

static inline void
same_line(const SxGrid *g, unsigned y, const char *want, const char *what)
{
    char got[1024];
    is_text(fixture_line(g, y, got, sizeof got), want, "%s, row %u", what, y);
}
