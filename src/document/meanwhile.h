/*
 * meanwhile.h - what is changed while a save runs: afterwards the bytes that were saved become live, the others do not.
 */
#pragma once

#include "document/core.h"

/* All zero is none. */
typedef struct Meanwhile {
    Tree tree;    /* live pieces: offsets in what is saved; others: changed since begin */
    bool follows;
    bool lost;    /* no memory to follow the changes */
} Meanwhile;

/* Follow the changes of `d` from now on; `m` stays where it is. */
bool meanwhile_begin(Meanwhile *m, SxDocument *d, SxError *err);
void meanwhile_end(Meanwhile *m, SxDocument *d);
/* The tree as it is, against the file as it was saved: number `file`. False: no memory. */
bool meanwhile_rebuild(const Meanwhile *m, const SxDocument *d, uint16_t file, Node **root);
