/*
 * fixed.c - rows of byte tests: made from bytes or from a tree, and tried at a place.
 */
#include "search/fixed.h"

#include <stdlib.h>
#include <string.h>

static void
row_clear(Row *r)
{
    if (r->set)
        for (size_t i = 0; i < r->len; i++)
            free(r->set[i]);
    free(r->set);
    free(r->mask);
    free(r->value);
    *r = (Row){0};
}

void
fixed_clear(Fixed *f)
{
    for (size_t i = 0; i < f->rows; i++)
        row_clear(&f->row[i]);
    free(f->row);
    *f = (Fixed){0};
}

static bool
grow(Fixed *f, Row r)
{
    Row *rows = realloc(f->row, (f->rows + 1) * sizeof *rows);
    if (!rows) {
        row_clear(&r);
        return false;
    }
    f->row = rows;
    f->row[f->rows++] = r;
    return true;
}

bool
fixed_from_bytes(Fixed *f, SxBytes bytes)
{
    Row r = {.len = bytes.len, .value = malloc(bytes.len + 1)};
    if (!r.value)
        return false;
    if (bytes.len)
        memcpy(r.value, bytes.data, bytes.len);
    return grow(f, r);
}

/* Rows while they are spelled out; each is whole at any time, with all three arrays. */
typedef struct Speller {
    Row row[FIXED_MAX];
    size_t cap[FIXED_MAX]; /* places that the arrays of a row have room for */
    size_t rows;
    bool nomem;
} Speller;

enum { ROW_MAX = 16 << 20 };

static bool
make_room(Speller *s, size_t row, size_t more)
{
    Row *r = &s->row[row];
    size_t cap = s->cap[row] ? s->cap[row] : 32;
    if (more > ROW_MAX - r->len)
        return false;
    while (cap < r->len + more)
        cap *= 2;
    if (cap == s->cap[row])
        return true;
    uint8_t *value = realloc(r->value, cap);
    r->value = value ? value : r->value;
    uint8_t *mask = value ? realloc(r->mask, cap) : NULL;
    r->mask = mask ? mask : r->mask;
    ByteSet **set = mask ? realloc(r->set, cap * sizeof *set) : NULL;
    r->set = set ? set : r->set;
    s->nomem = !set;
    s->cap[row] = set ? cap : s->cap[row];
    return set;
}

static bool
spell_set(Speller *s, size_t row, const ByteSet *set)
{
    Row *r = &s->row[row];
    if (!make_room(s, row, 1))
        return false;
    size_t i = r->len;
    r->set[i] = NULL;
    if (!set_as_mask(set, &r->value[i], &r->mask[i])) {
        r->set[i] = malloc(sizeof *set);
        s->nomem = !r->set[i];
        if (s->nomem)
            return false;
        *r->set[i] = *set;
    }
    r->len++;
    return true;
}

static bool
spell_bytes(Speller *s, size_t row, SxBytes bytes)
{
    Row *r = &s->row[row];
    if (!make_room(s, row, bytes.len))
        return false;
    memcpy(r->value + r->len, bytes.data, bytes.len);
    memset(r->mask + r->len, 0xff, bytes.len);
    memset(r->set + r->len, 0, bytes.len * sizeof *r->set);
    r->len += bytes.len;
    return true;
}

static bool
spell_row(Speller *s, size_t row, const Row *from)
{
    bool good = true;
    for (size_t i = 0; i < from->len && good; i++) {
        ByteSet set = from->set[i] ? *from->set[i] : set_masked(from->value[i], from->mask[i]);
        good = spell_set(s, row, &set);
    }
    return good;
}

static bool spell(Speller *s, size_t from, const Node *n);

/* Every row from `from` on, continued by each child: rows x children, in order of preference. */
static bool
spell_alternatives(Speller *s, size_t from, const Node *n)
{
    size_t old = s->rows - from, kids = 0;
    for (const Node *c = n->child; c; c = c->next)
        kids++;
    if (old * kids == 0 || from + old * kids > FIXED_MAX)
        return false;
    Row before[FIXED_MAX];
    memcpy(before, s->row + from, old * sizeof *before);
    memset(s->row + from, 0, old * sizeof *before);
    memset(s->cap + from, 0, old * sizeof *s->cap);
    s->rows = from;
    bool good = true;
    for (size_t i = 0; i < old; i++) {
        for (const Node *c = n->child; c && good; c = c->next) {
            if (s->rows == FIXED_MAX) {
                good = false;
                break;
            }
            size_t mine = s->rows++;
            good = spell_row(s, mine, &before[i]) && spell(s, mine, c);
        }
    }
    for (size_t i = 0; i < old; i++)
        row_clear(&before[i]);
    return good;
}

static bool
spell(Speller *s, size_t from, const Node *n)
{
    switch (n->kind) {
    case NODE_SET:
        for (size_t i = from; i < s->rows; i++)
            if (!spell_set(s, i, &n->set))
                return false;
        return true;
    case NODE_BYTES:
        for (size_t i = from; i < s->rows; i++)
            if (!spell_bytes(s, i, n->bytes))
                return false;
        return true;
    case NODE_CAT:
        for (const Node *c = n->child; c; c = c->next)
            if (!spell(s, from, c))
                return false;
        return true;
    case NODE_ALT:
        return spell_alternatives(s, from, n);
    case NODE_REPEAT:
        for (uint64_t i = 0; n->min == n->max && i < n->min; i++)
            if (!spell(s, from, n->child))
                return false;
        return n->min == n->max;
    case NODE_LOOK:
    case NODE_ANY:
        break;
    }
    return false;
}

/* The row without the arrays that say nothing. */
static Row
row_from(Row *r, WordCheck word)
{
    bool sets = false, masks = false;
    for (size_t i = 0; i < r->len; i++) {
        sets = sets || r->set[i];
        masks = masks || (!r->set[i] && r->mask[i] != 0xff);
    }
    if (!sets) {
        free(r->set);
        r->set = NULL;
    }
    if (!sets && !masks) {
        free(r->mask);
        r->mask = NULL;
    }
    Row out = *r;
    out.word = word;
    *r = (Row){0};
    return out;
}

bool
fixed_add_tree(Fixed *f, const Node *n, WordCheck word, bool *nomem)
{
    Speller s = {.rows = 1};
    size_t had = f->rows;
    bool good = make_room(&s, 0, 1) && spell(&s, 0, n) && had + s.rows <= FIXED_MAX;
    *nomem = s.nomem;
    for (size_t i = 0; i < s.rows && good; i++) {
        good = grow(f, row_from(&s.row[i], word));
        *nomem = !good;
    }
    for (size_t i = 0; i < FIXED_MAX; i++)
        row_clear(&s.row[i]);
    while (!good && f->rows > had)
        row_clear(&f->row[--f->rows]);
    return good;
}

static bool
place_matches(const Row *r, size_t i, uint8_t b)
{
    if (r->set && r->set[i])
        return set_has(r->set[i], b);
    return (b & (r->mask ? r->mask[i] : 0xff)) == r->value[i];
}

bool
row_matches(const Row *r, const uint8_t *data)
{
    if (!r->mask && !r->set)
        return memcmp(data, r->value, r->len) == 0;
    for (size_t i = 0; i < r->len; i++)
        if (!place_matches(r, i, data[i]))
            return false;
    return true;
}
