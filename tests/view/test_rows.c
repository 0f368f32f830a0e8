/* test_rows.c - what a row of bytes says: signs, brackets, states of bytes, marks, the file map, dumps. */
#include "scene.h"

static SxGrid *
draw(Scene *s)
{
    return fixture_draw(&s->screen);
}

/* Row 0x10 of the scene, drawn. */
static void
row_is(Scene *s, const char *want, const char *what)
{
    SxGrid *g = draw(s);
    same_line(g, 3, want, what);
    sx_grid_free(g);
}

static void
plain_scene(Scene *s)
{
    scene_init(s);
    memset(s->f.origins, 0, sizeof s->f.origins);
    s->hex.n_matches = s->hex.n_marks = 0;
    s->hex.has_current = false;
    s->options.no_map = true;
}

#define BYTES_10 "03 00 3e 00 01 00 00 00  50 17 03 00 00 00 00 00"
#define TEXT_10  "··>·····P·······"

static void
signs(void)
{
    Scene s;
    plain_scene(&s);
    row_is(&s, "00000010  " BYTES_10 "  " TEXT_10, "nothing to say");
    s.marks[0] = (SxSpan){0x1f, 1};
    s.hex.n_marks = 1;
    row_is(&s, "00000010' " BYTES_10 "  " TEXT_10, "a mark");
    s.marks[0] = (SxSpan){0x10, 0};
    row_is(&s, "00000010' " BYTES_10 "  " TEXT_10, "an empty mark stands on its byte");
    memset(s.f.states + 0x10, SX_BYTE_HOLE, 16);
    memset(s.f.bytes + 0x10, 0, 16);
    row_is(&s, "00000010' 00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00", "a mark before a hole");
    s.hex.n_marks = 0;
    row_is(&s, "00000010- 00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00", "all hole");
    s.f.states[0x1f] = SX_BYTE_HERE;
    row_is(&s, "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00                 ·", "not all hole");
    s.f.states[0x1e] = SX_BYTE_PENDING;
    row_is(&s, "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 .. 00                 ·", "on its way");
    s.f.origins[0x10] = SX_ORIGIN_WRITTEN;
    row_is(&s, "00000010* 00 00 00 00 00 00 00 00  00 00 00 00 00 00 .. 00                 ·", "written");
    s.f.states[0x12] = SX_BYTE_LOST;
    row_is(&s, "00000010! 00 00 ?? 00 00 00 00 00  00 00 00 00 00 00 .. 00    ?            ·", "lost before all");
}

static void
brackets(void)
{
    Scene s;
    plain_scene(&s);
    s.hex.current = (SxSpan){0x10, 1};
    s.hex.has_current = true;
    row_is(&s, "00000010 [03]00 3e 00 01 00 00 00  50 17 03 00 00 00 00 00  " TEXT_10, "the first byte");
    s.hex.current = (SxSpan){0x1f, 1};
    row_is(&s, "00000010  03 00 3e 00 01 00 00 00  50 17 03 00 00 00 00[00] " TEXT_10, "the last byte");
    s.hex.current = (SxSpan){0x17, 2};
    row_is(&s, "00000010  03 00 3e 00 01 00 00[00  50]17 03 00 00 00 00 00  " TEXT_10, "across the middle");
    s.hex.current = (SxSpan){0x0e, 3};
    row_is(&s, "00000010  03]00 3e 00 01 00 00 00  50 17 03 00 00 00 00 00  " TEXT_10, "begun a row before");
    s.hex.current = (SxSpan){0x1e, 300};
    row_is(&s, "00000010  03 00 3e 00 01 00 00 00  50 17 03 00 00 00[00 00  " TEXT_10, "going on below");
    s.hex.selection = (SxSpan){0x1e, 1};
    row_is(&s, "00000010  03 00 3e 00 01 00 00 00  50 17 03 00 00 00[00>00  " TEXT_10, "the match before the selection");
    s.hex.has_current = false;
    s.f.origins[0x14] = SX_ORIGIN_GAP;
    row_is(&s, "00000010  03 00 3e 00|01 00 00 00  50 17 03 00 00 00<00>00  " TEXT_10, "bytes deleted here");
    s.hex.selection = (SxSpan){0x14, 1};
    row_is(&s, "00000010  03 00 3e 00<01>00 00 00  50 17 03 00 00 00 00 00  " TEXT_10, "the selection before that");
}

