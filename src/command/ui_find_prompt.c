/*
 * ui_find_prompt.c - the find prompt: text, hex, regex or number by Tab; searches while it is typed.
 *
 * From the second character on the first match from here is shown and all on the screen are marked. Esc puts the
 * cursor, the window and the last search back. Devices and pipes are not read by a half-typed word.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

typedef struct Finding {
    SxPatternKind kind;
    FindWay way;
    bool nocase, word, in_selection;
    SxSpan selection;
    uint64_t from;    /* where the cursor was */
    SxPattern *tried; /* what is searched now, NULL: nothing */
    SxPattern *old;   /* what was highlighted before */
    SxSpan old_range;
    bool old_hidden;
    bool missed;
    bool at_match;    /* the cursor stood on a match: look behind it */
    char wrong[128];  /* why it does not parse */
} Finding;

static void
finding_free(void *p)
{
    Finding *f = p;
    sx_pattern_release(f->tried);
    sx_pattern_release(f->old);
    free(f);
}

static const SxPatternKind kinds[] = {SX_PATTERN_TEXT, SX_PATTERN_HEX, SX_PATTERN_REGEX, SX_PATTERN_NUMBER};
static const char *const kind_names[] = {"text", "hex", "regex", "number"};
enum { KINDS = 4 };

static size_t
kind_index(SxPatternKind kind)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i] == kind)
            return i;
    }
    return 0;
}

static bool
compile(const Finding *f, SxPatternKind kind, const char *text, SxPattern **out, SxError *err)
{
    unsigned flags = (f->nocase ? SX_PATTERN_NOCASE : 0) | (f->word ? SX_PATTERN_FULLWORD : 0);
    return sx_pattern_new(out, sx_bytes(text, strlen(text)), kind, flags, err);
}

static SxSpan
range(const Finding *f)
{
    return f->in_selection ? f->selection : SX_SPAN_ALL;
}

static uint64_t
start(const Finding *f)
{
    return f->way == FIND_FORWARD && f->at_match ? f->from + 1 : f->from;
}

static void
put_back(SxSession *s, const Prompt *p)
{
    session_goto(s, p->cursor, NULL);
    ui_tab(s)->top = p->top;
}

static bool
is_device(SxSession *s)
{
    SxMapKind kind = sx_document_kind(session_document(s));
    return kind == SX_KIND_BLOCK || kind == SX_KIND_CHAR || kind == SX_KIND_PROC;
}

static size_t
characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* `column 4: "(" is never closed`: the kind stands at the left, and what to do is for the message line. */
static void
complaint(Finding *f, const SxError *err)
{
    const char *text = err->text;
    const char *kind = kind_names[kind_index(f->kind)];
    size_t len = strlen(kind);
    if (strncmp(text, kind, len) == 0 && strncmp(text + len, ", ", 2) == 0)
        text += len + 2;
    size_t n = strcspn(text, ";");
    snprintf(f->wrong, sizeof f->wrong, "%.*s", (int)(n < 120 ? n : 120), text);
}

static void
changed(SxSession *s, Prompt *p)
{
    Finding *f = p->data;
    const char *text = line_text(&p->line);
    SxPattern *pattern;
    SxError err;
    f->missed = false;
    f->wrong[0] = '\0';
    sx_pattern_release(f->tried);
    f->tried = NULL;
    put_back(s, p);
    if (characters(text) < 2) {
        ui_find_clear(&ui_tab(s)->find);
        return;
    }
    if (!compile(f, f->kind, text, &pattern, &err)) {
        complaint(f, &err);
        ui_find_clear(&ui_tab(s)->find);
        return;
    }
    f->tried = pattern;
    if (!is_device(s))
        ui_find_start(s, pattern, range(f), start(f), f->way, FIND_TO_SHOW);
}

/* Called when the search that was begun while typing found nothing. */
void
ui_find_prompt_missed(SxSession *s)
{
    Prompt *p = &s->ui->prompt;
    if (p->kind != &prompt_find)
        return;
    ((Finding *)p->data)->missed = true;
    put_back(s, p);
}

/* "7f 45 4c 46" as text is not there; as hex it might be. */
static void
describe_miss(const Finding *f, Prompt *p)
{
    SxPattern *other;
    bool hex = f->kind == SX_PATTERN_TEXT && compile(f, SX_PATTERN_HEX, line_text(&p->line), &other, NULL);
    if (hex)
        sx_pattern_release(other);
    snprintf(p->right, sizeof p->right, "not as %s%s", kind_names[kind_index(f->kind)],
             hex ? "; Tab: as hex bytes" : "   Tab: other kinds");
    p->right_bad = true;
}

static void
other_kinds(SxPatternKind kind, char *buf, size_t size)
{
    size_t at = kind_index(kind), used = 0;
    for (size_t i = 1; i < KINDS && used < size; i++)
        used += (size_t)snprintf(buf + used, size - used, "%s%s", i > 1 ? " " : "", kind_names[(at + i) % KINDS]);
}

static void
describe(SxSession *s, Prompt *p)
{
    const Finding *f = p->data;
    char others[40], told[96] = "";
    snprintf(p->label, sizeof p->label, "find%s %s%s%s%s: ", f->way == FIND_BACKWARD ? " back" : "",
             kind_names[kind_index(f->kind)], f->nocase ? " nocase" : "", f->word ? " word" : "",
             f->in_selection ? " in sel" : "");
    p->right_bad = false;
    if (f->wrong[0]) {
        snprintf(p->right, sizeof p->right, "%s", f->wrong);
        p->right_bad = true;
        return;
    }
    if (f->missed) {
        describe_miss(f, p);
        return;
    }
    other_kinds(f->kind, others, sizeof others);
    if (f->tried && !is_device(s))
        ui_find_told(s, told, sizeof told);
    snprintf(p->right, sizeof p->right, "%s%sTab: %s", told, told[0] ? "   " : "", others);
}

