/* theme.c - themes that are built in, and those of the user. */
#include <stdlib.h>
#include <string.h>

#include "view/theme.h"

static const BuiltinTheme *
builtin_find(const char *name)
{
    const BuiltinTheme *b = builtin_themes;
    while (b->name && strcmp(b->name, name) != 0)
        b++;
    return b->name ? b : NULL;
}

static SxTheme *
theme_new(const char *name, SxError *err)
{
    SxTheme *theme = malloc(sizeof *theme);
    if (!theme)
        sx_fail(err, SX_ERR_NOMEM, "no memory for theme '%s'", name);
    return theme;
}

bool
sx_theme_parse(SxTheme **out, const char *name, SxBytes text, char **warnings, SxError *err)
{
    const BuiltinTheme *mono = builtin_find("mono");
    SxTheme *theme = theme_new(name, err);
    SxString warned = {0};
    SxError why;
    if (!theme)
        return false;
    bool done = theme_parse(theme, text, mono ? mono->theme : NULL, &warned, &why);
    if (!done) {
        sx_fail(err, why.code, "theme '%s', %s", name, why.text);
        free(theme);
        theme = NULL;
    }
    if (warnings)
        *warnings = done ? warned.data : NULL;
    if (!warnings || !*warnings)
        sx_string_clear(&warned);
    if (done)
        *out = theme;
    return done;
}

void
sx_theme_free(SxTheme *t)
{
    free(t);
}

const char *
sx_theme_builtin_name(size_t i)
{
    for (size_t n = 0; builtin_themes[n].name; n++)
        if (n == i)
            return builtin_themes[n].name;
    return NULL;
}

bool
sx_theme_builtin(SxTheme **out, const char *name, SxError *err)
{
    const BuiltinTheme *b = builtin_find(name);
    if (!b)
        return sx_fail(err, SX_ERR_UNKNOWN, "%s: no such theme", name);
    SxTheme *theme = theme_new(name, err);
    if (!theme)
        return false;
    *theme = *b->theme;
    *out = theme;
    return true;
}
