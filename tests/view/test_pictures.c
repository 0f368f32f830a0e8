/*
 * test_pictures.c - the pictures of the documentation of the screen, character by character.
 *
 * The bytes are read out of the picture itself; marks, changes, matches, the map are said beside it.
 */
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

static void
load_row(Fixture *f, const char *line)
{
    size_t at = strtoul(line, NULL, 16);
    for (size_t i = 0; i < 16; i++) {
        const char *cell = line + 10 + 3 * i + (i > 7);
        bool lost = cell[0] == '?';
        f->bytes[at + i] = lost ? 0 : (uint8_t)strtoul((char[]){cell[0], cell[1], 0}, NULL, 16);
        f->states[at + i] = lost ? SX_BYTE_LOST : line[8] == '-' ? SX_BYTE_HOLE : SX_BYTE_HERE;
    }
}

static void
scene_init(Scene *s)
{
    memset(s, 0, sizeof *s);
    fixture_init(&s->f, 67108864);
    for (size_t row = 2; row < 22; row++)
        load_row(&s->f, full[row]);
    s->f.origins[0x10] = s->f.origins[0x11] = SX_ORIGIN_CHANGED;
    s->matches[0] = (SxSpan){0x8c, 3};
    s->matches[1] = (SxSpan){0xac, 3};
    s->marks[0] = (SxSpan){0x40, 2};
    s->hex = (SxHexModel){.source = &s->f.source, .snapshot = &s->f.snapshot, .length = s->f.length, .cursor = 0x8c,
                          .matches = s->matches, .n_matches = 2, .current = {0x8c, 3}, .has_current = true,
                          .marks = s->marks, .n_marks = 1, .map = "||*|+|||||*||!|||*  "};
    s->tabs[0] = (SxTab){"firmware.bin", 2};
    s->tabs[1] = (SxTab){"log.txt", 0};
    s->screen = (SxScreen){.width = 80, .height = 24, .tabs = s->tabs, .n_tabs = 2, .encoding = "ascii",
                           .file_size = s->f.length, .hex = &s->hex, .options = &s->options};
    s->screen.status = (SxStatus){.changes = 2, .cursor = 0x8c, .length = s->f.length, .match = "1 of 192",
                                  .has_value = true, .value = 0x47};
    s->screen.line = (SxLine){.text = "match 1 of 192 at 0x8c: \"GNU\" as text, whole file, 21 ms"};
}

static void
same_line(const SxGrid *g, unsigned y, const char *want, const char *what)
{
    char got[1024];
    is_text(fixture_line(g, y, got, sizeof got), want, "%s, row %u", what, y);
}

static void
picture_80x24(void)
{
    Scene s;
    scene_init(&s);
    SxGrid *g = fixture_draw(&s.screen);
    for (unsigned y = 0; y < 24; y++)
        same_line(g, y, full[y], "80x24");
    is(g->cursor_x, 10 + 3 * 12 + 1, "the real cursor stands on the byte");
    is(g->cursor_y, 10, "in its row");
    is(g->cursor, SX_CURSOR_BLOCK, "a block in BROWSE");
    ok(fixture_styles(g, 48, 1) & SX_STYLE(RULER_CURSOR), "its column is bold in the ruler");
    ok(fixture_styles(g, 0, 10) & SX_STYLE(OFFSET_CURSOR), "its row too");
    ok(fixture_styles(g, 72, 10) & SX_STYLE(CURSOR_TWIN), "its twin stands in the text");
    ok(fixture_styles(g, 1, 0) & SX_STYLE(TITLE_ACTIVE), "the active tab");
    ok(!(fixture_styles(g, 21, 0) & SX_STYLE(TITLE_ACTIVE)), "the other one");
    sx_grid_free(g);
}

