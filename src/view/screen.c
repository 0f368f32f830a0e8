/* screen.c - all of the screen, from its parts. */
#include "view/draw.h"

void
sx_screen_draw(SxGrid *grid, const SxScreen *screen)
{
    SxHexLayout layout;
    SxHexOptions options = screen_options(screen);
    screen_layout(&layout, screen);
    sx_grid_clear(grid);
    if (layout.title_y >= 0)
        draw_title(grid, screen);
    if (screen->hex && screen->text) {
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
