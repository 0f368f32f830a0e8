/*
 * witness.h - the bytes of the file as they were when an edit replaced them, so that a save can tell whether somebody
 * else has changed them since.
 *
 * Kept in the add buffer and in a table like that of before-images, for edits of a moderate size whose bytes were in
 * memory; where there is no witness, the times of the file decide. One epoch of the file has its own witnesses.
 */
#pragma once

#include "document/core.h"

/* `span` of the document is about to be replaced. Never waits, never fails: without memory there is no witness. */
void document_witness(SxDocument *d, SxSpan span);

/* The same of bytes of the file itself. */
void document_witness_file(SxDocument *d, SxSpan span);

/* `saved` is in the file now, whose epoch has just risen: what was written is what the next save must find. */
void document_witness_saved(SxDocument *d, const Reading *saved);

/* Where in the add buffer one witness has all of `span`, the bytes that the file had in `epoch`; false: none has. */
bool witness_holds(Store *s, uint16_t file, uint32_t epoch, SxSpan span, uint64_t *add_at);

/* The bytes of `span` that the file had in `epoch`, out of all its witnesses; false: not of all bytes there is one. */
bool witness_read(Store *s, uint16_t file, uint32_t epoch, SxSpan span, uint8_t *to);

typedef enum Testimony {
    WITNESS_AGREES,
    WITNESS_SILENT, /* for *at on there is none */
    WITNESS_DENIES, /* the byte at *at is not what it was */
} Testimony;

/* Hold the bytes that the file has at `at` against the witnesses of `epoch`. What is denied goes before what is not
 * known. */
Testimony witness_ask(Store *s, uint16_t file, uint32_t epoch, uint64_t at, SxBytes bytes, uint64_t *where);
