/*
 * test_regex.c - random expressions over random sources in tiny windows, against one match over the whole.
 *
 * usage: test_regex [ROUNDS]
 */
#include "oracle.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* --- expressions ------------------------------------------------------------------------------------------------- */

typedef struct Text {
    char data[512];
    size_t len;
    unsigned groups;
    bool utf, wide;
} Text;

static void
put(Text *t, const char *s)
{
    size_t n = strlen(s);
    if (t->len + n < sizeof t->data - 1) {
        memcpy(t->data + t->len, s, n + 1);
        t->len += n;
    }
}

static void
put_one_of(Text *t, const char *const *list, size_t count)
{
    put(t, list[rnd(count)]);
}

#define PUT_ONE(t, ...)                                                                                                \
    do {                                                                                                               \
        static const char *const list_[] = {__VA_ARGS__};                                                              \
        put_one_of(t, list_, sizeof list_ / sizeof *list_);                                                            \
    } while (0)

static void
put_byte(Text *t)
{
    if (t->utf && rnd(3) == 0)
        PUT_ONE(t, "\xc3\xa9", "\xe2\x82\xac", "\\x{e9}", "\\x{20ac}");
    else if (t->wide && rnd(3) == 0)
        PUT_ONE(t, "\\x00", "\\x01", "\\xff", "\\x02");
    else
        PUT_ONE(t, "a", "b", "a", "b", "c", "A", "1", " ", "\\n", "_", "\\.", "\\r", "B");
}

static void
put_class(Text *t)
{
    PUT_ONE(t, ".", "[ab]", "[^a]", "\\w", "\\d", "\\s", "\\W", "\\D", "\\S", "[a-c]", "[^\\n]", "[[:alpha:]]",
            "[a\\d]", "\\h", "\\N", "[^b-z]", "[\\x00-\\x03]", "[]a]", "[^]b]", "[\\]\\-a]", "[a-]", "\\H", "\\v",
            "[[:^alpha:]b]", "[\\W]");
}

