/*
 * marks.h - named spans that stick to their bytes.
 *
 * Kept ordered by offset. A change moves what lies behind it; bytes that are overwritten keep their marks, bytes that
 * are deleted let theirs collapse to the place.
 */
#pragma once

#include <sextant/document.h>

typedef struct Mark {
    char *name;
    char *colour;
    char *note;
    SxSpan span;
    uint64_t identity; /* a new one each time the mark is set */
} Mark;

typedef struct Marks {
    Mark *list; /* by span.at, then name */
    size_t count;
    size_t room;
    uint64_t identity; /* the newest */
} Marks;

void marks_clear(Marks *m);
bool marks_set(Marks *m, const SxMark *mark);
bool marks_remove(Marks *m, const char *name);
const Mark *marks_find(const Marks *m, const char *name);
/* Called for a mark that the change made smaller, with its span before. */
typedef void MarkShrunk(void *data, uint64_t identity, SxSpan before);
void marks_change(Marks *m, const SxChange *c, MarkShrunk *shrunk, void *data);
/* The same for many changes, ascending, each at the offset where it is when those before it were made: one walk for all
 * marks. Without memory marks are moved by one change after the other. */
typedef bool NextChange(void *data, SxChange *out);
void marks_change_many(Marks *m, NextChange *next, void *from, MarkShrunk *shrunk, void *data);
/* Put a mark's span back, when it is still the same mark. */
void marks_restore(Marks *m, uint64_t identity, SxSpan span);
