/* ui_text_motion.c - going by paragraphs and to partner brackets. */
#include "command/ui.h"
#include "command/ui_letters.h"

enum { ROWS_FAR = 20000, BRACKET_FAR = 2 << 20, CHUNK = 64 << 10 };

/* --- paragraphs ------------------------------------------------------------------------------------------------------- */

static bool
is_empty_line(SxText *t, uint64_t at)
{
    SxTextRow row;
    sx_text_load(t, at, &row);
    return row.begins && row.ends && row.count == 1;
}

/* The next row, in one direction, that is an empty line (or is none); the first or last row when there is none near. */
static uint64_t
row_until(SxText *t, uint64_t row, int step, bool empty, uint64_t last)
{
    for (int n = 0; n < ROWS_FAR && is_empty_line(t, row) != empty; n++) {
        uint64_t next = sx_text_rows(t, row, step, last);
        if (next == row)
            return step > 0 ? last : 0;
        row = next;
    }
    return row;
}

uint64_t
ui_text_paragraph(SxSession *s, uint64_t at, bool down)
{
    SxText *t = ui_text(s);
    uint64_t last = ui_last(s), row = sx_text_row(t, at);
    int step = down ? 1 : -1;
    uint64_t next = down ? row : sx_text_rows(t, row, step, last);
    next = row_until(t, next, step, false, last);
    next = row_until(t, next, step, true, last);
    if (next > 0 && next < last && !is_empty_line(t, next))
        ui_sayf(s, "no empty line in %d rows; %c goes on", ROWS_FAR, down ? '}' : '{');
    return next;
}

/* --- brackets ------------------------------------------------------------------------------------------------------------ */

/* Each beside its partner. */
static const uint32_t brackets[] = {'(', ')', '[', ']', '{', '}', '<', '>', 0xff08, 0xff09, 0x3008, 0x3009, 0x300a, 0x300b,
                                    0x300c, 0x300d, 0x300e, 0x300f, 0x3010, 0x3011};
enum { BRACKETS = sizeof brackets / sizeof *brackets };

static size_t
bracket_index(uint32_t code)
{
    size_t i = 0;
    while (i < BRACKETS && brackets[i] != code)
        i++;
    return i;
}

/* How many are open while characters are gone through. */
typedef struct Nest {
    uint32_t here, there;
    uint64_t depth;
} Nest;

/* Whether this character closes the last one. */
static bool
closes(Nest *n, uint32_t code)
{
    n->depth += code == n->here;
    return code == n->there && --n->depth == 0;
}

static bool
partner_behind(SxSession *s, uint64_t at, Nest *n, Letters *l, uint64_t *out)
{
    for (uint64_t from = at; from - at < BRACKET_FAR; from = l->end) {
        if (!ui_letters(s, (SxSpan){from, CHUNK}, true, l) || l->count == 0)
            return false;
        for (size_t i = 0; i < l->count; i++)
            if (closes(n, l->of[i].code))
                return *out = l->of[i].at, true;
    }
    return false;
}

static bool
partner_before(SxSession *s, uint64_t at, Nest *n, Letters *l, uint64_t *out)
{
    for (uint64_t to = at + 1; to > 0 && at - to + 1 < BRACKET_FAR; to = l->of[0].at) {
        if (!ui_letters(s, sx_span(to > CHUNK ? to - CHUNK : 0, to), false, l) || l->count == 0)
            return false;
        for (size_t i = l->count; i-- > 0;)
            if (closes(n, l->of[i].code))
                return *out = l->of[i].at, true;
    }
    return false;
}

/* From the bracket at `at` on, or before it, the one that closes or opens it; false: not within BRACKET_FAR. */
static bool
partner(SxSession *s, uint64_t at, size_t bracket, uint64_t *out)
{
    Letters l = {0};
    Nest n = {brackets[bracket], brackets[bracket ^ 1], 0};
    bool found = bracket % 2 == 0 ? partner_behind(s, at, &n, &l, out) : partner_before(s, at, &n, &l, out);
    ui_letters_clear(&l);
    return found;
}

/* The bracket at the cursor, else the next one in its row; BRACKETS: none. */
static size_t
bracket_here(SxSession *s, uint64_t *at)
{
    uint64_t end = sx_document_length(session_document(s)), row = ui_row(s, *at), next = ui_rows_from(s, row, 1);
    SxSpan span = sx_span(*at, next > *at ? next : end);
    size_t which = BRACKETS;
    Letters l = {0};
    bool known = span.len <= CHUNK && ui_letters(s, span, ui_text_on(s), &l);
    for (size_t i = 0; known && i < l.count && which == BRACKETS; i++) {
        which = bracket_index(l.of[i].code);
        *at = which < BRACKETS ? l.of[i].at : *at;
    }
    ui_letters_clear(&l);
    return which;
}

SxExit
ui_text_bracket(SxSession *s, SxError *err)
{
    uint64_t at = sx_document_tell(session_document(s)), to;
    char shown[5] = "";
    size_t which = bracket_here(s, &at);
    if (which == BRACKETS) {
        ui_sayf(s, "no bracket from here to the end of the row; 50%% goes to half of the document");
        return SX_EXIT_ABSENT;
    }
    if (!partner(s, at, which, &to)) {
        sx_utf8_encode(shown, brackets[which]);
        ui_sayf(s, "%s has no partner within 2 MiB", shown);
        return SX_EXIT_ABSENT;
    }
    return outcome(session_goto(s, to, err), err);
}
