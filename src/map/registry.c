/*
 * registry.c - slots with a sequence count each: odd while it changes, so the handler never acts on a torn
 * entry.
 */
#include "map/registry.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 64 };

typedef struct Slot {
    atomic_uint sequence; /* odd while the fields change */
    _Atomic uintptr_t start;
    _Atomic uintptr_t end; /* 0: free */
    _Atomic(Region *) region;
} Slot;

typedef struct Slots {
    Slot slot[SLOTS];
    _Atomic(struct Slots *) next;
} Slots;

typedef enum Handler { HANDLER_LATER, HANDLER_OURS, HANDLER_DECLINED } Handler;

/* What the handler must reach; see registry.h. Everything but the slots' contents changes under `lock`. */
static Slots first_slots;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Handler handler;
static size_t regions;
static struct sigaction before;

/* --- the handler ---------------------------------------------------------------------------------------- */

/* The region of an address. It cannot go away meanwhile: whoever faulted in it holds it. */
static Region *
find(uintptr_t address)
{
    for (Slots *s = &first_slots; s; s = atomic_load(&s->next)) {
        for (size_t i = 0; i < SLOTS; i++) {
            Slot *slot = &s->slot[i];
            unsigned sequence = atomic_load(&slot->sequence);
            uintptr_t start = atomic_load(&slot->start), end = atomic_load(&slot->end);
            Region *region = atomic_load(&slot->region);
            if (!(sequence & 1) && sequence == atomic_load(&slot->sequence) && address >= start &&
                address < end)
                return region;
        }
    }
    return NULL;
}

static void
pass_on(int number, siginfo_t *info, void *context)
{
    if (before.sa_flags & SA_SIGINFO) {
        before.sa_sigaction(number, info, context);
        return;
    }
    if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
        before.sa_handler(number);
        return;
    }
    if (before.sa_handler == SIG_IGN && info->si_code <= 0)
        return;
    /* Back to the default, which ends the process: a fault happens again on return, a sent signal is sent
     * again. */
    struct sigaction fatal = {.sa_handler = SIG_DFL};
    sigaction(number, &fatal, NULL);
    if (info->si_code <= 0)
        raise(number);
}

static void
on_bus_error(int number, siginfo_t *info, void *context)
{
    int saved = errno;
    uintptr_t address = (uintptr_t)info->si_addr;
    Region *region = info->si_code > 0 ? find(address) : NULL;
    if (!region || !region_repair(region, address))
        pass_on(number, info, context);
    errno = saved;
}

static bool
install(SxError *err)
{
    struct sigaction ours = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&ours.sa_mask);
    sigaddset(&ours.sa_mask, SIGURG); /* by which searches leave code at once: not from in here */
    if (sigaction(SIGBUS, NULL, &before) != 0 || sigaction(SIGBUS, &ours, NULL) != 0)
        return sx_fail_errno(err, errno, "cannot install the handler for lost pages");
    handler = HANDLER_OURS;
    return true;
}

static bool
decline(SxError *err)
{
    struct sigaction now;
    if (regions > 0)
        return sx_fail(err, SX_ERR_BUSY, "%zu mappings are open that need the handler for lost pages",
                       regions);
    if (handler == HANDLER_OURS && sigaction(SIGBUS, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) &&
        now.sa_sigaction == on_bus_error)
        sigaction(SIGBUS, &before, NULL);
    handler = HANDLER_DECLINED;
    return true;
}

bool
sx_map_sigbus(bool want, SxError *err)
{
    pthread_mutex_lock(&lock);
    bool done = !want ? decline(err) : handler == HANDLER_OURS || install(err);
    pthread_mutex_unlock(&lock);
    return done;
}

bool
registry_declined(void)
{
    pthread_mutex_lock(&lock);
    bool declined = handler == HANDLER_DECLINED;
    pthread_mutex_unlock(&lock);
    return declined;
}

/* --- slots ---------------------------------------------------------------------------------------------- */

static Slot *
free_slot(void)
{
    for (Slots *s = &first_slots;; s = atomic_load(&s->next)) {
        for (size_t i = 0; i < SLOTS; i++)
            if (atomic_load(&s->slot[i].end) == 0)
                return &s->slot[i];
        if (atomic_load(&s->next))
            continue;
        Slots *more = calloc(1, sizeof *more);
        if (!more)
            return NULL;
        atomic_store(&s->next, more);
    }
}

static void
fill(Slot *slot, Region *r)
{
    atomic_fetch_add(&slot->sequence, 1);
    atomic_store(&slot->region, r);
    atomic_store(&slot->start, r ? (uintptr_t)r->data : 0);
    atomic_store(&slot->end, r ? (uintptr_t)r->data + r->len : 0);
    atomic_fetch_add(&slot->sequence, 1);
}

bool
registry_add(Region *r)
{
    pthread_mutex_lock(&lock);
    Slot *slot = handler == HANDLER_LATER && !install(NULL) ? NULL : free_slot();
    if (slot) {
        fill(slot, r);
        r->slot = slot;
        regions++;
    }
    pthread_mutex_unlock(&lock);
    return slot != NULL;
}

void
registry_remove(Region *r)
{
    if (!r->slot)
        return;
    pthread_mutex_lock(&lock);
    fill(r->slot, NULL);
    r->slot = NULL;
    regions--;
    pthread_mutex_unlock(&lock);
}
