/*
 * mounts.c - see mounts.h. /proc/self/mountinfo names each mounted device by its numbers; /sys/dev/block says of which
 * disk it is a part, and of what it is made.
 */
#include "command/mounts.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <sextant/text.h>

enum { DEEP = 6, LINE = 4096, NAME = 512 };

static bool
read_number(const char *path, dev_t *out)
{
    unsigned big, small;
    FILE *f = fopen(path, "re");
    bool ok = f && fscanf(f, "%u:%u", &big, &small) == 2;
    if (f)
        fclose(f);
    if (ok)
        *out = makedev(big, small);
    return ok;
}

static bool rests_on(const char *folder, dev_t device, int deep);

/* What a volume or a raid is made of. */
static bool
made_of(const char *folder, dev_t device, int deep)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s/slaves", NAME, folder);
    DIR *dir = opendir(path);
    bool found = false;
    for (struct dirent *e; dir && !found && (e = readdir(dir)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%.*s/slaves/%s", NAME, folder, e->d_name);
        found = rests_on(path, device, deep);
    }
    if (dir)
        closedir(dir);
    return found;
}

/* Whether the device of a folder of /sys is `device`, a part of it, or built upon it. */
static bool
rests_on(const char *folder, dev_t device, int deep)
{
    char path[PATH_MAX], whole[PATH_MAX];
    dev_t number;
    snprintf(path, sizeof path, "%.*s/dev", NAME, folder);
    if (deep == 0 || !read_number(path, &number))
        return false;
    if (number == device)
        return true;
    snprintf(path, sizeof path, "%.*s/partition", NAME, folder);
    snprintf(whole, sizeof whole, "%.*s/..", NAME, folder);
    struct stat st;
    char real[PATH_MAX];
    if (stat(path, &st) == 0 && realpath(whole, real) && rests_on(real, device, deep - 1))
        return true;
    return made_of(folder, device, deep - 1);
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime ...": the third and the fifth word. */
static bool
read_mount(const char *line, dev_t *device, char place[NAME])
{
    unsigned big, small;
    if (sscanf(line, "%*u %*u %u:%u %*s %511s", &big, &small, place) != 3)
        return false;
    *device = makedev(big, small);
    return true;
}

/* Blanks and the like stand as \040. */
static void
unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; to++) {
        unsigned code;
        if (from[0] == '\\' && sscanf(from + 1, "%3o", &code) == 1) {
            *to = (char)code;
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

static bool
is_on(dev_t mounted, dev_t device)
{
    char folder[64];
    snprintf(folder, sizeof folder, "/sys/dev/block/%u:%u", major(mounted), minor(mounted));
    return mounted == device || rests_on(folder, device, DEEP);
}

bool
mounted_on(const char *path, char *buf, size_t size)
{
    struct stat st;
    char line[LINE], place[NAME];
    dev_t mounted;
    bool found = false;
    if (stat(path, &st) != 0 || !S_ISBLK(st.st_mode))
        return false;
    FILE *f = fopen("/proc/self/mountinfo", "re");
    while (f && !found && fgets(line, sizeof line, f))
        found = read_mount(line, &mounted, place) && is_on(mounted, st.st_rdev);
    if (f)
        fclose(f);
    if (found) {
        unescape(place);
        sx_text_printable(buf, size, sx_bytes(place, strlen(place)), SX_PRINTABLE_UTF8);
    }
    return found;
}
