/*
 * ui_find_miss.h - what the text that was not found would find, were it read as another kind: looked for in a worker.
 */
#pragma once

#include <sextant/search.h>
#include <sextant/session.h>

typedef struct Miss Miss;

/* Takes the pattern; NULL: no memory. */
Miss *miss_start(SxSession *s, SxPattern *other, SxSpan range);
/* ", 1 match", ", at 0x8c" where counting would take long, ", none", "" while it is looked for. */
void miss_words(Miss *m, char *buf, size_t size);
void miss_drop(Miss *m); /* NULL is fine */
