/*
 * test_text_rows.c - random text in random shapes: rows tile the bytes, are the same from wherever one comes, and what
 * the screen shows at a cell is what stands at the offset that a click there means.
 */
#include <sextant/text.h>
#include <sextant/text_rows.h>

#include "fixture.h"

enum { ROWS_MAX = 5000 };

typedef struct Chain {
    uint64_t at[ROWS_MAX + 1]; /* where each row begins, and behind the last the size */
    size_t count;
} Chain;

static const SxEncoding *
encoding(size_t i)
{
    size_t n = 0;
    while (sx_encoding_at(n))
        n++;
    return sx_encoding_at(i % n);
}

static size_t
random_bytes(uint8_t *out, size_t room, uint64_t *seed)
{
    static const char *const pieces[] = {"\n", "\r\n", "\r", "\t", " ", "word", "\xc3\xa9", "\xe6\xbc\xa2",
                                         "\xf0\x9f\x98\x80", "e\xcc\x81", "\xe2\x80\x8b", "\xff", "\x80", "\x1b[m",
                                         "\xe2\x82", "plain text ", "\xd7\x90\xd7\x91", "x", "", "\xc2\x85", "\x15",
                                         "\x1b[1;31m", "\x1b[", "b\bb", "_\bu", "\x1b]8;;u\x1b\\"};
    size_t len = 0, want = (size_t)(tap_random(seed) % (room - 16)), few = tap_random(seed) % 3 ? 0 : 5;
    while (len < want) {
        const char *piece = pieces[few + tap_random(seed) % (sizeof pieces / sizeof *pieces - few)];
        size_t n = strlen(piece);
        memcpy(out + len, piece, n);
        len += n;
        if (tap_random(seed) % 30 == 0)
            out[len++] = (uint8_t)tap_random(seed);
    }
    return len;
}

static SxTextShape
random_shape(uint64_t *seed)
{
    const SxEncoding *e = encoding((size_t)tap_random(seed));
    bool formatted = tap_random(seed) % 2;
    return (SxTextShape){
        .encoding = e,
        .formatted = formatted,
        .ends = (SxLineEnd)(tap_random(seed) % 5),
        .wrap = (SxWrap)(tap_random(seed) % 3),
        .width = 1 + (unsigned)(tap_random(seed) % (tap_random(seed) % 2 ? 12 : 60)),
        .tab = 1 + (unsigned)(tap_random(seed) % 9),
        .bound = (formatted ? 256 : 16) * (1 + (unsigned)(tap_random(seed) % 4)),
    };
}

/* --- one row ------------------------------------------------------------------------------------------------------------- */

static bool
decodes_to(const SxTextItem *item, const Fixture *f, const SxTextShape *shape, uint32_t want)
{
    uint32_t code;
    SxBytes rest = sx_bytes(f->bytes + item->at, (size_t)(f->length - item->at));
    return sx_encoding_decode(shape->encoding, rest, &code) == item->len && code == want;
}

static bool
is_invalid(const SxTextItem *item, const Fixture *f, const SxTextShape *shape)
{
    uint32_t code = 0;
    for (size_t i = 0; i < item->len; i++)
        code = code << 8 | f->bytes[item->at + i];
    /* the rest of a character that an anchor cuts is none */
    uint64_t end = item->at + item->len, bound = shape->bound;
    bool cut = shape->encoding->most > 1 && end >= bound && end % bound < shape->encoding->most;
    return item->code == code && (cut || decodes_to(item, f, shape, SX_NO_CHARACTER));
}

static bool
is_end(const SxTextItem *item, const Fixture *f, const SxTextShape *shape)
{
    if (shape->ends != SX_LINE_CRLF || item->len == shape->encoding->unit)
        return decodes_to(item, f, shape, sx_line_end_sign(shape->encoding, shape->ends));
    SxTextItem cr = *item;
    cr.len /= 2;
    SxTextItem lf = cr;
    lf.at += cr.len;
    return decodes_to(&cr, f, shape, '\r') && decodes_to(&lf, f, shape, '\n');
}

