// SPDX-License-Identifier: GPL-2.0
/*
 * From the properties of a node to a description, and a refusal for each value
 * that has no meaning. Pure: compiled in user space, too.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "rules.h"

#define PATH_ROOM 64	/* of a message, which can have two */
#define TYPES "\"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\""
#define LAYOUT_MAX 0x7fffffffULL	/* what a nvmem device can have */
#define POLICIES \
	"\"uncached\", \"write-combine\", \"write-through\" or \"write-back\""

static const char * const type_names[] = {
	[EXTMEM_MMIO]	= "mmio",
	[EXTMEM_RAM]	= "ram",
	[EXTMEM_ROM]	= "rom",
	[EXTMEM_NVRAM]	= "nvram",
	[EXTMEM_CMA]	= "cma",
};

static const char * const policy_names[] = {
	[EXTMEM_UNCACHED]	= "uncached",
	[EXTMEM_WRITE_COMBINE]	= "write-combine",
	[EXTMEM_WRITE_THROUGH]	= "write-through",
	[EXTMEM_WRITE_BACK]	= "write-back",
};

static const enum extmem_policy default_policies[] = {
	[EXTMEM_MMIO]	= EXTMEM_UNCACHED,
	[EXTMEM_RAM]	= EXTMEM_WRITE_COMBINE,
	[EXTMEM_ROM]	= EXTMEM_WRITE_COMBINE,
	[EXTMEM_NVRAM]	= EXTMEM_WRITE_BACK,
	[EXTMEM_CMA]	= EXTMEM_WRITE_BACK,
};

const char *extmem_type_name(enum extmem_type type)
{
	return type_names[type];
}

const char *extmem_policy_name(enum extmem_policy policy)
{
	return policy_names[policy];
}

/**
 * extmem_short_path() - as much of a path as a message has room for
 * @path: the path
 *
 * The remedy is at the end of a message, and is not to be cut off.
 *
 * Return: the path, or the last names of a long one.
 */
const char *extmem_short_path(const char *path)
{
	size_t len = strlen(path);
	const char *rest, *name;

	if (len <= PATH_ROOM)
		return path;
	rest = path + len - PATH_ROOM;
	name = strchr(rest, '/');
	return name && name[1] ? name + 1 : rest;
}

int extmem_refuse(struct extmem_verdict *verdict, int err, const char *node,
		  const char *prop, const char *fmt, ...)
{
	size_t size = sizeof(verdict->message);
	va_list args;
	int len;

	len = scnprintf(verdict->message, size, "%s: %s: ", extmem_short_path(node), prop);
	va_start(args, fmt);
	vscnprintf(verdict->message + len, size - len, fmt, args);
	va_end(args);
	verdict->err = err;
	return err;
}

enum string_kind { STRING_ONE, STRING_LIST, STRING_NOT };

/* One non-empty run of printable characters before the NUL that ends it, or several. */
static enum string_kind string_kind(const struct extmem_prop *prop)
{
	const char *s = prop->value;
	int i, start = 0, strings = 0;

	for (i = 0; i < prop->len; i++) {
		if (s[i] && (s[i] < ' ' || s[i] > '~'))
			return STRING_NOT;
		if (s[i])
			continue;
		if (i == start && prop->len > 1)
			return STRING_NOT;
		start = i + 1;
		strings++;
	}
	if (!strings || start != prop->len)
		return STRING_NOT;
	return strings == 1 ? STRING_ONE : STRING_LIST;
}

static int parse_string(const struct extmem_node *node, const char *name,
			const struct extmem_prop *prop, const char *allowed,
			struct extmem_verdict *v)
{
	const char *first = prop->value;

	switch (string_kind(prop)) {
	case STRING_ONE:
		return 0;
	case STRING_LIST:
		return extmem_refuse(v, -EINVAL, node->path, name,
				     "\"%.40s\", \"%.40s\" is a list; use %s",
				     first, first + strlen(first) + 1, allowed);
	default:
		return extmem_refuse(v, -EINVAL, node->path, name,
				     "%d bytes that are not a string; use %s",
				     prop->len, allowed);
	}
}

