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

/* A row while it is spelled out: one set per place. */
typedef struct Spelling {
    ByteSet *set;
    size_t len, cap;
} Spelling;

typedef struct Speller {
    Spelling row[FIXED_MAX];
    size_t rows;
    bool nomem;
} Speller;

enum { ROW_MAX = 64 << 10 };

static bool
spell_set(Speller *s, size_t row, const ByteSet *set)
{
    Spelling *r = &s->row[row];
    if (r->len == ROW_MAX)
        return false;
    if (r->len == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 32;
        ByteSet *more = realloc(r->set, cap * sizeof *more);
        if (!more) {
            s->nomem = true;
            return false;
        }
        r->set = more;
        r->cap = cap;
    }
    r->set[r->len++] = *set;
    return true;
}

static bool
spell_bytes(Speller *s, size_t row, SxBytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        ByteSet one = set_one(bytes.data[i]);
        if (!spell_set(s, row, &one))
            return false;
    }
    return true;
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
    Spelling before[FIXED_MAX];
    memcpy(before, s->row + from, old * sizeof *before);
    memset(s->row + from, 0, old * sizeof *before);
    s->rows = from;
    bool good = true;
    for (size_t i = 0; i < old; i++) {
        for (const Node *c = n->child; c && good; c = c->next) {
            if (s->rows == FIXED_MAX) {
                good = false;
                break;
            }
            size_t mine = s->rows++;
            for (size_t k = 0; k < before[i].len && good; k++)
                good = spell_set(s, mine, &before[i].set[k]);
            good = good && spell(s, mine, c);
        }
    }
    for (size_t i = 0; i < old; i++)
        free(before[i].set);
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

static bool
place_needs_set(Row *r, size_t i, const ByteSet *set)
{
    uint8_t mask;
    if (!set_as_mask(set, &r->value[i], &mask))
        return true;
    if (mask != 0xff && !r->mask) {
        r->mask = malloc(r->len);
        if (r->mask)
            memset(r->mask, 0xff, r->len);
    }
    if (r->mask)
        r->mask[i] = mask;
    return false;
}

static bool
row_from(Row *out, const Spelling *s, WordCheck word)
{
    Row r = {.len = s->len, .word = word, .value = malloc(s->len + 1)};
    bool good = r.value;
    for (size_t i = 0; good && i < s->len; i++) {
        if (!place_needs_set(&r, i, &s->set[i])) {
            good = r.mask || set_count(&s->set[i]) == 1;
            continue;
        }
        r.value[i] = 0;
        if (!r.set)
            r.set = calloc(s->len, sizeof *r.set);
        good = r.set && (r.set[i] = malloc(sizeof **r.set));
        if (good)
            *r.set[i] = s->set[i];
    }
    if (!good)
        row_clear(&r);
    *out = r;
    return good;
}

bool
fixed_add_tree(Fixed *f, const Node *n, WordCheck word, bool *nomem)
{
    Speller s = {.rows = 1};
    size_t had = f->rows;
    bool good = spell(&s, 0, n) && had + s.rows <= FIXED_MAX;
    *nomem = s.nomem;
    for (size_t i = 0; i < s.rows && good; i++) {
        Row r;
        good = row_from(&r, &s.row[i], word) && grow(f, r);
        *nomem = !good;
    }
    for (size_t i = 0; i < FIXED_MAX; i++)
        free(s.row[i].set);
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
