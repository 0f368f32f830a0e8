/*
 * identity.h - which file it is and whether it is still the one we knew: device, inode, size, times, samples.
 */
#pragma once

#include <sys/stat.h>

#include <sextant/bytes.h>
#include <sextant/error.h>

#include "document/wire.h"

enum { SAMPLES = 3, SAMPLE_LEN = 4096 };

typedef struct Sample {
    uint64_t at; /* in the file */
    uint32_t len;
    uint64_t digest;
} Sample;

typedef struct Identity {
    uint64_t device;
    uint64_t inode;
    uint64_t size; /* bytes, also of a block device */
    struct timespec mtime;
    struct timespec ctime;
    uint32_t mode; /* st_mode */
    unsigned n_samples;
    Sample samples[SAMPLES];
} Identity;

typedef enum IdentityMatch {
    IDENTITY_SAME,    /* the same file, as it was */
    IDENTITY_WRITTEN, /* the same inode, another size or time */
    IDENTITY_OTHER,   /* another inode */
} IdentityMatch;

/* Ask the descriptor. `size`: what we take for its size, IDENTITY_SIZE: what the file says. */
#define IDENTITY_SIZE UINT64_MAX
bool identity_of(int fd, uint64_t size, Identity *out, SxError *err);
/* The same from a stat: no descriptor is needed, no size of devices comes. */
Identity identity_of_stat(const struct stat *st);
/* Of what has this name: an empty file is not mapped, and is one nevertheless. All zeros: nothing has, or path is NULL. */
Identity identity_of_name(const char *path);
/* Add digests of its first, middle and last bytes, as far as they are in memory: never waits for a disk. */
void identity_sample(Identity *id, int fd);
/* Whether the file `fd` still has those samples (all of them; none is no difference). May wait for a disk. */
bool identity_samples_match(const Identity *id, int fd);

IdentityMatch identity_compare(const Identity *was, const struct stat *is);

void identity_put(Wire *w, const Identity *id);
void identity_get(Unwire *u, Identity *out);
