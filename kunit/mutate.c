// SPDX-License-Identifier: GPL-2.0
/*
 * Flattened trees, changed at random: what a board's author could write, and what nobody
 * would. The fuzzers of user space and extmem_fuzz have it in common.
 */
#include <linux/kernel.h>
#include <linux/libfdt.h>
#include <linux/string.h>

#include "mutate.h"

/**
 * mutate_below() - a random number
 * @m: of which sequence; xorshift64*, the same numbers anywhere
 * @limit: which it is less than, and 1 at least
 *
 * Return: the number.
 */
u64 mutate_below(struct mutate *m, u64 limit)
{
	m->state ^= m->state >> 12;
	m->state ^= m->state << 25;
	m->state ^= m->state >> 27;
	return ((m->state * 0x2545f4914f6cdd1dULL) >> 32) * limit >> 32;
}

/**
 * mutate_chance() - to do it or not
 * @m: of which sequence
 * @one_in: how rarely
 *
 * Return: true once in that many times.
 */
bool mutate_chance(struct mutate *m, u32 one_in)
{
	return !mutate_below(m, one_in);
}

/* --- values --- */

enum kind { WORD, LABEL, NUMBER, RANGE, FLAG, PHANDLE };

struct known {
	const char *name;
	enum kind kind;
	const char * const *words;
};

static const char * const compatibles[] = {
	"extmem-region", "extmem-test,fake", "simple-bus", "shared-dma-pool", "acme,sram", NULL
};

static const char * const types[] = { "mmio", "ram", "rom", "nvram", "cma", "sram", NULL };

static const char * const policies[] = {
	"uncached", "write-combine", "write-through", "write-back", "cached", NULL
};

/* Some that others have, too. */
static const char * const labels[] = {
	"a", "sram", "extmem-stays", "extmem-pooled", "window", "a.b", "..", "a/b", "a!b", "-a",
	"_", ".hidden", "0", "", NULL
};

static const char * const states[] = { "okay", "ok", "disabled", "fail", "reserved", NULL };
static const char * const dma_names[] = { "memcpy", "rx", NULL };
static const char * const irq_names[] = { "done", "error", "a/b", NULL };
static const char * const node_names[] = {
	"sram", "a,b+c", "-x", "@", ".x", "_", "memory", "partition", "bus", NULL
};

static const struct known props[] = {
	{ "compatible", WORD, compatibles },
	{ "reg", RANGE },
	{ "memory-type", WORD, types },
	{ "cache-policy", WORD, policies },
	{ "label", LABEL, labels },
	{ "status", WORD, states },
	{ "memory-region", PHANDLE },
	{ "buffer-size", NUMBER },
	{ "reg-io-width", NUMBER },
	{ "#address-cells", NUMBER },
	{ "#size-cells", NUMBER },
	{ "ranges", RANGE },
	{ "read-only", FLAG },
	{ "big-endian", FLAG },
	{ "little-endian", FLAG },
	{ "native-endian", FLAG },
	{ "nonposted-mmio", FLAG },
	{ "dma-coherent", FLAG },
	{ "pool", FLAG },
	{ "wakeup-source", FLAG },
	{ "no-map", FLAG },
	{ "reusable", FLAG },
	{ "numa-node-id", NUMBER },
	{ "dma-names", WORD, dma_names },
	{ "dmas", PHANDLE },
	{ "interrupts", NUMBER },
	{ "interrupt-names", WORD, irq_names },
	{ "clocks", PHANDLE },
	{ "resets", PHANDLE },
	{ "vdd-supply", PHANDLE },
};

static const char *pick(struct mutate *m, const char * const *words)
{
	u32 count = 0;

	while (words[count])
		count++;
	return words[mutate_below(m, count)];
}

/**
 * mutate_prop_name() - a property that extmem, or the kernel for it, looks at
 * @m: of which sequence
 *
 * Return: its name.
 */
const char *mutate_prop_name(struct mutate *m)
{
	return props[mutate_below(m, ARRAY_SIZE(props))].name;
}

/**
 * mutate_number() - a number near one that matters, or any
 * @m: of which sequence
 *
 * Return: the number.
 */
