/* ui_prompt.c - what all prompts have in common: editing, literal keys, history, the way out. */
#include "command/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
ui_prompt_on(const SxSession *s)
{
    return s->ui->prompt.kind != NULL;
}

static void
prompt_free(Prompt *p)
{
    if (p->free_data)
        p->free_data(p->data);
    line_clear(&p->line);
    free(p->draft);
    *p = (Prompt){0};
}

void
ui_prompt_close(SxSession *s)
{
    prompt_free(&s->ui->prompt);
}

void
ui_prompt_open(SxSession *s, const PromptKind *kind, const char *text, void *data, void (*free_data)(void *))
{
    ui_prompt_cancel(s);
    ui_input_clear(s);
    Prompt *p = &s->ui->prompt;
    *p = (Prompt){.kind = kind,
                  .data = data,
                  .free_data = free_data,
                  .cursor = sx_document_tell(session_document(s)),
                  .top = ui_tab(s)->top};
    line_set(&p->line, text, strlen(text));
}

void
ui_prompt_cancel(SxSession *s)
{
    Prompt *p = &s->ui->prompt;
    if (!p->kind)
        return;
    if (p->kind->cancel)
        p->kind->cancel(s, p);
    ui_prompt_close(s);
}

/* NULL: nothing is read from it or written to it. */
static const char *
history_home(SxSession *s)
{
    return s->ui->options.history ? s->options.state_dir : NULL;
}

static void
changed(SxSession *s)
{
    Prompt *p = &s->ui->prompt;
    p->right[0] = '\0';
    p->right_bad = false;
    if (p->kind->changed)
        p->kind->changed(s, p);
}

void
ui_prompt_text(SxSession *s, const char *text)
{
    line_set(&s->ui->prompt.line, text, strlen(text));
    changed(s);
}

void
ui_prompt_complaint(const char *kind, const SxError *err, char *buf, size_t size)
{
    const char *text = err->text;
    size_t len = strlen(kind);
    if (strncmp(text, kind, len) == 0 && strncmp(text + len, ", ", 2) == 0)
        text += len + 2;
    snprintf(buf, size, "%.*s", (int)strcspn(text, ";"), text);
}

static void
remember(SxSession *s, Prompt *p, const char *text)
{
    SxString entry = {0};
    if (p->kind->store && text[0])
        p->kind->store(s, p, text, &entry);
    else
        sx_string_add(&entry, text);
    const char *home = history_home(s);
    history_add(history_of(&s->ui->histories, home, p->kind->history), home, sx_string(&entry));
    sx_string_clear(&entry);
}

/* The prompt is taken off before it acts, since what it does may open another one; a refused line comes back. */
static void
enter(SxSession *s)
{
    Prompt old = s->ui->prompt;
    const char *text = line_text(&old.line);
    s->ui->prompt = (Prompt){0};
    if (old.kind->history)
        remember(s, &old, text);
    if (old.kind->accept(s, &old, text) || ui_prompt_on(s))
        prompt_free(&old);
    else
        s->ui->prompt = old;
}

static void
history_walk(SxSession *s, int step)
{
    Prompt *p = &s->ui->prompt;
    if (!p->kind->history)
        return;
    const History *h = history_of(&s->ui->histories, history_home(s), p->kind->history);
    if (step < 0 && p->back == 0)
        return;
    size_t back = step > 0 ? p->back + 1 : p->back - 1;
    const char *entry = back == 0 ? (p->draft ? p->draft : "") : history_get(h, back);
    if (!entry)
        return;
    if (p->back == 0) {
        free(p->draft);
        p->draft = strdup(line_text(&p->line));
    }
    p->back = back;
    ui_prompt_text(s, back > 0 && p->kind->recall ? p->kind->recall(s, p, entry) : entry);
}

static void
insert(SxSession *s, const char *text, size_t len)
{
    if (line_insert(&s->ui->prompt.line, text, len))
        changed(s);
}

