/*
 * test_patch.c - what is written as a patch and read again is the same change; what is no patch says where.
 */
#include <sextant/patch.h>
#include <sextant/text.h>

#include "support/tap.h"

typedef struct Change {
    uint64_t at;
    size_t removed, inserted;
    uint8_t *bytes; /* the inserted */
} Change;

static bool
collect(void *data, SxBytes text, SxError *err)
{
    (void)err;
    sx_string_add_bytes(data, text);
    return true;
}

/* Runs and noise, so that both forms of lines come. */
static void
fill_bytes(uint8_t *to, size_t len, uint64_t *seed)
{
    for (size_t i = 0; i < len;) {
        size_t n = 1 + tap_random(seed) % 80;
        bool run = tap_random(seed) % 2;
        uint8_t byte = (uint8_t)tap_random(seed);
        for (; n > 0 && i < len; n--, i++)
            to[i] = run ? byte : (uint8_t)tap_random(seed);
    }
}

typedef struct File {
    uint8_t *data;
    size_t len;
} File;

/* The file after the changes, which ascend. */
static File
changed(const File *old, const Change *changes, size_t count)
{
    File out = {malloc(old->len + 64 * 4096), 0};
    size_t from = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(out.data + out.len, old->data + from, changes[i].at - from);
        out.len += changes[i].at - from;
        memcpy(out.data + out.len, changes[i].bytes, changes[i].inserted);
        out.len += changes[i].inserted;
        from = changes[i].at + changes[i].removed;
    }
    memcpy(out.data + out.len, old->data + from, old->len - from);
    out.len += old->len - from;
    return out;
}

static size_t
random_changes(Change *out, const File *old, uint64_t *seed)
{
    size_t count = 1 + tap_random(seed) % 12, at = 0, n = 0;
    for (; n < count && at < old->len; n++) {
        size_t room = old->len - at;
        out[n].at = at += tap_random(seed) % (room < 200 ? room + 1 : 200);
        out[n].removed = tap_random(seed) % 3 ? tap_random(seed) % (old->len - at + 1) % 100 : 0;
        out[n].inserted = out[n].removed == 0 || tap_random(seed) % 3 ? 1 + tap_random(seed) % 100 : 0;
        out[n].bytes = malloc(out[n].inserted + 1);
        fill_bytes(out[n].bytes, out[n].inserted, seed);
        at += out[n].removed + 1;
    }
    return n;
}

static bool
write_patch(SxString *text, const File *old, const File *now, const Change *changes, size_t count, SxError *err)
{
    SxPatchWriter w = {.out = collect, .data = text};
    SxPatchHead head = {"a file.bin", old->len, now->len};
    SxSource *before = sx_source_memory(sx_bytes(old->data, old->len), false);
    bool done = sx_patch_begin(&w, &head, err);
    for (size_t i = 0; done && i < count; i++) {
        SxSource *source = sx_source_memory(sx_bytes(changes[i].bytes, changes[i].inserted), false);
        done = sx_patch_change(&w, changes[i].at, before, (SxSpan){changes[i].at, changes[i].removed}, source,
                               (SxSpan){0, changes[i].inserted}, NULL, err);
        sx_source_release(source);
    }
    sx_source_release(before);
    return done && sx_patch_end(&w, err) && w.count == count;
}

/* Apply what the text says to a copy of the old file, every old byte compared. */
static bool
read_patch(const SxString *text, const File *old, File *out, SxError *err)
{
    SxSource *source = sx_source_memory(sx_bytes(text->data, text->len), false);
    SxPatch *p = NULL;
    SxPatchChange c;
    Change all[4096];
    size_t n = 0;
    SxFound found = SX_FAILED;
    if (sx_patch_open(&p, source, err)) {
        while ((found = sx_patch_next(p, &c, err)) == SX_FOUND && n < 4096) {
            if (c.removed.len > 0 && memcmp(old->data + c.at, c.removed.data, c.removed.len) != 0)
                break;
            all[n] = (Change){c.at, c.removed.len, c.inserted.len, malloc(c.inserted.len + 1)};
            if (c.inserted.len > 0)
                memcpy(all[n].bytes, c.inserted.data, c.inserted.len);
            n++;
        }
    }
    if (found == SX_ABSENT)
        *out = changed(old, all, n);
    for (size_t i = 0; i < n; i++)
        free(all[i].bytes);
    sx_patch_free(p);
    sx_source_release(source);
    return found == SX_ABSENT;
}

static bool
round_trip(uint64_t *seed)
{
    File old = {malloc(4096), 1 + tap_random(seed) % 2000}, again = {0};
    Change changes[16];
    SxString text = {0};
    SxError err = {0};
    fill_bytes(old.data, old.len, seed);
    size_t count = random_changes(changes, &old, seed);
    File now = changed(&old, changes, count);
    bool same = write_patch(&text, &old, &now, changes, count, &err) && read_patch(&text, &old, &again, &err) &&
                again.len == now.len && memcmp(again.data, now.data, now.len) == 0;
    if (!same)
        diag("%s: %s", err.text, sx_string(&text));
    for (size_t i = 0; i < count; i++)
        free(changes[i].bytes);
    free(old.data);
    free(now.data);
    free(again.data);
    sx_string_clear(&text);
    return same;
}

