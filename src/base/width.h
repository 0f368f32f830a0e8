/*
 * width.h - what a character is on a terminal, beyond its width.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Takes at least one cell by itself. */
bool width_visible(uint32_t code);
/* Takes no cell but is drawn on the character before it: an accent, a vowel sign. */
