/* test_error.c - what a failure carries, made safe and cut well; and what a bug does. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sextant/error.h>
#include <sextant/text.h>

#include "support/tap.h"

static void
plain_failures(void)
{
    SxError err = {.column = 9, .sys = 9};
    ok(!sx_fail(&err, SX_ERR_RANGE, "0x%x is %s", 16, "outside"), "sx_fail is false");
    ok(err.code == SX_ERR_RANGE && err.sys == 0 && err.column == 0, "code, and nothing left of before");
    is_text(err.text, "0x10 is outside", "text");
    ok(!sx_fail_at(&err, 4, "no") && err.code == SX_ERR_SYNTAX && err.column == 4, "a place");
    ok(!sx_fail(NULL, SX_ERR_IO, "x") && !sx_fail_at(NULL, 1, "x") && !sx_fail_errno(NULL, EIO, "x"),
       "nobody is listening");
}

static void
errnos(void)
{
    static const struct {
        int number;
        SxCode code;
    } cases[] = {
        {ENOMEM, SX_ERR_NOMEM},       {EACCES, SX_ERR_PERMISSION}, {EPERM, SX_ERR_PERMISSION}, {EROFS, SX_ERR_PERMISSION},
        {ENOENT, SX_ERR_MISSING},     {EISDIR, SX_ERR_KIND},       {ENXIO, SX_ERR_KIND},       {ENOSPC, SX_ERR_NOSPACE},
        {EDQUOT, SX_ERR_NOSPACE},     {EFBIG, SX_ERR_NOSPACE},     {EBUSY, SX_ERR_BUSY},       {ETXTBSY, SX_ERR_BUSY},
        {EWOULDBLOCK, SX_ERR_BUSY},   {EIO, SX_ERR_IO},            {EOPNOTSUPP, SX_ERR_UNSUPPORTED},
        {ENOTTY, SX_ERR_UNSUPPORTED}, {ESTALE, SX_ERR_IO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxError err;
        sx_fail_errno(&err, cases[i].number, "x");
        ok(err.code == cases[i].code && err.sys == cases[i].number, "errno %d is %s: %s", cases[i].number,
           sx_code_name(cases[i].code), err.text);
    }
    SxError err;
    sx_fail_errno(&err, ENOENT, "cannot open '%s'", "a\nb");
    is_text(err.text, "cannot open 'a\\x0ab': no such file or directory", "the words of an errno");
}

static void
safe_text(void)
{
    static const struct {
        const char *in;
        const char *want;
    } cases[] = {
        {"\x1b]0;owned\x07", "\\x1b]0;owned\\x07"},
        {"tab\there", "tab\\x09here"},
        {"back\\slash \"q\"", "back\\slash \"q\""},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"a\xc2\x9b" "b", "a\\xc2\\x9b" "b"},                         /* C1 */
        {"gpj.\xe2\x80\xae" "exe", "gpj.\\xe2\\x80\\xae" "exe"},      /* right-to-left override */
        {"\xe2\x81\xa8x\xe2\x81\xa9", "\\xe2\\x81\\xa8x\\xe2\\x81\\xa9"}, /* isolates */
        {"\xd8\x9c", "\\xd8\\x9c"},                                   /* Arabic letter mark */
        {"\xe2\x80\xa8", "\\xe2\\x80\\xa8"},                          /* line separator */
        {"\xef\xbb\xbf", "\\xef\\xbb\\xbf"},                          /* byte order mark */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},                          /* surrogate */
        {"\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81"},                 /* tag */
        {"\x7f", "\\x7f"},
        {"\xe6\xbc\xa2", "\xe6\xbc\xa2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SxError err;
        sx_fail(&err, SX_ERR_IO, "%s", cases[i].in);
        is_text(err.text, cases[i].want, "safe case %zu", i);
    }
}

static bool
valid_utf8(const char *text)
{
    SxBytes in = sx_bytes(text, strlen(text));
    uint32_t code;
    while (in.len > 0) {
        size_t used = sx_utf8_decode(in, &code);
        if (code == UINT32_MAX)
            return false;
        in = sx_bytes(in.data + used, in.len - used);
    }
    return true;
}

static bool
ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

/* Every length around the two limits, of one-, two-, three- and four-byte characters and of escapes. */
static void
long_texts(void)
{
    static const char *const units[] = {"a", "\xc3\xa9", "\xe6\xbc\xa2", "\xf0\x9f\xa7\xad", "\x01"};
    bool whole = true;
    bool reasons = true;
    bool fits = true;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        for (size_t shift = 0; shift < 5; shift++) {
            for (size_t len = 0; len < 1400; len += strlen(units[u])) {
                char name[1500] = "xxxxx";
                size_t at = shift;
                for (; at + 4 < len + shift; at += strlen(units[u]))
                    memcpy(name + at, units[u], strlen(units[u]));
                name[at] = 0;
                SxError err;
                sx_fail(&err, SX_ERR_IO, "%s", name);
                size_t shown = sx_text_printable(NULL, 0, sx_bytes(name, strlen(name)), SX_PRINTABLE_UTF8);
                bool cut = ends_with(err.text, "...");
                whole = whole && valid_utf8(err.text) && strlen(err.text) < SX_ERROR_TEXT;
                fits = fits && cut == (shown >= SX_ERROR_TEXT) && (!cut || strlen(err.text) > SX_ERROR_TEXT - 9);
                if (len % 7 == 0) {
                    sx_fail_errno(&err, EACCES, "cannot open '%s'", name);
                    reasons = reasons && valid_utf8(err.text) && ends_with(err.text, ": permission denied");
                }
            }
        }
    }
    ok(whole, "long texts are cut at whole characters");
    ok(fits, "only long ones, and no more than needed");
    ok(reasons, "the reason is never cut");
}

static void
code_names(void)
{
    bool all = true;
    for (int c = SX_OK; c <= SX_ERR_ASK; c++) {
        const char *name = sx_code_name((SxCode)c);
        all = all && name && name[0] && strcmp(name, "unknown code") != 0;
        for (int d = SX_OK; d < c; d++)
            all = all && strcmp(name, sx_code_name((SxCode)d)) != 0;
    }
    ok(all, "every code has a name of its own");
    is_text(sx_code_name((SxCode)999), "unknown code", "and others none");
    is_text(sx_code_name(SX_ERR_READONLY), "readonly", "for scripts");
}

static void
hook(const char *file, int line, const char *what)
{
    bool said = strstr(file, "test_error.c") && line > 0 && strcmp(what, "1 + 1 == 2") == 0;
    if (write(STDOUT_FILENO, said ? "# hook called\n" : "# hook called wrongly\n", said ? 14 : 22) < 0 || !said)
        _exit(3);
    SX_BUG_ON(true); /* a bug in the hook ends here, too */
}

static void
bugs(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(4);
        sx_bug_hook_set(hook);
        SX_BUG_ON(1 + 1 == 2);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "a bug calls the hook once and aborts");
    SX_BUG_ON(1 + 1 == 3);
    ok(true, "no bug, no abort");
}

int
main(void)
{
    plain_failures();
    errnos();
    safe_text();
    long_texts();
    code_names();
    bugs();
    return done_testing();
}
