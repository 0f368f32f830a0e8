/* spec.h - the types that an argument spec may name. */
#pragma once

#include "command/args.h"

/* The type behind an upper-case word of a spec; NONE: there is no such word. */
ArgType spec_type(const char *word, size_t len);
/* Whether `word` is one of `choices` ("here/there"). */
bool spec_choice(const char *choices, const char *word, size_t len);
