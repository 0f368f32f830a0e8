/*
 * test_pictures.c - the pictures of the documentation of the screen, character by character.
 *
 * The bytes are read out of the picture itself; marks, changes, matches, the map are said beside it.
 */
#include "scene.h"

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
