/* test_screen.c - title, status line, message line, lists, speaking: at widths where not everything fits. */
#include "scene.h"

static void
line_is(Scene *s, unsigned y, const char *want, const char *what)
{
    SxGrid *g = fixture_draw(&s->screen);
    same_line(g, y, want, what);
    sx_grid_free(g);
}

static void
status_widths(void)
{
    static const struct {
        unsigned width;
        const char *want;
    } cases[] = {
        {120, " BROWSE  COPY +2  0x0000008c  140  0.0%  47 71 01000111  1 of 192                                       "
              "        F1 help"},
        {74, " BROWSE  COPY +2  0x0000008c  140  0.0%  47 71  1 of 192          F1 help"},
        {60, " BROWSE  COPY +2  0x0000008c  140  0.0%  47 71  1 of 192"},
        {59, "BROWSE COPY +2 0x0000008c 140 0.0% 47 71 1 of 192  F1 help"},
        {49, "BROWSE COPY +2 0x0000008c 140 0.0% 47 71 1 of 192"},
        {48, "BROWSE COPY +2 0x0000008c 0.0% 47 71 1 of 192"},
        {40, "BROWSE COPY +2 0x0000008c 47 71 1 of 192"},
        {39, "BROWSE COPY +2 0x0000008c 1 of 192"},
        {30, "BROWSE COPY +2 0x0000008c"},
        {29, "B C +2 0x0000008c 1 of 192"},
        {16, "B C +2"},
        {6, "B C +2"},
        {5, "B"},
        {1, "B"},
    };
    Scene s;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene_init(&s);
        s.screen.width = cases[i].width;
        line_is(&s, 22, cases[i].want, "status");
    }
    scene_init(&s);
    s.screen.width = s.screen.height = 1;
    s.screen.line.text = "";
    s.screen.status.mode = SX_MODE_INSERT;
    line_is(&s, 0, "I", "1x1");
}

static void
status_states(void)
{
    Scene s;
    scene_init(&s);
    s.screen.status.unprotected = true;
    line_is(&s, 22, " BROWSE  COPY +2  UNPROTECTED  0x0000008c  140  0.0%  47 71  1 of 192   F1 help", "unprotected");
    scene_init(&s);
    s.screen.status.lost = true;
    s.screen.status.has_value = false;
    line_is(&s, 22, " BROWSE  COPY +2  0x0000008c  140  0.0%  ??  1 of 192                   F1 help", "lost");
    scene_init(&s);
    s.screen.status.has_value = false;
    s.screen.status.cursor = s.f.length;
    line_is(&s, 22, " BROWSE  COPY +2  0x04000000  67108864  100.0%  1 of 192                F1 help", "behind the end");
    scene_init(&s);
    s.screen.status.cursor = s.f.length / 2;
    s.screen.status.match = NULL;
    line_is(&s, 22, " BROWSE  COPY +2  0x02000000  33554432  50.0%  47 71 01000111           F1 help", "half way");
    scene_init(&s);
    s.screen.status.line = "~812:40";
    line_is(&s, 22, " BROWSE  COPY +2  ~812:40  0x0000008c  140  0.0%  47 71  1 of 192       F1 help", "a line");
    s.screen.width = 39;
    line_is(&s, 22, "BROWSE COPY +2 ~812:40 0x0000008c", "a line goes behind the match");
    scene_init(&s);
    s.screen.width = 55;
    s.screen.status = (SxStatus){.mode = SX_MODE_OVERWRITE, .badge = SX_BADGE_THROUGH, .written = 2, .length = 1};
    line_is(&s, 22, "OVER W-THRU w2 0x00000000 0 0.0%               F1 help", "short words");
    scene_init(&s);
    s.screen.hex = NULL;
    s.screen.status = (SxStatus){.badge = SX_BADGE_COPY};
    line_is(&s, 22, " BROWSE  COPY                                                           F1 help", "no document");
}

static void
titles(void)
{
    Scene s;
    scene_init(&s);
    s.hex.length += 3;
    line_is(&s, 0, " 1 firmware.bin +2   2 log.txt             67108867 bytes (+3), 64.0 MiB  ascii", "grown");
    s.screen.file_size = 0;
    s.hex.length = 1;
    line_is(&s, 0, " 1 firmware.bin +2   2 log.txt                               1 byte (+1)  ascii", "one byte");
    s.hex.length = 5;
    s.screen.file_size = 7;
    line_is(&s, 0, " 1 firmware.bin +2   2 log.txt                              5 bytes (-2)  ascii", "shorter");
    scene_init(&s);
    s.screen.width = 60;
    line_is(&s, 0, " 1 firmware.bin +2   2 log.txt     67108864 bytes, 64.0 MiB", "60: no encoding");
    s.screen.width = 50;
    line_is(&s, 0, " 1 firmware.bin +2   2 log.txt     67108864 bytes", "50: no readable size");
    s.screen.width = 32;
    line_is(&s, 0, " 1 firmware.bin +2   2 log.txt", "32: tabs alone");
    s.screen.width = 26;
    s.screen.active = 1;
    SxGrid *g = fixture_draw(&s.screen);
    char line[256];
    fixture_line(g, 0, line, sizeof line);
    ok(strstr(line, "2 l") && fixture_styles(g, 25, 0) & SX_STYLE(TITLE), "26: the active tab is there: %s", line);
    sx_grid_free(g);
    SxTab many[40];
    for (size_t i = 0; i < 40; i++)
        many[i] = (SxTab){.name = "firmware.bin", .changes = i};
    scene_init(&s);
    s.screen.tabs = many;
    s.screen.n_tabs = 40;
    s.screen.active = 39;
    line_is(&s, 0, " 38 f\xe2\x80\xa6in +37   39 f\xe2\x80\xa6in +38   40 f\xe2\x80\xa6in +39               67108864 bytes, 64.0 MiB", "many");
}

