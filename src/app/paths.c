/* paths.c - the user's directories out of the environment; reads the configuration in one piece. */
#include "app/paths.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TEXT_MAX = 1 << 20 };

/* The specification says that relative paths are to be ignored. */
static const char *
absolute(const char *variable)
{
    const char *value = getenv(variable);
    return value && value[0] == '/' ? value : NULL;
}

static bool
path_make(char *buf, size_t size, const char *variable, const char *below_home, const char *tail)
{
    const char *base = absolute(variable);
    const char *home = absolute("HOME");
    int n;
    if (base)
        n = snprintf(buf, size, "%s/sextant%s", base, tail);
    else if (home)
        n = snprintf(buf, size, "%s/%s/sextant%s", home, below_home, tail);
    else
        return false;
    return n > 0 && (size_t)n < size;
}

bool
path_state(char *buf, size_t size)
{
    return path_make(buf, size, "XDG_STATE_HOME", ".local/state", "");
}

bool
path_cache(char *buf, size_t size)
{
    return path_make(buf, size, "XDG_CACHE_HOME", ".cache", "");
}

bool
path_config(char *buf, size_t size)
{
    return path_make(buf, size, "XDG_CONFIG_HOME", ".config", "/config");
}

static char *
read_all(int fd)
{
    size_t len = 0, cap = 4096;
    char *text = malloc(cap);
    while (text) {
        ssize_t n = read(fd, text + len, cap - len - 1);
        if (n == 0)
            break;
        len += n > 0 ? (size_t)n : 0;
        bool more = n > 0 && len < TEXT_MAX;
        char *grown = more && len + 1 == cap ? realloc(text, cap *= 2) : text;
        if (!more || !grown) {
            free(text);
            return NULL;
        }
        text = grown;
    }
    if (text)
        text[len] = '\0';
    return text;
}

char *
path_text(const char *path)
{
    /* NONBLOCK: a FIFO put in its place must not hold up the start */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    char *text = read_all(fd);
    close(fd);
    return text;
}
