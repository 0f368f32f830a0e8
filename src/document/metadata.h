/*
 * metadata.h - owner, mode, ACL and extended attributes of one file given to another.
 */
#pragma once

#include <sys/stat.h>

#include <sextant/error.h>

/* Whether a file of ours could be given this owner and group. */
bool metadata_owner_possible(const struct stat *st);

/*
 * Make `to` what `from` is, but for its bytes and its times. After the bytes are written: writing takes set-user-id
 * and capabilities away. Attributes of security modules that the system sets itself may stay its own.
 *
 * errors   what could not be kept, by name; `to` is then neither one nor the other
 */
bool metadata_copy(int from, int to, SxError *err);

/* Put the mode back that writing took away. */
bool metadata_restore_mode(int fd, const struct stat *before);
