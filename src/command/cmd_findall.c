/* cmd_findall.c - findall: a row per match, of the fields that were asked for. */
#include <stdlib.h>
#include <string.h>

#include "command/lines.h"
#include "command/look.h"
#include "command/window.h"

enum { FIELDS_MAX = 32 };

typedef enum FieldKind { FIELD_OFFSET, FIELD_LENGTH, FIELD_END, FIELD_TEXT, FIELD_HEX, FIELD_LINE, FIELD_GROUP } FieldKind;

typedef struct Field {
    FieldKind kind;
    char name[33];
    size_t group;
} Field;

typedef struct Listing {
    SxSession *s;
    const Look *look;
    Window window; /* of the document: matches lie near each other */
    Field fields[FIELDS_MAX];
    size_t n_fields;
    bool groups; /* some field is a group */
    bool fold;
    uint64_t max;
    uint64_t count;
    LinePlace place; /* of the match before, for FIELD_LINE */
    bool failed;
    SxError *err;
} Listing;

/* --- which fields --------------------------------------------------------------------------------------------------- */

static bool
plain_field(const char *name, FieldKind *out)
{
    static const char *const names[] = {"offset", "length", "end", "text", "hex", "line"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) != 0)
            continue;
        *out = (FieldKind)i;
        return true;
    }
    return false;
}

static bool
group_number(const char *name, size_t *out)
{
    size_t digits = strspn(name, "0123456789");
    if (digits == 0 || digits > 2 || name[digits])
        return false;
    *out = (size_t)strtoul(name, NULL, 10);
    return true;
}

static bool
group_field(const SxPattern *p, Field *f, SxError *err)
{
    size_t count = sx_pattern_groups(p);
    f->kind = FIELD_GROUP;
    if (group_number(f->name, &f->group)) {
        if (f->group <= count)
            return true;
        return sx_fail(err, SX_ERR_UNKNOWN, "no group %s: the pattern has %zu", f->name, count);
    }
    if (sx_pattern_group_named(p, f->name, &f->group))
        return true;
    return sx_fail(err, SX_ERR_UNKNOWN,
                   "no field \"%s\": offset length end text hex line, or a group by number or name", f->name);
}

static bool
add_field(Listing *l, const SxPattern *p, const char *name, size_t len, SxError *err)
{
    Field f = {.kind = FIELD_OFFSET};
    if (l->n_fields == FIELDS_MAX)
        return sx_fail(err, SX_ERR_SYNTAX, "%d fields at most", FIELDS_MAX);
    if (len == 0 || len >= sizeof f.name)
        return sx_fail(err, SX_ERR_SYNTAX, "show wants names separated by commas");
    memcpy(f.name, name, len);
    if (!plain_field(f.name, &f.kind) && !group_field(p, &f, err))
        return false;
    l->groups |= f.kind == FIELD_GROUP;
    l->fields[l->n_fields++] = f;
    return true;
}

static bool
read_fields(Listing *l, const SxPattern *p, const char *names, SxError *err)
{
    for (;;) {
        size_t len = strcspn(names, ",");
        if (!add_field(l, p, names, len, err))
            return false;
        if (!names[len])
            return true;
        names += len + 1;
    }
}

/* --- rows ------------------------------------------------------------------------------------------------------------ */

static bool
print_bytes(Listing *l, const Field *f, SxSpan span, Form form)
{
    return row_range(l->s, f->name, &l->window.source, span, form, l->fold, l->err);
}

static bool
print_group(Listing *l, const Field *f, const SxMatch *m)
{
    bool set = f->group < m->groups && m->group[f->group].at != UINT64_MAX;
    if (set)
        return print_bytes(l, f, m->group[f->group], FORM_TEXT);
    row_unset(l->s, f->name);
    return true;
}

static bool
print_line(Listing *l, const Field *f, uint64_t at)
{
    if (!line_advance(l->look->source, &l->place, at, NULL, l->err))
        return false;
    row_count(l->s, f->name, l->place.line);
    return true;
}

static bool
print_field(Listing *l, const Field *f, const SxMatch *m)
{
    switch (f->kind) {
    case FIELD_OFFSET:
        row_offset(l->s, f->name, m->span.at);
        return true;
    case FIELD_LENGTH:
        row_count(l->s, f->name, m->span.len);
        return true;
    case FIELD_END:
        row_offset(l->s, f->name, sx_span_end(m->span));
        return true;
    case FIELD_TEXT:
        return print_bytes(l, f, m->span, FORM_TEXT);
    case FIELD_HEX:
        return print_bytes(l, f, m->span, FORM_HEX);
    case FIELD_LINE:
        return print_line(l, f, m->span.at);
    case FIELD_GROUP:
        return print_group(l, f, m);
    }
    return true;
}

static bool
print_match(void *data, const SxMatch *match)
{
    Listing *l = data;
    for (size_t i = 0; i < l->n_fields && !l->failed; i++)
        l->failed = !print_field(l, &l->fields[i], match);
    row_end(l->s);
    l->count++;
    return !l->failed && l->count < l->max && !results_full(l->s);
}

/* --- the command ----------------------------------------------------------------------------------------------------- */

static SxExit
list(SxSession *s, Listing *l, const Args *a, SxError *err)
{
    const SxPattern *p = a->arg[0].pattern;
    uint64_t gave_up = UINT64_MAX;
    SxSpan in = a->arg[1].given ? a->arg[1].range : sx_span(0, l->look->length);
    SxFound found = sx_search_each(p, l->look->source, in, l->groups, NULL, l->look->job, print_match, l, &gave_up, err);
    if (l->failed)
        return outcome(false, err);
    if (found == SX_FOUND)
        return l->count < l->max ? look_all_read(s, l->look, in, SX_EXIT_DONE, err) : SX_EXIT_DONE;
    return look_missed(s, l->look, p, in, found, l->count, gave_up, err);
}

SxExit
cmd_findall(SxSession *s, const Args *a, SxError *err)
{
    Look look;
    const char *names = a->arg[3].given ? a->arg[3].word : "offset,length,text";
    Listing l = {
        .s = s,
        .look = &look,
        .fold = a->arg[4].given,
        .max = a->arg[2].given ? a->arg[2].offset : UINT64_MAX,
        .place = {0, 1},
        .err = err,
    };
    if (!read_fields(&l, a->arg[0].pattern, names, err))
        return outcome(false, err);
    if (l.max == 0)
        return outcome(sx_fail(err, SX_ERR_SYNTAX, "max 0 finds nothing"), err);
    if (!look_begin(s, &look, "findall", err))
        return outcome(false, err);
    bool ready = window_init(&l.window, look.source, look.length, err);
    SxExit exit = ready ? list(s, &l, a, err) : outcome(false, err);
    window_clear(&l.window);
    look_end(s, &look);
    return exit;
}
