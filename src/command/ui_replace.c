/*
 * ui_replace.c - see ui_replace.h.
 *
 * y and n work on one place after the other; the document's step is opened by the first y and closed with the question.
 * a hands what is left to `replace!`, in a worker, inside that step.
 */
#include "command/ui_replace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/cmd_replace.h"
#include "command/scene.h"
#include "command/ui.h"
#include "command/ui_matches_row.h"

enum { SHOWN = 10, ROW_ABOVE = 3, NAMES = 23 /* cells for count and both sides, so that the question has 80 */ };

/* What is asked about; held by the question, and by ui->replacing while the next place is looked for. */
typedef struct Replacing {
    SxPattern *pattern;
    SxDocument *document;
    char *words;         /* "PATTERN REPLACEMENT", as typed */
    char *with;          /* the REPLACEMENT of it */
    Template *template;
    uint64_t end;        /* of the range, moves with what is replaced */
    SxMatch match;       /* that is asked about */
    uint64_t replaced, asked;
    bool open;           /* the document's step is */
    bool rest;           /* `replace!` was begun for what is left */
} Replacing;

/* What the question owns. */
typedef struct Asked {
    Replacing *r; /* NULL: the answer has taken it */
} Asked;

static void
replacing_free(void *p)
{
    Replacing *r = p;
    if (!r)
        return;
    if (r->open)
        sx_document_end(r->document);
    sx_pattern_release(r->pattern);
    template_free(r->template);
    free(r->words);
    free(r->with);
    free(r);
}

static void
asked_free(void *p)
{
    Asked *a = p;
    replacing_free(a->r);
    free(a);
}

void
ui_replace_clear(SxSession *s)
{
    replacing_free(s->ui->replacing);
    s->ui->replacing = NULL;
}

/* --- what is shown ------------------------------------------------------------------------------------------------------ */

static Replacing *
asking(SxSession *s)
{
    return ((Asked *)s->ui->question.data)->r;
}

/* The index of the place asked about, among the known matches. */
static uint64_t
index_here(SxSession *s)
{
    return ui_find_index(s, asking(s)->match.span.at);
}

static uint64_t
preview_count(SxSession *s, List *l)
{
    (void)l;
    uint64_t known = ui_find_known(s), here = index_here(s);
    uint64_t left = known > here ? known - here : 1; /* the one asked about is known in any case */
    return left < SHOWN ? left : SHOWN;
}

/* before[what]behind, in a few cells */
static void
add_scene(const SxEncoding *e, SxString *out, SxBytes before, SxBytes what, SxBytes behind)
{
    size_t most = e ? 20 : 6;
    const char *apart = e ? "" : " ";
    scene_text(out, e, before);
    sx_string_addf(out, "%s[", before.len ? apart : "");
    scene_text(out, e, sx_bytes(what.data, what.len < most ? what.len : most));
    sx_string_addf(out, "%s]%s", what.len > most ? ".." : "", behind.len ? apart : "");
    scene_text(out, e, behind);
}

/* Bytes at each side of a place, so that it and what it would be have room beside each other. */
static uint64_t
around(SxSession *s)
{
    enum { OTHER = 60, LEAST = 8, MOST = 24 };
    unsigned each = s->ui->width > OTHER ? (s->ui->width - OTHER) / 4 : 0;
    return each < LEAST ? LEAST : each > MOST ? MOST : each;
}

/* Offset, the text as it is, the text as it would be. */
static void
preview_row(SxSession *s, List *l, uint64_t index, SxString *out)
{
    enum { MATCH_MAX = 4096 };
    Replacing *r = asking(s);
    const SxEncoding *e = match_encoding(s, r->pattern);
    uint64_t more = e ? around(s) : around(s) * 2 / 5; /* three cells a byte */
    SxSpan span = r->match.span;
    SxMatch match = r->match;
    uint8_t *bytes;
    (void)l;
    if (index > 0 && !ui_find_nth(s, index_here(s) + index, &span))
        return;
    uint64_t length = sx_document_length(r->document);
    unsigned unit = e ? e->unit : 1;
    uint64_t from = span.at > more ? (span.at - more) / unit * unit : 0;
    SxSpan wide = sx_span_clip(sx_span(from, sx_span_end(span) + more), length);
    sx_string_addf(out, "0x%" PRIx64 "\t", span.at);
    if (span.len > MATCH_MAX || !ui_peek(s, wide, &bytes)) {
        sx_string_add(out, "..");
        return;
    }
    SxBytes before = sx_bytes(bytes, (size_t)(span.at - wide.at)), to;
    SxBytes what = sx_bytes(bytes + before.len, (size_t)span.len);
    SxBytes behind = sx_bytes(what.data + what.len, (size_t)(sx_span_end(wide) - sx_span_end(span)));
    add_scene(e, out, before, what, behind);
    SxSource *source = sx_snapshot_source(ui_tab(s)->frame);
    bool here = index == 0 || sx_search_match_at(r->pattern, source, span.at, &match, NULL) == SX_FOUND;
    if (here && template_expand(r->template, &match, source, &to, NULL)) {
        sx_string_add(out, "\t");
        add_scene(e, out, before, to, behind);
    }
}

