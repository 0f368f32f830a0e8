/* form.h - the forms in which bytes are printed, and a stream of bytes put into one of them. */
#pragma once

#include <sextant/bytes.h>
#include <sextant/error.h>
#include <sextant/text.h>

typedef enum Form { FORM_TEXT, FORM_HEX, FORM_RAW, FORM_BASE64, FORM_C, FORM_PYTHON, FORM_DUMP, FORM_COUNT } Form;

/* "text", "hex" ... */
const char *form_name(Form form);
bool form_find(const char *name, size_t len, Form *out);