/* Pasted text goes in on one line, controls as they would be typed: \n, \x1b. */
void
ui_prompt_paste(SxSession *s, SxBytes text)
{
    while (text.len > 0 && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r'))
        text.len--;
    SxString printable = {0};
    for (size_t i = 0; i < text.len;) {
        size_t plain = i;
        while (plain < text.len && text.data[plain] >= ' ' && text.data[plain] != 0x7f)
            plain++;
        sx_string_add_bytes(&printable, sx_bytes(text.data + i, plain - i));
        if (plain < text.len)
            sx_string_add_printable(&printable, sx_bytes(text.data + plain, 1), 0);
        i = plain + 1;
    }
    insert(s, sx_string(&printable), printable.len);
    sx_string_clear(&printable);
}

static void
insert_clipboard(SxSession *s)
{
    for (size_t i = 0; i < s->n_registers; i++) {
        SxSource *bytes = s->registers[i].name == '"' ? s->registers[i].bytes : NULL;
        if (!bytes)
            continue;
        uint8_t text[1024];
        uint64_t size = sx_source_size(bytes);
        SxSpan span = {0, size < sizeof text ? size : sizeof text};
        if (sx_source_read(bytes, span, text, NULL))
            ui_prompt_paste(s, sx_bytes(text, (size_t)span.len));
    }
}

static void
literal(SxSession *s, SxKey key)
{
    uint8_t bytes[4];
    size_t len = ui_key_bytes(key, bytes);
    s->ui->prompt.literal = false;
    if (len > 0 && bytes[0] != '\0')
        insert(s, (const char *)bytes, len);
}

static bool
is_cancel(SxKey key)
{
    return sx_key_is(key, SX_KEY_ESC, 0) || sx_key_is(key, 'c', SX_MOD_CTRL) || sx_key_is(key, 'g', SX_MOD_CTRL);
}

void
ui_prompt_key(SxSession *s, SxKey key)
{
    Prompt *p = &s->ui->prompt;
    if (p->literal) {
        literal(s, key);
        return;
    }
    if (is_cancel(key)) {
        ui_prompt_cancel(s);
        return;
    }
    if (p->kind->key && p->kind->key(s, p, key))
        return;
    if (sx_key_is(key, SX_KEY_ENTER, 0))
        enter(s);
    else if (sx_key_is(key, SX_KEY_UP, 0) || sx_key_is(key, 'p', SX_MOD_CTRL))
        history_walk(s, 1);
    else if (sx_key_is(key, SX_KEY_DOWN, 0) || sx_key_is(key, 'n', SX_MOD_CTRL))
        history_walk(s, -1);
    else if (sx_key_is(key, 'v', SX_MOD_CTRL))
        p->literal = true;
    else if (sx_key_is(key, 'y', SX_MOD_CTRL))
        insert_clipboard(s);
    else if (sx_key_is(key, SX_KEY_BACKSPACE, 0) && p->line.len == 0)
        ui_prompt_cancel(s);
    else if (line_key(&p->line, key) == LINE_CHANGED)
        changed(s);
}

/* --- a line for one purpose ------------------------------------------------------------------------------------------ */

typedef struct AskedLine {
    LineThen *then;
    char label[160];
} AskedLine;

static void
asked_describe(SxSession *s, Prompt *p)
{
    (void)s;
    const AskedLine *a = p->data;
    snprintf(p->label, sizeof p->label, "%s", a->label);
}

static bool
asked_accept(SxSession *s, Prompt *p, const char *text)
{
    LineThen *then = ((AskedLine *)p->data)->then;
    if (text[0] == '\0')
        return true;
    return then(s, text);
}

static const PromptKind prompt_line = {.describe = asked_describe, .accept = asked_accept};

void
ui_prompt_ask(SxSession *s, const char *label, const char *text, LineThen *then)
{
    AskedLine *a = calloc(1, sizeof *a);
    if (!a)
        return;
    a->then = then;
    snprintf(a->label, sizeof a->label, "%s", label);
    ui_prompt_open(s, &prompt_line, text, a, free);
}