/* The index of a string property in a table, or a negative errno. */
static int parse_choice(const struct extmem_node *node, const char *name,
			const struct extmem_prop *prop,
			const char * const *choices, int count,
			const char *allowed, struct extmem_verdict *v)
{
	const char *value = prop->value;
	int ret, i;

	ret = parse_string(node, name, prop, allowed, v);
	if (ret)
		return ret;
	for (i = 0; i < count; i++)
		if (!strcmp(value, choices[i]))
			return i;
	return extmem_refuse(v, -EINVAL, node->path, name,
			     "\"%.40s\" is not known; use %s", value, allowed);
}

static int parse_type(const struct extmem_node *node, struct extmem_desc *desc,
		      struct extmem_verdict *v)
{
	int type;

	if (node->memory_type.present) {
		type = parse_choice(node, "memory-type", &node->memory_type,
				    type_names, ARRAY_SIZE(type_names), TYPES, v);
		if (type < 0)
			return type;
		desc->type = type;
	} else if (node->carve_out.present && node->carve_out.shared_dma_pool) {
		desc->type = EXTMEM_CMA;
	} else if (node->adopted) {
		desc->type = EXTMEM_RAM;
	} else {
		return extmem_refuse(v, -EINVAL, node->path, "memory-type",
				     "missing; say what the memory is: %s", TYPES);
	}
	return 0;
}

static int parse_policy(const struct extmem_node *node, struct extmem_desc *desc,
			struct extmem_verdict *v)
{
	int policy;

	if (!node->cache_policy.present) {
		desc->policy = default_policies[desc->type];
		desc->policy_is_default = true;
		return 0;
	}
	policy = parse_choice(node, "cache-policy", &node->cache_policy,
			      policy_names, ARRAY_SIZE(policy_names), POLICIES, v);
	if (policy < 0)
		return policy;
	desc->policy = policy;
	return 0;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static bool is_label_char(char c)
{
	return is_alnum(c) || c == '.' || c == '_' || c == '-';
}

static int check_label(const struct extmem_node *node, const char *label,
		       struct extmem_verdict *v)
{
	size_t len = strlen(label);
	const char *c;

	if (!len)
		return extmem_refuse(v, -EINVAL, node->path, "label",
				     "\"\" is empty; give a name or remove it");
	if (len > EXTMEM_LABEL_MAX)
		return extmem_refuse(v, -EINVAL, node->path, "label",
				     "\"%.16s...\" has %zu characters; use at most %d",
				     label, len, EXTMEM_LABEL_MAX);
	for (c = label; *c; c++)
		if (!is_label_char(*c))
			return extmem_refuse(v, -EINVAL, node->path, "label",
					     "\"%s\" has a '%c'; use letters, digits, '.', '_' and '-'",
					     label, *c);
	if (!is_alnum(*label))
		return extmem_refuse(v, -EINVAL, node->path, "label",
				     "\"%s\" begins with '%c'; begin with a letter or a digit",
				     label, *label);
	return 0;
}

/**
 * extmem_is_name() - whether a device, and a link to it, may be called that
 * @name: what
 *
 * No option of a program, and no file that is hidden: it begins with a letter or a digit.
 *
 * Return: whether it may.
 */
bool extmem_is_name(const char *name)
{
	const char *c;

	for (c = name; is_label_char(*c); c++)
		;
	return !*c && is_alnum(*name) && c - name <= EXTMEM_LABEL_MAX;
}

/* A node name may have characters (',' and '+') that a device name should not. */
static int name_after_node(const struct extmem_node *node, u64 address, char *name,
			   size_t size, struct extmem_verdict *v)
{
	char *c;

	scnprintf(name, size, "%.40s-%llx", node->name, (unsigned long long)address);
	for (c = name; *c; c++)
		if (!is_label_char(*c))
			*c = '-';
	if (is_alnum(*node->name))
		return 0;
	return extmem_refuse(v, -EINVAL, node->path, "label",
			     "missing, and the node's name \"%.40s\" begins with no letter or digit, as a device's does; add a label",
			     node->name);
}

static int parse_label(const struct extmem_node *node, u64 address, char *name,
		       size_t size, struct extmem_verdict *v)
{
	int ret;

	if (!node->label.present)
		return name_after_node(node, address, name, size, v);
	ret = parse_string(node, "label", &node->label, "one name", v);
	if (!ret)
		ret = check_label(node, node->label.value, v);
	if (!ret)
		scnprintf(name, size, "%s", (const char *)node->label.value);
	return ret;
}

static u64 be_value(const struct extmem_prop *prop)
{
	const u8 *byte = prop->value;
	u64 value = 0;
	int i;

	for (i = 0; i < prop->len; i++)
		value = value << 8 | byte[i];
	return value;
}

static int parse_io_width(const struct extmem_node *node,
			  struct extmem_desc *desc, struct extmem_verdict *v)
{
	u64 width;