static const ListKind list_preview = {
    .title = "",
    .strip = true,
    .count = preview_count,
    .row = preview_row,
};

static unsigned
characters(const char *text)
{
    unsigned n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* Both sides into `room` cells, the shorter one whole where that can be. */
static void
cut_names(const char *from, const char *to, unsigned room, char out[2][64])
{
    unsigned half = room / 2, left = characters(from), right = characters(to);
    unsigned for_left = right < half ? room - right : half;
    sx_text_middle(out[0], sizeof out[0], from, for_left);
    for_left = left < for_left ? left : for_left;
    sx_text_middle(out[1], sizeof out[1], to, room - for_left);
}

/* 21000 of "ERROR" to "FIXED", first 10 shown. [a]ll [y]this [n]ext [q]uit Esc */
static void
question_text(SxSession *s, void *data, char *buf, size_t size)
{
    const Replacing *r = ((Asked *)data)->r;
    char names[2][64], count[48], from[256], to[256];
    uint64_t rows = preview_count(s, NULL), fit = s->ui->list ? s->ui->list->fit : SHOWN;
    unsigned digits = (unsigned)strlen(ui_find_number(s, count, sizeof count));
    ui_typed(sx_pattern_text(r->pattern), from, sizeof from);
    ui_typed(r->with, to, sizeof to);
    cut_names(from, to, digits < NAMES / 2 ? NAMES - digits : NAMES / 2, names);
    snprintf(buf, size, "%s of %s to %s, %s %" PRIu64 " shown. [a]ll [y]this [n]ext [q]uit Esc", count, names[0], names[1],
             r->asked > 1 ? "next" : "first", rows < fit ? rows : fit);
}

/* --- the answers ----------------------------------------------------------------------------------------------------------- */

static void
finish(SxSession *s, uint64_t replaced)
{
    if (replaced)
        ui_sayf(s, "%" PRIu64 " replaced, u undoes", replaced);
    else
        ui_sayf(s, "nothing replaced");
}

/* Look for the next place from `from` on; what is asked waits for it in ui->replacing. */
static void
look_on(SxSession *s, Replacing *r, uint64_t from)
{
    if (from >= r->end && r->asked > 0) {
        finish(s, r->replaced);
        replacing_free(r);
        return;
    }
    s->ui->replacing = r;
    ui_find_start(s, r->pattern, ui_tab(s)->find.range, from, FIND_FORWARD, FIND_TO_REPLACE);
}

static uint64_t
behind(const Replacing *r, uint64_t len)
{
    return r->match.span.at + len + (r->match.span.len == 0);
}

static bool
replace_here(SxSession *s, Replacing *r, uint64_t *next)
{
    SxBytes bytes;
    SxError err = {0};
    SxSpan span = r->match.span;
    SxSnapshot *now = sx_document_snapshot(r->document);
    bool ok = now && template_expand(r->template, &r->match, sx_snapshot_source(now), &bytes, &err);
    if (ok && !r->open)
        ok = r->open = sx_document_begin(r->document, &err);
    ok = ok && sx_document_replace(r->document, span, bytes, &err);
    if (ok) {
        *next = behind(r, bytes.len);
        r->end = r->end - span.len + bytes.len;
        r->replaced++;
    } else {
        ui_say(s, true, now ? err.text : "no memory to replace");
    }
    sx_snapshot_release(now);
    return ok;
}

/* The rest in a worker; the step stays open until that has ended. */
static void
replace_rest(SxSession *s, Replacing *r)
{
    SxString line = {0};
    sx_string_addf(&line, "replace! %s 0x%" PRIx64 ":0x%" PRIx64, r->words, r->match.span.at, r->end);
    s->ui->replacing = r;
    r->rest = true;
    s->replaced = 0;
    ui_run(s, sx_string(&line));
    sx_string_clear(&line);
}

void
ui_replace_ran(SxSession *s)
{
    Replacing *r = s->ui->replacing;
    if (!r || !r->rest)
        return;
    if (r->replaced && s->replaced)
        finish(s, r->replaced + s->replaced);
    else if (r->replaced)
        ui_sayf(s, "the rest was not replaced; %" PRIu64 " before it, u undoes", r->replaced);
    ui_replace_clear(s);
}

static void
answered(SxSession *s, char key, void *data)
{
    Replacing *r = ((Asked *)data)->r;
    uint64_t next;
    ((Asked *)data)->r = NULL;
    ui_list_close(s);
    if (key == 'a') {
        replace_rest(s, r);
        return;
    }
    if (key == 'n') {
        look_on(s, r, behind(r, r->match.span.len));
        return;
    }
    if (key == 'y' && replace_here(s, r, &next)) {
        look_on(s, r, next);
        return;
    }
    if (key != 'y')
        finish(s, r->replaced);
    replacing_free(r);
}

/* The match in the upper part of the window: the list takes the lower one. */
static void
show_above(SxSession *s)
{
    uint64_t row = ui_row(s, sx_document_tell(session_document(s)));
    ui_tab(s)->top = ui_rows_from(s, row, -ROW_ABOVE);
}

void
ui_replace_found(SxSession *s, SxFound found, const SxMatch *match)
{
    Replacing *r = s->ui->replacing;
    Asked *a = r ? malloc(sizeof *a) : NULL;
    if (!a)
        return;
    s->ui->replacing = NULL;
    if (found != SX_FOUND || match->span.at >= r->end) {
        if (r->asked > 0)
            finish(s, r->replaced);
        replacing_free(r);
        free(a);
        return;
    }
    r->match = *match;
    r->asked++;
    *a = (Asked){r};
    ui_matches_wait(s);
    ui_ask_live(s, answered, a, asked_free, question_text);
    ui_list_open(s, &list_preview, NULL);
    show_above(s);
}

/* --- the beginning --------------------------------------------------------------------------------------------------------- */

static SxSpan
range_of(SxSession *s, const Args *a)
{
    return a->arg[2].given ? sx_span_clip(a->arg[2].range, sx_document_length(session_document(s))) : SX_SPAN_ALL;
}

SxExit
ui_replace(SxSession *s, const Args *a, SxError *err)
{
    SxPattern *pattern = a->arg[0].pattern;
    const Arg *with = &a->arg[1];
    SxScope scope = session_scope(s, false);
    size_t used;
    if (!replace_ready(s, pattern, with->template, err))
        return outcome(false, err);
    ui_replace_clear(s);
    Replacing *r = calloc(1, sizeof *r);
    SxSpan range = range_of(s, a);
    if (!r)
        return outcome(sx_fail(err, SX_ERR_NOMEM, "no memory to replace"), err);
    *r = (Replacing){
        .pattern = sx_pattern_retain(pattern),
        .document = session_document(s),
        .words = strndup(a->line, (size_t)(with->text.data + with->text.len - (const uint8_t *)a->line)),
        .with = strndup((const char *)with->text.data, with->text.len),
        .end = range.at == 0 && range.len == UINT64_MAX ? sx_document_length(session_document(s)) : sx_span_end(range),
    };
    bool ready = r->words && r->with && template_parse(&r->template, with->text, &scope, &used, err) &&
                 template_bind(r->template, pattern, err);
    if (!ready) {
        replacing_free(r);
        return outcome(false, err);
    }
    sx_pattern_release(s->pattern);
    s->pattern = sx_pattern_retain(pattern);
    s->ui->replacing = r;
    ui_find_start(s, pattern, range, range.at, FIND_FORWARD, FIND_TO_REPLACE);
    return SX_EXIT_DONE;
}

void
ui_replace_prompt(SxSession *s)
{
    const Tab *tab = session_tab(s);
    bool within = tab->has_selection && tab->selection.len > 0;
    SxString line = {0};
    sx_string_addf(&line, "replace %s%s", s->pattern ? sx_pattern_text(s->pattern) : "", s->pattern ? " " : "");
    size_t cursor = line.len;
    if (within)
        sx_string_addf(&line, " 0x%" PRIx64 ":0x%" PRIx64, tab->selection.at, sx_span_end(tab->selection));
    ui_prompt_open(s, &prompt_command, sx_string(&line), NULL, NULL);
    line_go(&s->ui->prompt.line, cursor);
    sx_string_clear(&line);
}