u64 mutate_number(struct mutate *m)
{
	static const u64 corners[] = {
		0, 1, 2, 4, 8, 0x1000, 0x10000, 0x100000, 0x7fffffff, 0xffffffff,
		0x100000000ULL, 0x7fffffffffffffffULL, 0xffffffffffffffffULL,
	};

	switch (mutate_below(m, 8)) {
	case 0:
		return mutate_below(m, 1ULL << 32) << 32 | mutate_below(m, 1ULL << 32);
	case 1:
		return corners[mutate_below(m, ARRAY_SIZE(corners))] + mutate_below(m, 9) - 4;
	case 2:
	case 3:
		return mutate_below(m, 64) * 0x1000;
	case 4:
		return mutate_below(m, 0x1000) * 0x100;
	default:
		return corners[mutate_below(m, ARRAY_SIZE(corners))];
	}
}

static int put_cell(u8 *value, u32 cell)
{
	value[0] = cell >> 24;
	value[1] = cell >> 16;
	value[2] = cell >> 8;
	value[3] = cell;
	return 4;
}

static int put_word(u8 *value, const char *word)
{
	size_t len = strlen(word) + 1;

	memcpy(value, word, len);
	return len;
}

static int put_cells(struct mutate *m, u8 *value, u32 count)
{
	int len = 0;

	while (count--)
		len += put_cell(value + len, mutate_number(m));
	return len;
}

/* What is a label mostly. */
static int put_label(struct mutate *m, u8 *value)
{
	static const char letters[] = "abcxyzABCXYZ0123456789._-./, ~%s\"\\;:\n";
	u32 i, len = mutate_chance(m, 4) ? 60 + mutate_below(m, 8) : 1 + mutate_below(m, 8);
	u32 count = mutate_chance(m, 4) ? sizeof(letters) - 1 : 25;

	for (i = 0; i < len; i++)
		value[i] = letters[mutate_below(m, count)];
	value[len] = '\0';
	return len + 1;
}

/* What makes messages long. */
static int put_long(struct mutate *m, u8 *value)
{
	u32 len = 1 + mutate_below(m, mutate_chance(m, 2) ? MUTATE_VALUE - 1 : 100);

	memset(value, 'a' + mutate_below(m, 26), len);
	if (mutate_chance(m, 4))
		value[mutate_below(m, len)] = mutate_below(m, 256);
	value[len] = '\0';
	return len + !mutate_chance(m, 8);
}

static int put_junk(struct mutate *m, u8 *value)
{
	u32 i, len = mutate_below(m, 21);

	for (i = 0; i < len; i++)
		value[i] = mutate_below(m, 256);
	return len;
}

static int put_kind(struct mutate *m, const struct known *prop, u8 *value)
{
	int len;

	switch (prop->kind) {
	case WORD:
		len = put_word(value, pick(m, prop->words));
		if (mutate_chance(m, 8))
			len += put_word(value + len, pick(m, prop->words));
		return len;
	case LABEL:
		return mutate_chance(m, 2) ? put_word(value, pick(m, prop->words)) :
					     put_label(m, value);
	case NUMBER:
		return mutate_chance(m, 2) ? put_cell(value, mutate_below(m, 9)) :
					     put_cells(m, value, 1 + mutate_below(m, 3));
	case RANGE:
		len = put_cell(value, mutate_below(m, 0x100) * 0x1000);
		if (mutate_chance(m, 4))
			return len + put_cells(m, value + len, mutate_below(m, 6));
		return len + put_cell(value + len, mutate_number(m));
	case PHANDLE:
		return put_cell(value, 1 + mutate_below(m, 8));
	default:
		return 0;
	}
}

/**
 * mutate_value() - make up a value for a property
 * @m: of which sequence
 * @name: of the property, which says what makes sense
 * @value: MUTATE_VALUE bytes
 *
 * Return: how many of them it has.
 */
int mutate_value(struct mutate *m, const char *name, u8 *value)
{
	const struct known *prop = &props[mutate_below(m, ARRAY_SIZE(props))];
	u32 i;

	switch (mutate_below(m, 24)) {
	case 0:
		return put_junk(m, value);
	case 1:
		return put_long(m, value);
	case 2:
		return put_kind(m, prop, value);	/* of another one, mostly */
	}
	for (i = 0; i < ARRAY_SIZE(props); i++)
		if (!strcmp(props[i].name, name))
			return put_kind(m, &props[i], value);
	return put_junk(m, value);
}

/* --- trees; where there is no room for a change, there is none --- */

