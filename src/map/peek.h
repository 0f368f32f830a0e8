/*
 * peek.h - bytes and their states without ever waiting for a disk.
 *
 * span as sx_source_peek: bytes and states have room for span.len.
 */
#pragma once

#include "map/backing.h"

/* By preadv2, which answers EAGAIN instead of waiting. False: this file system does not know how. */
bool peek_file(const Backing *b, SxSpan span, uint8_t *bytes, uint8_t *states);

/* By mincore, from a region that holds the span. */
void peek_region(const Backing *b, const Region *r, SxSpan span, uint8_t *bytes, uint8_t *states);

/* `len` bytes of one state, 0 each. */
void peek_fill(uint8_t *bytes, uint8_t *states, uint64_t len, SxByteState state);