static void
picture_120x40(void)
{
    static const char *const side[] = {
        "inspector at 0x8c", "little-endian            (ze changes)", "u8   71\ti8   71", "u16  20039\ti16  20039",
    };
    Scene s;
    scene_init(&s);
    s.screen.width = 120;
    s.screen.height = 40;
    s.screen.side = side;
    s.screen.n_side = 4;
    s.options.side = true;
    s.hex.map = "||*|+|||||*";
    SxGrid *g = fixture_draw(&s.screen);
    same_line(g, 0, " 1 firmware.bin +2   2 log.txt                                                          "
                    "67108864 bytes, 64.0 MiB  ascii", "120x40");
    same_line(g, 1, "           0  1  2  3  4  5  6  7   8  9  a  b  c  d  e  f  0123456789abcdef      inspector at 0x8c",
              "120x40");
    same_line(g, 2, "00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  ·ELF············   █  little-endian"
                    "            (ze changes)", "120x40");
    same_line(g, 3, "00000010* 03 00 3e 00 01 00 00 00  50 17 03 00 00 00 00 00  ··>·····P·······   │  u8   71"
                    "               i8   71", "120x40");
    same_line(g, 4, "00000020  40 00 00 00 00 00 00 00  b0 48 13 00 00 00 00 00  @········H······   *  u16  20039"
                    "            i16  20039", "120x40");
    for (unsigned y = 6; y < 10; y++)
        same_line(g, y, full[y], "120x40");
    same_line(g, 38, " BROWSE  COPY +2  0x0000008c  140  0.0%  47 71 01000111  1 of 192                             "
                     "                  F1 help", "120x40");
    same_line(g, 39, full[23], "120x40");
    sx_grid_free(g);
}

static void
scene_mode(Scene *s, SxMode mode, uint64_t cursor)
{
    s->hex.mode = s->screen.status.mode = mode;
    s->hex.cursor = s->screen.status.cursor = cursor;
    s->screen.status.match = NULL;
    s->hex.has_current = false;
}

static void
scene_half(Scene *s, bool insert)
{
    s->hex.half = s->screen.status.half = (SxHalf){true, s->hex.cursor, insert, 7};
}

static void
compare_bottom(Scene *s, const char *row, const char *status, const char *line, const char *what)
{
    SxGrid *g = fixture_draw(&s->screen);
    if (row)
        same_line(g, 3, row, what);
    same_line(g, 22, status, what);
    same_line(g, 23, line, what);
    sx_grid_free(g);
}

static void
picture_overwrite(void)
{
    Scene s;
    scene_init(&s);
    scene_mode(&s, SX_MODE_OVERWRITE, 0x11);
    s.f.bytes[0x10] = 0x75;
    s.f.bytes[0x11] = 0x70;
    s.hex.second_digit = true;
    s.screen.status.changes = 1;
    s.screen.status.value = 0x70;
    s.screen.line.text = "OVERWRITE: two digits a byte, Tab: text, Esc ends. File untouched until :w";
    compare_bottom(&s, "00000010* 75 70 3e 00 01 00 00 00  50 17 03 00 00 00 00 00  up>·····P·······   │",
                   " OVERWRITE  COPY +1  0x00000011  17  0.0%  70 112 01110000              F1 help",
                   "OVERWRITE: two digits a byte, Tab: text, Esc ends. File untouched until :w", "OVERWRITE");
    SxGrid *g = fixture_draw(&s.screen);
    is(g->cursor_x, 14, "the cursor stands on the second digit");
    is(g->cursor, SX_CURSOR_UNDERLINE, "an underline in OVERWRITE");
    ok(fixture_styles(g, 10, 3) & SX_STYLE(CHANGED) && fixture_styles(g, 60, 3) & SX_STYLE(CHANGED),
       "changed bytes stand out in both columns");
    sx_grid_free(g);
}

static void
picture_insert(void)
{
    Scene s;
    scene_init(&s);
    scene_mode(&s, SX_MODE_INSERT, 0x12);
    static const uint8_t row[] = {0x75, 0x74, 0x03, 0, 0x3e, 0, 1, 0, 0, 0, 0x50, 0x17, 3, 0, 0, 0};
    memcpy(s.f.bytes + 0x10, row, 16);
    s.f.origins[0x10] = s.f.origins[0x11] = SX_ORIGIN_INSERTED;
    scene_half(&s, true);
    s.screen.status.changes = 1;
    s.screen.line.text = "";
    compare_bottom(&s, "00000010* 75 74 7_ 03 00 3e 00 01  00 00 00 50 17 03 00 00  ut···>·····P····   │",
                   " INSERT  COPY +1  0x00000012  18  0.0%  7_                              F1 help", "", "INSERT");
    SxGrid *g = fixture_draw(&s.screen);
    is(g->cursor_x, 17, "the cursor stands on the missing digit");
    is(g->cursor, SX_CURSOR_BAR, "a bar in INSERT");
    sx_grid_free(g);
}

