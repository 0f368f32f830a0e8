/* output.h - bytes on their way to the terminal: gathered, then written at once. Private to term/. */
#pragma once

#include <sextant/bytes.h>

typedef struct Output {
    char *data;
    size_t len;
    size_t cap;
    bool failed; /* no memory: what is there is not whole */
} Output;

void output_add(Output *o, const char *bytes, size_t len);
void output_text(Output *o, const char *text);
void output_format(Output *o, const char *fmt, ...) SX_PRINTF(2, 3);
void output_code(Output *o, uint32_t code);
/* Room for `len` bytes behind what is there, to be written and counted by the caller; NULL: no memory. */
char *output_room(Output *o, size_t len); /* a character in UTF-8 */
/* Write all of it, however long the terminal takes, and empty it; false when the terminal is gone. */
bool output_flush(Output *o, int fd);
void output_clear(Output *o);
