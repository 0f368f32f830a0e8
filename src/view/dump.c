/* dump.c - the grid as text, for tests and pictures. */
#include <sextant/grid.h>
#include <sextant/text.h>

static void
add_code(SxString *s, uint32_t code)
{
    char utf8[4];
    size_t n = sx_utf8_encode(utf8, code);
    sx_string_add_bytes(s, sx_bytes(utf8, n));
}

static void
add_marks(SxString *s, const SxMarks *marks)
{
    for (unsigned i = 0; i < SX_MARKS_MAX && marks->codes[i]; i++)
        add_code(s, marks->codes[i]);
}

static void
add_row(SxString *s, const SxGrid *g, const SxCell *row)
{
    unsigned width = g->width;
    while (width && row[width - 1].code == ' ')
        width--;
    for (unsigned x = 0; x < width; x++)
        if (row[x].code) {
            add_code(s, row[x].code);
            add_marks(s, sx_intern_at(&g->marks, row[x].marks));
        }
    sx_string_add(s, "\n");
}

static void
add_names(SxString *s, SxStyles styles)
{
    const char *comma = " ";
    for (unsigned i = 0; i < SX_STYLE_COUNT; i++) {
        if (!(styles >> i & 1))
            continue;
        sx_string_addf(s, "%s%s", comma, sx_style_name((SxStyleId)i));
        comma = ",";
    }
}

static void
add_runs(SxString *s, const SxGrid *g, const SxCell *row, unsigned y)
{
    unsigned width = g->width;
    for (unsigned x = 0; x < width;) {
        unsigned end = x + 1;
        while (end < width && row[end].styles == row[x].styles)
            end++;
        SxStyles styles = sx_grid_styles(g, x, y);
        if (styles) {
            sx_string_addf(s, "%u %u-%u", y, x, end - 1);
            add_names(s, styles);
            sx_string_add(s, "\n");
        }
        x = end;
    }
}

char *
sx_grid_dump(const SxGrid *g, bool styles)
{
    SxString s = {0};
    sx_string_add(&s, "");
    for (unsigned y = 0; y < g->height; y++)
        add_row(&s, g, g->cells + (size_t)y * g->width);
    if (styles) {
        sx_string_add(&s, "\n");
        for (unsigned y = 0; y < g->height; y++)
            add_runs(&s, g, g->cells + (size_t)y * g->width, y);
    }
    if (s.failed)
        sx_string_clear(&s);
    return s.data;
}