	if (!node->reg_io_width.present)
		return 0;
	if (node->reg_io_width.len != 4)
		return extmem_refuse(v, -EINVAL, node->path, "reg-io-width",
				     "%d bytes are not one cell; use <1>, <2>, <4> or <8>",
				     node->reg_io_width.len);
	width = be_value(&node->reg_io_width);
	if (width != 1 && width != 2 && width != 4 && width != 8)
		return extmem_refuse(v, -EINVAL, node->path, "reg-io-width",
				     "%llu is not a width; use 1, 2, 4 or 8",
				     (unsigned long long)width);
	desc->io_width = width;
	return 0;
}

static int parse_byte_order(const struct extmem_node *node,
			    struct extmem_desc *desc, struct extmem_verdict *v)
{
	const char *first = node->big_endian ? "big-endian" : "little-endian";
	const char *other = node->native_endian ? "native-endian" : "little-endian";

	if (node->big_endian + node->little_endian + node->native_endian > 1)
		return extmem_refuse(v, -EINVAL, node->path, first,
				     "set together with %s; keep one of them", other);
	if (node->big_endian)
		desc->byte_order = EXTMEM_BIG_ENDIAN;
	else if (node->native_endian)
		desc->byte_order = EXTMEM_NATIVE_ENDIAN;
	else
		desc->byte_order = EXTMEM_LITTLE_ENDIAN;
	return 0;
}

static int parse_buffer_size(const struct extmem_node *node,
			     struct extmem_desc *desc, struct extmem_verdict *v)
{
	const struct extmem_prop *prop = &node->buffer_size;

