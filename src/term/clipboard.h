/* clipboard.h - text for the clipboard of the terminal. Private to term/. */
#pragma once

#include "term/caps.h"
#include "term/output.h"

/* Append what puts `text` there. SX_ERR_LIMIT: too long for any terminal; SX_ERR_UNSUPPORTED: it has none. */
bool clipboard_add(Output *o, CapClipboard how, SxBytes text, SxError *err);
