/*
 * paths.h - where the program keeps what outlives it: the directories of the XDG base directory specification.
 *
 * Nothing is made here: who writes first makes the directory (0700). A HOME that is missing or relative gives false:
 * then nothing is kept.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* $XDG_STATE_HOME/sextant, else ~/.local/state/sextant: journals, prompt history, hints. */
bool path_state(char *buf, size_t size);

/* $XDG_CACHE_HOME/sextant, else ~/.cache/sextant: what may be deleted at any time. */
bool path_cache(char *buf, size_t size);

/* $XDG_CONFIG_HOME/sextant/config, else ~/.config/sextant/config. */
bool path_config(char *buf, size_t size);

/* The text of a small file, yours to free(); NULL when it cannot be read or has more than 1 MiB. */
char *path_text(const char *path);
