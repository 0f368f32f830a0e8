/*
 * history.h - what was typed at each prompt, newest last, kept in the state directory over sessions.
 *
 * A file `history-NAME` per kind, one entry a line in printable form, 0600. Read at the first use, appended to at each
 * entry; several programs at once just interleave. Failures are no news: then nothing is kept.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { HISTORY_KINDS = 6, HISTORY_MAX = 500, HISTORY_ENTRY_MAX = 4096 };

typedef struct History {
    char name[16];
    char **entry;
    size_t count, cap;
} History;

typedef struct Histories {
    History kind[HISTORY_KINDS];
    size_t count;
} Histories;

/* The history of this name, read when it was not yet; NULL: no room for another. */
History *history_of(Histories *h, const char *state_dir, const char *name);
/* The entry `back` steps from the newest (1 is the newest); NULL: none. */
const char *history_get(const History *h, size_t back);
/* Adds, moves to the end what is there already; appends to the file. What is longer than HISTORY_ENTRY_MAX is not kept. */
void history_add(History *h, const char *state_dir, const char *text);
/* Make the directory and what lies above it; 0700, since it holds what people typed. */
void state_directory(const char *path);
void histories_clear(Histories *h);
