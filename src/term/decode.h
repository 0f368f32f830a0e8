/*
 * decode.h - bytes from a terminal into events; knows no descriptor, so that tests can tear sequences as they like.
 *
 * Bytes come with the time of their arrival. An event comes out as soon as it is certain; what needs time to become
 * certain (a lone Esc) comes out when `decode_next` is asked late enough, and `decode_due` says when that is.
 *
 * Torn sequences. When Esc was already given out as a key and then `[` or `O` comes, it may be the rest of a key that a
 * bad line tore apart. It is held until the next byte shows what it is: `[` and a small letter are two keys, everything
 * else is swallowed to its end and given out as UNKNOWN. Paste marks are honoured even when torn.
 */
#pragma once

#include "term/sequence.h"

typedef enum DecodeState {
    IN_GROUND,
    IN_ESC,   /* Esc, maybe Alt */
    IN_CSI,   /* Esc [ and what follows */
    IN_SS3,   /* Esc O */
    IN_HELD,  /* `[` or `O` behind an Esc that was given out */
    IN_LATE,  /* the same, after the held key was given out too */
    IN_MOUSE, /* three bytes of the old protocol */
    IN_UTF8,
    IN_PASTE,
} DecodeState;

enum { DECODE_QUEUE = 4, PASTE_MAX = 16 << 20 };

typedef struct Decoder {
    const Caps *caps;
    DecodeState state;
    bool torn;  /* the Esc of this sequence was given out */
    bool alt;   /* Esc Esc before it */
    char sequence[SEQUENCE_MAX];
    size_t len;      /* may exceed SEQUENCE_MAX: then it is nothing known */
    uint64_t since;  /* ms: when the last byte of the state came */
    uint64_t lone;   /* ms: when a lone Esc was given out; 0: not just now */
    SxEvent queue[DECODE_QUEUE];
    unsigned queued, given;
    char *paste;
    size_t paste_len, paste_cap;
    size_t paste_end;   /* bytes of the end mark that have been seen */
    bool paste_dropped; /* too long, or no memory */
    const uint8_t *bytes; /* what is still to be decoded; borrowed */
    size_t left;
    uint64_t arrived; /* ms */
} Decoder;

void decode_init(Decoder *d, const Caps *caps);
void decode_clear(Decoder *d);
/* Give it what was read; it must have used up what it had. `bytes` stay until they are used up. */
void decode_feed(Decoder *d, const uint8_t *bytes, size_t len, uint64_t now_ms);
/* The next event; false: there is none yet. */
bool decode_next(Decoder *d, uint64_t now_ms, int esc_ms, SxEvent *out);
/* How many ms until decode_next may know more though nothing comes; -1: never. */
int decode_due(const Decoder *d, uint64_t now_ms, int esc_ms);
