/*
 * test_found.c - matches that follow edits beside a new search after each of them: random documents over few letters,
 * random edits, all kinds of patterns; parts, slices and single places asked for. SEED=n repeats a run.
 */
#include "command/found.h"

#include "support/tap.h"

enum { LENGTH = 8000, EDITS = 25, ROUNDS = 2, MOST = 40000 };

static uint64_t state;

static uint64_t
below(uint64_t n)
{
    return tap_random(&state) % n;
}

typedef struct Matches {
    SxSpan at[MOST];
    size_t count;
} Matches;

static bool
collect(void *data, const SxMatch *m)
{
    Matches *all = data;
    if (all->count < MOST)
        all->at[all->count++] = m->span;
    return true;
}

/* Everything that can be asked, against a list. */
static const char *
compare(Found *f, const Matches *want, uint64_t length)
{
    static SxSpan got[MOST];
    FoundState s = found_state(f);
    if (s.count != want->count || !s.whole)
        return "count";
    for (uint64_t from = 0, n = 0; n < want->count;) {
        size_t k = found_from(f, from, got, 1 + below(300));
        for (size_t i = 0; i < k; i++, n++)
            if (n >= want->count || got[i].at != want->at[n].at || got[i].len != want->at[n].len)
                return "found_from";
        if (k == 0)
            return "found_from ends early";
        from = got[k - 1].at + 1;
    }
    for (int i = 0; i < 6; i++) {
        SxSpan one;
        uint64_t n = below(want->count + 1), at = below(length + 2);
        bool there = found_get(f, n, &one);
        if (there != (n < want->count) || (there && one.at != want->at[n].at))
            return "found_get";
        size_t first = 0;
        while (first < want->count && want->at[first].at < at)
            first++;
        if (found_index(f, at) != first)
            return "found_index";
        SxSpan view = {at, 1 + below(400)};
        size_t k = found_in(f, view, got, MOST), w = 0;
        for (size_t m = 0; m < want->count; m++) {
            if (want->at[m].at >= sx_span_end(view) || sx_span_end(want->at[m]) <= view.at)
                continue;
            if (w >= k || got[w].at != want->at[m].at || got[w].len != want->at[m].len)
                return "found_in";
            w++;
        }
        if (w != k)
            return "found_in has too many";
    }
    return NULL;
}

static void
listen(void *data, const SxChange *change)
{
    found_edit(data, change);
}

static void
wait_for(Found *f)
{
    struct timespec t = {.tv_nsec = 100000};
    while (found_state(f).running)
        nanosleep(&t, NULL);
}

static void
edit(SxDocument *d)
{
    static const char letters[] = "aabc\n";
    uint8_t bytes[40];
    SxError err;
    size_t n = below(10) ? 1 + below(4) : below(40);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)letters[below(5)];
    uint64_t length = sx_document_length(d), at = below(6) ? below(length + 1) : below(2) ? 0 : length;
    uint64_t gone = below(3) ? below(8) : 0;
    gone = gone < length - at ? gone : length - at;
    if (below(8) == 0)
        (void)sx_document_undo(d, NULL, &err);
    else
        (void)sx_document_replace(d, (SxSpan){at, gone}, sx_bytes(bytes, n), &err);
}

static SxDocument *
document(void)
{
    SxDocument *d;
    SxError err;
    static uint8_t bytes[LENGTH];
    for (size_t i = 0; i < LENGTH; i++)
        bytes[i] = (uint8_t)"aabc\n"[below(5)];
    if (!sx_document_new(&d, 0, NULL, &err) || !sx_document_insert(d, 0, sx_bytes(bytes, LENGTH), &err))
        abort();
    return d;
}

static const char *
follow(const char *pattern_text, bool *broken)
{
    static Matches want;
    SxPattern *p;
    Found *f;
    SxError err;
    const char *wrong = NULL;
    if (!sx_pattern_new(&p, sx_bytes(pattern_text, strlen(pattern_text)), SX_PATTERN_ANY, 0, &err))
        return "pattern";
    SxDocument *d = document();
    SxSnapshot *now = sx_document_snapshot(d);
    if (!found_search(&f, p, now, SX_SPAN_ALL, NULL, NULL, &err))
        return "found_search";
    sx_snapshot_release(now);
    sx_document_listen(d, listen, f, NULL);
    edit(d); /* while it runs */
    wait_for(f);
    for (int i = 0; i < EDITS && !wrong; i++) {
        for (uint64_t n = 1 + below(3); n > 0; n--)
            edit(d);
        now = sx_document_snapshot(d);
        *broken = found_mend(f, now) != FOUND_MENDED;
        want.count = 0;
        sx_search_each(p, sx_snapshot_source(now), SX_SPAN_ALL, false, NULL, NULL, collect, &want, NULL, &err);
        if (!*broken)
            wrong = compare(f, &want, sx_document_length(d));
        sx_snapshot_release(now);
        if (*broken)
            break;
    }
    found_free(f);
    sx_document_free(d, false);
    sx_pattern_release(p);
    return wrong;
}