static void
narrow_brackets(void)
{
    Scene s;
    plain_scene(&s);
    s.screen.width = 79;
    s.hex.selection = (SxSpan){0x10, 16};
    s.f.origins[0x11] = SX_ORIGIN_CHANGED;
    row_is(&s, "00000010<03 00 3e 00 01 00 00 00 50 17 03 00 00 00 00 00>" TEXT_10,
           "with gaps of one a bracket stands in the place of the sign");
    s.f.states[0x10] = SX_BYTE_LOST;
    row_is(&s, "00000010!?? 00 3e 00 01 00 00 00 50 17 03 00 00 00 00 00>?·>·····P·······", "but not of lost bytes");
}

static void
rectangle(void)
{
    Scene s;
    plain_scene(&s);
    s.hex.selection = (SxSpan){0x02, 0x24};
    s.hex.rectangle = (SxSpan){2, 4};
    row_is(&s, "00000010  03 00<3e 00 01 00>00 00  50 17 03 00 00 00 00 00  " TEXT_10, "a rectangle");
    SxGrid *g = draw(&s);
    ok(!(fixture_styles(g, 10, 3) & SX_STYLE(SELECTION)) && fixture_styles(g, 16, 3) & SX_STYLE(SELECTION) &&
           fixture_styles(g, 18, 3) & SX_STYLE(SELECTION) && fixture_styles(g, 62, 3) & SX_STYLE(SELECTION),
       "its bytes, the blanks between, its characters");
    ok(!(fixture_styles(g, 16, 5) & SX_STYLE(SELECTION)), "not the rows below");
    sx_grid_free(g);
}

