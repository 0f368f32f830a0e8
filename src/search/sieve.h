/*
 * sieve.h - skipping to places where one of several prefixes may stand: alternatives, classes, ignored case.
 *
 * Prefixes share eight buckets, a bit each. A few places (points) of them are looked at; for each point a byte says by
 * its two halves which buckets may have it there: two tables of 16, which a shuffle of vectors asks for 32 places at
 * once. What comes through is asked again by whole bytes.
 */
#pragma once

#include "search/prefix.h"

enum { SIEVE_POINTS = 4 };

typedef struct Sieve {
    size_t points;                /* 0: it would let through too much to be of use */
    size_t at[SIEVE_POINTS];      /* distance of each point from the place */
    size_t reach;                 /* the furthest of them */
    double rate;                  /* about what part of all places comes through */
    uint8_t low[SIEVE_POINTS][16], high[SIEVE_POINTS][16]; /* buckets by the halves of a byte, */
    uint8_t whole[SIEVE_POINTS][256];                      /* and by the byte */
} Sieve;

/* Chooses the points. */
void sieve_prepare(Sieve *s, const Prefix *prefix, size_t count);
/* The best sieve for what the nodes from `first` on match, one behind the other. */
void sieve_for(Sieve *s, const Node *first);

/* The first place in [at, limit) that comes through, or where a point would lie behind the data; else `limit`. */
size_t sieve_next(const Sieve *s, const uint8_t *data, size_t len, size_t at, size_t limit);
