/*
 * emit.c - trees to PCRE2's syntax; every byte is written \xNN, so nothing needs quoting.
 */
#include "search/emit.h"

#include <inttypes.h>

static void
emit_set(const ByteSet *s, SxString *out)
{
    if (set_count(s) == 256) {
        sx_string_add(out, ".");
        return;
    }
    sx_string_add(out, "[");
    for (unsigned b = 0; b < 256; b++) {
        if (!set_has(s, (uint8_t)b))
            continue;
        unsigned last = b;
        while (last < 255 && set_has(s, (uint8_t)(last + 1)))
            last++;
        sx_string_addf(out, "\\x%02x", b);
        if (last > b)
            sx_string_addf(out, "-\\x%02x", last);
        b = last;
    }
    sx_string_add(out, "]");
}

enum { REPEAT_MAX = 65535 };

static void
emit_count(uint64_t min, uint64_t max, bool lazy, SxString *out)
{
    if (max == LENGTH_MAX)
        sx_string_addf(out, "{%" PRIu64 ",}", min);
    else if (max == min)
        sx_string_addf(out, "{%" PRIu64 "}", min);
    else
        sx_string_addf(out, "{%" PRIu64 ",%" PRIu64 "}", min, max);
    if (lazy && max != min)
        sx_string_add(out, "?");
}

static void emit(const Node *n, SxString *out);

static void
emit_atom(const Node *n, SxString *out)
{
    bool group = n->kind != NODE_SET && !(n->kind == NODE_BYTES && n->bytes.len == 1);
    sx_string_add(out, group ? "(?:" : "");
    emit(n, out);
    sx_string_add(out, group ? ")" : "");
}

/* Counts above what PCRE2 takes are written as several in a row; the parser sees to it that max - min is none. */
static void
emit_repeat(const Node *n, SxString *out)
{
    uint64_t min = n->min, max = n->max;
    for (; min >= REPEAT_MAX; min -= REPEAT_MAX) {
        emit_atom(n->child, out);
        emit_count(REPEAT_MAX, REPEAT_MAX, false, out);
        max -= max == LENGTH_MAX ? 0 : REPEAT_MAX;
    }
    emit_atom(n->child, out);
    emit_count(min, max, n->lazy, out);
}

static void
emit(const Node *n, SxString *out)
{
    switch (n->kind) {
    case NODE_SET:
        emit_set(&n->set, out);
        return;
    case NODE_BYTES:
        for (size_t i = 0; i < n->bytes.len; i++)
            sx_string_addf(out, "\\x%02x", n->bytes.data[i]);
        return;
    case NODE_CAT:
        for (const Node *c = n->child; c; c = c->next)
            emit(c, out);
        return;
    case NODE_ALT:
        sx_string_add(out, "(?:");
        for (const Node *c = n->child; c; c = c->next) {
            emit(c, out);
            sx_string_add(out, c->next ? "|" : ")");
        }
        return;
    case NODE_REPEAT:
        emit_repeat(n, out);
        return;
    case NODE_LOOK:
    case NODE_ANY:
        return;
    }
}

void
emit_regex(const Node *n, WordCheck word, SxString *out)
{
    static const char *const before[] = {"", "(?<![0-9A-Za-z_])", "(?<![0-9A-Za-z_]\\x00)"};
    static const char *const behind[] = {"", "(?![0-9A-Za-z_])", "(?![0-9A-Za-z_]\\x00)"};
    sx_string_add(out, before[word]);
    sx_string_add(out, "(?:");
    emit(n, out);
    sx_string_add(out, ")");
    sx_string_add(out, behind[word]);
}
