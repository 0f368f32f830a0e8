/*
 * digest.h - a 64-bit digest that tells whether bytes are those that were written. Not against forgery.
 *
 * Part of the journal's format: four lanes of 64 bits take 32 bytes at a time, the rest goes byte by byte, the length
 * goes in last. The same on every machine.
 */
#pragma once

#include <sextant/bytes.h>

uint64_t digest(uint64_t seed, SxBytes bytes);
