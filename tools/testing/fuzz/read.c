// SPDX-License-Identifier: GPL-2.0
/*
 * A board for the rules, from text: see the header. Each value is in memory of its own
 * size, so that a read behind it is seen.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "read.h"

#define LINE	8192

#define MACHINE(member, kind) \
	{ "machine." #member, kind, offsetof(struct extmem_machine, member), \
	  sizeof(((struct extmem_machine *)NULL)->member) }
#define FIELD(name, member, kind) \
	{ name, kind, offsetof(struct read_node, member), \
	  sizeof(((struct read_node *)NULL)->member) }
#define REG(member, kind)	FIELD("reg." #member, node.reg.member, kind)
#define CARVE_OUT(member, kind)	FIELD("carve-out." #member, node.carve_out.member, kind)
#define PLACE(member, kind)	FIELD("place." #member, place.member, kind)

const struct read_field read_fields[] = {
	MACHINE(policies, READ_NUMBER),
	MACHINE(nonposted, READ_FLAG),
	MACHINE(simulated, READ_FLAG),
	MACHINE(io_width, READ_NUMBER),
	MACHINE(page_size, READ_NUMBER),
	MACHINE(last_address, READ_NUMBER),
	FIELD("name", node.name, READ_TEXT),
	FIELD("alias", node.alias, READ_TEXT),
	FIELD("adopted", node.adopted, READ_FLAG),
	FIELD("memory-type", node.memory_type, READ_PROP),
	FIELD("cache-policy", node.cache_policy, READ_PROP),
	FIELD("label", node.label, READ_PROP),
	FIELD("buffer-size", node.buffer_size, READ_PROP),
	FIELD("reg-io-width", node.reg_io_width, READ_PROP),
	REG(present, READ_FLAG),
	REG(len, READ_NUMBER),
	REG(addr_cells, READ_NUMBER),
	REG(size_cells, READ_NUMBER),
	REG(raw_base, READ_NUMBER),
	REG(untranslated, READ_FLAG),
	REG(base, READ_NUMBER),
	REG(size, READ_NUMBER),
	CARVE_OUT(present, READ_FLAG),
	CARVE_OUT(is_self, READ_FLAG),
	CARVE_OUT(count, READ_NUMBER),
	CARVE_OUT(phandle, READ_NUMBER),
	CARVE_OUT(target, READ_NUMBER),
	CARVE_OUT(path, READ_TEXT),
	CARVE_OUT(base, READ_NUMBER),
	CARVE_OUT(size, READ_NUMBER),
	CARVE_OUT(no_map, READ_FLAG),
	CARVE_OUT(reusable, READ_FLAG),
	CARVE_OUT(shared_dma_pool, READ_FLAG),
	FIELD("read-only", node.read_only, READ_FLAG),
	FIELD("big-endian", node.big_endian, READ_FLAG),
	FIELD("little-endian", node.little_endian, READ_FLAG),
	FIELD("native-endian", node.native_endian, READ_FLAG),
	FIELD("nonposted-mmio", node.nonposted, READ_FLAG),
	FIELD("dma-coherent", node.dma_coherent, READ_FLAG),
	FIELD("engine", node.engine, READ_FLAG),
	FIELD("power", node.power, READ_TEXT),
	FIELD("pool", node.pool, READ_FLAG),
	FIELD("has-children", node.has_children, READ_FLAG),
	FIELD("interrupts", node.interrupts, READ_NUMBER),
	FIELD("interrupt-names", node.interrupt_names, READ_PROP),
	FIELD("wakeup-source", node.wakeup, READ_FLAG),
	FIELD("has-pool", node.has_pool, READ_FLAG),
	FIELD("has-layout", node.has_layout, READ_FLAG),
	FIELD("numa-node-id", node.numa_node, READ_NUMBER),
	FIELD("ram", ram, READ_NUMBER),
	PLACE(block, READ_NUMBER),
	PLACE(has_memmap, READ_FLAG),
	PLACE(can_make, READ_FLAG),
};

const int read_field_count = ARRAY_SIZE(read_fields);

static void *take(struct read_board *board, const void *bytes, size_t size)
{
	void *memory = malloc(size);

	board->taken = realloc(board->taken, (board->taken_count + 1) * sizeof(*board->taken));
	if (!memory || !board->taken)
		abort();
	memcpy(memory, bytes, size);
	board->taken[board->taken_count++] = memory;
	return memory;
}

/* "..." with \xNN and \" in it; returns what comes after it. */
static const char *read_string(const char *at, u8 *value, size_t *len)
{
	for (at++; *at && *at != '"'; at++) {
		if (at[0] == '\\' && at[1] == 'x' && isxdigit(at[2]) && isxdigit(at[3])) {
			char digits[] = { at[2], at[3], '\0' };

			value[(*len)++] = strtoul(digits, NULL, 16);
			at += 3;
		} else {
			if (at[0] == '\\' && at[1])
				at++;
			value[(*len)++] = *at;
		}
	}
	return *at ? at + 1 : at;
}

/* [00 61 62] */
static const char *read_bytes(const char *at, u8 *value, size_t *len)
{
	char *end;

	for (at++; *at && *at != ']'; at = end) {
		unsigned long byte = strtoul(at, &end, 16);

		if (end == at)
			return at + 1;
		value[(*len)++] = byte;
	}
	return *at ? at + 1 : at;
}

