/* cmd_replace.h - what may be replaced by what. */
#pragma once

#include "command/session_private.h"

/* Make the template ready for this pattern; in WRITE-THROUGH another length is refused where it is known already. */
bool replace_ready(SxSession *s, const SxPattern *pattern, Template *t, SxError *err);
