/* prompt_line.c - see prompt_line.h. Positions are byte indices that always stand at the beginning of a character. */
#include "command/prompt_line.h"

#include <stdlib.h>
#include <string.h>

void
line_clear(PromptLine *l)
{
    free(l->text);
    *l = (PromptLine){0};
}

const char *
line_text(const PromptLine *l)
{
    return l->text ? l->text : "";
}

bool
line_insert(PromptLine *l, const char *text, size_t len)
{
    if (!sx_grow(&l->text, &l->cap, l->len + len + 1, 1))
        return false;
    memmove(l->text + l->cursor + len, l->text + l->cursor, l->len - l->cursor);
    memcpy(l->text + l->cursor, text, len);
    l->len += len;
    l->cursor += len;
    l->text[l->len] = '\0';
    return true;
}

bool
line_set(PromptLine *l, const char *text, size_t len)
{
    l->len = l->cursor = 0;
    return line_insert(l, text, len);
}

void
line_go(PromptLine *l, size_t at)
{
    l->cursor = at < l->len ? at : l->len;
}

static size_t
before(const PromptLine *l, size_t at)
{
    if (at == 0)
        return 0;
    do {
        at--;
    } while (at > 0 && ((unsigned char)l->text[at] & 0xc0) == 0x80);
    return at;
}

static size_t
behind(const PromptLine *l, size_t at)
{
    if (at >= l->len)
        return l->len;
    do {
        at++;
    } while (at < l->len && ((unsigned char)l->text[at] & 0xc0) == 0x80);
    return at;
}

static size_t
word_before(const PromptLine *l)
{
    size_t at = l->cursor;
    while (at > 0 && l->text[at - 1] == ' ')
        at--;
    while (at > 0 && l->text[at - 1] != ' ')
        at--;
    return at;
}

static LineAnswer
move_to(PromptLine *l, size_t at)
{
    l->cursor = at;
    return LINE_MOVED;
}

static LineAnswer
cut(PromptLine *l, size_t from, size_t to)
{
    if (from == to)
        return LINE_MOVED;
    memmove(l->text + from, l->text + to, l->len - to + 1);
    l->len -= to - from;
    l->cursor = from;
    return LINE_CHANGED;
}

static LineAnswer
control(PromptLine *l, uint32_t letter)
{
    switch (letter) {
    case 'a': return move_to(l, 0);
    case 'e': return move_to(l, l->len);
    case 'b': return move_to(l, before(l, l->cursor));
    case 'f': return move_to(l, behind(l, l->cursor));
    case 'd': return cut(l, l->cursor, behind(l, l->cursor));
    case 'w': return cut(l, word_before(l), l->cursor);
    case 'u': return cut(l, 0, l->cursor);
    case 'k': return cut(l, l->cursor, l->len);
    default: return LINE_NOT_MINE;
    }
}

static LineAnswer
named(PromptLine *l, uint32_t code)
{
    switch (code) {
    case SX_KEY_LEFT: return move_to(l, before(l, l->cursor));
    case SX_KEY_RIGHT: return move_to(l, behind(l, l->cursor));
    case SX_KEY_HOME: return move_to(l, 0);
    case SX_KEY_END: return move_to(l, l->len);
    case SX_KEY_BACKSPACE: return cut(l, before(l, l->cursor), l->cursor);
    case SX_KEY_DEL: return cut(l, l->cursor, behind(l, l->cursor));
    default: return LINE_NOT_MINE;
    }
}

LineAnswer
line_key(PromptLine *l, SxKey key)
{
    if (key.mods == SX_MOD_CTRL)
        return control(l, key.code);
    if (key.mods != 0)
        return LINE_NOT_MINE;
    if (key.code > SX_KEY_BASE)
        return named(l, key.code);
    char utf8[4];
    size_t len = sx_utf8_encode(utf8, key.code);
    if (len == 0 || key.code < ' ')
        return LINE_NOT_MINE;
    return line_insert(l, utf8, len) ? LINE_CHANGED : LINE_MOVED;
}
