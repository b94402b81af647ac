// SPDX-License-Identifier: GPL-2.0
/*
 * parse.c and rules.c on boards that are text: see read.h. Each node is judged as driver.c
 * has it judged, and beside those that are there, as index.c has it.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "fuzz.h"
#include "mutate.h"
#include "read.h"

struct there {
	struct extmem_desc desc;
	int root;			/* of a partition; itself, of a region */
	u64 size;			/* that partitions can be in */
};

static int judge(const struct read_board *board, const struct read_node *node,
		 struct extmem_desc *desc, struct extmem_verdict *verdict)
{
	int ret = extmem_parse_region(&node->node, desc, verdict);

	if (ret)
		return ret;
	return extmem_rules_judge(desc, &board->machine, node->ram, verdict);
}

/* What was in memory before is of no matter. */
static bool judge_twice(const struct read_board *board, const struct read_node *node,
			const struct there *root, struct extmem_desc *desc)
{
	struct extmem_verdict verdict = {}, again;
	struct extmem_desc other;
	int ret, ret_again;

	memset(desc, 0x55, sizeof(*desc));
	memset(&other, 0xaa, sizeof(other));
	memset(&again, 0xaa, sizeof(again));
	if (root) {
		ret = extmem_parse_partition(&node->node, &root->desc, root->size, desc, &verdict);
		ret_again = extmem_parse_partition(&node->node, &root->desc, root->size, &other,
						   &again);
	} else {
		ret = judge(board, node, desc, &verdict);
		ret_again = judge(board, node, &other, &again);
	}
	expect(ret == ret_again, "%d and %d, of %s", ret, ret_again, node->node.path);
	if (ret) {
		expect_refused(&verdict, ret, node->node.path);
		expect(!strcmp(verdict.message, again.message), "\"%s\" and \"%s\"",
		       verdict.message, again.message);
		return false;
	}
	expect_good(&verdict, ret, node->node.path);
	expect_same(desc, &other);
	return true;
}

static void expect_name_taken(const struct extmem_desc *desc, const struct extmem_desc *other)
{
	struct extmem_verdict verdict = {};
	int ret = extmem_rules_same_name(desc, other, &verdict);

	expect_refused(&verdict, ret, desc->node);
}

/* As index.c: is there room for it beside the others, and is its name free? */
static bool fits(const struct read_board *board, const struct there *there, int count,
		 const struct there *new)
{
	struct extmem_verdict verdict = {};
	bool good = true;
	int i;

	for (i = 0; i < count; i++) {
		const struct there *other = &there[i];
		bool is_partition = other->root != i;

		if (new->root == count && !is_partition) {
			expect_neighbours(&new->desc, &other->desc, &board->machine);
			good &= !extmem_rules_neighbours(&new->desc, &other->desc, &board->machine,
							 &verdict);
		} else if (new->root != count && is_partition && other->root == new->root) {
			expect_siblings(&new->desc, &other->desc);
			good &= !extmem_rules_siblings(&new->desc, &other->desc, &verdict);
		}
		if (!strcmp(new->desc.name, other->desc.name)) {
			expect_name_taken(&new->desc, &other->desc);
			good = false;
		}
	}
	return good;
}

static bool look_at(const struct read_board *board, const struct read_node *node,
		    const struct there *there, int count, int root, struct there *new)
{
	new->root = node->is_partition ? root : count;
	if (!judge_twice(board, node, node->is_partition ? &there[root] : NULL, &new->desc))
		return false;
	new->size = new->desc.buffer_size ? new->desc.buffer_size : new->desc.size;
	if (node->is_partition) {
		expect_partition(&new->desc, &there[root].desc, there[root].size);
	} else {
		expect_region(&node->node, &new->desc, &board->machine, node->ram);
		expect_pages(&new->desc, &node->place);
	}
	return fits(board, there, count, new);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct there there[READ_NODES];
	struct read_board board;
	int i, count = 0, root = -1;

	read_board(&board, data, size);
	for (i = 0; i < board.count; i++) {
		const struct read_node *node = &board.nodes[i];
		bool good = false;

		if (!node->is_partition || root >= 0)
			good = look_at(&board, node, there, count, root, &there[count]);
		/* The partitions of what is refused go with it. */
		if (!node->is_partition)
			root = good ? count : -1;
		count += good;
	}
	read_free(&board);
	return 0;
}

