/* unform.h - the reverse of form.h: bytes out of text that was printed in a form. */
#pragma once

#include <sextant/source.h>

#include "command/form.h"

/*
 * A new source with the bytes that `text` stands for: TEXT (escapes), HEX (digits, blanks, 0x and commas, so C arrays,
 * too), BASE64, RAW. errors: SX_ERR_SYNTAX with the column; SX_ERR_UNSUPPORTED for a form that cannot be read;
 * SX_ERR_LIMIT beyond 64 MiB.
 */
SxSource *unformed(SxSource *text, Form form, SxError *err);