/* In DOS a picture stands for a control character. */
static bool
is_picture(const SxTextItem *item, const Fixture *f, const SxTextShape *shape)
{
    const uint16_t *glyphs = shape->encoding->glyphs;
    for (uint32_t code = 1; glyphs && code < SX_ENCODING_GLYPHS; code++)
        if (glyphs[code] == item->code)
            return decodes_to(item, f, shape, code);
    return false;
}

/* The character, and behind it each of its marks. */
static bool
is_marked(const SxTextItem *item, const Fixture *f, const SxTextShape *shape)
{
    SxTextItem part = *item;
    uint64_t end = item->at + item->len;
    part.len = item->base;
    if (item->n_marks > SX_MARKS_MAX || !(decodes_to(&part, f, shape, item->code) || is_picture(&part, f, shape)))
        return false;
    for (unsigned i = 0; i < item->n_marks; i++) {
        uint32_t code;
        part.at += part.len;
        part.len = (uint8_t)sx_encoding_decode(shape->encoding, sx_bytes(f->bytes + part.at, (size_t)(end - part.at)), &code);
        if (part.at >= end || !sx_text_combines(item->marks[i]) || !decodes_to(&part, f, shape, item->marks[i]))
            return false;
    }
    return part.at + part.len == end;
}

/* What is hidden is a sequence of a terminal, whole, and nothing else. */
static bool
is_sequences(const Fixture *f, const SxTextShape *shape, uint64_t at, unsigned len)
{
    unsigned i = 0;
    while (i + 2 < len && f->bytes[at + i] == 0x1b) {
        bool link = f->bytes[at + i + 1] == ']';
        for (i += 2; i < len && !(link ? f->bytes[at + i] == 7 || f->bytes[at + i - 1] == 0x1b : f->bytes[at + i] >= 0x40);)
            i++;
        i++;
    }
    return i == len && (len == 0 || shape->formatted);
}

/* One of the characters between backspaces, of which there is one at least. */
static bool
is_struck(const SxTextItem *item, const Fixture *f, const SxTextShape *shape)
{
    bool any = false, back = false;
    for (uint64_t at = item->at, end = at + item->len; at < end;) {
        uint32_t code;
        size_t n = sx_encoding_decode(shape->encoding, sx_bytes(f->bytes + at, (size_t)(end - at)), &code);
        any |= code == item->code;
        back |= code == '\b';
        at += n;
    }
    return any && back && shape->formatted;
}

static bool
shows_its_bytes(const SxTextItem *all, const Fixture *f, const SxTextShape *shape)
{
    SxTextItem part = *all, *item = &part;
    part.at += all->lead;
    part.len = (uint8_t)(all->len - all->lead - all->tail);
    if (!is_sequences(f, shape, all->at, all->lead) || !is_sequences(f, shape, part.at + part.len, all->tail))
        return false;
    if (item->struck)
        return is_struck(item, f, shape);
    switch ((SxTextKind)item->kind) {
    case SX_TEXT_CHARACTER:
        return is_marked(item, f, shape);
    case SX_TEXT_UNSEEN:
    case SX_TEXT_TAB: return decodes_to(item, f, shape, item->code);
    case SX_TEXT_CONTROL: return decodes_to(item, f, shape, item->code ^ 0x40);
    case SX_TEXT_INVALID: return is_invalid(item, f, shape);
    case SX_TEXT_END: return is_end(item, f, shape);
    case SX_TEXT_LOST:
    case SX_TEXT_PENDING: break;
    }
    return false;
}

static bool
row_holds(const SxTextRow *row, const Fixture *f, const SxTextShape *shape)
{
    uint64_t at = row->at;
    unsigned x = 0, room = shape->wrap == SX_WRAP_NONE ? 1u << 30 : shape->width;
    for (size_t i = 0; i < row->count; i++) {
        const SxTextItem *item = &row->items[i];
        bool last = i + 1 == row->count;
        if (item->at != at || item->x != x || item->len == 0 || item->cells == 0)
            return false;
        if (!shows_its_bytes(item, f, shape) || (item->kind == SX_TEXT_END && !last)) {
            diag("item at %" PRIu64 ": kind %d, code %x, %d bytes, %02x", item->at, item->kind, item->code, item->len,
                 f->bytes[item->at]);
            return false;
        }
        at += item->len;
        x += item->cells;
    }
    return at == row->end && x == row->cells && x <= room + row->ends &&
           row->ends == (row->count > 0 && row->items[row->count - 1].kind == SX_TEXT_END);
}

