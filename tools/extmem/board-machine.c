// SPDX-License-Identifier: GPL-2.0
/*
 * What the machine's mappings can do: in user space what drivers/extmem/attr-*.c and
 * describe_machine() say in the kernel. Which machine it is, the user says, or the CPUs.
 */
#include <string.h>

#include "board.h"
#include "extmem.h"

#define BIT(nr)		(1U << (nr))
#define SOME		(BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_BACK))
#define ALL		(SOME | BIT(EXTMEM_WRITE_COMBINE) | BIT(EXTMEM_WRITE_THROUGH))
#define LAST(bits)	((u64)-1 >> (64 - (bits)))

static const struct board_machine machines[] = {
	{ "arm64", .huge = 2 << 20, .facts = { SOME | BIT(EXTMEM_WRITE_COMBINE),
		.nonposted = true, .io_width = 8, .last_address = LAST(48) } },
	{ "arm", .facts = { SOME | BIT(EXTMEM_WRITE_COMBINE),
		.io_width = 4, .last_address = LAST(40) } },
	{ "riscv64", .dma_coherent = true, .facts = { SOME | BIT(EXTMEM_WRITE_COMBINE),
		.io_width = 8, .last_address = LAST(64) } },
	{ "x86", .huge = 2 << 20, .facts = { ALL,
		.io_width = 8, .last_address = LAST(52) } },
	/* The sim backend stands in for all memory. */
	{ "um", .facts = { ~0U, .nonposted = true, .simulated = true,
		.io_width = 8, .last_address = LAST(64) } },
	/* One that extmem has no page-table reader for: drivers/extmem/attr-generic.c. */
	{ "other", .facts = { SOME, .io_width = 4, .last_address = LAST(64) } },
};

static bool is_cpu(const struct tree_node *node)
{
	const char *type = tree_string(node, "device_type");

	return (type && !strcmp(type, "cpu")) || tree_name_is(node, "cpu");
}

static const struct tree_node *first_cpu(const struct board *board)
{
	const struct tree_node *node = tree_find(&board->tree, "/cpus");

	for (node = node ? node->child : NULL; node; node = node->next)
		if (is_cpu(node))
			return node;
	return NULL;
}

static bool begins(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/* Those of 32 bits have these names; the others are many, and more each year. */
static bool is_arm32(const char *cpu)
{
	static const char * const names[] = {
		"arm,arm7", "arm,arm9", "arm,arm10", "arm,arm11", "arm,sa11", "arm,strongarm",
		"arm,cortex-a5", "arm,cortex-a7", "arm,cortex-a8", "arm,cortex-a9",
		"arm,cortex-a12", "arm,cortex-a15", "arm,cortex-a17", "arm,cortex-a32",
		"arm,cortex-m", "arm,cortex-r", "marvell,sheeva", "marvell,pj4", "marvell,feroceon",
		"marvell,xsc", "marvell,mohawk", "qcom,krait", "qcom,scorpion", "brcm,brahma-b15",
		"intel,xscale",
	};
	size_t i, length = strlen(cpu);

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		size_t wanted = strlen(names[i]);

		/* cortex-a5 is not cortex-a53. */
		if (begins(cpu, names[i]) &&
		    (length == wanted || !strchr("0123456789", cpu[wanted]) ||
		     !begins(names[i], "arm,cortex-a")))
			return true;
	}
	return false;
}

static bool is_arm(const char *cpu)
{
	static const char * const vendors[] = {
		"arm,", "apple,", "cavium,", "nvidia,", "qcom,", "brcm,", "marvell,", "ampere,",
		"fsl,", "samsung,", "hisilicon,", "phytium,", "intel,xscale", "faraday,",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vendors); i++)
		if (begins(cpu, vendors[i]))
			return true;
	return false;
}

static const char *guess_by_cpu(const struct tree_node *cpu)
{
	const char *name = tree_string(cpu, "compatible");
	const char *isa = tree_string(cpu, "riscv,isa-base");

	if (!isa)
		isa = tree_string(cpu, "riscv,isa");
	if (isa)
		return begins(isa, "rv64") ? "riscv64" : "other";
	if (!name)
		return NULL;
	if (tree_compatible(cpu, "riscv"))
		return "riscv64";
	if (begins(name, "intel,ce4100") || begins(name, "intel,x86") ||
	    begins(name, "intel,lgm"))
		return "x86";
	if (!is_arm(name))
		return "other";
	return is_arm32(name) ? "arm" : "arm64";
}

static const char *guess(const struct board *board)
{
	const struct tree_node *cpu = first_cpu(board);

	if (tree_compatible(board->tree.root, "linux,uml"))
		return "um";
	return cpu ? guess_by_cpu(cpu) : NULL;
}

/* Without Svpbmt, and without T-Head's bits, a page table has no attributes. */
static bool has_page_attributes(const struct tree_node *cpu)
{
	const char *isa = tree_string(cpu, "riscv,isa"), *name = tree_string(cpu, "compatible");

	return (isa && strstr(isa, "svpbmt")) ||
	       tree_lists(cpu, "riscv,isa-extensions", "svpbmt") ||
	       (name && begins(name, "thead,c9"));
}

/* Only these have a 3-level page table for addresses beyond 32 bits. */
static bool has_lpae(const struct tree_node *cpu)
{
	static const char * const names[] = {
		"arm,cortex-a7", "arm,cortex-a12", "arm,cortex-a15", "arm,cortex-a17",
		"brcm,brahma-b15", "arm,cortex-a32",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (tree_compatible(cpu, names[i]))
			return true;
	return false;
}

/* What the machines of an architecture do not have in common. */
static void look_at_cpu(struct board_machine *machine, const struct tree_node *cpu)
{
	if (!cpu)
		return;
	if (!strcmp(machine->name, "riscv64") && !has_page_attributes(cpu))
		machine->facts.policies &= ~BIT(EXTMEM_WRITE_COMBINE);
	if (!strcmp(machine->name, "arm") && !has_lpae(cpu))
		machine->facts.last_address = LAST(32);
}

static void simulate(struct extmem_machine *facts)
{
	facts->simulated = true;
	facts->policies = ~0U;
	facts->nonposted = true;
	facts->last_address = (u64)-1;
}

static const struct board_machine *find_machine(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machines); i++)
		if (!strcmp(name, machines[i].name))
			return &machines[i];
	return NULL;
}

/* An entry of one level more is as many pages as a page has entries. */
static void set_huge(struct board_machine *machine)
{
	u64 page = machine->facts.page_size, huge = page * (page / 8);

	if (machine->huge)
		machine->huge = huge;
	/* Without huge pages, it is the largest block of the page allocator. */
	machine->pool_alignment = strcmp(machine->name, "arm") ? huge : page << 10;
}

bool board_set_machine(struct board *board, const struct board_options *options,
		       struct tree_error *error)
{
	const char *name = options->arch ? options->arch : guess(board);
	const struct board_machine *found = find_machine(name ? name : "arm64");

	if (!found) {
		error->code = EXIT_USAGE;
		snprintf(error->text, sizeof(error->text),
			 "--arch: \"%.40s\" is not known; use arm64, arm, riscv64, x86, um or other",
			 name);
		return false;
	}
	board->machine = *found;
	board->machine.given = options->arch;
	board->machine.known = name;
	board->machine.facts.page_size = options->page_size ? options->page_size : 4096;
	set_huge(&board->machine);
	look_at_cpu(&board->machine, first_cpu(board));
	if (options->simulate)
		simulate(&board->machine.facts);
	return true;
}
