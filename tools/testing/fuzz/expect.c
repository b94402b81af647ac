// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold of a verdict and of a description: see the header. Written from the
 * binding and from the table of the admin guide, and not from rules.c.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bits.h>
#include <linux/kernel.h>

#include "form.h"
#include "fuzz.h"

void expect_failed(const char *what, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "does not hold: %s: ", what);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

void expect_refused(const struct extmem_verdict *verdict, int ret, const char *node)
{
	const char *text = verdict->message, *wrong;

	expect(ret < 0, "%d is no error, of %s", ret, node);
	expect(verdict->err == ret, "%d, and not %d, of %s", verdict->err, ret, node);
	expect(memchr(text, '\0', sizeof(verdict->message)), "no end, of %s", node);
	wrong = form_of_refusal(text, node);
	expect(!wrong, "%s: \"%s\"", wrong, text);
}

void expect_good(const struct extmem_verdict *verdict, int ret, const char *node)
{
	expect(!ret, "%d, of %s", ret, node);
	expect(!verdict->err && !*verdict->message, "a refusal all the same, of %s: %s", node,
	       verdict->message);
}

/* --- descriptions --- */

static void expect_name(const char *name, size_t most)
{
	const char *wrong = form_of_name(name, most);

	expect(!wrong, "%s: \"%s\"", wrong, name);
}

/* By whom, as the table has it; NULL for what it refuses. */
static const char *table(const struct extmem_desc *desc)
{
	switch (desc->type) {
	case EXTMEM_MMIO:
		return desc->policy == EXTMEM_UNCACHED ? "ioremap" : NULL;
	case EXTMEM_RAM:
	case EXTMEM_ROM:
	case EXTMEM_NVRAM:
		return desc->policy == EXTMEM_UNCACHED ? "ioremap" : "memremap";
	case EXTMEM_CMA:
		if (desc->reservation == EXTMEM_COHERENT_POOL)
			return desc->policy == EXTMEM_WRITE_COMBINE ? "cma" : NULL;
		if (desc->reservation != EXTMEM_REUSABLE_POOL)
			return NULL;
		if (desc->dma_coherent)
			return desc->policy == EXTMEM_WRITE_BACK ? "cma" : NULL;
		return desc->policy != EXTMEM_WRITE_THROUGH ? "cma" : NULL;
	default:
		return NULL;
	}
}

static void expect_range(const struct extmem_desc *desc)
{
	expect(desc->size, "%s", desc->node);
	expect(desc->base <= UINT64_MAX - (desc->size - 1), "%s", desc->node);
}

static void expect_width(const struct extmem_desc *desc, u64 size)
{
	u8 width = desc->io_width;

	expect(!width || width == 1 || width == 2 || width == 4 || width == 8, "%u, of %s", width,
	       desc->node);
	expect(!width || (desc->base % width == 0 && size % width == 0), "%u, of %s", width,
	       desc->node);
}

static void expect_irqs(const struct extmem_node *node, const struct extmem_desc *desc)
{
	const char *name = desc->irq_names;
	int i;

	expect(desc->irqs == node->interrupts && desc->irqs <= 32, "%d, of %s", desc->irqs,
	       desc->node);
	expect(!desc->wakeup || desc->irqs, "%s", desc->node);
	for (i = 0; name && i < desc->irqs; i++) {
		expect_name(name, 31);
		name += strlen(name) + 1;
	}
}

/* Of who can be mapped: the kernel maps this already, in its own way. */
static bool is_mapped(const struct extmem_desc *desc, enum extmem_overlap ram)
{
	return desc->reservation == EXTMEM_CARVE_OUT && ram != EXTMEM_NO_RAM;
}

static void expect_mapping(const struct extmem_desc *desc, const struct extmem_machine *machine,
			   enum extmem_overlap ram)
{
	if (desc->type == EXTMEM_CMA)
		return;
	expect(ram == EXTMEM_NO_RAM || is_mapped(desc, ram), "%s is System RAM", desc->node);
	expect(ram == EXTMEM_NO_RAM || ram == EXTMEM_ALL_RAM, "%s", desc->node);
	if (is_mapped(desc, ram))
		expect(desc->policy == EXTMEM_WRITE_BACK, "%s", desc->node);
	else
		expect(machine->policies & BIT(desc->policy), "%s", desc->node);
}