/* Behind each sign that ends lines, wherever it stands whole. */
static bool
line_begins(const Fixture *f, uint64_t at, const SxTextShape *shape)
{
    uint8_t feed[SX_ENCODING_MOST];
    size_t n = sx_encoding_encode(shape->encoding, sx_line_end_sign(shape->encoding, shape->ends), feed);
    return at == 0 || (at >= n && at % n == 0 && memcmp(f->bytes + at - n, feed, n) == 0);
}

/* --- all rows ---------------------------------------------------------------------------------------------------------------- */

static bool
chain_of(SxText *t, const Fixture *f, const SxTextShape *shape, Chain *out)
{
    bool holds = true;
    out->count = 0;
    for (uint64_t at = 0; holds;) {
        SxTextRow row;
        sx_text_load(t, at, &row);
        holds = row_holds(&row, f, shape) && row.begins == line_begins(f, at, shape);
        if (!holds)
            diag("row at %" PRIu64 " to %" PRIu64 ", %zu items", row.at, row.end, row.count);
        out->at[out->count++] = at;
        if (out->count == ROWS_MAX || (row.end == f->length && !row.ends) || row.end == at)
            break;
        at = row.end;
    }
    out->at[out->count] = f->length + 1;
    return holds;
}

static bool
same_from_anywhere(SxText *t, const Fixture *f, const Chain *c)
{
    for (size_t i = 0; i < c->count; i++) {
        for (uint64_t at = c->at[i]; at < c->at[i + 1]; at++) {
            uint64_t row = sx_text_row(t, at);
            if (row == c->at[i])
                continue;
            diag("row of %" PRIu64 " is %" PRIu64 ", not %" PRIu64 ", of %" PRIu64, at, row, c->at[i], f->length);
            return false;
        }
    }
    return true;
}

static bool
steps_hold(SxText *t, const Chain *c, uint64_t last, uint64_t *seed)
{
    for (int i = 0; i < 40; i++) {
        size_t from = (size_t)(tap_random(seed) % c->count), to = (size_t)(tap_random(seed) % c->count);
        int64_t n = (int64_t)to - (int64_t)from;
        uint64_t got = sx_text_rows(t, c->at[from], n, last);
        unsigned between = n >= 0 ? sx_text_between(t, c->at[from], c->at[to], 10000) : (unsigned)n;
        if (got == c->at[to] && between == (unsigned)n)
            continue;
        diag("%" PRId64 " rows from %" PRIu64 ": %" PRIu64 ", not %" PRIu64 "; between %u", n, c->at[from], got, c->at[to],
             between);
        return false;
    }
    return sx_text_rows(t, c->at[0], -3, last) == 0 && sx_text_rows(t, 0, INT64_MAX, last) == c->at[c->count - 1];
}

/* --- filters ----------------------------------------------------------------------------------------------------------------- */

typedef struct Some {
    SxText *look; /* of its own: the rows that ask are being made */
    uint64_t size;
} Some;

static bool
is_shown(uint64_t segment)
{
    return segment * 7 % 5 < 3;
}

static bool
some_next(void *data, uint64_t from, uint64_t *out)
{
    Some *s = data;
    for (uint64_t at = from; at < s->size; at++)
        if (sx_text_segment(s->look, at) == at && is_shown(at))
            return *out = at, true;
    return false;
}

static bool
some_previous(void *data, uint64_t before, uint64_t *out)
{
    Some *s = data;
    for (uint64_t at = before; at-- > 0;)
        if (sx_text_segment(s->look, at) == at && is_shown(at))
            return *out = at, true;
    return false;
}