static bool
flip(SxSession *s, Prompt *p, bool *flag)
{
    *flag = !*flag;
    changed(s, p);
    return true;
}

static bool
key(SxSession *s, Prompt *p, SxKey k)
{
    Finding *f = p->data;
    if (sx_key_is(k, SX_KEY_TAB, 0) || sx_key_is(k, 't', SX_MOD_CTRL)) {
        f->kind = kinds[(kind_index(f->kind) + 1) % KINDS];
        changed(s, p);
        return true;
    }
    if (sx_key_is(k, SX_KEY_F1 + 6, 0)) {
        f->way = f->way == FIND_FORWARD ? FIND_BACKWARD : FIND_FORWARD;
        changed(s, p);
        return true;
    }
    if (k.mods != SX_MOD_ALT)
        return false;
    switch (k.code) {
    case 'c': return flip(s, p, &f->nocase);
    case 'w': return flip(s, p, &f->word);
    case 's':
        if (f->selection.len == 0) {
            ui_sayf(s, "nothing is selected to search in");
            return true;
        }
        return flip(s, p, &f->in_selection);
    default: return false;
    }
}

/* Enter on an empty line: the last pattern again. */
static bool
again(SxSession *s, const Finding *f)
{
    if (!s->pattern) {
        ui_sayf(s, "nothing was searched yet");
        return true;
    }
    s->backward = f->way == FIND_BACKWARD;
    ui_find_start(s, s->pattern, SX_SPAN_ALL, f->way == FIND_FORWARD ? f->from + 1 : f->from, f->way, FIND_TO_GO);
    return true;
}

static bool
accept(SxSession *s, Prompt *p, const char *text)
{
    Finding *f = p->data;
    SxError err;
    if (text[0] == '\0')
        return again(s, f);
    if (!f->tried && !compile(f, f->kind, text, &f->tried, &err)) {
        complaint(f, &err);
        return false;
    }
    sx_pattern_release(s->pattern);
    s->pattern = sx_pattern_retain(f->tried);
    s->backward = f->way == FIND_BACKWARD;
    s->ui->walk = NULL;
    if (!ui_find_settle(s, f->tried))
        ui_find_start(s, f->tried, range(f), start(f), f->way, FIND_TO_GO);
    if (sx_document_tell(session_document(s)) != f->from)
        jumps_add(&session_tab(s)->jumps, f->from);
    return true;
}

static void
cancel(SxSession *s, Prompt *p)
{
    Finding *f = p->data;
    Find *find = &ui_tab(s)->find;
    put_back(s, p);
    ui_find_clear(find);
    if (f->old)
        ui_find_restore(s, f->old, f->old_range);
    find->hidden = f->old_hidden;
}

const PromptKind prompt_find = {
    .history = "find",
    .describe = describe,
    .changed = changed,
    .key = key,
    .accept = accept,
    .cancel = cancel,
};

void
ui_find_open(SxSession *s, FindWay way)
{
    const Tab *tab = session_tab(s);
    const Find *find = &tab->ui->find;
    Finding *f = calloc(1, sizeof *f);
    if (!f)
        return;
    f->kind = s->ui->find_kind ? s->ui->find_kind : ui_text_on(s) ? SX_PATTERN_REGEX : SX_PATTERN_TEXT;
    f->way = way;
    f->from = sx_document_tell(tab->document);
    f->at_match = find->has_current && find->current.at == f->from;
    f->selection = tab->has_selection ? tab->selection : (SxSpan){0, 0};
    f->old = find->pattern ? sx_pattern_retain(find->pattern) : NULL;
    f->old_range = find->range;
    f->old_hidden = find->hidden;
    ui_prompt_open(s, &prompt_find, "", f, finding_free);
}

/* * and #: the selection, else the word here */
SxExit
cmd_find_here(SxSession *s, const Args *a, SxError *err)
{
    enum { WORD_MAX = 256 };
    const Tab *tab = session_tab(s);
    FindWay way = a->arg[0].given ? FIND_BACKWARD : FIND_FORWARD;
    uint64_t cursor = sx_document_tell(tab->document);
    SxSpan span = tab->has_selection ? tab->selection : ui_word_at(s, cursor);
    uint8_t bytes[WORD_MAX];
    size_t got;
    if (span.len == 0 || span.len > WORD_MAX) {
        ui_sayf(s, span.len ? "the selection is longer than %d bytes" : "no word here: v selects what to find", WORD_MAX);
        return SX_EXIT_ABSENT;
    }
    SxPattern *pattern;
    if (!sx_document_peek(tab->document, span.at, bytes, (size_t)span.len, &got, err) ||
        !sx_pattern_literal(&pattern, sx_bytes(bytes, got), err))
        return outcome(false, err);
    sx_pattern_release(s->pattern);
    s->pattern = pattern;
    s->backward = way == FIND_BACKWARD;
    s->ui->walk = NULL;
    ui_selection_drop(s);
    ui_find_start(s, pattern, SX_SPAN_ALL, way == FIND_FORWARD ? span.at + 1 : span.at, way, FIND_TO_GO);
    return SX_EXIT_DONE;
}