/* What was found good. */
void expect_region(const struct extmem_node *node, const struct extmem_desc *desc,
		   const struct extmem_machine *machine, enum extmem_overlap ram)
{
	const char *backend = extmem_rules_backend(desc, machine);

	expect_name(desc->name, 63);
	expect_range(desc);
	expect(desc->base + desc->size - 1 <= machine->last_address, "%s", desc->node);
	expect(table(desc), "the table refuses type %d with policy %d, of %s", desc->type,
	       desc->policy, desc->node);
	expect(!strcmp(backend, machine->simulated ? "sim" : table(desc)), "%s of %s", backend,
	       desc->node);
	expect(desc->type == EXTMEM_CMA || desc->reservation < EXTMEM_REUSABLE_POOL, "%s",
	       desc->node);
	expect_mapping(desc, machine, ram);
	expect(!desc->buffer_size || (desc->type == EXTMEM_CMA && desc->buffer_size <= desc->size),
	       "%s", desc->node);
	expect_width(desc, desc->buffer_size ? desc->buffer_size : desc->size);
	expect(desc->read_only || (desc->type != EXTMEM_ROM && !node->read_only), "%s",
	       desc->node);
	expect(!desc->pool || !desc->read_only, "%s", desc->node);
	expect(!desc->nvmem || desc->size <= 0x7fffffff, "%s", desc->node);
	expect(!desc->power || (desc->type != EXTMEM_CMA && !is_mapped(desc, ram)), "%s",
	       desc->node);
	expect_irqs(node, desc);
}

