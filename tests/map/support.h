/*
 * support.h - what the tests of the map share: temporary files, known bytes, and calls that must not fail.
 */
#pragma once

#include "support/tap.h"

#include <sextant/map.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A fresh folder; the caller removes it with its contents by drop_folder. */
__attribute__((unused)) static const char *
make_folder(void)
{
    static char name[64];
    snprintf(name, sizeof name, "/tmp/sextant-map-XXXXXX");
    if (!mkdtemp(name))
        abort();
    return name;
}

__attribute__((unused)) static void
drop_folder(const char *name)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", name);
    if (system(command) != 0)
        diag("%s is left over", name);
}

/* folder/name; overwritten by the fourth call after it. */
__attribute__((unused)) static const char *
in_folder(const char *folder, const char *name)
{
    static char paths[4][160];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, 160, "%s/%s", folder, name);
    return path;
}

/* The byte that known files hold at an offset: never 0, and no period of a page. */
static inline uint8_t
known_byte(uint64_t at)
{
    return (uint8_t)(1 + at % 251);
}

__attribute__((unused)) static void
write_known(const char *path, uint64_t length)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    uint8_t block[4096];
    for (uint64_t at = 0; at < length; at += sizeof block) {
        size_t len = length - at < sizeof block ? (size_t)(length - at) : sizeof block;
        for (size_t i = 0; i < len; i++)
            block[i] = known_byte(at + i);
        if (write(fd, block, len) != (ssize_t)len)
            abort();
    }
    close(fd);
}

__attribute__((unused)) static void
write_text(const char *path, const char *text)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        abort();
    close(fd);
}

/* The bytes of a file, at most 4 KiB, as a string. */
__attribute__((unused)) static const char *
file_text(const char *path)
{
    static char text[4097];
    int fd = open(path, O_RDONLY);
    ssize_t n = read(fd, text, sizeof text - 1);
    text[n < 0 ? 0 : n] = 0;
    close(fd);
    return text;
}

__attribute__((unused)) static SxMap *
must_open(const char *path, SxAccess access, size_t window)
{
    SxMap *m = NULL;
    SxError err;
    if (!sx_map_open(&m, path, &(SxMapOptions){.access = access, .window = window}, &err)) {
        diag("%s", err.text);
        abort();
    }
    return m;
}

__attribute__((unused)) static SxBytes
text_bytes(const char *text)
{
    return sx_bytes(text, strlen(text));
}

/* Whether [a:b] of the map is `want`. */
__attribute__((unused)) static bool
slice_is(const SxMap *m, int64_t a, int64_t b, const char *want)
{
    uint8_t *bytes;
    size_t len;
    SxError err;
    if (!sx_map_slice(m, a, b, &bytes, &len, &err)) {
        diag("%s", err.text);
        return false;
    }
    bool same = len == strlen(want) && memcmp(bytes, want, len) == 0;
    if (!same)
        diag("got '%.*s', want '%s'", (int)len, (const char *)bytes, want);
    free(bytes);
    return same;
}

#define fails(call, want)                                                                                    \
    do {                                                                                                     \
        SxError err_ = {0}, *err = &err_;                                                                    \
        bool done_ = (call);                                                                                 \
        if (!ok(!done_ && err->code == (want) && err->text[0], "%s is %s", #call, sx_code_name(want)))       \
            diag("got %s: %s", sx_code_name(err->code), err->text);                                          \
    } while (0)

#define works(call)                                                                                          \
    do {                                                                                                     \
        SxError err_ = {0}, *err = &err_;                                                                    \
        if (!ok((call), "%s", #call))                                                                        \
            diag("got %s: %s", sx_code_name(err->code), err->text);                                          \
    } while (0)