/* Down through the rows that a filter leaves and back up. */
static bool
filtered(SxText *t, Fixture *f, const SxTextShape *shape)
{
    SxText *look = sx_text_new();
    Some some = {look, f->length};
    SxTextFilter filter = {&some, some_next, some_previous};
    SxTextShape with = *shape;
    with.filter = &filter;
    sx_text_look(look, &f->source, shape);
    sx_text_look(t, &f->source, &with);
    uint64_t down[ROWS_MAX];
    size_t n = 0;
    bool holds = true;
    if (some_next(&some, 0, &down[0]))
        for (n = 1; n < ROWS_MAX; n++) {
            down[n] = sx_text_rows(t, down[n - 1], 1, f->length - 1);
            if (down[n] == down[n - 1])
                break;
            holds = holds && is_shown(sx_text_segment(look, down[n]));
        }
    for (size_t i = n; i-- > 1 && holds;)
        holds = sx_text_rows(t, down[n - 1], -(int64_t)(n - 1 - i), f->length) == down[i];
    sx_text_free(look);
    return holds;
}

/* --- the screen --------------------------------------------------------------------------------------------------------------- */

/* Where an item begins that is a character, its cell shows it. */
static bool
cell_shows(const SxGrid *g, unsigned x, unsigned y, const Fixture *f, const SxTextShape *shape, uint64_t at)
{
    uint32_t code, shown = g->cells[(size_t)y * g->width + x].code;
    sx_encoding_decode(shape->encoding, sx_bytes(f->bytes + at, (size_t)(f->length - at)), &code);
    bool struck = shape->formatted && memchr(f->bytes + at, '\b', f->length - at < 8 ? (size_t)(f->length - at) : 8);
    return struck || code < 0x21 || code == 0x7f || code == SX_NO_CHARACTER || sx_text_width(code) != 1 || shown == code;
}

static bool
row_drawn(const SxScreen *s, const SxHexLayout *l, const SxGrid *g, const Fixture *f, unsigned y)
{
    const SxTextShape *shape = &s->text->shape;
    unsigned edge = (unsigned)l->text_x + l->columns - (shape->wrap == SX_WRAP_NONE); /* where '>' may stand */
    for (unsigned x = (unsigned)l->text_x; x < edge; x++) {
        SxHit hit = sx_screen_hit(s, x, y), before = sx_screen_hit(s, x - 1, y);
        bool first = before.kind != SX_HIT_TEXT || before.at != hit.at;
        if (hit.kind == SX_HIT_TEXT && first && !cell_shows(g, x, y, f, shape, hit.at))
            return false;
    }
    return true;
}

/* What a click means stands there. */
static bool
drawn(Fixture *f, SxText *t, const SxTextShape *shape, uint64_t top)
{
    SxHexModel hex = {.source = &f->source, .snapshot = &f->snapshot, .length = f->length, .top = top, .cursor = top};
    SxTextModel text = {.text = t, .top = top, .shape = *shape, .digits = 4, .line = 1};
    SxScreen s = {.width = shape->width + 6, .height = 12, .hex = &hex, .text = &text, .file_size = f->length};
    SxHexOptions o = {0};
    SxHexLayout l;
    sx_text_layout(&l, s.width, s.height, text.digits, &o);
    text.shape.width = l.columns;
    SxGrid *g = fixture_draw(&s);
    bool holds = true;
    for (unsigned y = (unsigned)l.y; y < (unsigned)l.y + l.rows && holds; y++)
        holds = row_drawn(&s, &l, g, f, y);
    sx_grid_free(g);
    return holds;
}

static bool
one_round(uint64_t *seed)
{
    static Fixture f;
    static Chain c;
    SxText *t = sx_text_new();
    fixture_init(&f, 0);
    f.length = random_bytes(f.bytes, 1500, seed);
    f.snapshot.length = f.length;
    SxTextShape shape = random_shape(seed);
    sx_text_look(t, &f.source, &shape);
    bool holds = chain_of(t, &f, &shape, &c) && same_from_anywhere(t, &f, &c) && steps_hold(t, &c, f.length, seed);
    holds = holds && (tap_random(seed) % 8 || filtered(t, &f, &shape));
    uint64_t top = c.at[tap_random(seed) % c.count];
    holds = holds && drawn(&f, t, &shape, top);
    if (!holds)
        diag("%s, ends %d, wrap %d, width %u, bound %u, %" PRIu64 " bytes", shape.encoding->name, (int)shape.ends,
             (int)shape.wrap, shape.width, shape.bound, f.length);
    sx_text_free(t);
    return holds;
}

/* --- by hand ------------------------------------------------------------------------------------------------------------------- */