	if (!prop->present)
		return 0;
	if (desc->type != EXTMEM_CMA)
		return extmem_refuse(v, -EINVAL, node->path, "buffer-size",
				     "set on memory-type \"%s\"; remove it, only \"cma\" has a buffer",
				     extmem_type_name(desc->type));
	if (prop->len != 4 && prop->len != 8)
		return extmem_refuse(v, -EINVAL, node->path, "buffer-size",
				     "%d bytes are not a size; give one or two cells",
				     prop->len);
	desc->buffer_size = be_value(prop);
	if (!desc->buffer_size)
		return extmem_refuse(v, -EINVAL, node->path, "buffer-size",
				     "0 bytes; give a size, or remove it to allocate on request");
	if (desc->reserved_by && desc->buffer_size > desc->size)
		return extmem_refuse(v, -EINVAL, node->path, "buffer-size",
				     "0x%llx is larger than its pool %s (0x%llx); make it smaller, or the pool larger",
				     (unsigned long long)desc->buffer_size,
				     extmem_short_path(desc->reserved_by),
				     (unsigned long long)desc->size);
	return 0;
}

static int parse_pool(const struct extmem_node *node, struct extmem_desc *desc,
		      struct extmem_verdict *v)
{
	desc->pool = node->pool;
	desc->has_pool = node->has_pool;
	if (!node->pool)
		return 0;
	if (desc->type == EXTMEM_MMIO || (desc->type == EXTMEM_CMA && !desc->buffer_size))
		return extmem_refuse(v, -EINVAL, node->path, "pool",
				     "set on memory-type \"%s\"; remove it, drivers allocate from \"ram\" or \"nvram\", or from a buffer",
				     extmem_type_name(desc->type));
	if (desc->read_only)
		return extmem_refuse(v, -EINVAL, node->path, "pool",
				     "set on read-only memory; remove it, who allocates wants to write");
	if (node->has_children)
		return extmem_refuse(v, -EINVAL, node->path, "pool",
				     "set together with partitions; set it on one of them");
	return 0;
}

static int parse_layout(const struct extmem_node *node, struct extmem_desc *desc,
			struct extmem_verdict *v)
{
	desc->nvmem = node->has_layout;
	if (!node->has_layout)
		return 0;
	if (desc->type == EXTMEM_MMIO || desc->type == EXTMEM_CMA)
		return extmem_refuse(v, -EINVAL, node->path, "nvmem-layout",
				     "set on memory-type \"%s\"; remove it, there are cells in \"ram\", \"rom\" or \"nvram\" only",
				     extmem_type_name(desc->type));
	if (desc->size > LAYOUT_MAX)
		return extmem_refuse(v, -EINVAL, node->path, "nvmem-layout",
				     "set on 0x%llx bytes; remove it, or make them less than 0x%llx",
				     (unsigned long long)desc->size, LAYOUT_MAX + 1);
	return 0;
}

static int check_range(const struct extmem_node *node, u64 base, u64 size,
		       struct extmem_verdict *v)
{
	if (!size)
		return extmem_refuse(v, -EINVAL, node->path, "reg",
				     "the size is 0; give the bytes of the memory");
	if (base + size - 1 < base)
		return extmem_refuse(v, -EINVAL, node->path, "reg",
				     "0x%llx + 0x%llx wraps; make the size smaller",
				     (unsigned long long)base,
				     (unsigned long long)size);
	return 0;
}

/* The bytes of an address and a size, or 0 where there are none of as many cells. */
static int bytes_of_one(const struct extmem_reg *reg)
{
	if (reg->addr_cells < 1 || reg->addr_cells > 4 || reg->size_cells < 1 ||
	    reg->size_cells > 2)
		return 0;
	return 4 * (reg->addr_cells + reg->size_cells);
}

static int parse_reg(const struct extmem_node *node, struct extmem_desc *desc,
		     struct extmem_verdict *v)
{
	const struct extmem_reg *reg = &node->reg;
	int one = bytes_of_one(reg);

	if (!one || !reg->len || reg->len % one)
		return extmem_refuse(v, -EINVAL, node->path, "reg",
				     "%d bytes do not fit the parent's #address-cells %d and #size-cells %d; give one address and one size",
				     reg->len, reg->addr_cells, reg->size_cells);
	if (reg->len != one)
		return extmem_refuse(v, -EINVAL, node->path, "reg",
				     "%d ranges; a region has one, make a node for each",
				     reg->len / one);
	if (reg->untranslated)
		return extmem_refuse(v, -EINVAL, node->path, "reg",
				     "0x%llx is in no ranges of the buses above; add it to theirs",
				     (unsigned long long)reg->raw_base);
	desc->base = reg->base;
	desc->size = reg->size;
	return check_range(node, desc->base, desc->size, v);
}

static int check_target(const struct extmem_node *node, struct extmem_verdict *v)
{
	const struct extmem_carve_out *to = &node->carve_out;

	switch (to->target) {
	case EXTMEM_TARGET_NONE:
		return extmem_refuse(v, -EINVAL, node->path, "memory-region",
				     "phandle 0x%x leads nowhere; point it to a child of /reserved-memory",
				     to->phandle);
	case EXTMEM_TARGET_ELSEWHERE:
		return extmem_refuse(v, -EINVAL, node->path, "memory-region",
				     "%s is not reserved; point it to a child of /reserved-memory",
				     extmem_short_path(to->path));
	case EXTMEM_TARGET_DISABLED:
		return extmem_refuse(v, -EINVAL, node->path, "memory-region",
				     "%s is disabled; set its status to \"okay\"",
				     extmem_short_path(to->path));
	case EXTMEM_TARGET_LOST:
		return extmem_refuse(v, -EINVAL, node->path, "memory-region",
				     "%s was not reserved at boot; see the boot log, and give it a range that is free",
				     extmem_short_path(to->path));
	default:
		return 0;
	}
}

static int parse_carve_out(const struct extmem_node *node,
			   struct extmem_desc *desc, struct extmem_verdict *v)
{
	const struct extmem_carve_out *from = &node->carve_out;
	int ret;

