/*
 * ui_find_prompt.c - the find prompt: text, hex, regex or number by Tab; searches while it is typed.
 *
 * From the second character on the first match from here is shown and all on the screen are marked. Esc puts the
 * cursor, the window and the last search back. Devices and pipes are not read by a half-typed word.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"
#include "command/ui_find_miss.h"
#include "command/ui_regex.h"

typedef struct Finding {
    SxPatternKind kind;
    FindWay way;
    bool other_case; /* M-c: not as the option `case` says */
    bool word, in_selection;
    SxSpan selection;
    uint64_t from;    /* where the cursor was */
    SxPattern *tried; /* what is searched now, NULL: nothing */
    SxPattern *old;   /* what was highlighted before */
    SxSpan old_range;
    bool old_hidden;
    bool old_narrowed;
    bool touched;     /* something was typed: the old search is gone */
    Found *old_results; /* put aside at the first letter */
    bool missed;
    Miss *miss;       /* what it would find, read otherwise; NULL: nothing to be said */
    bool at_match;    /* the cursor stood on a match: look behind it */
    char wrong[128];  /* why it does not parse */
} Finding;

static void
finding_free(void *p)
{
    Finding *f = p;
    sx_pattern_release(f->tried);
    sx_pattern_release(f->old);
    found_free(f->old_results);
    miss_drop(f->miss);
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

/* As the option says; M-c turns it round. Bytes and numbers have no case. */
static bool
ignores_case(SxSession *s, const Finding *f, SxPatternKind kind, const char *text)
{
    if (kind != SX_PATTERN_TEXT && kind != SX_PATTERN_REGEX)
        return false;
    return ui_case_ignored(s, text) != f->other_case;
}

/* The encoding that text is written in here, where its bytes are not those that are typed; NULL: they are. */
static const SxEncoding *
written_in(SxSession *s)
{
    const SxEncoding *e = ui_shown_encoding(s);
    bool typed = e == sx_encoding_find("ascii") || e == sx_encoding_find("utf-8");
    return typed ? NULL : e;
}

static bool
compile(SxSession *s, const Finding *f, SxPatternKind kind, const char *text, SxPattern **out, SxError *err)
{
    bool nocase = ignores_case(s, f, kind, text);
    unsigned flags = (nocase ? SX_PATTERN_NOCASE : 0) | (f->word ? SX_PATTERN_FULLWORD : 0);
    const SxEncoding *e = kind == SX_PATTERN_TEXT ? written_in(s) : NULL;
    if (e && *text)
        return ui_words_in(e, text, nocase, f->word, out, err);
    if (kind == SX_PATTERN_REGEX && ui_text_on(s))
        return ui_regex(s, text, flags, out, err);
    return sx_pattern_new(out, sx_bytes(text, strlen(text)), kind, flags, err);
}

static SxSpan
range(const Finding *f)
{
    return f->in_selection ? f->selection : SX_SPAN_ALL;
}

/* A selection is looked through from its end that comes first, wherever in it the cursor stands. */
static uint64_t
start(const Finding *f)
{
    if (f->in_selection)
        return f->way == FIND_FORWARD ? f->selection.at : sx_span_end(f->selection);
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

static void
complaint(Finding *f, const SxError *err)
{
    ui_prompt_complaint(ui_kind_name(f->kind), err, f->wrong, sizeof f->wrong);
}

/* What narrow left comes back when the prompt is given up. */
static void
put_aside(SxSession *s, Finding *f)
{
    Tab *tab = session_tab(s);
    if (f->old_results || !tab->results)
        return;
    f->old_results = tab->results;
    f->old_narrowed = tab->narrowed;
    tab->results = NULL;
    tab->narrowed = false;
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
    miss_drop(f->miss);
    f->miss = NULL;
    put_aside(s, f);
    f->touched = true;
    /* what was found for the text before stays on the screen until there is an answer: nothing flickers */
    if (characters(text) < 2) {
        put_back(s, p);
        ui_find_clear(s, session_tab(s));
        return;
    }
    if (!compile(s, f, f->kind, text, &pattern, &err)) {
        complaint(f, &err);
        put_back(s, p);
        ui_find_clear(s, session_tab(s));
        return;
    }
    f->tried = pattern;
    if (!is_device(s))
        ui_find_start(s, pattern, range(f), start(f), f->way, FIND_TO_SHOW);
}

/* Other readings of a text that was not found, the likeliest first. ANY: the same kind, in any case. */
static const struct OtherReading {
    SxPatternKind kind;
    const char *how;
} other_readings[MISS_READINGS] = {
    {SX_PATTERN_HEX, "Tab: as hex bytes"},
    {SX_PATTERN_ANY, "M-c: in any case"},
    {SX_PATTERN_REGEX, "Tab Tab: as regex"},
};

static bool
has_letters(const char *text)
{
    while (*text && !isalpha((unsigned char)*text) && (unsigned char)*text < 0x80)
        text++;
    return *text;
}

static bool
in_any_case(SxSession *s, const Finding *f, const char *text, SxPattern **out)
{
    Finding other = *f;
    other.other_case = !f->other_case;
    bool cased = f->kind == SX_PATTERN_TEXT || f->kind == SX_PATTERN_REGEX;
    return cased && !ignores_case(s, f, f->kind, text) && has_letters(text) && compile(s, &other, f->kind, text, out, NULL);
}

/* Whether the text may have been meant so. */
static bool
may_be(SxSession *s, const Finding *f, SxPatternKind kind, const char *text, SxPattern **out)
{
    if (kind == SX_PATTERN_ANY)
        return in_any_case(s, f, text, out);
    if (f->kind != SX_PATTERN_TEXT || (kind == SX_PATTERN_REGEX && !strpbrk(text, ".*+?[](){}|^$\\")))
        return false;
    return compile(s, f, kind, text, out, NULL);
}

/* Look for it read otherwise, to say which keys lead to a match. */
static void
look_elsewhere(SxSession *s, Finding *f, const char *text)
{
    MissReading readings[MISS_READINGS];
    size_t n = 0;
    for (size_t i = 0; i < MISS_READINGS; i++) {
        const struct OtherReading *o = &other_readings[i];
        readings[n] = (MissReading){.how = o->how, .any_case = o->kind == SX_PATTERN_ANY};
        n += may_be(s, f, o->kind, text, &readings[n].pattern);
    }
    miss_drop(f->miss);
    f->miss = n ? miss_start(s, readings, n, range(f)) : NULL;
}

/* Called when the search that was begun while typing found nothing. */
void
ui_find_prompt_missed(SxSession *s)
{
    Prompt *p = &s->ui->prompt;
    if (p->kind != &prompt_find)
        return;
    Finding *f = p->data;
    f->missed = true;
    look_elsewhere(s, f, line_text(&p->line));
    put_back(s, p);
}

/* "7f 45 4c 46" as text is not there: "not as text; Tab: as hex bytes, 1 match" */
static void
describe_miss(const Finding *f, Prompt *p)
{
    char elsewhere[80] = "";
    if (f->miss)
        miss_words(f->miss, elsewhere, sizeof elsewhere);
    snprintf(p->right, sizeof p->right, "not as %s%s%s", ui_kind_name(f->kind), elsewhere[0] ? "; " : "   ",
             elsewhere[0] ? elsewhere : "Tab: other kinds");
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
             ui_kind_name(f->kind), ignores_case(s, f, f->kind, line_text(&p->line)) ? " nocase" : "", f->word ? " word" : "",
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
    case 'c': return flip(s, p, &f->other_case);
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

/* After a miss: what is known to find something, else the next kind. */
static void
offer(SxSession *s, const Finding *f, const char *text)
{
    const MissReading *found = f->miss ? miss_found(f->miss) : NULL;
    SxPatternKind next = kinds[(kind_index(f->kind) + 1) % KINDS];
    bool any_case = found && found->any_case;
    ui_find_offer_make(s, &(FindOffer){
        .pattern = f->tried,
        .key = any_case ? (SxKey){'c', SX_MOD_ALT} : (SxKey){SX_KEY_TAB, 0},
        .kind = found ? sx_pattern_kind(found->pattern) : next,
        .other_case = any_case != f->other_case,
        .way = f->way,
        .text = text,
    });
}

static bool
accept(SxSession *s, Prompt *p, const char *text)
{
    Finding *f = p->data;
    SxError err;
    if (text[0] == '\0')
        return again(s, f);
    if (!f->tried && !compile(s, f, f->kind, text, &f->tried, &err)) {
        complaint(f, &err);
        return false;
    }
    sx_pattern_release(s->pattern);
    s->pattern = sx_pattern_retain(f->tried);
    s->backward = f->way == FIND_BACKWARD;
    s->ui->walk = NULL;
    offer(s, f, text);
    if (!ui_tab(s)->find.has_current)
        put_back(s, p); /* what stands there is the answer to less of the text */
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
    Tab *tab = session_tab(s);
    Find *find = &tab->ui->find;
    put_back(s, p);
    if (!f->touched)
        return;
    ui_find_clear(s, tab);
    tab->results = f->old_results;
    tab->narrowed = f->old_narrowed;
    f->old_results = NULL;
    if (f->old)
        ui_matches_restore(s, f->old, f->old_range);
    find->hidden = f->old_hidden;
}

/* In the history what is not text bears its kind, and a tab, which no key types: "hex\t7f 45". */
static void
store(SxSession *s, Prompt *p, const char *text, SxString *out)
{
    const Finding *f = p->data;
    (void)s;
    if (f->kind != SX_PATTERN_TEXT)
        sx_string_addf(out, "%s\t", ui_kind_name(f->kind));
    sx_string_add(out, text);
}

static const char *
recall(SxSession *s, Prompt *p, const char *entry)
{
    Finding *f = p->data;
    size_t name = strcspn(entry, "\t");
    (void)s;
    f->kind = SX_PATTERN_TEXT;
    for (size_t i = 0; i < KINDS && entry[name]; i++) {
        if (strlen(kind_names[i]) != name || strncmp(entry, kind_names[i], name) != 0)
            continue;
        f->kind = kinds[i];
        return entry + name + 1;
    }
    return entry;
}

const PromptKind prompt_find = {
    .history = "find",
    .store = store,
    .recall = recall,
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
    f->kind = ui_text_on(s) ? SX_PATTERN_REGEX : SX_PATTERN_TEXT; /* as in less where there are lines */
    f->way = way;
    f->from = sx_document_tell(tab->document);
    f->at_match = find->has_current && find->current.at == f->from;
    f->selection = tab->has_selection ? tab->selection : (SxSpan){0, 0};
    f->old = find->pattern ? sx_pattern_retain(find->pattern) : NULL;
    f->old_range = find->range;
    f->old_hidden = find->hidden;
    ui_prompt_open(s, &prompt_find, "", f, finding_free);
}

void
ui_find_open_as(SxSession *s, const FindOffer *o)
{
    ui_find_open(s, o->way);
    Prompt *p = &s->ui->prompt;
    if (p->kind != &prompt_find)
        return;
    Finding *f = p->data;
    f->kind = o->kind;
    f->other_case = o->other_case;
    ui_prompt_text(s, o->text);
}