static void
shown(const char *bytes, const SxTextShape *shape, const char *const *want)
{
    static Fixture f;
    SxText *t = sx_text_new();
    fixture_init(&f, strlen(bytes));
    memcpy(f.bytes, bytes, strlen(bytes));
    sx_text_look(t, &f.source, shape);
    uint64_t at = 0;
    for (size_t i = 0; want[i]; i++) {
        char line[400] = "", buf[24];
        SxTextRow row;
        sx_text_load(t, at, &row);
        for (size_t k = 0; k < row.count; k++)
            strcat(line, sx_text_item_shown(&row.items[k], buf, sizeof buf));
        ok(strcmp(line, want[i]) == 0, "row %zu is '%s', not '%s'", i, want[i], line);
        at = sx_text_rows(t, at, 1, f.length);
    }
    sx_text_free(t);
}

static void
by_hand(void)
{
    const SxEncoding *utf8 = sx_encoding_find("utf-8");
    SxTextShape words = {.encoding = utf8, .wrap = SX_WRAP_WORDS, .width = 11, .tab = 8};
    SxTextShape window = {.encoding = utf8, .wrap = SX_WRAP_WINDOW, .width = 6, .tab = 8};
    SxTextShape crlf = {.encoding = utf8, .ends = SX_LINE_CRLF, .wrap = SX_WRAP_NONE, .width = 9, .tab = 8};
    shown("one two three four\nfive", &words, (const char *const[]){"one two ", "three four ", "five", NULL});
    shown("abcdefgh\n\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", &window,
          (const char *const[]){"abcde", "fgh ", "\xe6\xbc\xa2\xe6\xbc\xa2", "\xe6\xbc\xa2", NULL});
    SxTextShape looks = {.encoding = utf8, .wrap = SX_WRAP_NONE, .width = 30, .tab = 8, .formatted = true};
    shown("\x1b[1mbold\x1b[m\n\x1b[31m\nA\bA_\bu+\bo\x1b[K\x1b]8;;u\x07x\n\x1b[3;\x01\b\n\x1b[mq\x1b[m", &looks,
          (const char *const[]){"bold ", " ", "Auox ", "^[[3;^A^H ", "q", NULL});
    shown("a\r\nb\rc\n\xff\x01\xe2\x80\x8b", &crlf, (const char *const[]){"a ", "b^Mc ", "<ff>^A<200b>", NULL});
}

/* Rows of one long plain line end where they end when all that is in them is made. */
static void
long_line(uint64_t *seed)
{
    enum { LEN = 4000, BOUND = 512 };
    static uint8_t bytes[LEN];
    for (size_t i = 0; i < LEN; i++)
        bytes[i] = tap_random(seed) % 6 ? (uint8_t)(0x21 + tap_random(seed) % 94) : ' ';
    memcpy(bytes + 1000, "\xcc\x81\t\xff\x01", 5);
    SxSource *source = sx_source_memory(sx_bytes(bytes, LEN), false);
    SxText *made = sx_text_new(), *skimmed = sx_text_new();
    unsigned wrong = 0, rows = 0;
    for (unsigned width = 2; width < 60; width++) {
        for (SxWrap wrap = SX_WRAP_WINDOW; wrap <= SX_WRAP_WORDS; wrap++) {
            SxTextShape shape = {.encoding = sx_encoding_find("utf-8"), .wrap = wrap, .width = width, .tab = 8, .bound = BOUND};
            SxTextRow row = {0};
            sx_text_look(made, source, &shape);
            sx_text_look(skimmed, source, &shape);
            for (; row.end < LEN; rows++) {
                uint64_t at = row.end;
                sx_text_load(made, at, &row);
                wrong += row.end < LEN && sx_text_rows(skimmed, at, 1, LEN) != row.end;
            }
        }
    }
    ok(wrong == 0, "%u of %u rows of a long line end elsewhere", wrong, rows);
    sx_text_free(made);
    sx_text_free(skimmed);
    sx_source_release(source);
}

int
main(int argc, char **argv)
{
    uint64_t seed = tap_seed();
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 150, done = 0;
    by_hand();
    long_line(&seed);
    while (done < rounds && one_round(&seed))
        done++;
    ok(done == rounds, "%u of %u random texts", done, rounds);
    return done_testing();
}