static void
test_following(void)
{
    static const char *const patterns[] = {
        "\"a\"", "\"aa\"", "\"aba\"", "\"AaB\" nocase", "{61 ?? 62}", "{61 [0-3] 63}", "/ab|ba|cab/", "/a{1,5}b/", "/^a/m", "/c$/m",
        "/\\bb/", "\"ab\" fullword", "u16le = 0x6161", "u32be in 0x61616161..0x61626161", "/(?:aa|b)c/", "/[ab]{3}/",
        "/a.*b/", "/^a.*c$/m", "/b[^\\n]+a/", "/a.*?c|b.*bb/",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        const char *wrong = NULL;
        bool broken = false;
        for (int round = 0; round < ROUNDS && !wrong && !broken; round++)
            wrong = follow(patterns[i], &broken);
        ok(!wrong && !broken, "%s follows edits%s%s", patterns[i], wrong ? ": wrong " : "", wrong ? wrong : "");
    }
}

static void
test_typing(void)
{
    static Matches want;
    SxPattern *p;
    Found *f;
    SxError err;
    const char *wrong = NULL;
    if (!sx_pattern_new(&p, sx_bytes("\"ab\"", 4), SX_PATTERN_ANY, 0, &err))
        abort();
    SxDocument *d = document();
    SxSnapshot *now = sx_document_snapshot(d);
    if (!found_search(&f, p, now, SX_SPAN_ALL, NULL, NULL, &err))
        abort();
    sx_snapshot_release(now);
    sx_document_listen(d, listen, f, NULL);
    wait_for(f);
    bool mended = true;
    for (uint64_t i = 0; i < 5000 && mended; i++) {
        mended = sx_document_insert(d, 1000 + i, sx_bytes(&"aab"[below(3)], 1), &err);
        now = sx_document_snapshot(d);
        mended = mended && found_mend(f, now) == FOUND_MENDED;
        want.count = 0;
        if (i % 500 == 499) {
            sx_search_each(p, sx_snapshot_source(now), SX_SPAN_ALL, false, NULL, NULL, collect, &want, NULL, &err);
            wrong = wrong ? wrong : compare(f, &want, sx_document_length(d));
        }
        sx_snapshot_release(now);
    }
    ok(mended && !wrong, "5000 letters typed in a row are followed%s%s", wrong ? ": wrong " : "", wrong ? wrong : "");
    found_free(f);
    sx_document_free(d, false);
    sx_pattern_release(p);
}

static void
test_giving_up(void)
{
    static const char *const patterns[] = {"/a[^c]+b/", "/a(?=.*c)/", "/(?<=a)b/", "/x*/", "u32le = 5 align=4"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        bool broken = false;
        const char *wrong = follow(patterns[i], &broken);
        ok(!wrong && broken, "%s takes a new search", patterns[i]);
    }
}

static void
test_list(void)
{
    Kept *kept = kept_new();
    SxSource *source = sx_source_memory(sx_bytes("0123456789", 10), true);
    SxError err;
    SxBytes bytes;
    SxSpan at;
    for (uint64_t i = 0; i < 10; i += 3)
        kept_add_read(kept, (SxSpan){i, 1 + (i < 9)}, source, &err);
    Found *f = found_list(kept, 10);
    kept_release(kept);
    ok(found_state(f).count == 4 && found_state(f).whole, "a list has its four");
    ok(found_bytes(f, 3, &bytes) && bytes.len == 1 && bytes.data[0] == '9', "with their bytes");
    found_edit(f, &(SxChange){4, 0, 5});
    ok(found_state(f).count == 4 && found_get(f, 2, &at) && at.at == 11, "what is inserted moves those behind");
    ok(found_bytes(f, 2, &bytes) && !memcmp(bytes.data, "67", 2), "and not their bytes");
    found_edit(f, &(SxChange){0, 2, 2});
    ok(found_state(f).count == 4, "what is overwritten stays a place");
    found_edit(f, &(SxChange){2, 4, 0});
    ok(found_state(f).count == 3 && found_get(f, 1, &at) && at.at == 7, "what is deleted is gone");
    found_free(f);
    sx_source_release(source);
}

int
main(void)
{
    state = tap_seed();
    test_following();
    test_typing();
    test_giving_up();
    test_list();
    return done_testing();
}
