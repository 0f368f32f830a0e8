/*
 * fuzz_patch.c - a patch of any bytes: what is read obeys what the contract promises, and written again reads the same.
 */
#include <string.h>

#include <sextant/patch.h>
#include <sextant/text.h>

#include "fuzz/fuzz.h"

static bool
collect(void *data, SxBytes text, SxError *err)
{
    (void)err;
    sx_string_add_bytes(data, text);
    return true;
}

static void
check_written(const SxPatchHead *head, const SxPatchChange *c)
{
    SxString text = {0};
    SxPatchWriter w = {.out = collect, .data = &text};
    SxPatchHead alone = *head;
    SxPatch *p;
    SxPatchChange again;
    alone.result = head->size - c->removed.len + c->inserted.len;
    SxSource *old = sx_source_memory(c->removed, false), *now = sx_source_memory(c->inserted, false);
    FUZZ_CHECK(sx_patch_begin(&w, &alone, NULL));
    FUZZ_CHECK(sx_patch_change(&w, c->at, old, (SxSpan){0, c->removed.len}, now, (SxSpan){0, c->inserted.len}, NULL, NULL));
    FUZZ_CHECK(sx_patch_end(&w, NULL));
    SxSource *source = sx_source_memory(sx_bytes(text.data, text.len), false);
    FUZZ_CHECK(sx_patch_open(&p, source, NULL) && sx_patch_next(p, &again, NULL) == SX_FOUND);
    FUZZ_CHECK(again.at == c->at && again.removed.len == c->removed.len && again.inserted.len == c->inserted.len);
    FUZZ_CHECK(c->removed.len == 0 || memcmp(again.removed.data, c->removed.data, c->removed.len) == 0);
    FUZZ_CHECK(c->inserted.len == 0 || memcmp(again.inserted.data, c->inserted.data, c->inserted.len) == 0);
    FUZZ_CHECK(sx_patch_next(p, &again, NULL) == SX_ABSENT);
    sx_patch_free(p);
    sx_source_release(source);
    sx_source_release(old);
    sx_source_release(now);
    sx_string_clear(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SxPatch *p;
    SxPatchChange c;
    SxError err = {0};
    uint64_t behind = 0;
    SxSource *source = sx_source_memory(sx_bytes(data, size), false);
    if (sx_patch_open(&p, source, &err)) {
        while (sx_patch_next(p, &c, &err) == SX_FOUND) {
            FUZZ_CHECK(c.at >= behind && c.at + c.removed.len <= sx_patch_head(p)->size);
            behind = c.at + c.removed.len;
            check_written(sx_patch_head(p), &c);
        }
        sx_patch_free(p);
    }
    sx_source_release(source);
    return 0;
}
