/*
 * dense.c - from the marks of a scan to runs. Places are those of the subject.
 */
#include "search/dense.h"

bool
dense_suits(const SxPattern *p)
{
    return p->how == MATCH_FIXED && p->fixed.rows == 1 && p->fixed.row[0].len > 0 &&
           p->fixed.row[0].word == WORD_NONE && !p->negate && p->align == 1;
}

/* The run that is being put together. */
typedef struct Touching {
    Batch *out;
    const Subject *subject;
    size_t at, count, len;
} Touching;

static bool
flush(Touching *t)
{
    bool good = t->count == 0 || batch_add(t->out, &(Run){t->subject->at + t->at, t->len, t->len, t->count});
    t->count = 0;
    return good;
}

static bool
add(Touching *t, size_t at, size_t count)
{
    bool touches = t->count > 0 && at == t->at + t->count * t->len;
    if (!touches) {
        if (!flush(t))
            return false;
        t->at = at;
    }
    t->count += count;
    return true;
}

/* Marks of single bytes are matches. */
static bool
add_bytes(Touching *t, size_t block, uint32_t marks)
{
    while (marks) {
        unsigned first = (unsigned)__builtin_ctz(marks);
        uint32_t rest = ~(marks >> first);
        unsigned n = rest ? (unsigned)__builtin_ctz(rest) : SCAN_BLOCK;
        n = n < SCAN_BLOCK - first ? n : SCAN_BLOCK - first;
        if (!add(t, block + first, n))
            return false;
        marks = first + n < SCAN_BLOCK ? marks >> (first + n) << (first + n) : 0;
    }
    return true;
}

/* Those of longer rows are tried, behind the last match. */
static bool
add_rows(Touching *t, const Row *r, size_t block, uint32_t marks, size_t *from)
{
    for (; marks; marks &= marks - 1) {
        size_t at = block + (size_t)__builtin_ctz(marks);
        if (at < *from || !row_matches(r, t->subject->data + at))
            continue;
        if (!add(t, at, 1))
            return false;
        *from = at + r->len;
    }
    return true;
}

bool
dense_collect(const Matcher *m, const Subject *s, size_t from, size_t limit, Batch *out, size_t *behind)
{
    const Row *r = &m->pattern->fixed.row[0];
    bool bytes = r->len == 1 && m->scan.probes > 0;
    Touching t = {.out = out, .subject = s, .len = r->len};
    size_t block = from;
    for (uint32_t marks; (block = scan_marks(&m->scan, s->data, s->len, block, limit, &marks)) < limit; block += SCAN_BLOCK) {
        if (!(bytes ? add_bytes(&t, block, marks) : add_rows(&t, r, block, marks, &from)))
            return false;
        if (from > block + SCAN_BLOCK)
            block = from - SCAN_BLOCK;
    }
    *behind = from > limit ? from : limit;
    return flush(&t);
}