/* --- changes, a line at a time --- */

static size_t print_bytes(char *text, size_t size, const u8 *value, int len)
{
	size_t done = scnprintf(text, size, "[");
	int i;

	for (i = 0; i < len; i++)
		done += scnprintf(text + done, size - done, "%02x ", value[i]);
	return done + scnprintf(text + done, size - done, "]");
}

/* As a string, if it is one. */
static size_t print_value(char *text, size_t size, const u8 *value, int len)
{
	int i;

	if (!len || value[len - 1])
		return print_bytes(text, size, value, len);
	for (i = 0; i < len - 1; i++)
		if (value[i] < ' ' || value[i] > '~' || value[i] == '"' || value[i] == '\\')
			return print_bytes(text, size, value, len);
	return scnprintf(text, size, "\"%.*s\"", len - 1, value);
}

static size_t new_field(struct mutate *m, char *text, size_t size)
{
	const struct read_field *field = &read_fields[mutate_below(m, read_field_count)];
	size_t done = scnprintf(text, size, "%s ", field->name);
	u8 value[MUTATE_VALUE];

	switch (field->kind) {
	case READ_PROP:
		return done + print_value(text + done, size - done, value,
					  mutate_value(m, field->name, value));
	case READ_TEXT:
		return done + print_value(text + done, size - done, value,
					  mutate_value(m, "label", value));
	case READ_FLAG:
		return done + scnprintf(text + done, size - done, "%d", (int)mutate_below(m, 2));
	default:
		return done + scnprintf(text + done, size - done, "0x%llx", mutate_chance(m, 2) ?
					(unsigned long long)mutate_below(m, 17) :
					(unsigned long long)mutate_number(m));
	}
}

/* A region with most of what it needs, or a partition of the one before. */
static size_t new_node(struct mutate *m, char *text, size_t size)
{
	u32 number = mutate_below(m, 10);
	char path[600];

	memset(path, 'p', sizeof(path));
	path[mutate_chance(m, 8) ? mutate_below(m, sizeof(path)) : 1] = '\0';
	return scnprintf(text, size,
			 "%s \"/%s%u@%x\"\nname \"%s\"\nmemory-type \"%s\"\nreg.present 1\nreg.len 8\nreg.addr_cells 1\nreg.size_cells 1\nreg.base 0x%llx\nreg.size 0x%llx",
			 mutate_chance(m, 2) ? "region" : "partition", path, number, number << 12,
			 path, mutate_chance(m, 2) ? "ram" : "nvram",
			 (unsigned long long)mutate_below(m, 64) << 12,
			 (unsigned long long)mutate_number(m));
}

static size_t new_line(struct mutate *m, char *text, size_t size)
{
	return mutate_chance(m, 6) ? new_node(m, text, size - 1) : new_field(m, text, size - 1);
}

/* The start of a line, or the end. */
static size_t pick_line(struct mutate *m, const u8 *data, size_t size)
{
	size_t at = mutate_below(m, size + 1);

	while (at && data[at - 1] != '\n')
		at--;
	return at;
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max_size, unsigned int seed)
{
	struct mutate m = { .state = seed + 0x9e3779b97f4a7c15ULL };
	char text[8192];
	size_t at, length, old = 0;

	if (mutate_chance(&m, 6))
		return LLVMFuzzerMutate(data, size, max_size);
	at = pick_line(&m, data, size);
	length = mutate_chance(&m, 8) ? 0 : new_line(&m, text, sizeof(text));
	if (length)
		text[length++] = '\n';
	/* Instead of the line that is there, or before it. */
	if (!length || mutate_chance(&m, 2)) {
		while (at + old < size && data[at + old] != '\n')
			old++;
		old += at + old < size;
	}
	if (size - old + length > max_size)
		return LLVMFuzzerMutate(data, size, max_size);
	memmove(data + at + length, data + at + old, size - at - old);
	memcpy(data + at, text, length);
	return size - old + length;
}