static void read_prop(struct read_board *board, const char *at, struct extmem_prop *prop)
{
	u8 value[LINE + 1];
	size_t len = 0;

	while (*at) {
		if (*at == '"') {
			at = read_string(at, value, &len);
			value[len++] = '\0';
		} else if (*at == '[') {
			at = read_bytes(at, value, &len);
		} else {
			at++;
		}
	}
	prop->present = true;
	prop->len = len;
	prop->value = take(board, value, len);
}

/* Of what the kernel makes itself, so that all of it can be printed. */
static const char *read_text(struct read_board *board, const char *at)
{
	u8 value[LINE + 1];
	size_t len = 0, i;

	at = strchr(at, '"');
	if (!at)
		return NULL;
	read_string(at, value, &len);
	for (i = 0; i < len; i++)
		if (value[i] <= ' ' || value[i] > '~')
			value[i] = '?';
	value[len++] = '\0';
	return take(board, value, len);
}

static void read_value(struct read_board *board, const struct read_field *field, const char *at,
		       char *to)
{
	u64 number;

	switch (field->kind) {
	case READ_PROP:
		read_prop(board, at, (struct extmem_prop *)to);
		break;
	case READ_TEXT:
		*(const char **)to = read_text(board, at);
		break;
	case READ_FLAG:
		*(bool *)to = strtoul(at, NULL, 0) & 1;
		break;
	default:
		number = strtoull(at, NULL, 0);
		memcpy(to, &number, field->size);	/* little-endian machines only */
	}
}

static void begin_node(struct read_board *board, const char *at, bool is_partition)
{
	struct read_node *node = &board->nodes[board->count];
	const char *path = read_text(board, at);

	if (board->count == READ_NODES)
		return;
	*node = (struct read_node){ .is_partition = is_partition, .place.block = 1 << 21 };
	node->node.path = path && *path == '/' ? path : "/";
	node->node.numa_node = -1;
	board->count++;
}

static void read_line(struct read_board *board, char *line)
{
	size_t length = strcspn(line, " \t");
	char *at = line + length, *base;
	int i;

	if (*at)
		*at++ = '\0';
	if (!strcmp(line, "region") || !strcmp(line, "partition")) {
		begin_node(board, at, *line == 'p');
		return;
	}
	for (i = 0; i < read_field_count; i++) {
		/* A fuzzer's strcmp() takes its time. */
		if (*line != *read_fields[i].name || strcmp(line, read_fields[i].name))
			continue;
		if (!strncmp(line, "machine.", 8))
			base = (char *)&board->machine;
		else if (board->count)
			base = (char *)&board->nodes[board->count - 1];
		else
			return;
		read_value(board, &read_fields[i], at, base + read_fields[i].offset);
		return;
	}
}

/* --- what of.c and driver.c see to --- */

static const char *sound_power(const char *power)
{
	static const char * const names[] = { "vdd-supply", "clocks", "resets", "power-domains" };
	size_t i;

	for (i = 0; power && i < ARRAY_SIZE(names); i++)
		if (!strcmp(power, names[i]))
			return names[i];
	return power ? names[0] : NULL;
}

static u64 power_of_two(u64 number, u64 least)
{
	u64 size;

	for (size = least; size < number && size < 1ULL << 40; size <<= 1)
		;
	return size;
}

static void mend_carve_out(struct extmem_node *node)
{
	struct extmem_carve_out *carve_out = &node->carve_out;

	carve_out->target %= EXTMEM_TARGET_LOST + 1;
	if (carve_out->is_self) {
		carve_out->path = node->path;
		if (carve_out->target == EXTMEM_TARGET_NONE ||
		    carve_out->target == EXTMEM_TARGET_ELSEWHERE)
			carve_out->target = EXTMEM_TARGET_RESERVED;
	}
	if (!carve_out->path)
		carve_out->path = "/reserved-memory/x";
}

static void mend(struct read_board *board)
{
	struct extmem_machine *machine = &board->machine;
	int i;

	machine->policies &= 0xf;
	machine->page_size = power_of_two(machine->page_size, 4096);
	machine->io_width = machine->io_width == 4 ? 4 : 8;
	for (i = 0; i < board->count; i++) {
		struct read_node *node = &board->nodes[i];

		node->ram %= EXTMEM_IMAGE_RAM + 1;
		node->place.ram = node->ram;
		node->place.page_size = machine->page_size;
		node->place.block = power_of_two(node->place.block, machine->page_size);
		node->node.power = sound_power(node->node.power);
		if (!node->node.name)
			node->node.name = "node";
		if (node->node.interrupts < 0)
			node->node.interrupts = -22;
		mend_carve_out(&node->node);
	}
}

void read_board(struct read_board *board, const u8 *data, size_t size)
{
	const u8 *end = data + size;

	*board = (struct read_board){
		.machine = { .policies = 0xf, .nonposted = true, .io_width = 8, .page_size = 4096,
			     .last_address = UINT64_MAX },
	};
	while (data < end) {
		const u8 *next = memchr(data, '\n', end - data);
		size_t length = (next ? next : end) - data;
		char line[LINE];

		if (length < LINE) {
			memcpy(line, data, length);
			line[length] = '\0';
			read_line(board, line);
		}
		data += length + 1;
	}
	mend(board);
}

void read_free(struct read_board *board)
{
	while (board->taken_count)
		free(board->taken[--board->taken_count]);
	free(board->taken);
}