void expect_partition(const struct extmem_desc *desc, const struct extmem_desc *parent,
		      u64 parent_size)
{
	size_t length = strlen(parent->name);

	expect_name(desc->name, EXTMEM_NAME_SIZE - 1);
	expect(!strncmp(desc->name, parent->name, length) && desc->name[length] == '.',
	       "%s, of %s", desc->name, parent->name);
	expect_name(desc->name + length + 1, 63);
	expect_range(desc);
	expect(desc->base < parent_size && desc->size <= parent_size - desc->base, "%s",
	       desc->node);
	expect_width(desc, desc->size);
	expect(desc->type == parent->type && desc->policy == parent->policy, "%s", desc->node);
	expect(desc->read_only || !parent->read_only, "%s", desc->node);
	expect(!desc->irqs && !desc->wakeup && !desc->nvmem, "%s", desc->node);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static void same_number(const struct extmem_desc *a, const char *what, u64 of_a, u64 of_b)
{
	expect(of_a == of_b, "%s: 0x%llx and 0x%llx, of %s", what, (unsigned long long)of_a,
	       (unsigned long long)of_b, a->node);
}

/* The same node is read the same way, whatever was in memory before. */
void expect_same(const struct extmem_desc *a, const struct extmem_desc *b)
{
	expect(same_text(a->node, b->node), "%s", a->node);
	expect(same_text(a->alias, b->alias), "%s", a->node);
	expect(same_text(a->reserved_by, b->reserved_by), "%s", a->node);
	expect(same_text(a->name, b->name), "%s", a->node);
	expect(same_text(a->power, b->power), "%s", a->node);
	expect(a->irq_names == b->irq_names, "%s", a->node);
	same_number(a, "base", a->base, b->base);
	same_number(a, "size", a->size, b->size);
	same_number(a, "buffer_size", a->buffer_size, b->buffer_size);
	same_number(a, "type", a->type, b->type);
	same_number(a, "policy", a->policy, b->policy);
	same_number(a, "policy_is_default", a->policy_is_default, b->policy_is_default);
	same_number(a, "reservation", a->reservation, b->reservation);
	same_number(a, "byte_order", a->byte_order, b->byte_order);
	same_number(a, "io_width", a->io_width, b->io_width);
	same_number(a, "numa_node", a->numa_node, b->numa_node);
	same_number(a, "read_only", a->read_only, b->read_only);
	same_number(a, "nonposted", a->nonposted, b->nonposted);
	same_number(a, "dma_coherent", a->dma_coherent, b->dma_coherent);
	same_number(a, "engine", a->engine, b->engine);
	same_number(a, "pool", a->pool, b->pool);
	same_number(a, "has_pool", a->has_pool, b->has_pool);
	same_number(a, "nvmem", a->nvmem, b->nvmem);
	same_number(a, "wakeup", a->wakeup, b->wakeup);
	same_number(a, "irqs", a->irqs, b->irqs);
}

/* --- two of them --- */

static bool overlap(const struct extmem_desc *a, const struct extmem_desc *b, u64 unit)
{
	u64 a_first = a->base / unit, a_last = (a->base + a->size - 1) / unit;
	u64 b_first = b->base / unit, b_last = (b->base + b->size - 1) / unit;

	return a_first <= b_last && b_first <= a_last;
}

static int neighbours(const struct extmem_desc *a, const struct extmem_desc *b,
		      const struct extmem_machine *machine)
{
	struct extmem_verdict verdict = {};
	int ret = extmem_rules_neighbours(a, b, machine, &verdict);

	if (!ret)
		expect_good(&verdict, ret, a->node);
	else
		expect_refused(&verdict, ret, a->node);
	return ret;
}

/* Whoever comes first: the other one is refused, or neither. */
void expect_neighbours(const struct extmem_desc *a, const struct extmem_desc *b,
		       const struct extmem_machine *machine)
{
	bool pools = a->type == EXTMEM_CMA && b->type == EXTMEM_CMA;
	bool collide = overlap(a, b, 1) ||
		       (a->policy != b->policy && overlap(a, b, machine->page_size));

	expect(!!neighbours(a, b, machine) == (collide && !pools), "%s and %s", a->node, b->node);
	expect(!!neighbours(b, a, machine) == (collide && !pools), "%s and %s", b->node, a->node);
}

static int siblings(const struct extmem_desc *a, const struct extmem_desc *b)
{
	struct extmem_verdict verdict = {};
	int ret = extmem_rules_siblings(a, b, &verdict);

	if (!ret)
		expect_good(&verdict, ret, a->node);
	else
		expect_refused(&verdict, ret, a->node);
	return ret;
}

void expect_siblings(const struct extmem_desc *a, const struct extmem_desc *b)
{
	expect(!!siblings(a, b) == overlap(a, b, 1), "%s and %s", a->node, b->node);
	expect(!!siblings(b, a) == overlap(a, b, 1), "%s and %s", b->node, a->node);
}

/* --- direct I/O --- */

void expect_pages(const struct extmem_desc *desc, const struct extmem_place *place)
{
	struct extmem_verdict verdict = {};
	enum extmem_pages pages = extmem_rules_pages(desc, place, &verdict);
	u64 ends = desc->base | desc->size;

	if (pages == EXTMEM_NO_PAGES) {
		expect_refused(&verdict, verdict.err, desc->node);
		expect(strstr(verdict.message, ": no direct I/O: "), "\"%s\"", verdict.message);
		return;
	}
	expect_good(&verdict, 0, desc->node);
	expect(desc->policy == EXTMEM_WRITE_BACK, "%s", desc->node);
	expect(desc->type == EXTMEM_RAM || desc->type == EXTMEM_ROM || desc->type == EXTMEM_NVRAM,
	       "%s", desc->node);
	expect(!desc->power && ends % place->page_size == 0, "%s", desc->node);
	if (pages == EXTMEM_OWN_PAGES)
		expect(desc->reservation == EXTMEM_CARVE_OUT && place->ram == EXTMEM_ALL_RAM, "%s",
		       desc->node);
	else
		expect(place->can_make && !place->has_memmap && ends % place->block == 0, "%s",
		       desc->node);
}
