/*
 * damage.h - what a signal handler found to be lost, and readers ask for.
 *
 * The writer is a SIGBUS handler: no locks, no memory. Offsets are those of the file. One Damage belongs to
 * one backing and all its mappings.
 */
#pragma once

#include <sextant/bytes.h>

#include <stdatomic.h>

enum { DAMAGE_RANGES = 128 };

typedef struct DamageRange {
    _Atomic uint64_t at;
    _Atomic uint64_t end; /* 0: not yet written */
} DamageRange;

typedef struct Damage {
    _Atomic uint64_t tail;  /* some mapping shows zeros from here on; UINT64_MAX: none */
    atomic_uint generation; /* raised when the tail is back: what was read before may have been zeros */
    atomic_uint count;
    DamageRange range[DAMAGE_RANGES]; /* unreadable pages; the last one widens when all are used */
} Damage;

void damage_init(Damage *d);
void damage_tail(Damage *d, uint64_t from); /* from a handler */
void damage_range(Damage *d, SxSpan range); /* from a handler */
void damage_tail_back(Damage *d);           /* the file has grown again */
bool damage_any(const Damage *d);
/* What is lost, ascending, at most DAMAGE_RANGES + 1; spans may touch or overlap. */
size_t damage_list(const Damage *d, SxSpan *out);
