/*
 * test_layout.c - rows and columns by width, height and length; and that drawing and hit test agree on any screen.
 */
#include "fixture.h"

static void
widths(void)
{
    static const struct {
        unsigned width;
        uint64_t length;
        unsigned columns, digits, gap;
        int hex_x, text_x, map_x;
    } cases[] = {
        {80, 1000, 16, 8, 1, 10, 60, 79},
        {100, 1000, 16, 8, 1, 10, 60, 79},
        {79, 1000, 16, 8, 0, 9, 57, -1},
        {73, 1000, 16, 8, 0, 9, 57, -1},
        {72, 1000, 8, 8, 1, 10, 35, 46},
        {43, 1000, 8, 8, 1, 10, 35, -1},
        {47, 1000, 8, 8, 1, 10, 35, 46},
        {42, 1000, 4, 8, 1, 10, 23, 30},
        {27, 1000, 4, 8, 1, 10, 23, -1},
        {25, 1000, 4, 8, 0, 9, 21, -1},
        {24, 1000, 4, 8, 0, 9, -1, -1},
        {20, 1000, 4, 8, 0, 9, -1, -1},
        {19, 1000, 2, 8, 1, 10, 17, -1},
        {14, 1000, 2, 8, 0, 9, -1, -1},
        {13, 1000, 1, 8, 0, 9, -1, -1},
        {11, 1000, 1, 8, 0, 9, -1, -1},
        {10, 1000, 2, 0, 0, 1, -1, -1},
        {6, 1000, 2, 0, 0, 1, -1, -1},
        {5, 1000, 1, 0, 0, 1, -1, -1},
        {3, 1000, 1, 0, 0, 1, -1, -1},
        {2, 1000, 1, 0, 0, -1, -1, -1},
        {1, 1000, 1, 0, 0, -1, -1, -1},
        {80, UINT64_C(1) << 32, 16, 8, 1, 10, 60, 79},
        {80, (UINT64_C(1) << 32) + 1, 16, 10, 1, 12, 62, 79},
        {80, UINT64_C(1) << 40, 16, 10, 1, 12, 62, 79},
        {80, (UINT64_C(1) << 40) + 1, 16, 12, 0, 13, 61, 79},
        {80, UINT64_C(1) << 48, 16, 12, 0, 13, 61, 79},
        {80, (UINT64_C(1) << 48) + 1, 8, 14, 0, 15, 39, 50},
        {80, UINT64_C(7) << 60, 8, 16, 0, 17, 41, 52},
        {80, 0, 16, 8, 1, 10, 60, 79},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxHexLayout l;
        sx_hex_layout(&l, cases[i].width, 24, cases[i].length, NULL);
        bool same = l.columns == cases[i].columns && l.digits == cases[i].digits && l.gap == cases[i].gap &&
                    l.hex_x == cases[i].hex_x && l.text_x == cases[i].text_x && l.map_x == cases[i].map_x;
        if (!ok(same, "width %u, length 0x%" PRIx64, cases[i].width, cases[i].length))
            diag("columns %u digits %u gap %u hex %d text %d map %d", l.columns, l.digits, l.gap, l.hex_x, l.text_x,
                 l.map_x);
    }
}