	if (from->count > 1)
		return extmem_refuse(v, -EINVAL, node->path, "memory-region",
				     "%d phandles; a region has one, make a node for each",
				     from->count);
	ret = check_target(node, v);
	if (ret)
		return ret;
	desc->base = from->base;
	desc->size = from->size;
	desc->reserved_by = from->path;
	if (from->shared_dma_pool && from->no_map)
		desc->reservation = EXTMEM_COHERENT_POOL;
	else if (from->shared_dma_pool)
		desc->reservation = EXTMEM_REUSABLE_POOL;
	else if (from->no_map)
		desc->reservation = EXTMEM_NO_MAP;
	else
		desc->reservation = EXTMEM_CARVE_OUT;
	return check_range(node, desc->base, desc->size, v);
}

static int parse_place(const struct extmem_node *node, struct extmem_desc *desc,
		       struct extmem_verdict *v)
{
	const struct extmem_carve_out *carve_out = &node->carve_out;

	if (carve_out->is_self && carve_out->present)
		return extmem_refuse(v, -EINVAL, node->path, "memory-region",
				     "set on a reservation; remove it, the node is its own memory");
	if (carve_out->is_self)
		return parse_carve_out(node, desc, v);
	if (node->reg.present && carve_out->present)
		return extmem_refuse(v, -EINVAL, node->path, "reg",
				     "set together with memory-region; keep one of them");
	if (carve_out->present)
		return parse_carve_out(node, desc, v);
	if (node->reg.present)
		return parse_reg(node, desc, v);
	return extmem_refuse(v, -EINVAL, node->path, "reg",
			     "missing, and memory-region too; give one of them");
}

/* What becomes a file in sysfs. */
static int check_irq_name(const struct extmem_node *node, const char *name,
			  struct extmem_verdict *v)
{
	const char *other = node->interrupt_names.value;

	if (!extmem_is_name(name) || strlen(name) >= EXTMEM_IRQ_NAME_SIZE)
		return extmem_refuse(v, -EINVAL, node->path, "interrupt-names",
				     "\"%.40s\" is no name; use letters, digits, '.', '_' and '-', the first a letter or a digit, at most %d",
				     name, EXTMEM_IRQ_NAME_SIZE - 1);
	for (; other < name; other += strlen(other) + 1)
		if (!strcmp(name, other))
			return extmem_refuse(v, -EINVAL, node->path, "interrupt-names",
					     "\"%s\" is the name of two; give each its own",
					     name);
	return 0;
}

static int parse_irq_names(const struct extmem_node *node, struct extmem_desc *desc,
			   struct extmem_verdict *v)
{
	const struct extmem_prop *names = &node->interrupt_names;
	const char *name = names->value;
	int ret, count = 0;

	if (!names->present)
		return 0;
	if (string_kind(names) == STRING_NOT)
		return parse_string(node, "interrupt-names", names, "a name for each interrupt",
				    v);
	for (; name < (const char *)names->value + names->len; name += strlen(name) + 1) {
		ret = check_irq_name(node, name, v);
		if (ret)
			return ret;
		count++;
	}
	if (count != desc->irqs)
		return extmem_refuse(v, -EINVAL, node->path, "interrupt-names",
				     "%d names of %d interrupts; give one for each, or remove it",
				     count, desc->irqs);
	desc->irq_names = names->value;
	return 0;
}

static int parse_irqs(const struct extmem_node *node, struct extmem_desc *desc,
		      struct extmem_verdict *v)
{
	if (node->interrupts < 0)
		return extmem_refuse(v, -EINVAL, node->path, "interrupts",
				     "fits no controller; give the node an interrupt-parent, and mind its #interrupt-cells");
	if (node->interrupts > EXTMEM_IRQS_MAX)
		return extmem_refuse(v, -EINVAL, node->path, "interrupts",
				     "%d interrupts; a region has at most %d, make a node for the others",
				     node->interrupts, EXTMEM_IRQS_MAX);
	desc->irqs = node->interrupts;
	desc->wakeup = node->wakeup && desc->irqs;
	return parse_irq_names(node, desc, v);
}

static int parse_access(const struct extmem_node *node, struct extmem_desc *desc,
			struct extmem_verdict *v)
{
	int ret;

