/*
 * ui_matches_order.h - matches filtered and sorted for a list: in a worker, over the first ORDER_MAX of them.
 */
#pragma once

#include <sextant/session.h>
#include <sextant/text.h>

enum { ORDER_MAX = 100000 };

typedef enum OrderBy { ORDER_OFFSET, ORDER_LENGTH, ORDER_BYTES, ORDER_KINDS } OrderBy;

typedef struct Order Order;

/* NULL: no memory. */
Order *order_start(SxSession *s, OrderBy by, const char *filter);
bool order_done(Order *o);
uint64_t order_count(const Order *o); /* of those that pass; once it is done */
uint64_t order_at(const Order *o, uint64_t row); /* the index of the match in that row */
uint64_t order_looked(const Order *o); /* how many matches it was made of */
void order_drop(Order *o); /* NULL is fine */
