/* intern.c - an array of values and a table of their ids by hash, at most half full. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/intern.h>

enum { SLOTS_MIN = 128, IDS_MAX = 32768 };

static const _Alignas(max_align_t) uint8_t zeros[SX_INTERN_SIZE_MAX];

static size_t
hash_of(const uint8_t *value, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i += 4) {
        uint32_t word = 0;
        memcpy(&word, value + i, size - i < 4 ? size - i : 4);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    }
    return (size_t)(hash >> 32);
}

static const uint8_t *
item_at(const SxIntern *t, size_t id)
{
    return t->items + (id - 1) * t->size;
}

/* Where the value is, or would be. */
static size_t
slot_of(const SxIntern *t, const uint8_t *value)
{
    size_t i = hash_of(value, t->size) & (t->n_slots - 1);
    while (t->slots[i] && memcmp(item_at(t, t->slots[i]), value, t->size) != 0)
        i = (i + 1) & (t->n_slots - 1);
    return i;
}

static bool
grow(SxIntern *t)
{
    size_t n = t->n_slots ? 2 * t->n_slots : SLOTS_MIN;
    uint16_t *slots = calloc(n, sizeof *slots);
    uint8_t *items = slots ? realloc(t->items, n / 2 * t->size) : NULL;
    if (!items) {
        free(slots);
        return false;
    }
    free(t->slots);
    t->items = items;
    t->slots = slots;
    t->n_slots = n;
    t->room = n / 2;
    for (size_t id = 1; id <= t->count; id++)
        t->slots[slot_of(t, item_at(t, id))] = (uint16_t)id;
    return true;
}

uint16_t
sx_intern(SxIntern *t, const void *value)
{
    if (memcmp(value, zeros, t->size) == 0)
        return 0;
    size_t at = t->n_slots ? slot_of(t, value) : 0;
    if (t->n_slots && t->slots[at])
        return t->slots[at];
    if (t->count == t->room) {
        if (t->count >= IDS_MAX || !grow(t))
            return 0;
        at = slot_of(t, value);
    }
    memcpy(t->items + t->count * t->size, value, t->size);
    t->slots[at] = (uint16_t)++t->count;
    return t->slots[at];
}

const void *
sx_intern_at(const SxIntern *t, uint16_t id)
{
    return id && id <= t->count ? item_at(t, id) : zeros;
}

void
sx_intern_reset(SxIntern *t)
{
    if (t->count)
        memset(t->slots, 0, t->n_slots * sizeof *t->slots);
    t->count = 0;
}

void
sx_intern_free(SxIntern *t)
{
    free(t->items);
    free(t->slots);
    *t = (SxIntern){.size = t->size};
}