static void
matches(void)
{
    Scene s;
    plain_scene(&s);
    static const SxSpan spans[] = {{0x00, 0x12}, {0x14, 2}, {0x16, 1}, {0x1f, 0x200}};
    s.hex.matches = spans;
    s.hex.n_matches = 4;
    SxGrid *g = draw(&s);
    static const struct {
        unsigned x;
        bool match;
        const char *what;
    } cases[] = {
        {10, true, "begun above"}, {13, true, "its end"}, {12, true, "the blank inside"}, {15, false, "the blank behind"},
        {22, true, "the second"}, {24, true, "its blank"}, {27, false, "between two matches"}, {28, true, "the third"},
        {56, true, "the last"}, {60, true, "in the text too"}, {62, false, "and not there"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ok(!!(fixture_styles(g, cases[i].x, 3) & SX_STYLE(MATCH)) == cases[i].match, "%s", cases[i].what);
    ok(fixture_styles(g, 10, 21) & SX_STYLE(MATCH), "a match that goes on beyond the screen");
    sx_grid_free(g);
}

static void
origins(void)
{
    static const struct {
        SxOrigin origin;
        SxStyles style;
    } cases[] = {{SX_ORIGIN_CHANGED, SX_STYLE(CHANGED)}, {SX_ORIGIN_INSERTED, SX_STYLE(INSERTED)},
                 {SX_ORIGIN_WRITTEN, SX_STYLE(WRITTEN)}};
    Scene s;
    for (size_t i = 0; i < 3; i++) {
        plain_scene(&s);
        s.f.origins[0x11] = (uint8_t)cases[i].origin;
        SxGrid *g = draw(&s);
        ok(fixture_styles(g, 13, 3) & cases[i].style && fixture_styles(g, 14, 3) & cases[i].style &&
               fixture_styles(g, 61, 3) & cases[i].style && !(fixture_styles(g, 16, 3) & cases[i].style),
           "origin %d in both columns", cases[i].origin);
        sx_grid_free(g);
    }
}

static void
ends(void)
{
    Scene s;
    plain_scene(&s);
    s.f.length = s.f.snapshot.length = s.hex.length = 0x13;
    s.f.snapshot.gap_at_end = true;
    row_is(&s, "00000010  03 00 3e|                                         ··>", "the end, with bytes deleted there");
    s.hex.cursor = 0x13;
    SxGrid *g = draw(&s);
    is(g->cursor_x, 10 + 9, "the cursor behind the last byte");
    ok(fixture_styles(g, 63, 3) & SX_STYLE(CURSOR_TWIN), "its twin");
    sx_grid_free(g);
    s.f.length = s.f.snapshot.length = s.hex.length = 0x10;
    s.hex.cursor = 0x10;
    row_is(&s, "00000010", "the place behind a full row has a row");
    s.f.length = s.f.snapshot.length = s.hex.length = 0;
    s.hex.cursor = 0;
    g = draw(&s);
    same_line(g, 2, "00000000", "an empty document");
    same_line(g, 3, "", "and nothing else");
    is(g->cursor_x, 10, "where the cursor stands");
    sx_grid_free(g);
    s.hex.half = (SxHalf){true, 0, true, 0xa};
    g = draw(&s);
    same_line(g, 2, "00000000  a_                                                ·", "its first byte, half typed");
    sx_grid_free(g);
}

static void
long_offsets(void)
{
    static const struct {
        uint64_t length, top;
        const char *want;
    } cases[] = {
        {UINT64_C(1) << 32, UINT64_C(0xfffffff0), "fffffff0  00 00 00"},
        {(UINT64_C(1) << 32) + 5, UINT64_C(1) << 32, "0100000000  00 00 00 00 00"},
        {UINT64_C(1) << 44, UINT64_C(0xffffffffff0), "0ffffffffff0 00 00"},
        {UINT64_C(7) << 60, (UINT64_C(7) << 60) - 8, "6ffffffffffffff8 00 00 00 00 00 00 00 00 ········"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Scene s;
        plain_scene(&s);
        s.f.length = s.f.snapshot.length = s.hex.length = cases[i].length;
        s.hex.top = s.hex.cursor = cases[i].top;
        SxGrid *g = draw(&s);
        char got[1024];
        fixture_line(g, 2, got, sizeof got);
        got[strlen(cases[i].want)] = '\0';
        is_text(got, cases[i].want, "length 0x%" PRIx64, cases[i].length);
        sx_grid_free(g);
    }
    Scene s;
    plain_scene(&s);
    s.f.length = s.f.snapshot.length = s.hex.length = s.hex.cursor = UINT64_C(1) << 32;
    s.hex.top = UINT64_C(0xfffffff0);
    row_is(&s, "100000000", "the place behind the last byte may need a digit more");
}

static void
options(void)
{
    Scene s;
    plain_scene(&s);
    s.options.capitals = true;
    row_is(&s, "00000010  03 00 3E 00 01 00 00 00  50 17 03 00 00 00 00 00  " TEXT_10, "capitals");
    s.options.decimal = true;
    row_is(&s, "00000016  03 00 3E 00 01 00 00 00  50 17 03 00 00 00 00 00  " TEXT_10, "decimal offsets");
    s.options = (SxHexOptions){.ascii = true};
    s.hex.map = "||*|+|||||*||!|||*  ";
    row_is(&s, "00000010  " BYTES_10 "  ..>.....P.......   |", "only ASCII");
    s.options = (SxHexOptions){.base = 0x8000000, .no_map = true};
    row_is(&s, "08000010  " BYTES_10 "  " TEXT_10, "a base is added to what is shown");
    s.options = (SxHexOptions){.group = 4, .no_map = true};
    row_is(&s, "00000010  03003e00 01000000  50170300 00000000  " TEXT_10, "groups of four");
    s.options = (SxHexOptions){.only_text = true};
    row_is(&s, "00000010  " TEXT_10 "   │", "only text");
    s.options = (SxHexOptions){.no_classes = true};
    SxGrid *g = draw(&s);
    ok(!(fixture_styles(g, 10, 3) & SX_STYLE(BYTE_CONTROL)), "no colours of classes");
    sx_grid_free(g);
}

static void
classes(void)
{
    static const struct {
        uint8_t value;
        SxStyles style;
    } cases[] = {
        {0, SX_STYLE(BYTE_ZERO)},       {1, SX_STYLE(BYTE_CONTROL)},  {'\t', SX_STYLE(BYTE_SPACE)},
        {'\n', SX_STYLE(BYTE_SPACE)},   {0x0b, SX_STYLE(BYTE_CONTROL)}, {' ', SX_STYLE(BYTE_SPACE)},
        {'!', SX_STYLE(BYTE_PRINT)},    {'~', SX_STYLE(BYTE_PRINT)},  {0x7f, SX_STYLE(BYTE_CONTROL)},
        {0x80, SX_STYLE(BYTE_HIGH)},    {0xff, SX_STYLE(BYTE_HIGH)},
    };
    const SxStyles all = SX_STYLE(BYTE_ZERO) | SX_STYLE(BYTE_CONTROL) | SX_STYLE(BYTE_SPACE) | SX_STYLE(BYTE_PRINT) |
                         SX_STYLE(BYTE_HIGH);
    Scene s;
    plain_scene(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s.f.bytes[0x10] = cases[i].value;
        SxGrid *g = draw(&s);
        ok((fixture_styles(g, 10, 3) & all) == cases[i].style && (fixture_styles(g, 60, 3) & all) == cases[i].style,
           "class of %02x", cases[i].value);
        sx_grid_free(g);
    }
}

static void
insert_pushes_on(void)
{
    Scene s;
    plain_scene(&s);
    s.hex.cursor = 0x1f;
    s.hex.half = (SxHalf){true, 0x1f, true, 0xc};
    SxGrid *g = draw(&s);
    same_line(g, 3, "00000010  03 00 3e 00 01 00 00 00  50 17 03 00 00 00 00 c_  " TEXT_10, "the last of a row");
    same_line(g, 4, "00000020  00 40 00 00 00 00 00 00  00 b0 48 13 00 00 00 00  ·@········H·····", "pushes the rest on");
    sx_grid_free(g);
    is(sx_screen_hit(&s.screen, 10, 4).at, 0x1f, "what was pushed on is still itself");
    is(sx_screen_hit(&s.screen, 13, 4).at, 0x20, "and so is the next");
}

static void
file_map(void)
{
    Scene s;
    scene_init(&s);
    s.hex.top = 0x2000000; /* half way */
    s.hex.map = "! ' ";
    SxGrid *g = draw(&s);
    static const uint32_t want[] = {'!', ' ', '\'', ' ', 0x2502};
    for (unsigned i = 0; i < 5; i++)
        is(g->cells[(2 + i) * 80 + 79].code, want[i], "map, row %u", i);
    is(g->cells[12 * 80 + 79].code, 0x2588, "the window half way");
    is(g->cells[11 * 80 + 79].code, 0x2502, "not before");
    is(sx_screen_hit(&s.screen, 79, 12).at, 0x2000000, "a cell of the map is a place in the file");
    is(sx_screen_hit(&s.screen, 79, 12).kind, SX_HIT_MAP, "a hit on the map");
    sx_grid_free(g);
}

static void
dumps(void)
{
    Scene s;
    plain_scene(&s);
    char line[4096];
    sx_hex_dump_line(line, sizeof line, &s.f.source, 0x80, 16, 8, NULL, 0);
    is_text(line, "00000080  04 00 00 00 10 00 00 00  05 00 00 00 47 4e 55 00  ············GNU·", "a row");
    sx_hex_dump_line(line, sizeof line, &s.f.source, 0x118, 16, 8, NULL, 0);
    is_text(line, "00000118! ?? ?? ?? ?? ?? ?? ?? ??  00 00 00 00 00 00 00 00  ????????        ", "lost and hole");
    s.f.length = 0x83;
    sx_hex_dump_line(line, sizeof line, &s.f.source, 0x80, 16, 10, NULL, 0);
    is_text(line, "0000000080  04 00 00                                          ···", "the end, ten digits");
    sx_hex_dump_line(line, 20, &s.f.source, 0x80, 16, 8, NULL, 0);
    ok(strlen(line) < 20 && strncmp(line, "00000080  04 00", 15) == 0, "a short buffer cuts");
    SxTheme *theme;
    SxError err;
    if (ok(sx_theme_builtin(&theme, "dark", &err), "dark")) {
        sx_hex_dump_line(line, sizeof line, &s.f.source, 0x80, 4, 8, theme, SX_DEPTH_16);
        is_text(line, "\033[0;90m00000080  \033[0;35m04 \033[0;90m00 00     \033[0;35m·\033[0;90m··\033[m",
                "in colour");
        sx_theme_free(theme);
    }
}

int
main(void)
{
    signs();
    brackets();
    narrow_brackets();
    rectangle();
    matches();
    origins();
    ends();
    long_offsets();
    options();
    classes();
    insert_pushes_on();
    file_map();
    dumps();
    return done_testing();
}