/* The root's @path, or one of the nodes below it; a negative number if there is none. */
static int pick_node(struct mutate *m, const void *fdt, const char *path, bool below)
{
	int root = fdt_path_offset(fdt, path), node, depth = 0, count = 0;
	u32 at;

	if (root < 0)
		return root;
	for (node = root; node >= 0 && depth >= 0; node = fdt_next_node(fdt, node, &depth))
		count++;
	if (below && count == 1)
		return -FDT_ERR_NOTFOUND;
	at = below ? 1 + mutate_below(m, count - 1) : mutate_below(m, count);
	for (node = root, depth = 0; at; at--)
		node = fdt_next_node(fdt, node, &depth);
	return node;
}

/* Not those by which others refer to it. */
static bool is_plain(const char *name)
{
	return strcmp(name, "phandle") && strcmp(name, "linux,phandle") && strcmp(name, "name");
}

static const char *pick_prop(struct mutate *m, const void *fdt, int node, int *len)
{
	const char *name = NULL, *found = NULL;
	int prop, found_len = 0;
	u32 count = 0;

	fdt_for_each_property_offset(prop, fdt, node) {
		/* fdt_check_full() of libfdt before 1.7.0 takes a length of 0xffffffff for good. */
		if (!fdt_getprop_by_offset(fdt, prop, &name, &found_len) || found_len < 0 ||
		    !is_plain(name))
			continue;
		if (mutate_chance(m, ++count)) {
			found = name;
			*len = found_len;
		}
	}
	return found;
}

/* Each node has a name of its own: devices are called after it, and cannot share one. */
static void make_name(struct mutate *m, char *name, size_t size)
{
	char long_name[80];
	u32 len = mutate_chance(m, 16) ? 20 + mutate_below(m, 50) : 0;

	memset(long_name, 'n', len);
	long_name[len] = '\0';
	m->names++;
	scnprintf(name, size, "%s%s%u@%x", pick(m, node_names), long_name, m->names,
		  (u32)mutate_below(m, 0x100) << 12);
}

static void add_node(struct mutate *m, void *fdt, const char *under)
{
	static const char * const first[] = { "compatible", "reg", "memory-type" };
	u8 value[MUTATE_VALUE];
	char name[160];
	int node = pick_node(m, fdt, under, false), i;

	make_name(m, name, sizeof(name));
	if (node >= 0)
		node = fdt_add_subnode(fdt, node, name);
	if (node < 0)
		return;
	for (i = ARRAY_SIZE(first) - 1; i >= 0; i--)
		if (!mutate_chance(m, 8))
			fdt_setprop(fdt, node, first[i], value, mutate_value(m, first[i], value));
}

static void rename_node(struct mutate *m, void *fdt, const char *under)
{
	int node = pick_node(m, fdt, under, true);
	char name[160];

	make_name(m, name, sizeof(name));
	if (node >= 0 && fdt_subnode_offset(fdt, fdt_parent_offset(fdt, node), name) < 0)
		fdt_set_name(fdt, node, name);
}

static void set_prop(struct mutate *m, void *fdt, const char *under)
{
	int node = pick_node(m, fdt, under, true);
	const char *name = mutate_prop_name(m);
	u8 value[MUTATE_VALUE];

	if (node >= 0)
		fdt_setprop(fdt, node, name, value, mutate_value(m, name, value));
}

/* Bytes or cells of a value that is there, or its length. */
static void change_prop(struct mutate *m, void *fdt, const char *under)
{
	int node = pick_node(m, fdt, under, true), len;
	u8 value[MUTATE_VALUE];
	const char *name;

	name = node < 0 ? NULL : pick_prop(m, fdt, node, &len);
	if (!name || len > MUTATE_VALUE - 8)
		return;
	memcpy(value, fdt_getprop(fdt, node, name, NULL), len);
	switch (mutate_below(m, 4)) {
	case 0:
		len = mutate_below(m, len + 1);
		break;
	case 1:
		len += put_cells(m, value + len, 1);
		break;
	case 2:
		if (len >= 4)
			put_cell(value + 4 * mutate_below(m, len / 4), mutate_number(m));
		break;
	default:
		if (len)
			value[mutate_below(m, len)] ^= 1 << mutate_below(m, 8);
	}
	fdt_setprop(fdt, node, name, value, len);
}