static void
picture_select(void)
{
    Scene s;
    scene_init(&s);
    scene_mode(&s, SX_MODE_SELECT, 0x15);
    memset(s.f.origins, 0, sizeof s.f.origins);
    s.hex.selection = (SxSpan){0x12, 4};
    s.screen.status.selected = 4;
    s.screen.status.value = 0;
    s.screen.line.text = "sel 0x12:0x16, 4 bytes. y copy  d cut  r fill  ; note  v keep  Esc drop";
    compare_bottom(&s, "00000010  03 00<3e 00 01 00>00 00  50 17 03 00 00 00 00 00  ··>·····P·······   │",
                   " SELECT  COPY +2  0x00000015  21  0.0%  00 0 00000000  sel 4            F1 help",
                   "sel 0x12:0x16, 4 bytes. y copy  d cut  r fill  ; note  v keep  Esc drop", "SELECT");
}

static void
picture_through(void)
{
    Scene s;
    scene_init(&s);
    scene_mode(&s, SX_MODE_OVERWRITE, 0x11);
    s.f.bytes[0x10] = 0x75;
    s.f.origins[0x10] = SX_ORIGIN_WRITTEN;
    s.f.origins[0x11] = 0;
    scene_half(&s, false);
    s.screen.status.badge = SX_BADGE_THROUGH;
    s.screen.status.changes = 0;
    s.screen.status.written = 1;
    s.screen.line.text = "firmware.bin: changes now go into the file at once; u puts old bytes back";
    compare_bottom(&s, "00000010* 75 7_ 3e 00 01 00 00 00  50 17 03 00 00 00 00 00  u·>·····P·······   │",
                   " OVERWRITE  WRITE-THROUGH w1  0x00000011  17  0.0%  7_                  F1 help",
                   "firmware.bin: changes now go into the file at once; u puts old bytes back", "WRITE-THROUGH");
    SxGrid *g = fixture_draw(&s.screen);
    ok(fixture_styles(g, 1, 22) & SX_STYLE(BADGE_THROUGH), "the edit mode's badge is red too");
    sx_grid_free(g);
}

static void
picture_read_and_job(void)
{
    Scene s;
    scene_init(&s);
    scene_mode(&s, SX_MODE_BROWSE, 0);
    s.screen.status = (SxStatus){.badge = SX_BADGE_READ, .length = s.f.length, .has_value = true, .value = 0x7f};
    s.screen.line.text = "/dev/sdb1 is READ, nothing changed. :access copy edits in memory";
    compare_bottom(&s, NULL, " BROWSE  READ  0x00000000  0  0.0%  7f 127 01111111                     F1 help",
                   "/dev/sdb1 is READ, nothing changed. :access copy edits in memory", "READ");
    scene_init(&s);
    s.screen.status.job = "find 41% 9 s";
    s.screen.status.match = "1 of 78+";
    s.screen.line.text = "finding \"GNU\" 41% 3.1 GB/s 9 s, 78 so far (C-c stops)";
    compare_bottom(&s, NULL, " BROWSE  COPY +2  0x0000008c  140  0.0%  47 71  find 41% 9 s  1 of 78+  F1 help",
                   "finding \"GNU\" 41% 3.1 GB/s 9 s, 78 so far (C-c stops)", "a search");
}

static void
prompt(const char *label, const char *typed, const char *right, bool bad, const char *want)
{
    Scene s;
    scene_init(&s);
    s.screen.line = (SxLine){.kind = SX_LINE_PROMPT, .label = label, .text = typed, .cursor = strlen(typed),
                             .right = right, .right_bad = bad};
    SxGrid *g = fixture_draw(&s.screen);
    same_line(g, 23, want, "prompt");
    is(g->cursor_x, strlen(label) + strlen(typed), "the cursor stands behind the text");
    is(g->cursor_y, 23, "in the prompt");
    sx_grid_free(g);
}

static void
picture_prompts(void)
{
    prompt("find text: ", "GNU", "192 matches, next at 0x8c   Tab: hex regex number", false,
           "find text: GNU                 192 matches, next at 0x8c   Tab: hex regex number");
    prompt("goto: ", "400", "= 0x190, +260 from here   Tab: 0x400", false,
           "goto: 400                                   = 0x190, +260 from here   Tab: 0x400");
    prompt("find regex: ", "GNU(", "column 4: \"(\" is never closed", true,
           "find regex: GNU(                                   column 4: \"(\" is never closed");
}

int
main(void)
{
    picture_80x24();
    picture_120x40();
    picture_overwrite();
    picture_insert();
    picture_select();
    picture_through();
    picture_read_and_job();
    picture_prompts();
    return done_testing();
}
