/*
 * regex.c - compiling and running regular expressions. Offsets are those of the subject.
 */
#include "search/regex.h"

#include "search/blame.h"

#include <sextant/text.h>

#include <stdlib.h>
#include <string.h>

enum {
    MATCH_LIMIT = 2000000,      /* steps from one place; ours, because the default of ten million takes 130 ms */
    JIT_STACK_FIRST = 64 << 10, /* bytes */
    JIT_STACK_MAX = 64 << 20,
    HASTY_HEAP_KIB = 1 << 10,
    HEAP_KIB = 32 << 10, /* of the interpreter: it grows by copying, in which nobody asks whether it should go on */
};

/* The thread sanitizer holds signals back until the thread calls something that it knows: JIT code never does. */
#if defined(__SANITIZE_THREAD__)
enum { MAY_JIT = false };
#else
enum { MAY_JIT = true };
#endif

static uint32_t
compile_options(unsigned flags)
{
    uint32_t o = PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
    if (flags & SX_PATTERN_NOCASE)
        o |= PCRE2_CASELESS;
    if (flags & SX_PATTERN_DOTALL)
        o |= PCRE2_DOTALL;
    if (flags & SX_PATTERN_MULTILINE)
        o |= PCRE2_MULTILINE;
    if (flags & SX_PATTERN_EXTENDED)
        o |= PCRE2_EXTENDED;
    /*
     * Without UCP the JIT compiler of 10.42 misses \D \W \S on every character beyond ASCII; and that .* leads is no
     * reason to try one place only, for it stops at an invalid byte.
     */
    if (flags & SX_PATTERN_UTF)
        return o | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_UCP | PCRE2_NO_DOTSTAR_ANCHOR;
    return o | PCRE2_NEVER_UTF;
}

static uint32_t
info(const pcre2_code *code, uint32_t what)
{
    uint32_t v = 0;
    pcre2_pattern_info(code, what, &v);
    return v;
}

