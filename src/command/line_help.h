/*
 * line_help.h - what the line does that a key stands for, in words. From the tables alone: the program that makes the
 * documentation links it, too.
 */
#pragma once

#include <stddef.h>

#include "command/command.h"

enum { LINE_HELP = 128 };

/*
 * The help of `command`, which the line runs (NULL: none), or of the option that it sets: "Set wrap: where long lines go".
 * `buf` of LINE_HELP bytes may be used for it; "" where nothing is to be said.
 */
const char *line_help(const Command *command, const char *line, char *buf, size_t size);
