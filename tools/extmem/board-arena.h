/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that is given back all at once, with the board that it is for.
 */
#ifndef EXTMEM_BOARD_ARENA_H
#define EXTMEM_BOARD_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks;
};

/* Zeroed, and never NULL: without memory the command ends. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_copy(struct arena *arena, const void *from, size_t size);
/* @length characters of @from, and a NUL. */
char *arena_text(struct arena *arena, const char *from, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void arena_free(struct arena *arena);

#endif /* EXTMEM_BOARD_ARENA_H */
