// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that is given back all at once, with the board that it is for.
 */
#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board-arena.h"
#include "extmem.h"

#define BLOCK_SIZE	65536
#define ALIGNMENT	alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	max_align_t bytes[];
};

static struct arena_block *add_block(struct arena *arena, size_t size)
{
	struct arena_block *block;

	size = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	block = calloc(1, sizeof(*block) + size);
	if (!block)
		exit(fail(EXIT_FAILED, "there is no memory left"));
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	void *found;

	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (!block || block->size - block->used < size)
		block = add_block(arena, size);
	found = (char *)block->bytes + block->used;
	block->used += size;
	return found;
}

void *arena_copy(struct arena *arena, const void *from, size_t size)
{
	void *copy = arena_alloc(arena, size);

	if (size)
		memcpy(copy, from, size);
	return copy;
}

char *arena_text(struct arena *arena, const char *from, size_t length)
{
	char *text = arena_alloc(arena, length + 1);

	memcpy(text, from, length);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		length = 0;
	text = arena_alloc(arena, length + 1);
	va_start(arguments, format);
	vsnprintf(text, length + 1, format, arguments);
	va_end(arguments);
	return text;
}

void arena_free(struct arena *arena)
{
	struct arena_block *block, *next;

	for (block = arena->blocks; block; block = next) {
		next = block->next;
		free(block);
	}
	arena->blocks = NULL;
}
