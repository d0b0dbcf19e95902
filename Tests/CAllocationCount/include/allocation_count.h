/* Counts allocations, for tests that want none. */
#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

/* How often the calling thread has asked the C library for memory so far; -1 where that cannot be told. */
long allocation_count(void);

#endif
