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
    SxSpan base;       /* where it was when the open step began; at UINT64_MAX: it was set since then */
    uint64_t identity; /* a new one each time the mark is set */
} Mark;

typedef struct Marks {
    Mark *list; /* by span.at, then name */
    size_t count;
    size_t room;
    uint64_t identity; /* the newest */
} Marks;

/* Where some marks were. */
typedef struct MarkSpan {
    uint64_t identity;
    SxSpan span;
} MarkSpan;
typedef struct MarkSpans {
    MarkSpan *list;
    size_t count;
} MarkSpans;

void marks_clear(Marks *m);
bool marks_set(Marks *m, const SxMark *mark);
bool marks_remove(Marks *m, const char *name);
/* The mark, if there is one, is elsewhere, and the same mark. */
void marks_place(Marks *m, const char *name, SxSpan span);
const Mark *marks_find(const Marks *m, const char *name);

void marks_change(Marks *m, const SxChange *c);
/* The same for many changes, ascending, each at the offset where it is when those before it were made: one walk for all
 * marks. Without memory marks are moved by one change after the other. */
typedef bool NextChange(void *data, SxChange *out);
void marks_change_many(Marks *m, NextChange *next, void *from);

/* A step begins: base is where marks are. */
void marks_begin(Marks *m);
/* Where all marks are. Without memory, none are told of. */
void marks_spans(const Marks *m, MarkSpans *out);
/* The bases of marks that are elsewhere in `m`, a copy in which the step was taken back. */
void marks_displaced(const Marks *m, MarkSpans *out);
/* Put marks where they were, those that have not been set anew since. */
void marks_restore(Marks *m, const MarkSpans *spans);
void mark_spans_clear(MarkSpans *s);
/* The same marks to be moved about, sharing their words: to be freed by free(list). False: no memory. */
bool marks_copy(const Marks *m, Marks *out);