	ret = parse_io_width(node, desc, v);
	if (!ret)
		ret = parse_byte_order(node, desc, v);
	desc->read_only = node->read_only || desc->type == EXTMEM_ROM;
	desc->nonposted = node->nonposted;
	desc->dma_coherent = node->dma_coherent;
	desc->engine = node->engine;
	desc->power = node->power;
	desc->numa_node = node->numa_node;
	desc->adopted = node->adopted;
	return ret;
}

/**
 * extmem_parse_region() - what a node means
 * @node: its properties
 * @desc: filled, for extmem_rules_judge(); borrows the strings of @node
 * @verdict: filled when the node is refused
 *
 * Return: 0 or a negative errno.
 */
int extmem_parse_region(const struct extmem_node *node, struct extmem_desc *desc,
			struct extmem_verdict *verdict)
{
	int ret;

	*desc = (struct extmem_desc){ .node = node->path, .alias = node->alias };
	ret = parse_type(node, desc, verdict);
	if (!ret)
		ret = parse_policy(node, desc, verdict);
	if (!ret)
		ret = parse_place(node, desc, verdict);
	if (!ret)
		ret = parse_label(node, desc->base, desc->name,
				  sizeof(desc->name), verdict);
	if (!ret)
		ret = parse_access(node, desc, verdict);
	if (!ret)
		ret = parse_buffer_size(node, desc, verdict);
	if (!ret)
		ret = parse_irqs(node, desc, verdict);
	if (!ret)
		ret = parse_pool(node, desc, verdict);
	if (!ret)
		ret = parse_layout(node, desc, verdict);
	return ret;
}

static int check_window(const struct extmem_node *node,
			const struct extmem_desc *parent, u64 parent_size,
			struct extmem_verdict *v)
{
	unsigned long long offset = node->reg.base, size = node->reg.size;

	if (offset >= parent_size || size > parent_size - offset)
		return extmem_refuse(v, -ERANGE, node->path, "reg",
				     "offset 0x%llx size 0x%llx lies outside the region (0x%llx); make it fit",
				     offset, size, (unsigned long long)parent_size);
	if (parent->io_width && (offset | size) & (parent->io_width - 1))
		return extmem_refuse(v, -EINVAL, node->path, "reg",
				     "offset 0x%llx size 0x%llx are not both multiples of %u, the reg-io-width of %s; move or resize it",
				     offset, size, parent->io_width,
				     extmem_short_path(parent->node));
	return 0;
}

/**
 * extmem_parse_partition() - what a child of a region's node means
 * @node: its properties; the base in its reg is an offset
 * @parent: the region
 * @parent_size: its bytes, which for a cma region are those of its buffer
 * @desc: filled; borrows the strings of @node
 * @verdict: filled when the child is refused
 *
 * Return: 0 or a negative errno.
 */
int extmem_parse_partition(const struct extmem_node *node,
			   const struct extmem_desc *parent, u64 parent_size,
			   struct extmem_desc *desc,
			   struct extmem_verdict *verdict)
{
	char label[EXTMEM_LABEL_MAX + 1];
	int ret;

	*desc = *parent;
	desc->node = node->path;
	desc->alias = node->alias;
	desc->read_only = parent->read_only || node->read_only;
	desc->irqs = 0;
	desc->irq_names = NULL;
	desc->wakeup = false;
	desc->nvmem = false;

	if (node->has_children)
		return extmem_refuse(verdict, -EINVAL, node->path, "reg",
				     "a partition with partitions; make them children of %s",
				     extmem_short_path(parent->node));
	if (parent->type == EXTMEM_CMA && !parent->buffer_size)
		return extmem_refuse(verdict, -EINVAL, node->path, "reg",
				     "a partition of a pool; give %s a buffer-size",
				     extmem_short_path(parent->node));
	ret = parse_reg(node, desc, verdict);
	if (!ret)
		ret = check_window(node, parent, parent_size, verdict);
	if (!ret)
		ret = parse_label(node, node->reg.base, label, sizeof(label), verdict);
	if (!ret)
		scnprintf(desc->name, sizeof(desc->name), "%s.%s", parent->name,
			  label);
	if (!ret)
		ret = parse_pool(node, desc, verdict);
	return ret;
}