/* So that two have one name, or one place. */
static void copy_prop(struct mutate *m, void *fdt, const char *under)
{
	int from = pick_node(m, fdt, under, true), to = pick_node(m, fdt, under, true), len;
	u8 value[MUTATE_VALUE];
	const char *name;
	char copy[64];

	name = from < 0 ? NULL : pick_prop(m, fdt, from, &len);
	if (!name || len > MUTATE_VALUE || strlen(name) >= sizeof(copy))
		return;
	/* Both move when the tree changes. */
	scnprintf(copy, sizeof(copy), "%s", name);
	memcpy(value, fdt_getprop(fdt, from, name, NULL), len);
	fdt_setprop(fdt, to, copy, value, len);
}

static void delete_prop(struct mutate *m, void *fdt, const char *under)
{
	int node = pick_node(m, fdt, under, true), len;
	const char *name = node < 0 ? NULL : pick_prop(m, fdt, node, &len);

	if (name)
		fdt_delprop(fdt, node, name);
}

static void delete_node(struct mutate *m, void *fdt, const char *under)
{
	int node = pick_node(m, fdt, under, true);

	if (node >= 0)
		fdt_del_node(fdt, node);
}

/**
 * mutate_tree() - change one thing
 * @m: of which sequence
 * @fdt: a sound tree, with room for more in it, as fdt_open_into() makes it
 * @under: path of the node whose descendants are changed
 */
void mutate_tree(struct mutate *m, void *fdt, const char *under)
{
	switch (mutate_below(m, 16)) {
	case 0:
	case 1:
		return add_node(m, fdt, under);
	case 2:
		return rename_node(m, fdt, under);
	case 3:
		return delete_prop(m, fdt, under);
	case 4:
		return mutate_chance(m, 4) ? delete_node(m, fdt, under) :
					     copy_prop(m, fdt, under);
	case 5:
	case 6:
		return copy_prop(m, fdt, under);
	case 7:
	case 8:
	case 9:
	case 10:
		return change_prop(m, fdt, under);
	default:
		return set_prop(m, fdt, under);
	}
}

/* Is there memory behind it, of fake_backend.c or of sim? */
static bool is_fake(const void *fdt, int node)
{
	const char *compatible = fdt_getprop(fdt, node, "compatible", NULL);

	return compatible && !strcmp(compatible, "extmem-test,fake");
}

/*
 * What Linux 6.12 itself reads beyond its end, whoever has the node: a compatible or a status
 * that is no string, a reg that is shorter than an address, and before its begin a reg of
 * which a size has a negative number of cells. And what is mapped at once is nothing for
 * memory that is not there.
 */
static void spare_kernel(void *fdt, int node)
{
	static const char * const strings[] = { "compatible", "status" };
	u8 reg[8] = {}, *value;
	int owner = fdt_parent_offset(fdt, node), len;
	size_t i;

	/* The memory of a partition is that of its region. */
	if (owner < 0 || fdt_node_check_compatible(fdt, owner, "extmem-region"))
		owner = node;
	if (!is_fake(fdt, owner))
		fdt_delprop(fdt, node, "pool");
	for (i = 0; i < ARRAY_SIZE(strings); i++) {
		value = fdt_getprop_w(fdt, node, strings[i], &len);
		if (value && len)
			value[len - 1] = '\0';
		else if (value)
			fdt_delprop(fdt, node, strings[i]);
	}
	value = fdt_getprop_w(fdt, node, "#address-cells", &len);
	if (value && len >= 4 && (value[3] == 3 || value[3] == 4))
		value[3] = 2;
	value = fdt_getprop_w(fdt, node, "#size-cells", &len);
	if (value && len >= 4)
		memset(value, 0, 3);
	value = fdt_getprop_w(fdt, node, "reg", &len);
	if (!value || len >= (int)sizeof(reg))
		return;
	memcpy(reg, value, len);
	fdt_setprop(fdt, node, "reg", reg, sizeof(reg));
}

/**
 * mutate_overlay() - change an overlay, here and there
 * @fdt: the overlay, of one fragment, with room for more in it
 * @seed: of the random numbers
 * @round: the how manieth overlay of this seed it is
 */
void mutate_overlay(void *fdt, u32 seed, u32 round)
{
	struct mutate m = { .state = (seed + 1) * 0x9e3779b97f4a7c15ULL + round };
	u32 changes = 1 + mutate_below(&m, 16);
	int node;

	while (changes--)
		mutate_tree(&m, fdt, "/fragment@0/__overlay__");
	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL))
		spare_kernel(fdt, node);
}
