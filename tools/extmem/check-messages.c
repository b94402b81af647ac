// SPDX-License-Identifier: GPL-2.0
/*
 * The list of what there is to be said of a board: first the kernel's refusals, in its
 * order and its words, then our advice.
 */
#include <stdarg.h>
#include <string.h>

#include "check.h"
#include "extmem.h"

static const char * const kind_names[CHECK_KINDS] = {
	[CHECK_ERROR]		= "error",
	[CHECK_HUGE_PAGES]	= "huge-pages",
	[CHECK_SLOW_POLICY]	= "slow-policy",
	[CHECK_NO_MAP]		= "no-map",
	[CHECK_MEMORY_HOLE]	= "memory-hole",
	[CHECK_MEMORY_OVERLAP]	= "memory-overlap",
	[CHECK_SHARED_ADDRESS]	= "shared-address",
	[CHECK_NO_DEVICE]	= "no-device",
	[CHECK_POOL_ALIGNMENT]	= "pool-alignment",
	[CHECK_RESERVED_MEMORY]	= "reserved-memory",
	[CHECK_MACHINE]		= "machine",
};

const char *check_kind_name(enum check_kind kind)
{
	return kind_names[kind];
}

static void add_message(struct check *check, enum check_kind kind,
			const struct tree_node *node, const char *prop, const char *text)
{
	struct check_message *message =
		arena_alloc(&check->board->tree.arena, sizeof(*message));

	message->kind = kind;
	message->node = node;
	message->prop = prop;
	message->text = text;
	*check->end = message;
	check->end = &message->next;
	if (kind == CHECK_ERROR)
		check->errors++;
	else
		check->advice++;
}

void check_advise(struct check *check, enum check_kind kind, struct tree_node *node,
		  const char *prop, const char *format, ...)
{
	struct arena *arena = &check->board->tree.arena;
	va_list arguments;
	char text[1024];

	if (check->allowed & 1U << kind)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	add_message(check, kind, node, prop,
		    arena_printf(arena, "%s: %s: %s", tree_path(&check->board->tree, node),
				 prop, text));
}

/* "reg" of "/sram@0: reg: ..." */
static const char *prop_of(struct check *check, const struct board_region *region)
{
	const char *text = region->verdict.message;
	size_t node = strlen(tree_path(&check->board->tree, region->node));

	if (strlen(text) < node + 2)
		return NULL;
	text += node + 2;
	return arena_text(&check->board->tree.arena, text, strcspn(text, ":"));
}

static void add_refusals(struct check *check)
{
	const struct board_region *region;

	for (region = check->board->regions; region; region = region->next)
		if (region->standing == BOARD_REFUSED)
			add_message(check, CHECK_ERROR, region->node, prop_of(check, region),
				    region->verdict.message);
}

void check_board(struct check *check, struct board *board, unsigned int allowed)
{
	*check = (struct check){ .board = board, .allowed = allowed };
	check->end = &check->messages;
	add_refusals(check);
	check_add_advice(check);
	check_add_memory_advice(check);
}