/* A change of more than a side holds is several, and comes back whole. */
static void
test_long(void)
{
    File old = {calloc(3, SX_PATCH_SIDE_MAX), 3 * SX_PATCH_SIDE_MAX}, now, again = {0};
    SxString text = {0};
    SxError err = {0};
    uint64_t seed = 7;
    Change change = {100, 2 * SX_PATCH_SIDE_MAX + 50, 1000, malloc(1000)};
    fill_bytes(change.bytes, change.inserted, &seed);
    now = changed(&old, &change, 1);
    ok(write_patch(&text, &old, &now, &change, 1, &err) && text.len < 20000, "2 MiB of zeros taken out: %zu bytes of text %s",
       text.len, err.text);
    ok(read_patch(&text, &old, &again, &err) && again.len == now.len && memcmp(again.data, now.data, now.len) == 0,
       "come back %s", err.text);
    free(old.data);
    free(now.data);
    free(again.data);
    free(change.bytes);
    sx_string_clear(&text);
}

static void
test_wrong(void)
{
#define HEAD "sextant patch 1\nfile f\nsize 16\nresult 16\n"
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "line 1: this is no patch"},
        {"--- a\n+++ b\n", "line 1: this is no patch"},
        {"sextant patch 2\n", "line 1: version 2 "},
        {"sextant patch 1\nsize 4\n", "line 2: \"file\" belongs here"},
        {"sextant patch 1\nfile f\nsize x\n", "line 3: \"x\" is no number"},
        {"sextant patch 1\nfile f\nsize 99999999999999999999\n", "line 3: "},
        {HEAD, "line 5: \"end\" is missing"},
        {HEAD "@ 0x4 1 1\n- 00\n", "line 7: 1 bytes with \"+\" are missing"},
        {HEAD "@ 0x4 1 1\n- 00\n+ 0\nend 1\n", "line 7: \"0\" is no byte"},
        {HEAD "@ 0x4 1 1\n- 00\n+ 00 11\nend 1\n", "line 7: more bytes than the change has, 1"},
        {HEAD "@ 0x4 1 1\n- 00\n+ 00*2\nend 1\n", "line 7: more bytes"},
        {HEAD "@ 0x4 1 1\n- 00\n+ 00*0\nend 1\n", "line 7: how often"},
        {HEAD "@ 0x4 1 1\n- 00\n+ 01\nend 2\n", "line 8: 2 changes are said, 1 were there"},
        {HEAD "@ 0x4 1 2\n- 00\n+ 01 02\nend 1\n", "line 8: the result would have 17 bytes, not 16"},
        {HEAD "@ 0x4 1 1\n- 00\n+ 01\n@ 0x4 1 1\n- 00\n+ 02\nend 2\n", "line 8: 0x4 lies before"},
        {HEAD "@ 0x10 1 1\n- 00\n+ 01\nend 1\n", "line 5: 0x10 lies behind the end"},
        {HEAD "@ 0x4 9999999 1\n", "line 5: a change holds at most"},
        {HEAD "@ 0x4 0 0\nend 1\n", "line 5: a change is"},
        {HEAD "garbage\n", "line 5: \"end\" belongs here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxString text = {0};
        SxError err = {0};
        File old = {calloc(1, 16), 16}, out = {0};
        sx_string_add(&text, cases[i].text);
        bool refused = !read_patch(&text, &old, &out, &err);
        ok(refused && err.code == SX_ERR_SYNTAX && strncmp(err.text, cases[i].says, strlen(cases[i].says)) == 0, "%s",
           refused ? err.text : "was taken");
        free(old.data);
        free(out.data);
        sx_string_clear(&text);
    }
}

/* By hand: capitals, no blanks, comments, empty lines, CR LF. */
static void
test_by_hand(void)
{
    SxString text = {0};
    SxError err = {0};
    File old = {calloc(1, 16), 16}, out = {0};
    sx_string_add(&text, "# by hand\r\nsextant patch 1\r\nfile f\r\nsize 16\r\nresult 16\r\n\r\n# why\r\n"
                         "@ 4 3 3\r\n- 000000\r\n+ AAbb |what this is|\r\n+ Cc\r\nend 1\r\n");
    ok(read_patch(&text, &old, &out, &err) && out.len == 16 && memcmp(out.data + 4, "\xaa\xbb\xcc\0", 4) == 0,
       "a patch that a person wrote %s", err.text);
    free(old.data);
    free(out.data);
    sx_string_clear(&text);
}

int
main(int argc, char **argv)
{
    uint64_t seed = tap_seed(), rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 500, i = 0;
    test_by_hand();
    test_long();
    test_wrong();
    while (i < rounds && round_trip(&seed))
        i++;
    ok(i == rounds, "%" PRIu64 " of %" PRIu64 " random patches", i, rounds);
    return done_testing();
}