static pcre2_code *
compile_one(SxBytes text, uint32_t options, int *code, size_t *at)
{
    pcre2_compile_context *c = pcre2_compile_context_create(NULL);
    if (!c)
        return NULL;
    pcre2_set_newline(c, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(c, PCRE2_BSR_UNICODE);
    pcre2_code *out = pcre2_compile(text.data, text.len, options, code, at, c);
    pcre2_compile_context_free(c);
    return out;
}

/* What stands in the place of some bytes of an expression. */
typedef struct Edit {
    size_t at, len;
    const char *with;
} Edit;

static int
by_place(const void *a, const void *b)
{
    const Edit *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

/*
 * \G holds at the head of a search alone: elsewhere it is an assertion that fails. And (...)*+ is written (?>(...)*), which
 * says the same: JIT of 10.42 keeps what the first takes in an attempt that fails, for those after it.
 */
static bool
rewrite(SxString *out, SxBytes text, const Syntax *syntax, bool elsewhere)
{
    Edit edit[3 * SYNTAX_STARTS_MAX];
    size_t n = 0, from = 0;
    for (size_t i = 0; elsewhere && i < syntax->starts; i++)
        edit[n++] = (Edit){syntax->start[i], 2, "(?!)"};
    for (size_t i = 0; i < syntax->stickies; i++) {
        edit[n++] = (Edit){syntax->sticky[i].open, 0, "(?>"};
        edit[n++] = (Edit){syntax->sticky[i].plus, 1, ")"};
    }
    qsort(edit, n, sizeof *edit, by_place);
    for (size_t i = 0; i < n; i++) {
        sx_string_add_bytes(out, sx_bytes(text.data + from, edit[i].at - from));
        sx_string_add(out, edit[i].with);
        from = edit[i].at + edit[i].len;
    }
    sx_string_add_bytes(out, sx_bytes(text.data + from, text.len - from));
    return !out->failed;
}

static bool
compile_all(Regex *r, SxBytes text, SxBytes elsewhere, uint32_t options)
{
    int code;
    size_t where;
    pcre2_code_free(r->code);
    r->code = compile_one(elsewhere, options, &code, &where);
    /* start optimizations look far ahead, at each place anew */
    uint32_t anchored = options | PCRE2_ANCHORED | PCRE2_NO_START_OPTIMIZE;
    r->anchored = r->code ? compile_one(elsewhere, anchored, &code, &where) : NULL;
    r->head = r->anchored && elsewhere.len != text.len ? compile_one(text, anchored, &code, &where) : NULL;
    return r->anchored && (r->head || elsewhere.len == text.len);
}

static bool
compile_jit(const Regex *r)
{
    const uint32_t jit = PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD;
    return pcre2_jit_compile(r->code, jit) == 0 && pcre2_jit_compile(r->anchored, jit) == 0 &&
           (!r->head || pcre2_jit_compile(r->head, jit) == 0);
}

/*
 * Without JIT the code is compiled with a callout before each item, which is how a search is cancelled, and how an
 * attempt is seen to come to the end of the subject: the interpreter's own partial matching goes wrong at invalid UTF-8.
 * Start optimizations would look at that end without a callout.
 *
 * What recurses is not for JIT: there the match limit does not count it, and (a|(?1))b runs for ever.
 */
static bool
compile_to_run(Regex *r, SxBytes text, SxBytes elsewhere, uint32_t options, bool jit)
{
    if (!compile_all(r, text, elsewhere, options))
        return false;
    r->jit = jit && compile_jit(r);
    if (r->jit)
        return true;
    Regex again = {.utf = r->utf};
    regex_clear(r);
    *r = again;
    return compile_all(r, text, elsewhere, options | PCRE2_AUTO_CALLOUT | PCRE2_NO_START_OPTIMIZE);
}

/* How far look-behind goes back: what was read off the text, or at least what PCRE2 says, each nested one added. */
static uint64_t
look_behind(const Regex *r, SxBytes text, const Syntax *syntax)
{
    if (syntax->behind != LENGTH_MAX)
        return syntax->behind + 4;
    uint64_t count = 1;
    for (size_t i = 0; i + 1 < text.len; i++)
        count += text.data[i] == '?' && text.data[i + 1] == '<';
    return (info(r->code, PCRE2_INFO_MAXLOOKBEHIND) + 1) * count * (r->utf ? 4 : 1) + 4;
}

static bool
check_support(const Lexer *x, size_t at, const Syntax *syntax)
{
    if (syntax->verb != SIZE_MAX)
        return lex_fail(x, at + syntax->verb, "(*COMMIT) and (*SKIP) are not supported; use an atomic group (?>...)");
    return !syntax->lost_track || lex_fail(x, at, "\\G is not supported together with conditions, properties or verbs");
}

bool
regex_compile(Regex *r, const Lexer *x, size_t at, SxBytes text, unsigned flags, Tree *t, Syntax *syntax)
{
    Regex out = {.utf = flags & SX_PATTERN_UTF};
    int code = 121; /* out of memory, should the context fail */
    size_t where = 0;
    uint32_t options = compile_options(flags);
    out.code = compile_one(text, options, &code, &where);
    if (!out.code)
        return blame(x, at, text, flags & SX_PATTERN_EXTENDED, code, where);
    syntax_read(syntax, t, text, flags);
    out.groups = info(out.code, PCRE2_INFO_CAPTURECOUNT);
    out.begins = info(out.code, PCRE2_INFO_ALLOPTIONS) & PCRE2_ANCHORED;
    out.keeps = syntax->keeps;
    out.behind = look_behind(&out, text, syntax);
    Regex facts = out;
    bool jit = !(flags & SX_PATTERN_NO_JIT) && !syntax->recurses && !syntax->stale_groups && MAY_JIT;
    /*
     * 10.42: JIT remembers how far a leading .* came and forgets that an atomic group around it allows nothing else;
     * (?=B)[ab]*B is looked for where there are two B. And among invalid UTF-8 they begin attempts at bytes where a search
     * that begins there would not.
     */
    if (syntax->odd_start || out.utf)
        options |= PCRE2_NO_START_OPTIMIZE;
    if (syntax->stickies > 0) /* an item before (?>(...)*) would be taken for one that never gives anything back */
        options |= PCRE2_NO_AUTO_POSSESS;
    SxString head = {0}, elsewhere = {0};
    bool supported = check_support(x, at, syntax);
    bool good = supported && rewrite(&head, text, syntax, false) && rewrite(&elsewhere, text, syntax, true) &&
                compile_to_run(&out, sx_bytes(head.data, head.len), sx_bytes(elsewhere.data, elsewhere.len), options, jit);
    sx_string_clear(&head);
    sx_string_clear(&elsewhere);
    if (!good) {
        regex_clear(&out);
        return supported ? sx_fail(x->err, SX_ERR_NOMEM, "no memory for this pattern") : false;
    }
    facts.code = out.code;
    facts.anchored = out.anchored;
    facts.head = out.head;
    facts.jit = out.jit;
    *r = facts;
    return true;
}

void
regex_clear(Regex *r)
{
    pcre2_code_free(r->code);
    pcre2_code_free(r->anchored);
    pcre2_code_free(r->head);
    *r = (Regex){0};
}

enum { CANCEL_EVERY = 32 }; /* callouts between two looks at the job */

static int
watch_callout(pcre2_callout_block *block, void *data)
{
    RegexWatch *w = data;
    if (++w->calls % CANCEL_EVERY == 0 && interrupt_due(w->interrupt)) {
        w->cancelled = true;
        return PCRE2_ERROR_CALLOUT;
    }
    if (block->start_match >= w->limit) /* between invalid bytes the offset limit is not looked at */
        return PCRE2_ERROR_NOMATCH;
    if (block->current_position < w->edge)
        return 0;
    w->start = block->start_match;
    return PCRE2_ERROR_CALLOUT;
}

bool
regex_run_open(RegexRun *run, const Regex *r, SxJob *job, SxError *err)
{
    RegexRun out = {.regex = r, .watch.job = job, .watch.interrupt = &run->interrupt};
    out.data = pcre2_match_data_create_from_pattern(r->code, NULL);
    out.context = pcre2_match_context_create(NULL);
    if (r->jit)
        out.stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
    *run = out;
    if (!out.data || !out.context || (r->jit && !out.stack)) {
        regex_run_close(run);
        return sx_fail(err, SX_ERR_NOMEM, "no memory to run a regex");
    }
    pcre2_set_match_limit(out.context, MATCH_LIMIT);
    pcre2_set_heap_limit(out.context, HEAP_KIB);
    if (r->jit)
        pcre2_jit_stack_assign(out.context, NULL, out.stack);
    else
        pcre2_set_callout(out.context, watch_callout, &run->watch);
    interrupt_open(&run->interrupt, job);
    return true;
}

void
regex_run_close(RegexRun *run)
{
    interrupt_close(&run->interrupt);
    pcre2_match_data_free(run->data);
    pcre2_match_context_free(run->context);
    pcre2_jit_stack_free(run->stack);
    *run = (RegexRun){0};
}

void
regex_hurry(RegexRun *run, uint64_t nanoseconds)
{
    pcre2_set_heap_limit(run->context, HASTY_HEAP_KIB);
    interrupt_after(&run->interrupt, nanoseconds);
}

enum { PEEK = 8 }; /* bytes that one item may look at beyond its place: a character, or \r\n and the end */

/* --- UTF-8: where a match may begin ----------------------------------------------------------------------------------- */

/* Bytes of the valid character at `at`, 0 when none is there. */
static size_t
character_at(const Subject *s, size_t at)
{
    uint32_t code;
    size_t n = at < s->len ? sx_utf8_decode(sx_bytes(s->data + at, s->len - at), &code) : 0;
    return n > 0 && code != UINT32_MAX ? n : 0;
}

static bool
behind_character(const Subject *s, size_t at)
{
    for (size_t back = 1; back <= 4 && back <= at; back++)
        if (character_at(s, at - back) == back)
            return true;
    return false;
}

/*
 * The first place from `at` on where one match over the whole would begin an attempt: JIT goes over continuation bytes,
 * the interpreter over all bytes that belong to no character.
 */
static size_t
between_characters(const RegexRun *run, const Subject *s, size_t at)
{
    for (; at < s->len; at++)
        if (run->regex->jit ? (s->data[at] & 0xc0) != 0x80 : behind_character(s, at) || character_at(s, at) > 0)
            break;
    return at;
}

/* --- calls ------------------------------------------------------------------------------------------------------------ */

/* One call of the library. */
typedef struct Call {
    const pcre2_code *code;
    const Subject *s;
    uint32_t options;
    bool known; /* the bytes behind the subject are none, or do not matter */
} Call;

static int
call(RegexRun *run, const Call *c, size_t from, size_t limit)
{
    const Subject *s = c->s;
    pcre2_set_offset_limit(run->context, limit - 1);
    if (run->regex->jit) {
        interrupt_enter(&run->interrupt);
        int rc = pcre2_jit_match(c->code, s->data, s->len, from, c->options | (c->known ? 0 : PCRE2_PARTIAL_HARD),
                                 run->data, run->context);
        interrupt_leave();
        return rc;
    }
    run->watch.limit = limit;
    run->watch.edge = c->known ? SIZE_MAX : s->len > PEEK ? s->len - PEEK : 0;
    run->watch.start = SIZE_MAX;
    run->watch.cancelled = false;
    int rc = pcre2_match(c->code, s->data, s->len, from, c->options, run->data, run->context);
    return rc == PCRE2_ERROR_CALLOUT && !run->watch.cancelled ? PCRE2_ERROR_PARTIAL : rc;
}

/* The library does not say where it gave up: narrow the places down until one is left. */
static size_t
find_limit(RegexRun *run, const Call *c, size_t from, size_t limit)
{
    size_t low = from, high = limit; /* it gives up in [low, high) */
    for (size_t step = 1; high - low > 1 && !sx_job_cancelled(run->watch.job); step *= 8) {
        size_t mid = step < high - low ? low + step : low + (high - low) / 2;
        if (call(run, c, low, mid) == PCRE2_ERROR_NOMATCH) {
            low = mid;
        } else {
            high = mid;
            step = 1;
        }
    }
    return low;
}

static Verdict
at_start(Hit *hit, size_t start, Verdict v)
{
    *hit = (Hit){start, start, start};
    return v;
}

static Verdict
understand(RegexRun *run, const Call *c, size_t from, size_t limit, int rc, Hit *hit)
{
    bool jit = run->regex->jit;
    if (rc == PCRE2_ERROR_NOMATCH)
        return VERDICT_MISS;
    size_t begun = rc == PCRE2_ERROR_PARTIAL && !jit ? run->watch.start : pcre2_get_startchar(run->data);
    if ((rc >= 0 || rc == PCRE2_ERROR_PARTIAL) && begun >= limit)
        return VERDICT_MISS; /* going over continuation bytes is not stopped by the offset limit */
    if (rc == PCRE2_ERROR_PARTIAL)
        return at_start(hit, begun, VERDICT_SHORT);
    if (rc < 0) {
        size_t start = find_limit(run, c, from, limit);
        return at_start(hit, start, sx_job_cancelled(run->watch.job) ? VERDICT_CANCELLED : VERDICT_LIMIT);
    }
    const size_t *v = pcre2_get_ovector_pointer(run->data);
    *hit = (Hit){begun, v[0], v[1]};
    return VERDICT_HIT;
}

static Call
prepare(const Subject *s, const pcre2_code *code, bool nonempty, bool whole)
{
    return (Call){
        .code = code,
        .s = s,
        .options = (s->first ? 0 : PCRE2_NOTBOL) | (s->last && s->cut ? PCRE2_NOTEOL : 0) |
                   (nonempty ? PCRE2_NOTEMPTY_ATSTART : 0),
        .known = s->last || whole,
    };
}

/* A match that ends before it begins (\K in a group that is called from elsewhere) is none. */
static bool
is_reversed(Verdict v, const Hit *hit)
{
    return v == VERDICT_HIT && hit->at > hit->end;
}

Verdict
regex_at(RegexRun *run, const Subject *s, Places in, bool whole, Hit *hit)
{
    const Regex *r = run->regex;
    if (r->utf && !in.head && between_characters(run, s, in.from) != in.from)
        return VERDICT_MISS;
    Call c = prepare(s, r->head && in.head ? r->head : r->anchored, in.nonempty, whole);
    Verdict v = understand(run, &c, in.from, in.from + 1, call(run, &c, in.from, in.from + 1), hit);
    return is_reversed(v, hit) ? VERDICT_MISS : v;
}

Verdict
regex_next(RegexRun *run, const Subject *s, Places in, bool whole, Hit *hit)
{
    const Regex *r = run->regex;
    if (r->head && in.head) {
        Verdict v = regex_at(run, s, in, whole, hit);
        if (v != VERDICT_MISS)
            return v;
        in = (Places){in.from + 1, in.limit, false, false};
    }
    if (r->utf && !in.head)
        in.from = between_characters(run, s, in.from);
    Call c = prepare(s, r->code, in.nonempty, whole);
    while (in.from < in.limit) {
        Verdict v = understand(run, &c, in.from, in.limit, call(run, &c, in.from, in.limit), hit);
        if (!is_reversed(v, hit))
            return v;
        in.from = hit->start + 1;
    }
    return VERDICT_MISS;
}

void
regex_groups(const RegexRun *run, const Subject *s, SxMatch *out)
{
    const size_t *v = pcre2_get_ovector_pointer(run->data);
    size_t n = (size_t)run->regex->groups + 1;
    out->groups = n < SX_GROUPS_MAX ? n : SX_GROUPS_MAX;
    for (size_t i = 0; i < out->groups; i++)
        out->group[i] = v[2 * i] == PCRE2_UNSET || v[2 * i + 1] < v[2 * i]
                            ? (SxSpan){UINT64_MAX, 0}
                            : (SxSpan){s->at + v[2 * i], v[2 * i + 1] - v[2 * i]};
}
