/*
 * fuzz_input.c - any bytes from a terminal: events that are what they should be, and an end.
 *
 * The first byte says how bytes are torn and how much time passes between.
 */
#include <stdlib.h>
#include <unistd.h>

#include <sextant/text.h>

#include "fuzz/fuzz.h"
#include "term/decode.h"

static void
check_event(const SxEvent *e)
{
    char name[64];
    FUZZ_CHECK(e->kind != SX_EVENT_NONE && e->kind != SX_EVENT_RESIZE);
    if (e->kind != SX_EVENT_KEY)
        return;
    uint32_t code = e->key.code;
    FUZZ_CHECK(code >= ' ' && code != 0x7f && !(code >= 0x80 && code < 0xa0) && code <= SX_KEY_UNKNOWN);
    FUZZ_CHECK(sx_key_print(name, sizeof name, e->key) > 0);
}

static void
drain(Decoder *d, uint64_t now)
{
    SxEvent e;
    while (decode_next(d, now, 25, &e))
        check_event(&e);
    FUZZ_CHECK(!d->left && !d->queued);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Caps caps = {.ansi = true};
    static const uint64_t pauses[] = {0, 10, 60, 1200};
    Decoder d;
    uint64_t now = 5000;
    unsigned how = size ? data[0] : 0;
    decode_init(&d, &caps);
    for (size_t i = 1, n; i < size; i += n) {
        n = how & 4 ? 1 : 1 + (how >> 3) % (size - i);
        n = n < size - i ? n : size - i;
        decode_feed(&d, data + i, n, now);
        drain(&d, now);
        now += pauses[how & 3];
        drain(&d, now);
    }
    for (int rest = 0; rest < 4; rest++) {
        now += 10000;
        drain(&d, now);
    }
    FUZZ_CHECK(decode_due(&d, now, 25) == -1); /* nothing is left open for ever */
    decode_clear(&d);
    return 0;
}