static void
put_assertion(Text *t)
{
    PUT_ONE(t, "^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "\\b", "^", "$");
}

static void
put_quantifier(Text *t)
{
    PUT_ONE(t, "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "+?", "??", "{1,2}?", "*+", "++", "?+", "{0,2}", "{3}");
}

static void put_alternatives(Text *t, unsigned depth);

static void
put_group(Text *t, unsigned depth)
{
    static const char *const opens[] = {"(", "(?:", "(?>", "(?=", "(?!", "(?<=", "(?<!", "(?i:", "(?s:", "(?|"};
    size_t i = rnd(sizeof opens / sizeof *opens);
    put(t, opens[i]);
    if (i == 0 || i == 9)
        t->groups++;
    if (i == 5 || i == 6) {
        PUT_ONE(t, "a", "b", "ab", "\\n", "a|b", "[ab]", "^", "\\b", "a(?<=a)", "..", "(?<=b)a", "aab");
    } else if (i == 9) {
        PUT_ONE(t, "(a)|(b)", "(a)", "(ab)|(b)");
    } else {
        put_alternatives(t, depth - 1);
    }
    put(t, ")");
}

static void
put_item(Text *t, unsigned depth)
{
    size_t kind = rnd(depth ? 16 : 9);
    if (kind < 6)
        put_byte(t);
    else if (kind < 8)
        put_class(t);
    else if (kind == 8)
        put_assertion(t);
    else if (kind < 14)
        put_group(t, depth);
    else if (kind == 14 && t->groups)
        PUT_ONE(t, "\\1", "\\g{-1}", "(?1)");
    else
        PUT_ONE(t, "\\R", "\\Qa.\\E", "\\K", "(?#x)", "\\X", "a{,2}", "\\x61", "\\G", "\\cA", "\\07", "(?i)");
    if (kind != 8 && rnd(3) == 0 && (t->len == 0 || t->data[t->len - 1] != '^'))
        put_quantifier(t);
}

static void
put_sequence(Text *t, unsigned depth)
{
    size_t n = 1 + rnd(4);
    for (size_t i = 0; i < n; i++)
        put_item(t, depth);
}

static void
put_alternatives(Text *t, unsigned depth)
{
    put_sequence(t, depth);
    while (rnd(4) == 0) {
        put(t, "|");
        put_sequence(t, depth);
    }
}

/* --- the oracle --------------------------------------------------------------------------------------------------- */

typedef struct Oracle {
    pcre2_code *code, *anchored;
    pcre2_code *elsewhere, *anchored_elsewhere; /* where no match ended before: \G does not hold */
    pcre2_match_data *data;
    pcre2_match_context *context;
    bool utf;
    bool failed; /* a limit was reached: nothing can be compared */
} Oracle;

/* Start optimizations are a way to go faster: the oracle does without, since those of 10.42 are wrong at times. */
static pcre2_code *
compile(const char *text, size_t len, unsigned flags, uint32_t more)
{
    int code;
    size_t at;
    uint32_t o = PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_START_OPTIMIZE | more;
    o |= flags & SX_PATTERN_NOCASE ? PCRE2_CASELESS : 0;
    o |= flags & SX_PATTERN_DOTALL ? PCRE2_DOTALL : 0;
    o |= flags & SX_PATTERN_MULTILINE ? PCRE2_MULTILINE : 0;
    o |= flags & SX_PATTERN_EXTENDED ? PCRE2_EXTENDED : 0;
    o |= flags & SX_PATTERN_UTF ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_UCP | PCRE2_NO_DOTSTAR_ANCHOR : 0;
    pcre2_code *c = pcre2_compile((PCRE2_SPTR)text, len, o, &code, &at, NULL);
    bool stale = strstr(text, ")*+"); /* with JIT such a group keeps what it took in an attempt that failed */
    if (c && !(flags & SX_PATTERN_NO_JIT) && !stale)
        pcre2_jit_compile(c, PCRE2_JIT_COMPLETE);
    return c;
}

static pcre2_code *
compile_elsewhere(const Text *t, unsigned flags, uint32_t more)
{
    char text[2048];
    size_t n = 0;
    for (size_t i = 0; i < t->len && n < sizeof text - 8; i++) {
        bool escape = t->data[i] == '\\' && i + 1 < t->len;
        bool start = escape && t->data[i + 1] == 'G';
        n += (size_t)snprintf(text + n, 8, "%s", start ? "(?!)" : (char[]){t->data[i], escape ? t->data[i + 1] : 0, 0});
        i += escape;
    }
    return compile(text, n, flags, more);
}

static bool
oracle_open(Oracle *o, const Text *t, unsigned flags)
{
    *o = (Oracle){.utf = flags & SX_PATTERN_UTF};
    o->code = compile(t->data, t->len, flags, 0);
    o->elsewhere = compile_elsewhere(t, flags, 0);
    o->anchored_elsewhere = compile_elsewhere(t, flags, PCRE2_ANCHORED);
    o->anchored = compile(t->data, t->len, flags, PCRE2_ANCHORED);
    o->data = o->code ? pcre2_match_data_create_from_pattern(o->code, NULL) : NULL;
    o->context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(o->context, 200000); /* what comes near to a limit is not compared */
    return o->code && o->anchored;
}

static void
oracle_close(Oracle *o)
{
    pcre2_match_data_free(o->data);
    pcre2_match_context_free(o->context);
    pcre2_code_free(o->code);
    pcre2_code_free(o->elsewhere);
    pcre2_code_free(o->anchored_elsewhere);
    pcre2_code_free(o->anchored);
}

/* One match; `start` is where the attempt began. */
static bool
oracle_match(Oracle *o, const pcre2_code *code, const uint8_t *data, size_t len, size_t from, uint32_t options,
             size_t *start, SxSpan *out)
{
    for (;;) {
        int rc = pcre2_match(code, data, len, from, options, o->data, o->context);
        if (rc == PCRE2_ERROR_NOMATCH)
            return false;
        if (rc < 0) {
            o->failed = true;
            return false;
        }
        size_t *v = pcre2_get_ovector_pointer(o->data);
        *start = pcre2_get_startchar(o->data);
        if (v[0] <= v[1]) {
            *out = sx_span(v[0], v[1]);
            return true;
        }
        from = *start + 1;
        if (code == o->anchored || code == o->anchored_elsewhere || from > len)
            return false;
        code = o->elsewhere;
    }
}

/*
 * Where the attempt at `start` would run out of [0, end): the match of the text that ends there. `head`: the search began
 * there.
 */
static bool
oracle_fit(Oracle *o, const uint8_t *data, size_t len, size_t end, size_t start, bool head, uint32_t options, SxSpan *m)
{
    const pcre2_code *code = head ? o->anchored : o->anchored_elsewhere;
    if (sx_span_end(*m) <= end)
        return true;
    return end < len && start <= end &&
           oracle_match(o, code, data, end, start, options | PCRE2_NOTEOL, &start, m);
}

/* The set of matches that begin in [from, stop) of a part without lost bytes. */
static void
oracle_part(Oracle *o, const uint8_t *data, size_t len, uint64_t offset, uint32_t options, size_t from, size_t stop,
            size_t end, Spans *out)
{
    size_t pos = from;
    bool nonempty = false;
    const pcre2_code *code = o->code;
    while (pos < stop && !o->failed) {
        size_t start;
        SxSpan m;
        uint32_t now = options | (nonempty ? PCRE2_NOTEMPTY_ATSTART : 0);
        if (!oracle_match(o, code, data, len, pos, now, &start, &m) || start >= stop)
            return;
        if (!oracle_fit(o, data, len, end, start, start == pos && code == o->code, start == pos ? now : options, &m)) {
            pos = start + 1;
            while (o->utf && pos < len && (data[pos] & 0xc0) == 0x80)
                pos++;
            nonempty = false;
            code = o->elsewhere; /* what did not fit did not end here */
            continue;
        }
        code = o->code;
        spans_add(out, offset + m.at, offset + sx_span_end(m));
        pos = (size_t)sx_span_end(m);
        nonempty = m.len == 0;
    }
}

/* The set of the range: between lost bytes, each part for itself. */
static void
oracle_set(Oracle *o, const Fake *f, SxSpan in, Spans *out)
{
    in = sx_span_clip(in, f->size);
    uint64_t begin = 0, end = sx_span_end(in);
    for (size_t i = 0; i <= f->pieces; i++) {
        bool last = i == f->pieces;
        if (!last && f->piece[i].kind != SX_EXTENT_LOST)
            continue;
        uint64_t stop = last ? f->size : f->piece[i].span.at;
        uint64_t from = in.at > begin ? in.at : begin;
        /* a match may begin at the end of the range, but not at a lost byte */
        uint64_t limit = stop + last < end + 1 ? stop + last : end + 1;
        uint32_t options = (begin ? PCRE2_NOTBOL : 0) | (last ? 0 : PCRE2_NOTEOL);
        if (from < limit)
            oracle_part(o, f->data + begin, (size_t)(stop - begin), begin, options, (size_t)(from - begin),
                        (size_t)(limit - begin), (size_t)((end < stop ? end : stop) - begin), out);
        if (!last)
            begin = sx_span_end(f->piece[i].span);
    }
}

/* The largest start; without lost bytes only. */
static bool
oracle_last(Oracle *o, const Fake *f, SxSpan in, SxSpan *out)
{
    for (uint64_t at = sx_span_end(in) + 1; at-- > in.at;) {
        size_t start;
        if (o->utf && at > in.at && at < f->size && (f->data[at] & 0xc0) == 0x80)
            continue;
        if (oracle_match(o, o->anchored, f->data, (size_t)f->size, (size_t)at, 0, &start, out) &&
            oracle_fit(o, f->data, (size_t)f->size, (size_t)sx_span_end(in), start, true, 0, out))
            return true;
    }
    return false;
}

/* --- rounds -------------------------------------------------------------------------------------------------------- */

static unsigned failures;

static void
report(const char *what, const Text *t, unsigned flags, const Fake *f, SxSpan in, const SxSearchOptions *o)
{
    failures++;
    ok(false, "%s: /%s/ flags 0x%x in %" PRIu64 "+%" PRIu64, what, t->data, flags, in.at, in.len);
    options_show(o);
    bytes_show("data", f->data, f->size);
    for (size_t i = 0; i < f->pieces; i++)
        diag("piece %" PRIu64 "+%" PRIu64 " kind %d", f->piece[i].span.at, f->piece[i].span.len, f->piece[i].kind);
}

static bool
has(const Text *t, const char *what)
{
    return strstr(t->data, what);
}

/*
 * A limit is hit now and then where one match over the whole finds a shortcut: then what was found before it must be
 * right. The interpreter and recursion without end hit limits more often.
 */
static unsigned stops;

static bool
may_stop(const Text *t, unsigned flags, const Spans *want, const Spans *got)
{
    stops += !has(t, "(?1)") && !(flags & SX_PATTERN_NO_JIT);
    return got->count <= want->count &&
           (got->count == 0 || memcmp(got->span, want->span, got->count * sizeof *got->span) == 0);
}

static void
compare_set(SxPattern *p, Oracle *oracle, const Text *t, unsigned flags, Fake *f, SxSpan in, const SxSearchOptions *o)
{
    Spans want = {0}, got = {0};
    uint64_t gave_up, count = 0;
    SxError err = {0};
    oracle_set(oracle, f, in, &want);
    SxFound found = sx_search_each(p, &f->source, in, false, o, NULL, spans_sink, &got, &gave_up, &err);
    SxFound counted = sx_search_count(p, &f->source, in, o, NULL, &count, &gave_up, &err);
    if (oracle->failed) {
        free(want.span);
        free(got.span);
        return;
    }
    SxFound expect = want.count ? SX_FOUND : SX_ABSENT;
    if (found == SX_STOPPED && may_stop(t, flags, &want, &got)) {
        free(want.span);
        free(got.span);
        return;
    }
    if (!spans_equal(&want, &got) || found != expect || counted != expect || count != want.count) {
        report("each", t, flags, f, in, o);
        spans_difference(&want, &got);
        diag("found %d, counted %d: %" PRIu64 ", gave up %" PRIu64 " %s", found, counted, count, gave_up, err.text);
    }
    SxMatch m;
    found = sx_search_find(p, &f->source, in, o, NULL, &m, &gave_up, &err);
    if (found != expect || (found == SX_FOUND && (m.span.at != want.span[0].at || m.span.len != want.span[0].len)))
        report("find", t, flags, f, in, o);
    for (size_t i = 0; i < want.count && in.len == UINT64_MAX; i += 1 + rnd(3)) {
        if ((i > 0 && want.span[i - 1].at == want.span[i].at) || has(t, "\\G") || has(t, "\\K"))
            continue;
        found = sx_search_match_at(p, &f->source, want.span[i].at, &m, NULL);
        if (found == SX_STOPPED) /* anchored code goes without shortcuts */
            stops++;
        else if (found != SX_FOUND || m.span.len != want.span[i].len)
            report("match_at", t, flags, f, (SxSpan){want.span[i].at, want.span[i].len}, o);
    }
    SxSpan view = {rnd(f->size + 1), rnd(200)}, seen[1024];
    size_t n = in.len == UINT64_MAX ? sx_search_visible(p, &f->source, view, 60000000000, seen, 1024) : 0, k = 0;
    view = sx_span_clip(view, f->size);
    for (size_t i = 0; i < want.count && in.len == UINT64_MAX && k <= n; i++) {
        if (want.span[i].at >= sx_span_end(view) || sx_span_end(want.span[i]) <= view.at)
            continue;
        if (k == n || seen[k].at != want.span[i].at || seen[k].len != want.span[i].len) {
            report("visible", t, flags, f, view, o);
            spans_show("want", &want);
            spans_show("seen", &(Spans){seen, n});
            break;
        }
        k++;
    }
    free(want.span);
    free(got.span);
}

static void
compare_last(SxPattern *p, Oracle *oracle, const Text *t, unsigned flags, Fake *f, SxSpan in, const SxSearchOptions *o)
{
    SxSpan want = {0};
    SxMatch m = {0};
    uint64_t gave_up;
    SxFound expect = oracle_last(oracle, f, sx_span_clip(in, f->size), &want) ? SX_FOUND : SX_ABSENT;
    SxFound found = sx_search_rfind(p, &f->source, in, o, NULL, &m, &gave_up, NULL);
    if (found == SX_STOPPED && may_stop(t, flags, &(Spans){0}, &(Spans){0}))
        return;
    if (oracle->failed || (found == expect && (found != SX_FOUND || (m.span.at == want.at && m.span.len == want.len))))
        return;
    report("rfind", t, flags, f, in, o);
    diag("want %d %" PRIu64 "+%" PRIu64 ", got %d %" PRIu64 "+%" PRIu64, expect, want.at, want.len, found, m.span.at,
         m.span.len);
}

/* A reach of a few bytes: never a different answer, only an earlier end. */
static void
compare_reach(SxPattern *p, Oracle *oracle, const Text *t, unsigned flags, Fake *f, SxSearchOptions o)
{
    Spans want = {0}, got = {0};
    uint64_t gave_up = 0;
    o.reach = 16 + rnd(100);
    oracle_set(oracle, f, (SxSpan){0, f->size}, &want);
    SxFound found = sx_search_each(p, &f->source, SX_SPAN_ALL, false, &o, NULL, spans_sink, &got, &gave_up, NULL);
    bool prefix = got.count == 0 || (got.count <= want.count && memcmp(got.span, want.span, got.count * sizeof *got.span) == 0);
    bool good = found == SX_STOPPED ? prefix && (got.count == want.count || want.span[got.count].at + 4096 >= gave_up)
                                    : spans_equal(&want, &got);
    if (!good && !oracle->failed) {
        report("reach", t, flags, f, SX_SPAN_ALL, &o);
        spans_difference(&want, &got);
        diag("found %d, reach %zu, gave up %" PRIu64, found, o.reach, gave_up);
    }
    free(want.span);
    free(got.span);
}

static void
test_round(void)
{
    static const unsigned all[] = {SX_PATTERN_NOCASE, SX_PATTERN_DOTALL, SX_PATTERN_MULTILINE, SX_PATTERN_NO_JIT};
    Text t = {.utf = rnd(3) == 0};
    unsigned flags = t.utf ? SX_PATTERN_UTF : 0, kind = t.utf ? 6 : (unsigned)rnd(6);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        flags |= rnd(3) == 0 ? all[i] : 0;
#if defined(__SANITIZE_THREAD__) /* then there is no JIT */
    flags |= SX_PATTERN_NO_JIT;
#endif
    t.wide = kind == 5;
    put_alternatives(&t, 3);
    bool exact = t.utf && (flags & SX_PATTERN_NO_JIT || has(&t, "(?1)") || has(&t, ")*+"));
    if (t.utf && rnd(2))
        kind = 7;
    if (exact) /* where it begins attempts among invalid bytes, the interpreter does not agree with itself */
        kind = 7;
    if (exact && (strstr(t.data, "a(?<=a)") || strstr(t.data, "(?<=b)a"))) /* nor how far nested look-behind sees */
        return;
    Oracle oracle;
    SxPattern *p = NULL;
    SxError err = {0};
    if (!oracle_open(&oracle, &t, flags)) {
        oracle_close(&oracle);
        return;
    }
    if (!sx_pattern_new(&p, sx_bytes(t.data, t.len), SX_PATTERN_REGEX, flags, &err)) {
        if (err.code != SX_ERR_SYNTAX || !strstr(err.text, "not supported"))
            ok(false, "/%s/: %s", t.data, err.text);
        oracle_close(&oracle);
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        Fake f;
        bool lost = rnd(4) == 0 && !has(&t, "\\G");
        random_fake(&f, kind, lost);
        SxSearchOptions o = random_options();
        SxSpan in = exact ? SX_SPAN_ALL : random_range(f.size);
        compare_set(p, &oracle, &t, flags, &f, in.len == UINT64_MAX ? in : sx_span_clip(in, f.size), &o);
        if (!lost && kind != 6 && !has(&t, "\\G") && !has(&t, "\\K") && in.len == UINT64_MAX)
            compare_last(p, &oracle, &t, flags, &f, in, &o);
        if (!lost && !has(&t, "\\K"))
            compare_reach(p, &oracle, &t, flags, &f, o);
        if (f.pins != 0)
            ok(false, "%d pins are still held", f.pins);
        fake_clear(&f);
    }
    sx_pattern_release(p);
    oracle_close(&oracle);
}

int
main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 600;
    seed_random();
    for (unsigned i = 0; i < rounds && failures < 10; i++)
        test_round();
    ok(stops <= rounds / 50 + 2, "%u searches gave up", stops);
    ok(failures == 0, "%u random expressions agree with one match over the whole", rounds);
    return done_testing();
}
