/*
 * form.h - the forms in which bytes are printed, and a range of a source put into one of them.
 *
 * cost   O(range) time, O(1) memory: a block at a time
 */
#pragma once

#include <sextant/error.h>
#include <sextant/job.h>
#include <sextant/source.h>

typedef enum Form { FORM_TEXT, FORM_HEX, FORM_RAW, FORM_BASE64, FORM_C, FORM_PYTHON, FORM_DUMP, FORM_COUNT } Form;

/* "text", "hex" ... */
const char *form_name(Form form);
bool form_find(const char *name, size_t len, Form *out);

typedef struct FormOut {
    void *data;
    void (*emit)(void *data, SxBytes bytes);
    bool fold;    /* TEXT: each run of line ends and tabs is one space */
    bool colour;  /* DUMP */
    bool bare;    /* nothing behind the last byte: the caller ends the line */
} FormOut;

/* Print `span` of `source`. RAW ends where the bytes end, the others with a line end. errors: SX_ERR_LOST, SX_ERR_IO,
 * SX_ERR_CANCELLED; what came before has been printed then. */
bool form_print(Form form, SxSource *source, SxSpan span, const FormOut *out, SxJob *job, SxError *err);