static void
title_hits(void)
{
    Scene s;
    scene_init(&s);
    is(sx_screen_hit(&s.screen, 0, 0).row, 0, "the first tab");
    is(sx_screen_hit(&s.screen, 18, 0).kind, SX_HIT_TITLE, "its end");
    is(sx_screen_hit(&s.screen, 19, 0).kind, SX_HIT_NONE, "between tabs");
    is(sx_screen_hit(&s.screen, 21, 0).row, 1, "the second");
    is(sx_screen_hit(&s.screen, 79, 0).kind, SX_HIT_NONE, "no tab");
    is(sx_screen_hit(&s.screen, 5, 22).kind, SX_HIT_STATUS, "the status line");
    is(sx_screen_hit(&s.screen, 5, 23).kind, SX_HIT_MESSAGE, "the message line");
    is(sx_screen_hit(&s.screen, 5, 2).kind, SX_HIT_OFFSET, "an offset");
    is(sx_screen_hit(&s.screen, 80, 2).kind, SX_HIT_NONE, "outside");
}

static void
messages(void)
{
    Scene s;
    scene_init(&s);
    s.screen.width = 20;
    s.screen.line = (SxLine){.text = "firmware.bin: wrote 2 bytes at 1 place"};
    line_is(&s, 23, "firmware.bin: wrote\xe2\x80\xa6", "a message too long ends in a sign");
    s.options.ascii = true;
    line_is(&s, 23, "firmware.bin: wrote~", "in ASCII too");
    scene_init(&s);
    s.screen.height = 3;
    line_is(&s, 2, full[23], "below 4 rows a message takes the status line's place");
    s.screen.line.kind = SX_LINE_HINT;
    line_is(&s, 2, full[22], "a hint does not");
}

static void
questions(void)
{
    static const char question[] = "a-very-long-name-that-nobody-wants-to-read.bin: 3 changes. [w]rite [r]eview [d]iscard Esc";
    Scene s;
    scene_init(&s);
    s.screen.line = (SxLine){.kind = SX_LINE_QUESTION, .text = question};
    s.screen.width = 100;
    SxGrid *g = fixture_draw(&s.screen);
    same_line(g, 23, question, "room enough");
    const char *bracket = strchr(question, '[');
    unsigned x = (unsigned)(bracket - question);
    ok(!(fixture_styles(g, x, 23) & SX_STYLE(MESSAGE_KEY)) && fixture_styles(g, x + 1, 23) & SX_STYLE(MESSAGE_KEY) &&
           !(fixture_styles(g, x + 2, 23) & SX_STYLE(MESSAGE_KEY)),
       "the letter between brackets stands out");
    ok(g->cursor_y == 23 && g->cursor_x == strlen(question), "the cursor stands behind its last word");
    sx_grid_free(g);
    for (unsigned width = 34; width < 90; width++) {
        s.screen.width = width;
        g = fixture_draw(&s.screen);
        char line[512];
        fixture_line(g, 23, line, sizeof line);
        if (!strstr(line, "[w]rite [r]eview [d]iscard Esc"))
            ok(false, "%u columns: the answers stay: %s", width, line);
        sx_grid_free(g);
    }
    ok(true, "the answers stay at any width");
}

static void
prompt_scrolls(void)
{
    static const char typed[] = "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    Scene s;
    scene_init(&s);
    s.screen.width = 40;
    s.screen.line = (SxLine){.kind = SX_LINE_PROMPT, .label = "find text: ", .text = typed, .right = "no room for this"};
    for (size_t at = 0; at <= strlen(typed); at++) {
        s.screen.line.cursor = at;
        SxGrid *g = fixture_draw(&s.screen);
        uint32_t under = g->cells[23 * 40 + g->cursor_x].code;
        bool seen = g->cursor_x >= 11 && g->cursor_x < 40 && under == (uint32_t)(at < strlen(typed) ? typed[at] : ' ');
        if (!seen || g->cursor_y != 23)
            ok(false, "cursor %zu: column %u shows %c", at, g->cursor_x, (int)under);
        sx_grid_free(g);
    }
    ok(true, "the cursor is always on its character");
    s.screen.line.text = "\xe4\xb8\xad\xe6\x96\x87";
    s.screen.line.cursor = 3;
    SxGrid *g = fixture_draw(&s.screen);
    is(g->cursor_x, 13, "behind a wide character");
    sx_grid_free(g);
    s.screen.line = (SxLine){.kind = SX_LINE_PROMPT, .label = "find regex: ", .text = typed, .cursor = 70,
                             .right = "column 4: never closed", .right_bad = true};
    g = fixture_draw(&s.screen);
    char line[512];
    ok(strstr(fixture_line(g, 23, line, sizeof line), "column 4"), "a complaint is worth more than text: %s", line);
    sx_grid_free(g);
}