static void
heights(void)
{
    static const struct {
        unsigned height;
        int title, ruler, y, status, message;
        unsigned rows;
    } cases[] = {
        {24, 0, 1, 2, 22, 23, 20}, {12, 0, 1, 2, 10, 11, 8}, {11, 0, -1, 1, 9, 10, 8}, {8, 0, -1, 1, 6, 7, 5},
        {7, -1, -1, 0, 5, 6, 5},   {4, -1, -1, 0, 2, 3, 2},  {3, -1, -1, 0, 2, 2, 2},  {1, -1, -1, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxHexLayout l;
        sx_hex_layout(&l, 80, cases[i].height, 1000, NULL);
        ok(l.title_y == cases[i].title && l.ruler_y == cases[i].ruler && l.y == cases[i].y &&
               l.status_y == cases[i].status && l.message_y == cases[i].message && l.rows == cases[i].rows,
           "height %u", cases[i].height);
    }
}

static void
chosen_columns(void)
{
    SxHexLayout l;
    SxHexOptions o = {.columns = 32};
    sx_hex_layout(&l, 160, 24, 1000, &o);
    is(l.columns, 32, "32 columns where there is room");
    ok(l.text_x > 0 && l.map_x > l.text_x + 31 && l.map_x < 160, "with text and map");
    sx_hex_layout(&l, 110, 24, 1000, &o);
    ok(l.columns == 32 && l.text_x == -1, "without text where there is less");
    sx_hex_layout(&l, 80, 24, 1000, &o);
    ok(l.columns < 32 && l.columns >= 16, "fewer where there is not even that: %u", l.columns);
    o = (SxHexOptions){.columns = 5};
    sx_hex_layout(&l, 80, 24, 1000, &o);
    is(l.columns, 5, "an odd number");
    o = (SxHexOptions){.side = true};
    sx_hex_layout(&l, 120, 40, 1000, &o);
    ok(l.side_x == 82 && l.side_width == 38, "the side pane of 38 columns");
    sx_hex_layout(&l, 116, 40, 1000, &o);
    ok(l.side_x == 82 && l.side_width == 34, "from 116 columns on");
    sx_hex_layout(&l, 115, 40, 1000, &o);
    is(l.side_x, -1, "not below");
    o = (SxHexOptions){.group = 4};
    sx_hex_layout(&l, 80, 24, 1000, &o);
    is(l.text_x, 10 + 32 + 3 + 1 + 2, "groups of four leave out blanks");
}

static void
rows_of_offsets(void)
{
    SxHexLayout l;
    SxHexOptions o = {.shift = 3};
    sx_hex_layout(&l, 80, 24, 1000, &o);
    static const struct {
        uint64_t at, row;
    } cases[] = {{0, 0}, {12, 0}, {13, 13}, {28, 13}, {29, 29}, {UINT64_MAX, UINT64_MAX - 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        is(sx_hex_row(&l, &o, cases[i].at), cases[i].row, "shifted by 3, the row of 0x%" PRIx64, cases[i].at);
    is(sx_hex_row(&l, NULL, 0x1f), 0x10, "not shifted");
}

/* --- any screen --- */

static uint64_t
pick(uint64_t *seed, uint64_t below)
{
    return tap_random(seed) % below;
}

typedef struct Any {
    Fixture f;
    SxHexModel hex;
    SxHexOptions options;
    SxTab tabs[3];
    SxSpan matches[8], marks[3];
    SxPopup popup;
    SxScreen screen;
} Any;

static const char *const texts[] = {
    "", "saved", "firmware.bin: 3 changes, 5 bytes unwritten. [w]rite [r]eview [d]iscard Esc",
    "\xe4\xb8\xad\xe6\x96\x87\xe6\x96\x87\xe4\xbb\xb6.bin: e\xcc\x81 \xe2\x80\xae sdrawkcab",
    "a very long message that goes on and on, well beyond the right end of any small terminal, and then some more",
};
static const char *const rows[] = {"\x01Move", "h\tLeft\tone byte left", "l\tRight\tone byte right", "no fields", "",
                                   "\xe4\xb8\xad\xe6\x96\x87\twide"};

static uint64_t
any_length(uint64_t *seed)
{
    static const uint64_t lengths[] = {0, 1, 15, 16, 17, 300, 4096, 100000, UINT64_C(1) << 32, UINT64_C(1) << 41,
                                       UINT64_C(7) << 60};
    return lengths[pick(seed, sizeof lengths / sizeof *lengths)];
}

static void
any_options(SxHexOptions *o, uint64_t *seed)
{
    static const unsigned columns[] = {0, 0, 0, 0, 1, 3, 16, 24, 32, 600};
    *o = (SxHexOptions){.columns = columns[pick(seed, 10)], .shift = (unsigned)pick(seed, 4) * (pick(seed, 2) != 0)};
    o->no_classes = pick(seed, 8) == 0;
    o->capitals = pick(seed, 4) == 0;
    o->decimal = pick(seed, 4) == 0;
    o->group = (unsigned)pick(seed, 4) ? 0 : 1u << pick(seed, 4);
    o->no_map = pick(seed, 4) == 0;
    o->side = pick(seed, 4) == 0;
    o->ascii = pick(seed, 4) == 0;
    o->base = pick(seed, 8) ? 0 : tap_random(seed);
    o->speak = pick(seed, 8) == 0;
}

static void
any_spans(Any *a, uint64_t *seed)
{
    uint64_t at = a->hex.top > 40 ? a->hex.top - 40 : 0;
    for (size_t i = 0; i < 8; i++) {
        at += pick(seed, 60);
        a->matches[i] = (SxSpan){at, 1 + pick(seed, 50)};
        at += a->matches[i].len;
    }
    for (size_t i = 0; i < 3; i++)
        a->marks[i] = (SxSpan){a->hex.top + pick(seed, 400), pick(seed, 40)};
}

static void
any_hex(Any *a, uint64_t *seed)
{
    SxHexLayout l;
    SxHexModel *m = &a->hex;
    for (size_t i = 0; i < sizeof a->f.bytes; i++) {
        a->f.bytes[i] = (uint8_t)tap_random(seed);
        a->f.states[i] = pick(seed, 4) ? SX_BYTE_HERE : (uint8_t)pick(seed, 4);
        a->f.origins[i] = pick(seed, 4) ? 0 : (uint8_t)pick(seed, 16);
    }
    a->f.snapshot.gap_at_end = pick(seed, 2) != 0;
    *m = (SxHexModel){.source = &a->f.source, .snapshot = pick(seed, 4) ? &a->f.snapshot : NULL, .length = a->f.length};
    sx_hex_layout(&l, a->screen.width, a->screen.height, m->length, &a->options);
    uint64_t near = pick(seed, 3) == 0 ? m->length : pick(seed, 5000);
    m->cursor = near > m->length ? m->length : near;
    uint64_t back = pick(seed, l.rows ? l.rows : 1) * l.columns;
    m->top = sx_hex_row(&l, &a->options, m->cursor > back ? m->cursor - back : 0);
    m->text_column = pick(seed, 2) != 0;
    m->mode = (SxMode)pick(seed, 4);
    any_spans(a, seed);
    m->matches = a->matches;
    m->n_matches = pick(seed, 9);
    m->marks = a->marks;
    m->n_marks = pick(seed, 4);
    m->selection = (SxSpan){m->top + pick(seed, 100), pick(seed, 3) ? pick(seed, 200) : 0};
    m->rectangle = pick(seed, 4) ? (SxSpan){0, 0} : (SxSpan){pick(seed, 16), 1 + pick(seed, 16)};
    m->current = a->matches[0];
    m->has_current = pick(seed, 2) != 0;
    m->half = (SxHalf){pick(seed, 3) == 0, m->cursor, pick(seed, 2) != 0 || m->cursor == m->length, 7};
    m->map = pick(seed, 2) ? "|* +'!x||" : NULL;
}

static void
any_screen(Any *a, uint64_t *seed)
{
    memset(a, 0, sizeof *a);
    fixture_init(&a->f, any_length(seed));
    SxScreen *s = &a->screen;
    s->width = (unsigned)(pick(seed, 3) ? 1 + pick(seed, 200) : 1 + pick(seed, 12));
    s->height = (unsigned)(pick(seed, 3) ? 1 + pick(seed, 60) : 1 + pick(seed, 12));
    any_options(&a->options, seed);
    any_hex(a, seed);
    a->tabs[0] = (SxTab){.name = "firmware.bin", .changes = pick(seed, 3)};
    a->tabs[1] = (SxTab){.name = texts[pick(seed, 5)], .changes = UINT64_MAX};
    a->tabs[2] = (SxTab){.name = "a name that is much longer than anybody would like it to be.bin", .changes = 0};
    a->popup = (SxPopup){.title = pick(seed, 2) ? "Keys" : NULL, .rows = rows, .count = pick(seed, 7), .current = 1,
                         .top = pick(seed, 9), .footer = pick(seed, 2) ? "q closes" : NULL, .strip = pick(seed, 2) != 0};
    s->tabs = a->tabs;
    s->n_tabs = pick(seed, 4);
    s->active = pick(seed, 4);
    s->encoding = "ascii";
    s->file_size = pick(seed, 3) ? a->f.length : 7;
    s->hex = pick(seed, 10) ? &a->hex : NULL;
    s->options = pick(seed, 10) ? &a->options : NULL;
    s->popup = pick(seed, 4) ? NULL : &a->popup;
    s->side = rows;
    s->n_side = pick(seed, 6);
    s->spoken = "7f 127, delete, 0x10";
    s->status = (SxStatus){.mode = a->hex.mode, .badge = (SxBadge)pick(seed, 3), .changes = pick(seed, 3),
                           .written = pick(seed, 3), .unprotected = pick(seed, 5) == 0, .cursor = a->hex.cursor,
                           .length = a->f.length, .job = pick(seed, 2) ? "find 41% 9 s" : "",
                           .selected = pick(seed, 3), .match = pick(seed, 2) ? "3 of 192" : NULL,
                           .has_value = pick(seed, 2) != 0, .value = (uint8_t)tap_random(seed),
                           .lost = pick(seed, 5) == 0, .half = a->hex.half};
    const char *text = texts[pick(seed, 5)];
    s->line = (SxLine){.kind = (SxLineKind)pick(seed, 5), .label = pick(seed, 2) ? "find text: " : "goto: ", .text = text,
                       .cursor = strlen(text), .right = texts[pick(seed, 5)], .right_bad = pick(seed, 2) != 0};
}

/* Every row is as wide as the grid: wide characters are whole, nothing is a control. */
static bool
grid_sound(const SxGrid *g)
{
    for (size_t i = 0; i < (size_t)g->width * g->height; i++) {
        uint32_t code = g->cells[i].code;
        if (code == 0 && (i % g->width == 0 || g->cells[i - 1].code < 0x1100))
            return false;
        if (code != 0 && (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x202e || code == 0x301))
            return false;
    }
    return g->cursor_x < (g->width ? g->width : 1) && g->cursor_y < (g->height ? g->height : 1);
}

static bool
grid_ascii(const SxGrid *g)
{
    for (size_t i = 0; i < (size_t)g->width * g->height; i++)
        if (g->cells[i].code >= 0x7f)
            return false;
    return true;
}

/* Each byte that is drawn is hit where it is drawn: by both digits and by its character. */
static bool
hits_agree(const Any *a, uint64_t *checked)
{
    SxHexLayout l;
    SxHexOptions o = a->screen.options ? a->options : (SxHexOptions){0};
    o.side = o.side && a->screen.n_side;
    sx_hex_layout(&l, a->screen.width, a->screen.height, a->hex.length, &o);
    if (!a->screen.hex || a->screen.popup || a->hex.half.on || o.speak)
        return true;
    uint64_t at = a->hex.top;
    for (unsigned row = 0; row < l.rows; row++) {
        unsigned room = at ? l.columns : l.columns - o.shift % l.columns;
        for (unsigned i = 0; i < room && at + i < a->hex.length; i++) {
            unsigned y = (unsigned)l.y + row, hex = (unsigned)l.hex_x + 2 * i + i / l.group + l.gap * (i / 8);
            SxHit h = sx_screen_hit(&a->screen, hex, y), h2 = sx_screen_hit(&a->screen, hex + 1, y);
            if (l.hex_x >= 0 && (h.kind != SX_HIT_HEX || h.at != at + i || h2.kind != SX_HIT_HEX || h2.at != at + i))
                return false;
            h = sx_screen_hit(&a->screen, (unsigned)l.text_x + i, y);
            if (l.text_x >= 0 && (h.kind != SX_HIT_TEXT || h.at != at + i))
                return false;
            ++*checked;
        }
        at += room;
    }
    return true;
}

/* The cursor's cell is hit as the cursor's offset. */
static bool
cursor_hits(const Any *a, const SxGrid *g)
{
    SxLineKind kind = a->screen.line.kind;
    if (!a->screen.hex || a->screen.popup || kind == SX_LINE_PROMPT || kind == SX_LINE_QUESTION || !g->cursor)
        return true;
    SxHit h = sx_screen_hit(&a->screen, g->cursor_x, g->cursor_y);
    return (h.kind == SX_HIT_HEX || h.kind == SX_HIT_TEXT) && h.at == a->hex.cursor;
}

static void
any_screens(uint64_t seed, unsigned rounds)
{
    static Any a;
    unsigned bad = 0;
    uint64_t checked = 0;
    for (unsigned i = 0; i < rounds && bad < 5; i++) {
        uint64_t state = seed + i;
        any_screen(&a, &state);
        SxGrid *g = fixture_draw(&a.screen);
        bool ascii = !a.screen.options || !a.options.ascii || grid_ascii(g);
        bool sound = grid_sound(g), hits = hits_agree(&a, &checked), cursor = cursor_hits(&a, g);
        for (unsigned n = 0; n < 20; n++)
            sx_screen_hit(&a.screen, (unsigned)pick(&state, 210), (unsigned)pick(&state, 70));
        if (!sound || !ascii || !hits || !cursor) {
            char *dump = sx_grid_dump(g, false);
            diag("SEED=%" PRIu64 " sound %d ascii %d hits %d cursor %d, %ux%u\n%s", seed + i, sound, ascii, hits, cursor,
                 g->width, g->height, dump);
            free(dump);
            bad++;
        }
        sx_grid_free(g);
    }
    is(bad, 0, "%u screens of any size: sound, in their bounds, hit where they are drawn", rounds);
    ok(checked > rounds, "bytes hit: %" PRIu64, checked);
}

/* In any window: what is at the right begins behind what is at the left, and both are inside. */
static void
beside(void)
{
    static const struct {
        unsigned width, columns;
        int text_x;
    } cases[] = {{120, 16, 66}, {100, 16, 66}, {90, 16, 66}, {80, 8, 41}, {63, 8, 41}, {62, 4, 29}, {51, 4, 29}, {50, 0, 0}, {10, 0, 0}};
    SxHexOptions o = {0};
    SxHexLayout hex, text;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool room = sx_beside_layout(&hex, &text, cases[i].width, 24, 1000, 4, &o);
        ok(room ? cases[i].columns == hex.columns && cases[i].text_x == text.text_x : cases[i].columns == 0,
           "beside in %u columns: %u bytes, lines from column %d", cases[i].width, room ? hex.columns : 0, room ? text.text_x : 0);
    }
    unsigned bad = 0;
    for (unsigned width = 1; width < 300; width++) {
        for (unsigned height = 1; height < 40; height++) {
            if (!sx_beside_layout(&hex, &text, width, height, UINT64_C(1) << width % 60, 3 + width % 7, &o))
                continue;
            unsigned end = (unsigned)hex.hex_x + 3 * hex.columns - 1 + hex.gap * ((hex.columns - 1) / 8), right = (unsigned)text.text_x + text.columns;
            bad += end >= text.x || text.x >= (unsigned)text.text_x || right > width || text.y != hex.y || text.rows != hex.rows ||
                   (text.map_x >= 0 && (right >= (unsigned)text.map_x || (unsigned)text.map_x >= width));
        }
    }
    is(bad, 0, "beside each other in any window");
}

int
main(int argc, char **argv)
{
    widths();
    heights();
    chosen_columns();
    rows_of_offsets();
    beside();
    any_screens(tap_seed(), argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 3000);
    return done_testing();
}
