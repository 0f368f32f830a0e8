/* document.c - grows with the layer. */
#include <sextant/bytes.h>

extern const int sx_document_layer;
const int sx_document_layer = 1;
