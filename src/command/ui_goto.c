/*
 * ui_goto.c - the goto prompt: shows both readings of what is typed, Tab takes the other one.
 *
 *     goto: 400_                                  = 0x190, +260 from here   Tab: 0x400
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

typedef struct Goto {
    bool hex; /* plain digits are hexadecimal */
} Goto;

/* Leading zeros come from the offset column: hex whatever the radix. */
static bool
evaluate(SxSession *s, const char *text, bool hex, uint64_t *at, SxValue *value, SxError *err)
{
    SxScope scope = session_scope(s, false);
    SxBytes bytes = sx_bytes(text, strlen(text));
    scope.spaces = true;
    scope.hex = hex;
    return sx_expression(bytes, &scope, value, NULL, err) && sx_expression_offset(bytes, &scope, at, NULL, err);
}

static bool
plain_digits(const char *text)
{
    size_t n = strspn(text, "0123456789abcdefABCDEF_");
    return n > 0 && text[n] == '\0' && text[0] != '0';
}

static void
describe(SxSession *s, Prompt *p)
{
    const Goto *g = p->data;
    const char *text = line_text(&p->line);
    uint64_t at, other;
    SxValue value;
    SxError err;
    snprintf(p->label, sizeof p->label, g->hex ? "goto hex: " : "goto: ");
    p->right_bad = false;
    if (text[0] == '\0') {
        snprintf(p->right, sizeof p->right, "0x40  +16  end-4  50%%  'a  u32le(.)   Tab: %s", g->hex ? "decimal" : "hex");
        return;
    }
    if (!evaluate(s, text, g->hex, &at, &value, &err)) {
        if (plain_digits(text) && evaluate(s, text, !g->hex, &other, &value, NULL))
            snprintf(p->right, sizeof p->right, "Tab: 0x%" PRIx64, other);
        else
            snprintf(p->right, sizeof p->right, "%.150s", err.text);
        p->right_bad = true;
        return;
    }
    uint64_t cursor = sx_document_tell(session_document(s));
    char there[32];
    snprintf(there, sizeof there, g->hex && plain_digits(text) ? "%" PRIu64 : "0x%" PRIx64, at);
    int n = snprintf(p->right, sizeof p->right, "= %s, %c%" PRIu64 " from here", there, at >= cursor ? '+' : '-',
                     at >= cursor ? at - cursor : cursor - at);
    if (value.leading_zeros)
        snprintf(p->right + n, sizeof p->right - (size_t)n, ", hex by its zeros");
    else if (plain_digits(text) && evaluate(s, text, !g->hex, &other, &value, NULL) && other != at)
        snprintf(p->right + n, sizeof p->right - (size_t)n, g->hex ? "   Tab: %" PRIu64 : "   Tab: 0x%" PRIx64, other);
}

static bool
key(SxSession *s, Prompt *p, SxKey k)
{
    Goto *g = p->data;
    (void)s;
    if (!sx_key_is(k, SX_KEY_TAB, 0) && !sx_key_is(k, 't', SX_MOD_CTRL))
        return false;
    g->hex = !g->hex;
    return true;
}

static bool
accept(SxSession *s, Prompt *p, const char *text)
{
    const Goto *g = p->data;
    uint64_t at;
    SxValue value;
    SxError err;
    char line[48];
    if (text[0] == '\0')
        return true;
    if (!evaluate(s, text, g->hex, &at, &value, &err))
        return false;
    snprintf(line, sizeof line, "goto 0x%" PRIx64, at);
    ui_run(s, line);
    if (value.leading_zeros)
        ui_sayf(s, "0x%" PRIx64 ": read as hex, because of its leading zeros", at);
    return true;
}

const PromptKind prompt_goto = {.history = "goto", .describe = describe, .key = key, .accept = accept};

void
ui_goto_open(SxSession *s)
{
    Goto *g = calloc(1, sizeof *g);
    if (!g)
        return;
    g->hex = s->ui->options.radix == 1;
    ui_prompt_open(s, &prompt_goto, "", g, free);
}
