/*
 * model.h - a document beside a plain array and an array of arrays: what it must be after every edit, undo, save.
 */
#pragma once

#include <sextant/document.h>

#include <unistd.h>

#include "support/tap.h"

enum { MODEL_MOST = 3000 }; /* bytes that a document is let grow to */

enum { MODEL_MARKS = 6 };

typedef struct State {
    uint8_t *bytes;
    size_t len;
    SxSpan marks[MODEL_MARKS];
    bool marked; /* the marks were these when the document was here last */
} State;

typedef struct Model {
    SxDocument *d;
    const char *path; /* NULL: no file */
    SxDocumentOptions options;
    State now;
    State *steps; /* by number of step */
    size_t n_steps;
    uint64_t seed;
    size_t saves; /* that worked */
    size_t reopened; /* snapshots of before do not know what is written then */
    bool stays; /* never reopened */
    /* what a listener made of the changes: bytes that it knows, and whether it does */
    uint8_t heard[2 * MODEL_MOST];
    bool known[2 * MODEL_MOST];
    size_t heard_len;
    bool deaf;   /* a change was out of bounds */
    bool astray; /* a mark was not where it had been */
} Model;

void model_open(Model *m, const char *path, size_t length, const SxDocumentOptions *o, uint64_t seed);
void model_close(Model *m);
uint64_t model_random(Model *m, uint64_t below); /* 0 when below is 0 */

/* The array becomes what the edit makes of it. */
void model_replace(Model *m, size_t at, size_t len, const uint8_t *bytes, size_t count);
/* The document is at a step for the first time, or again with another content. */
void model_note_step(Model *m);
void model_recall_step(Model *m, uint64_t from); /* where it was before */

/* Whether document and array are one, and all that hangs on it holds. A failed check says what, and the seed. */
bool model_agrees(Model *m, const char *what);

/* One random step of any kind; returns its name. */
const char *model_step(Model *m);

/* A folder where writing costs little. */
static inline const char *
model_folder(void)
{
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}
