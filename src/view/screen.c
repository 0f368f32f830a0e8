/* screen.c - all of the screen, from its parts. */
#include "view/draw.h"

/* The one that has the cursor comes last. */
static void
draw_both(SxGrid *grid, const SxHexLayout *hex, const SxHexLayout *text, const SxHexOptions *o, const SxScreen *s)
{
    if (s->text->twin)
        draw_text_rows(grid, text, o, s);
    draw_ruler(grid, hex, o, s->hex);
    draw_hex(grid, hex, o, s->hex);
    if (!s->text->twin)
        draw_text_rows(grid, text, o, s);
    draw_map(grid, text, o, s->hex);
}

void
sx_screen_draw(SxGrid *grid, const SxScreen *screen)
{
    SxHexLayout layout, hex, text;
    SxHexOptions options = screen_options(screen);
    screen_layout(&layout, screen);
    sx_grid_clear(grid);
    if (layout.title_y >= 0)
        draw_title(grid, screen);
    if (screen_layouts(&hex, &text, screen)) {
        draw_both(grid, &hex, &text, &options, screen);
    } else if (screen->hex && screen->text) {
        draw_text_rows(grid, &layout, &options, screen);
        draw_map(grid, &layout, &options, screen->hex);
    } else if (screen->hex) {
        draw_ruler(grid, &layout, &options, screen->hex);
        draw_hex(grid, &layout, &options, screen->hex);
        draw_map(grid, &layout, &options, screen->hex);
    }
    draw_side(grid, &layout, screen);
    if (screen->popup)
        draw_popup(grid, screen);
    draw_status(grid, &layout, screen);
    draw_line(grid, &layout, screen);
}