static const char *const rows[] = {"\x01Move", "h\tLeft\tone byte left", "PgDn\tf\ta page down", "alone"};

static void
lists(void)
{
    Scene s;
    SxPopup p = {.title = "Keys", .rows = rows, .count = 4, .current = 2, .footer = "q closes"};
    scene_init(&s);
    s.screen.popup = &p;
    is(sx_popup_rows(&s.screen), 19, "rows of a list at 80x24");
    SxGrid *g = fixture_draw(&s.screen);
    same_line(g, 0, full[0], "the title stays");
    same_line(g, 1, "Keys", "list");
    same_line(g, 2, "Move", "a heading");
    same_line(g, 3, " h     Left  one byte left", "fields are aligned");
    same_line(g, 4, " PgDn  f     a page down", "fields are aligned");
    same_line(g, 5, " alone", "one field");
    same_line(g, 21, "q closes", "footer");
    same_line(g, 22, full[22], "the status line stays");
    ok(fixture_styles(g, 70, 4) & SX_STYLE(POPUP_CURRENT) && fixture_styles(g, 2, 2) & SX_STYLE(POPUP_TITLE),
       "the chosen row, the heading");
    sx_grid_free(g);
    ok(sx_screen_hit(&s.screen, 5, 4).kind == SX_HIT_POPUP && sx_screen_hit(&s.screen, 5, 4).row == 2, "a hit on a row");
    is(sx_screen_hit(&s.screen, 5, 9).kind, SX_HIT_NONE, "no row there");
    s.screen.width = 20;
    g = fixture_draw(&s.screen);
    same_line(g, 3, " h     Left  one by…", "what is too long says so");
    sx_grid_free(g);
    s.screen.width = 80;
    p.top = 2;
    is(sx_screen_hit(&s.screen, 5, 2).row, 2, "scrolled");
    p = (SxPopup){.rows = rows, .count = 4, .current = SIZE_MAX, .strip = true};
    g = fixture_draw(&s.screen);
    same_line(g, 17, full[17], "a strip leaves what is above");
    same_line(g, 18, "Move", "and stands over the status line");
    same_line(g, 21, " alone", "to its last row");
    ok(g->cursor_y == 10 && g->cursor, "the cursor stays on its byte");
    sx_grid_free(g);
    is(sx_popup_rows(&s.screen), 4, "its rows");
    s.screen.popup = NULL;
    is(sx_popup_rows(&s.screen), 0, "no list");
}

static void
speaking(void)
{
    Scene s;
    scene_init(&s);
    s.options.speak = true;
    s.screen.line.text = "";
    s.screen.spoken = "47 71, G, 0x8c";
    SxGrid *g = fixture_draw(&s.screen);
    same_line(g, 0, "00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00", "no title, no ruler, no text");
    same_line(g, 8, "00000080  04 00 00 00 10 00 00 00  05 00 00 00[47 4e 55]00", "glyphs stay");
    same_line(g, 23, "47 71, G, 0x8c", "what is spoken");
    is(g->cursor_x, 47, "the cursor on its byte");
    SxGrid *before = g;
    s.hex.cursor++;
    s.screen.spoken = "4e 78, N, 0x8d";
    g = fixture_draw(&s.screen);
    unsigned rewritten = 0;
    for (size_t i = 0; i < 23 * 80; i++)
        rewritten += g->cells[i].code != before->cells[i].code || sx_grid_styles(g, (unsigned)i % 80, (unsigned)i / 80) != sx_grid_styles(before, (unsigned)i % 80, (unsigned)i / 80);
    is(rewritten, 0, "a motion rewrites one line alone");
    sx_grid_free(before);
    sx_grid_free(g);
    s.hex.text_column = true;
    line_is(&s, 0, "00000000  ·ELF············", "the text column alone");
    s.screen.line = (SxLine){.kind = SX_LINE_QUESTION, .text = "Write? [y]es Esc"};
    line_is(&s, 23, "Write? [y]es Esc", "a question comes before");
}

int
main(void)
{
    status_widths();
    status_states();
    titles();
    title_hits();
    messages();
    questions();
    prompt_scrolls();
    lists();
    speaking();
    return done_testing();
}
