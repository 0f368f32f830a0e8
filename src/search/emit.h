/*
 * emit.h - a tree as a regular expression over bytes, for what rows of bytes cannot say.
 */
#pragma once

#include "search/fixed.h"

#include <sextant/text.h>

void emit_regex(const Node *n, WordCheck word, SxString *out);
