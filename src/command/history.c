/* history.c - see history.h. Entries in memory are as typed; in the file they are printable, so that a line is one. */
#include "command/history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sextant/text.h>

static bool
history_path(char *buf, size_t size, const char *state_dir, const char *name)
{
    int n = state_dir ? snprintf(buf, size, "%s/history-%s", state_dir, name) : -1;
    return n > 0 && (size_t)n < size;
}

static void
forget(History *h, size_t index)
{
    free(h->entry[index]);
    memmove(h->entry + index, h->entry + index + 1, (h->count - index - 1) * sizeof *h->entry);
    h->count--;
}

/* Takes `text`. */
static void
keep(History *h, char *text)
{
    if (!text)
        return;
    for (size_t i = 0; i < h->count; i++) {
        if (strcmp(h->entry[i], text) == 0) {
            forget(h, i);
            break;
        }
    }
    if (h->count == HISTORY_MAX)
        forget(h, 0);
    if (!sx_grow(&h->entry, &h->cap, h->count + 1, sizeof *h->entry)) {
        free(text);
        return;
    }
    h->entry[h->count++] = text;
}

static void
keep_line(History *h, char *line)
{
    size_t len = strlen(line);
    if (len > 0 && line[len - 1] == '\n')
        len--;
    if (len == 0 || !sx_text_unescape((uint8_t *)line, &len, sx_bytes(line, len), NULL))
        return;
    keep(h, strndup(line, len));
}

/* Lines in the file, counted so that it can be made short again. */
static size_t
history_read(History *h, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
    if (!f) {
        if (fd >= 0)
            close(fd);
        return 0;
    }
    char *line = NULL;
    size_t cap = 0, lines = 0;
    while (lines < 100000 && getline(&line, &cap, f) > 0) {
        keep_line(h, line);
        lines++;
    }
    free(line);
    fclose(f);
    return lines;
}

static void
write_entry(int fd, const char *text)
{
    SxString line = {0};
    sx_string_add_printable(&line, sx_bytes(text, strlen(text)), SX_PRINTABLE_UTF8);
    sx_string_add(&line, "\n");
    /* one write, so that entries of two programs do not mix; a disk that is full keeps no history */
    ssize_t n = line.failed ? 0 : write(fd, line.data, line.len);
    (void)n;
    sx_string_clear(&line);
}

static void
history_shorten(const History *h, const char *path)
{
    char other[4096];
    int n = snprintf(other, sizeof other, "%s.new", path);
    if (n < 0 || (size_t)n >= sizeof other)
        return;
    int fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    for (size_t i = 0; i < h->count; i++)
        write_entry(fd, h->entry[i]);
    close(fd);
    if (rename(other, path) != 0)
        unlink(other);
}

History *
history_of(Histories *h, const char *state_dir, const char *name)
{
    for (size_t i = 0; i < h->count; i++) {
        if (strcmp(h->kind[i].name, name) == 0)
            return &h->kind[i];
    }
    if (h->count == HISTORY_KINDS)
        return NULL;
    History *new = &h->kind[h->count++];
    snprintf(new->name, sizeof new->name, "%s", name);
    char path[4096];
    if (history_path(path, sizeof path, state_dir, name) && history_read(new, path) > 2 * HISTORY_MAX)
        history_shorten(new, path);
    return new;
}

const char *
history_get(const History *h, size_t back)
{
    return h && back > 0 && back <= h->count ? h->entry[h->count - back] : NULL;
}

void
state_directory(const char *path)
{
    char part[4096];
    for (size_t i = 1; path[i] && i < sizeof part; i++) {
        if (path[i] != '/')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        mkdir(part, 0700);
    }
    mkdir(path, 0700);
}

void
history_add(History *h, const char *state_dir, const char *text)
{
    if (!h || text[0] == '\0' || strlen(text) > HISTORY_ENTRY_MAX)
        return;
    const char *newest = history_get(h, 1);
    if (newest && strcmp(newest, text) == 0)
        return;
    keep(h, strdup(text));
    char path[4096];
    if (!history_path(path, sizeof path, state_dir, h->name))
        return;
    int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;
    int fd = open(path, flags, 0600);
    if (fd < 0) {
        state_directory(state_dir);
        fd = open(path, flags, 0600);
    }
    if (fd < 0)
        return;
    write_entry(fd, text);
    close(fd);
}

void
histories_clear(Histories *h)
{
    for (size_t i = 0; i < h->count; i++) {
        for (size_t j = 0; j < h->kind[i].count; j++)
            free(h->kind[i].entry[j]);
        free(h->kind[i].entry);
    }
    *h = (Histories){0};
}
