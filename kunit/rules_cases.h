/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What parse.c and rules.c have to say, as plain data. Compiled into the KUnit suite
 * and into a program for user space (tools/testing/rules), so that the kernel and the
 * tool that checks a DTB offline cannot disagree.
 *
 * The expected messages are written out: they are what a board engineer sees.
 * The comment on each case or group names the mistake that it would catch.
 */
#ifndef _EXTMEM_RULES_CASES_H
#define _EXTMEM_RULES_CASES_H

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "node_parts.h"
#include "rules.h"

/* Parts of a struct extmem_node: the node of most cases, and where its memory is. */
#define SRAM		.path = "/sram@90000000", .name = "sram", .numa_node = -1
#define TYPE(s)		.memory_type = TEXT(s)
#define POLICY(s)	.cache_policy = TEXT(s)
#define LABEL(s)	.label = TEXT(s)
#define AT(base_, size_) \
	.reg = { CELLS(16, 2, 2), .base = (base_), .size = (size_) }
#define IN_SRAM		AT(0x90000000, 0x10000)
#define RESERVED(...) \
	.carve_out = { \
		.present = true, .count = 1, .phandle = 7, \
		.path = "/reserved-memory/pool", \
		.base = 0xa0000000, .size = 0x100000, __VA_ARGS__ \
	}
#define RESERVATION(...) \
	.path = "/reserved-memory/pool", .name = "pool", .numa_node = -1, \
	.carve_out = { \
		.is_self = true, .path = "/reserved-memory/pool", \
		.base = 0xa0000000, .size = 0x100000, __VA_ARGS__ \
	}
#define REUSABLE	.shared_dma_pool = true, .reusable = true
#define COHERENT	.shared_dma_pool = true, .no_map = true

/* Parts of a struct extmem_desc: what comes of those. */
#define AS(type_, policy_) \
	.type = EXTMEM_##type_, .policy = EXTMEM_##policy_, .numa_node = -1
#define SRAM_DESC	.name = "sram-90000000", .base = 0x90000000, .size = 0x10000
#define POOL_DESC(kind) \
	.reserved_by = "/reserved-memory/pool", .reservation = EXTMEM_##kind, \
	.base = 0xa0000000, .size = 0x100000

/* As long as a label can be, and one longer. */
#define A63	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A31	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A200	A64 A64 A64 "aaaaaaaa"
#define A64	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* Most boards: everything can be mapped. */
static const struct extmem_machine any_machine = {
	.policies = BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_COMBINE) |
		    BIT(EXTMEM_WRITE_THROUGH) | BIT(EXTMEM_WRITE_BACK),
	.nonposted = true,
	.io_width = 8,
	.page_size = 4096,
	.last_address = 0xffffffffffULL,
};

/* arm64 has no write-through. */
static const struct extmem_machine no_wt_machine = {
	.policies = BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_COMBINE) |
		    BIT(EXTMEM_WRITE_BACK),
	.nonposted = true,
	.io_width = 8,
	.page_size = 4096,
	.last_address = 0xffffffffffULL,
};

/* riscv without Svpbmt has neither write-combine nor write-through. */
static const struct extmem_machine plain_machine = {
	.policies = BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_BACK),
	.io_width = 8,
	.page_size = 4096,
	.last_address = 0xffffffffULL,
};

/* One that has nothing weak enough. */
static const struct extmem_machine cached_machine = {
	.policies = BIT(EXTMEM_WRITE_BACK),
	.io_width = 8,
	.page_size = 4096,
	.last_address = ~0ULL,
};

/* arm has 32 bits. */
static const struct extmem_machine narrow_machine = {
	.policies = BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_COMBINE) |
		    BIT(EXTMEM_WRITE_BACK),
	.io_width = 4,
	.page_size = 4096,
	.last_address = 0xffffffffffULL,
};

/* One where root is not to be trusted. */
static const struct extmem_machine locked_machine = {
	.policies = BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_COMBINE) |
		    BIT(EXTMEM_WRITE_BACK),
	.nonposted = true,
	.locked_down = true,
	.io_width = 8,
	.page_size = 4096,
	.last_address = 0xffffffffffULL,
};

/* A board that is not there: driver.c gives it every policy. */
static const struct extmem_machine sim_machine = {
	.policies = ~0U,
	.nonposted = true,
	.simulated = true,
	.io_width = 8,
	.page_size = 4096,
	.last_address = ~0ULL,
};

/**
 * struct region_case - a node, and what is to come of it
 * @name: what the rules have to do
 * @node: the node
 * @machine: NULL for any_machine
 * @ram: how much of its range is System RAM
 * @err: the errno of a refusal
 * @message: of a refusal, whole; NULL when the node is sound
 * @backend: who serves a sound one
 * @desc: what a sound one is; its node is that of @node
 */
struct region_case {
	const char *name;
	struct extmem_node node;
	const struct extmem_machine *machine;
	enum extmem_overlap ram;
	int err;
	const char *message;
	const char *backend;
	struct extmem_desc desc;
};

/* The node of one cell of DESIGN's table. */
#define CELL(type_, policy_) \
	.node = { SRAM, TYPE(type_), POLICY(policy_), IN_SRAM }
#define REUSABLE_CELL(policy_) \
	.node = { SRAM, TYPE("cma"), POLICY(policy_), RESERVED(REUSABLE) }
#define COHERENT_CELL(policy_) \
	.node = { SRAM, TYPE("cma"), POLICY(policy_), RESERVED(COHERENT) }
#define SNOOPED_CELL(policy_) \
	.node = { SRAM, TYPE("cma"), POLICY(policy_), .dma_coherent = true, \
		  RESERVED(REUSABLE) }
#define POOL_CELL_DESC(kind, policy_) \
	.backend = "cma", \
	.desc = { .name = "sram-a0000000", AS(CMA, policy_), POOL_DESC(kind) }

static const struct region_case region_cases[] = {
	/*
	 * DESIGN's table, cell by cell. Catches a wrong backend, a cell that is
	 * open and should be closed, or closed and should be open, and a policy
	 * that is turned into another one on the way.
	 */
	{
		.name = "mmio uncached", CELL("mmio", "uncached"),
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(MMIO, UNCACHED) },
	}, {
		.name = "mmio write-combine", CELL("mmio", "write-combine"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-combine\" is refused for memory-type \"mmio\"; use \"uncached\"",
	}, {
		.name = "mmio write-through", CELL("mmio", "write-through"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-through\" is refused for memory-type \"mmio\"; use \"uncached\"",
	}, {
		.name = "mmio write-back", CELL("mmio", "write-back"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-back\" is refused for memory-type \"mmio\"; use \"uncached\"",
	}, {
		.name = "ram uncached", CELL("ram", "uncached"),
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(RAM, UNCACHED) },
	}, {
		.name = "ram write-combine", CELL("ram", "write-combine"),
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE) },
	}, {
		.name = "ram write-through", CELL("ram", "write-through"),
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_THROUGH) },
	}, {
		.name = "ram write-back", CELL("ram", "write-back"),
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_BACK) },
	}, {
		.name = "rom uncached", CELL("rom", "uncached"),
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(ROM, UNCACHED), .read_only = true },
	}, {
		.name = "rom write-combine", CELL("rom", "write-combine"),
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(ROM, WRITE_COMBINE), .read_only = true },
	}, {
		.name = "rom write-through", CELL("rom", "write-through"),
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(ROM, WRITE_THROUGH), .read_only = true },
	}, {
		.name = "rom write-back", CELL("rom", "write-back"),
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(ROM, WRITE_BACK), .read_only = true },
	}, {
		.name = "nvram uncached", CELL("nvram", "uncached"),
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(NVRAM, UNCACHED) },
	}, {
		.name = "nvram write-combine", CELL("nvram", "write-combine"),
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(NVRAM, WRITE_COMBINE) },
	}, {
		.name = "nvram write-through", CELL("nvram", "write-through"),
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(NVRAM, WRITE_THROUGH) },
	}, {
		.name = "nvram write-back", CELL("nvram", "write-back"),
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(NVRAM, WRITE_BACK) },
	}, {
		.name = "cma of a reusable pool uncached", REUSABLE_CELL("uncached"),
		POOL_CELL_DESC(REUSABLE_POOL, UNCACHED),
	}, {
		.name = "cma of a reusable pool write-combine", REUSABLE_CELL("write-combine"),
		POOL_CELL_DESC(REUSABLE_POOL, WRITE_COMBINE),
	}, {
		.name = "cma of a reusable pool write-through", REUSABLE_CELL("write-through"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-through\" is refused for a pool; use \"uncached\", \"write-combine\" or \"write-back\"",
	}, {
		.name = "cma of a reusable pool write-back", REUSABLE_CELL("write-back"),
		POOL_CELL_DESC(REUSABLE_POOL, WRITE_BACK),
	}, {
		.name = "cma of a coherent pool uncached", COHERENT_CELL("uncached"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"uncached\" is refused for a pool with no-map; use \"write-combine\"",
	}, {
		.name = "cma of a coherent pool write-combine", COHERENT_CELL("write-combine"),
		POOL_CELL_DESC(COHERENT_POOL, WRITE_COMBINE),
	}, {
		.name = "cma of a coherent pool write-through", COHERENT_CELL("write-through"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-through\" is refused for a pool with no-map; use \"write-combine\"",
	}, {
		.name = "cma of a coherent pool write-back", COHERENT_CELL("write-back"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-back\" is refused for a pool with no-map; use \"write-combine\"",
	}, {
		.name = "cma of a DMA-coherent device uncached", SNOOPED_CELL("uncached"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"uncached\" is refused for a DMA-coherent device; use \"write-back\"",
	}, {
		.name = "cma of a DMA-coherent device write-combine", SNOOPED_CELL("write-combine"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-combine\" is refused for a DMA-coherent device; use \"write-back\"",
	}, {
		.name = "cma of a DMA-coherent device write-through", SNOOPED_CELL("write-through"),
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-through\" is refused for a DMA-coherent device; use \"write-back\"",
	}, {
		.name = "cma of a DMA-coherent device write-back", SNOOPED_CELL("write-back"),
		.backend = "cma",
		.desc = { .name = "sram-a0000000", AS(CMA, WRITE_BACK),
			  POOL_DESC(REUSABLE_POOL), .dma_coherent = true },
	}, {
		.name = "cma of a coherent pool, of a DMA-coherent device too",
		.node = { SRAM, TYPE("cma"), POLICY("write-combine"), .dma_coherent = true,
			  RESERVED(COHERENT) },
		.backend = "cma",
		.desc = { .name = "sram-a0000000", AS(CMA, WRITE_COMBINE),
			  POOL_DESC(COHERENT_POOL), .dma_coherent = true },
	}, {
		.name = "cma of a coherent pool write-back, of a DMA-coherent device",
		.node = { SRAM, TYPE("cma"), POLICY("write-back"), .dma_coherent = true,
			  RESERVED(COHERENT) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-back\" is refused for a pool with no-map; use \"write-combine\"",
	},

	/* Catches a default taken from the wrong row, or not marked as one. */
	{
		.name = "mmio is uncached by default",
		.node = { SRAM, TYPE("mmio"), IN_SRAM }, .backend = "ioremap",
		.desc = { SRAM_DESC, AS(MMIO, UNCACHED), .policy_is_default = true },
	}, {
		.name = "ram is write-combine by default",
		.node = { SRAM, TYPE("ram"), IN_SRAM }, .backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "rom is write-combine by default",
		.node = { SRAM, TYPE("rom"), IN_SRAM }, .backend = "memremap",
		.desc = { SRAM_DESC, AS(ROM, WRITE_COMBINE),
			  .policy_is_default = true, .read_only = true },
	}, {
		.name = "nvram is write-back by default",
		.node = { SRAM, TYPE("nvram"), IN_SRAM }, .backend = "memremap",
		.desc = { SRAM_DESC, AS(NVRAM, WRITE_BACK), .policy_is_default = true },
	}, {
		.name = "cma is write-back by default",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE) }, .backend = "cma",
		.desc = { .name = "sram-a0000000", AS(CMA, WRITE_BACK),
			  POOL_DESC(REUSABLE_POOL), .policy_is_default = true },
	}, {
		.name = "cma of a coherent pool: the default is named as such",
		.node = { SRAM, TYPE("cma"), RESERVED(COHERENT) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-back\" (the default) is refused for a pool with no-map; use \"write-combine\"",
	},

	/* Catches memory-type taken for granted, matched by its beginning, or cut short. */
	{
		.name = "memory-type missing",
		.node = { SRAM, IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: missing; say what the memory is: \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type unknown",
		.node = { SRAM, TYPE("flash"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"flash\" is not known; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type with more behind a known one",
		.node = { SRAM, TYPE("ramx"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"ramx\" is not known; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type in capitals",
		.node = { SRAM, TYPE("RAM"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"RAM\" is not known; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type the empty string",
		.node = { SRAM, TYPE(""), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"\" is not known; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type without a value",
		.node = { SRAM, .memory_type = { .present = true }, IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: 0 bytes that are not a string; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type a number",
		.node = { SRAM, .memory_type = ONE_CELL("\1"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: 4 bytes that are not a string; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type that no NUL ends",
		.node = { SRAM, .memory_type = BYTES("ram"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: 3 bytes that are not a string; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type with a control character",
		.node = { SRAM, TYPE("ram\n"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: 5 bytes that are not a string; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type with a byte above ASCII",
		.node = { SRAM, TYPE("ra\377m"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: 5 bytes that are not a string; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type with the last character of ASCII",
		.node = { SRAM, TYPE("ram~"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"ram~\" is not known; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type a list",
		.node = { SRAM, TYPE("ram\0rom"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"ram\", \"rom\" is a list; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "memory-type a list with an empty string",
		.node = { SRAM, TYPE("ram\0"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: 5 bytes that are not a string; use \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	},

	/* Catches a cache-policy that is not looked at as memory-type is. */
	{
		.name = "cache-policy unknown",
		.node = { SRAM, TYPE("ram"), POLICY("cached"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"cached\" is not known; use \"uncached\", \"write-combine\", \"write-through\" or \"write-back\"",
	}, {
		.name = "cache-policy a number",
		.node = { SRAM, TYPE("ram"), .cache_policy = ONE_CELL("\0"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: 4 bytes that are not a string; use \"uncached\", \"write-combine\", \"write-through\" or \"write-back\"",
	}, {
		.name = "cache-policy a list",
		.node = { SRAM, TYPE("ram"), POLICY("uncached\0write-back"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"uncached\", \"write-back\" is a list; use \"uncached\", \"write-combine\", \"write-through\" or \"write-back\"",
	},

	/* Catches a region with two places, or none, and a reg that is misread. */
	{
		.name = "reg and memory-region both",
		.node = { SRAM, TYPE("ram"), IN_SRAM, RESERVED() },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: set together with memory-region; keep one of them",
	}, {
		.name = "reg and memory-region neither",
		.node = { SRAM, TYPE("ram") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: missing, and memory-region too; give one of them",
	}, {
		.name = "reg of one cell each",
		.node = { SRAM, TYPE("ram"),
			  .reg = { CELLS(8, 1, 1), .base = 0x90000000, .size = 0x10000 } },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "reg with a chip select",
		.node = { SRAM, TYPE("ram"),
			  .reg = { CELLS(12, 2, 1), .base = 0x90000000, .size = 0x10000 } },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "reg of four address cells",
		.node = { SRAM, TYPE("ram"),
			  .reg = { CELLS(20, 4, 1), .base = 0x90000000, .size = 0x10000 } },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "reg too short for its cells",
		.node = { SRAM, TYPE("ram"), .reg = { CELLS(12, 2, 2) } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 12 bytes do not fit the parent's #address-cells 2 and #size-cells 2; give one address and one size",
	}, {
		.name = "reg without a value",
		.node = { SRAM, TYPE("ram"), .reg = { CELLS(0, 2, 2) } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 0 bytes do not fit the parent's #address-cells 2 and #size-cells 2; give one address and one size",
	}, {
		.name = "reg of a bus without sizes",
		.node = { SRAM, TYPE("ram"), .reg = { CELLS(4, 1, 0) } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 4 bytes do not fit the parent's #address-cells 1 and #size-cells 0; give one address and one size",
	}, {
		.name = "reg of a bus without addresses",
		.node = { SRAM, TYPE("ram"), .reg = { CELLS(4, 0, 1) } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 4 bytes do not fit the parent's #address-cells 0 and #size-cells 1; give one address and one size",
	}, {
		.name = "reg of three size cells",
		.node = { SRAM, TYPE("ram"), .reg = { CELLS(20, 2, 3) } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 20 bytes do not fit the parent's #address-cells 2 and #size-cells 3; give one address and one size",
	}, {
		.name = "reg of five address cells",
		.node = { SRAM, TYPE("ram"), .reg = { CELLS(24, 5, 1) } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 24 bytes do not fit the parent's #address-cells 5 and #size-cells 1; give one address and one size",
	}, {
		.name = "reg of two ranges",
		.node = { SRAM, TYPE("ram"),
			  .reg = { CELLS(32, 2, 2), .base = 0x90000000, .size = 0x10000 } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 2 ranges; a region has one, make a node for each",
	}, {
		.name = "reg that no bus translates",
		.node = { SRAM, TYPE("ram"),
			  .reg = { CELLS(12, 2, 1), .raw_base = 0x300001000ULL,
				   .untranslated = true, .base = ~0ULL, .size = 0x10000 } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 0x300001000 is in no ranges of the buses above; add it to theirs",
	},

	/* The ends of a range. Catches < for <=, and sums that wrap unnoticed. */
	{
		.name = "zero size",
		.node = { SRAM, TYPE("ram"), AT(0x90000000, 0) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: the size is 0; give the bytes of the memory",
	}, {
		.name = "zero size at address 0",
		.node = { SRAM, TYPE("ram"), AT(0, 0) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: the size is 0; give the bytes of the memory",
	}, {
		.name = "size that wraps by one byte",
		.node = { SRAM, TYPE("ram"), AT(0xffffffffffff0000ULL, 0x10001) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 0xffffffffffff0000 + 0x10001 wraps; make the size smaller",
	}, {
		.name = "size that wraps to itself",
		.node = { SRAM, TYPE("ram"), AT(2, ~0ULL) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg: 0x2 + 0xffffffffffffffff wraps; make the size smaller",
	}, {
		.name = "up to the last of 2^64 addresses",
		.node = { SRAM, TYPE("nvram"), AT(0xffffffffffff0000ULL, 0x10000) },
		.machine = &cached_machine, .backend = "memremap",
		.desc = { .name = "sram-ffffffffffff0000",
			  .base = 0xffffffffffff0000ULL, .size = 0x10000,
			  AS(NVRAM, WRITE_BACK), .policy_is_default = true },
	}, {
		.name = "the largest size, from address 1",
		.node = { SRAM, TYPE("nvram"), AT(1, ~0ULL) },
		.machine = &cached_machine, .backend = "memremap",
		.desc = { .name = "sram-1", .base = 1, .size = ~0ULL,
			  AS(NVRAM, WRITE_BACK), .policy_is_default = true },
	}, {
		.name = "one byte at address 0",
		.node = { SRAM, TYPE("ram"), AT(0, 1) }, .backend = "memremap",
		.desc = { .name = "sram-0", .size = 1,
			  AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "up to the machine's last address",
		.node = { SRAM, TYPE("nvram"), AT(0xffff0000, 0x10000) },
		.machine = &plain_machine, .backend = "memremap",
		.desc = { .name = "sram-ffff0000", .base = 0xffff0000, .size = 0x10000,
			  AS(NVRAM, WRITE_BACK), .policy_is_default = true },
	}, {
		.name = "one byte beyond the machine's last address",
		.node = { SRAM, TYPE("nvram"), AT(0xffff0000, 0x10001) },
		.machine = &plain_machine,
		.err = -ERANGE,
		.message =
			"/sram@90000000: reg: 0xffff0000-0x100000000 is beyond the last address of this machine (0xffffffff); move it",
	}, {
		.name = "wholly beyond the machine's last address",
		.node = { SRAM, TYPE("mmio"), AT(0x100000000ULL, 0x1000) },
		.machine = &plain_machine,
		.err = -ERANGE,
		.message =
			"/sram@90000000: reg: 0x100000000-0x100000fff is beyond the last address of this machine (0xffffffff); move it",
	}, {
		.name = "a pool beyond the machine's last address",
		.node = { SRAM, TYPE("cma"), .carve_out = {
			.present = true, .count = 1, .path = "/reserved-memory/pool",
			.base = 0x100000000ULL, .size = 0x1000, REUSABLE } },
		.machine = &plain_machine,
		.err = -ERANGE,
		.message =
			"/sram@90000000: memory-region: 0x100000000-0x100000fff is beyond the last address of this machine (0xffffffff); move it",
	},

	/* Catches memory that the kernel uses given away, and an exception too many. */
	{
		.name = "System RAM that is not reserved",
		.node = { SRAM, TYPE("ram"), IN_SRAM }, .ram = EXTMEM_ALL_RAM,
		.err = -EBUSY,
		.message =
			"/sram@90000000: reg: 0x90000000-0x9000ffff is System RAM; reserve it under /reserved-memory and use memory-region",
	}, {
		.name = "System RAM in part",
		.node = { SRAM, TYPE("nvram"), IN_SRAM }, .ram = EXTMEM_SOME_RAM,
		.err = -EBUSY,
		.message =
			"/sram@90000000: reg: 0x90000000-0x9000ffff is System RAM in part; reserve it under /reserved-memory and use memory-region",
	}, {
		.name = "mmio on System RAM",
		.node = { SRAM, TYPE("mmio"), IN_SRAM }, .ram = EXTMEM_ALL_RAM,
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"mmio\" is refused for System RAM at 0x90000000-0x9000ffff; use \"ram\"",
	}, {
		.name = "mmio on System RAM in part",
		.node = { SRAM, TYPE("mmio"), IN_SRAM }, .ram = EXTMEM_SOME_RAM,
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"mmio\" is refused for System RAM at 0x90000000-0x9000ffff; use \"ram\"",
	}, {
		.name = "mmio on a reservation",
		.node = { SRAM, TYPE("mmio"), RESERVED(.no_map = true) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"mmio\" is refused for the reservation at 0xa0000000-0xa00fffff; use \"ram\"",
	}, {
		.name = "a no-map reservation that the kernel maps all the same",
		.node = { SRAM, TYPE("ram"), RESERVED(.no_map = true) },
		.ram = EXTMEM_SOME_RAM,
		.err = -EBUSY,
		.message =
			"/sram@90000000: memory-region: 0xa0000000-0xa00fffff is System RAM though /reserved-memory/pool has no-map; see the boot log, and give it a range that is free",
	}, {
		.name = "a no-map reservation that is itself the region, and mapped",
		.node = { RESERVATION(.no_map = true), TYPE("ram") },
		.ram = EXTMEM_ALL_RAM,
		.err = -EBUSY,
		.message =
			"/reserved-memory/pool: reg: 0xa0000000-0xa00fffff is System RAM though /reserved-memory/pool has no-map; see the boot log, and give it a range that is free",
	},

	/* Catches a carve-out mapped in two ways at once, and the remedy left out. */
	{
		.name = "a carve-out with no-map may be write-combine",
		.node = { SRAM, TYPE("ram"), RESERVED(.no_map = true) },
		.backend = "memremap",
		.desc = { .name = "sram-a0000000", AS(RAM, WRITE_COMBINE),
			  POOL_DESC(NO_MAP), .policy_is_default = true },
	}, {
		.name = "a carve-out with no-map may be uncached",
		.node = { SRAM, TYPE("ram"), POLICY("uncached"), RESERVED(.no_map = true) },
		.backend = "ioremap",
		.desc = { .name = "sram-a0000000", AS(RAM, UNCACHED), POOL_DESC(NO_MAP) },
	}, {
		.name = "a mapped carve-out may be write-back",
		.node = { SRAM, TYPE("ram"), POLICY("write-back"), RESERVED() },
		.ram = EXTMEM_ALL_RAM, .backend = "memremap",
		.desc = { .name = "sram-a0000000", AS(RAM, WRITE_BACK),
			  POOL_DESC(CARVE_OUT) },
	}, {
		.name = "a mapped carve-out write-combine by default: no-map is the remedy",
		.node = { SRAM, TYPE("ram"), RESERVED() }, .ram = EXTMEM_ALL_RAM,
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-combine\" (the default) is refused for a carve-out that the kernel maps; add no-map to /reserved-memory/pool, or use \"write-back\"",
	}, {
		.name = "a mapped carve-out write-combine: no-map is the remedy",
		.node = { SRAM, TYPE("ram"), POLICY("write-combine"), RESERVED() },
		.ram = EXTMEM_ALL_RAM,
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-combine\" is refused for a carve-out that the kernel maps; add no-map to /reserved-memory/pool, or use \"write-back\"",
	}, {
		.name = "a mapped carve-out uncached: no-map is the remedy",
		.node = { RESERVATION(), TYPE("ram"), POLICY("uncached") },
		.ram = EXTMEM_ALL_RAM,
		.err = -EINVAL,
		.message =
			"/reserved-memory/pool: cache-policy: \"uncached\" is refused for a carve-out that the kernel maps; add no-map to /reserved-memory/pool, or use \"write-back\"",
	}, {
		.name = "a carve-out mapped in part has no one attribute",
		.node = { SRAM, TYPE("ram"), POLICY("write-back"), RESERVED() },
		.ram = EXTMEM_SOME_RAM,
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-region: 0xa0000000-0xa00fffff is System RAM in part; put /reserved-memory/pool into RAM as a whole, or outside",
	}, {
		/* Catches: the kernel's own memory, given to users, where -dtb reserves nothing. */
		.name = "a carve-out that the kernel did not reserve",
		.node = { SRAM, TYPE("ram"), POLICY("write-back"), RESERVED() },
		.ram = EXTMEM_USED_RAM,
		.err = -EBUSY,
		.message =
			"/sram@90000000: memory-region: 0xa0000000-0xa00fffff is RAM that the kernel uses, for it did not reserve /reserved-memory/pool; see the boot log, give it a range that is free, and on x86 add memmap=0x100000$0xa0000000",
	}, {
		/* Catches: the kernel's image as a region, for its pages are reserved, too. */
		.name = "a carve-out over the kernel's image",
		.node = { SRAM, TYPE("ram"), POLICY("write-back"), RESERVED() },
		.ram = EXTMEM_IMAGE_RAM,
		.err = -EBUSY,
		.message =
			"/sram@90000000: memory-region: 0xa0000000-0xa00fffff is in one piece with the kernel's own image; give /reserved-memory/pool a range that is free, with free RAM before and behind it, or add no-map to it",
	}, {
		.name = "a carve-out outside System RAM needs no no-map",
		.node = { SRAM, TYPE("ram"), RESERVED() }, .backend = "memremap",
		.desc = { .name = "sram-a0000000", AS(RAM, WRITE_COMBINE),
			  POOL_DESC(CARVE_OUT), .policy_is_default = true },
	}, {
		.name = "the reservation is itself the region",
		.node = { RESERVATION(.no_map = true), TYPE("ram"), LABEL("fb") },
		.backend = "memremap",
		.desc = { .name = "fb", AS(RAM, WRITE_COMBINE), POOL_DESC(NO_MAP),
			  .policy_is_default = true },
	}, {
		.name = "the reservation's own reg is no second place",
		.node = { RESERVATION(.no_map = true), TYPE("ram"), IN_SRAM },
		.backend = "memremap",
		.desc = { .name = "pool-a0000000", AS(RAM, WRITE_COMBINE),
			  POOL_DESC(NO_MAP), .policy_is_default = true },
	}, {
		.name = "memory-region on a reservation",
		.node = { RESERVATION(.present = true), TYPE("ram") },
		.err = -EINVAL,
		.message =
			"/reserved-memory/pool: memory-region: set on a reservation; remove it, the node is its own memory",
	},

	/* Catches a phandle that is followed without a look at where it leads. */
	{
		.name = "memory-region leads nowhere",
		.node = { SRAM, TYPE("ram"), RESERVED(.target = EXTMEM_TARGET_NONE) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-region: phandle 0x7 leads nowhere; point it to a child of /reserved-memory",
	}, {
		.name = "memory-region to what is not reserved",
		.node = { SRAM, TYPE("ram"), RESERVED(.target = EXTMEM_TARGET_ELSEWHERE) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-region: /reserved-memory/pool is not reserved; point it to a child of /reserved-memory",
	}, {
		.name = "memory-region to a disabled node",
		.node = { SRAM, TYPE("ram"), RESERVED(.target = EXTMEM_TARGET_DISABLED) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-region: /reserved-memory/pool is disabled; set its status to \"okay\"",
	}, {
		.name = "memory-region to what could not be reserved",
		.node = { SRAM, TYPE("ram"), RESERVED(.target = EXTMEM_TARGET_LOST) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-region: /reserved-memory/pool was not reserved at boot; see the boot log, and give it a range that is free",
	}, {
		.name = "memory-region with two phandles",
		.node = { SRAM, TYPE("ram"), .carve_out = {
			.present = true, .count = 2, .path = "/reserved-memory/pool",
			.base = 0xa0000000, .size = 0x100000 } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-region: 2 phandles; a region has one, make a node for each",
	},

	/* Catches pools served as memory, and memory served as a pool. */
	{
		.name = "a shared-dma-pool is cma without a memory-type",
		.node = { SRAM, RESERVED(REUSABLE) }, .backend = "cma",
		.desc = { .name = "sram-a0000000", AS(CMA, WRITE_BACK),
			  POOL_DESC(REUSABLE_POOL), .policy_is_default = true },
	}, {
		.name = "a carve-out is not cma without a memory-type",
		.node = { SRAM, RESERVED(.no_map = true) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: missing; say what the memory is: \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	}, {
		.name = "ram of a shared-dma-pool",
		.node = { SRAM, TYPE("ram"), RESERVED(REUSABLE) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"ram\" is refused for the shared-dma-pool /reserved-memory/pool; use \"cma\"",
	}, {
		.name = "mmio of a shared-dma-pool with no-map",
		.node = { SRAM, TYPE("mmio"), RESERVED(COHERENT) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"mmio\" is refused for the shared-dma-pool /reserved-memory/pool; use \"cma\"",
	}, {
		.name = "cma of a carve-out that is no pool",
		.node = { SRAM, TYPE("cma"), RESERVED(.no_map = true) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-region: /reserved-memory/pool is no shared-dma-pool; give it that compatible, or use another memory-type",
	}, {
		.name = "cma without a pool",
		.node = { SRAM, TYPE("cma"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"cma\" needs a pool; point memory-region to a shared-dma-pool",
	}, {
		.name = "cma directly on the pool",
		.node = { RESERVATION(REUSABLE), TYPE("cma") },
		.err = -EINVAL,
		.message =
			"/reserved-memory/pool: memory-type: \"cma\" is refused for the pool itself; make a node outside /reserved-memory, and point its memory-region here",
	},

	/* Catches a buffer-size that is believed. */
	{
		.name = "buffer-size of one cell",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = BYTES("\0\0\x40\0") },
		.backend = "cma",
		.desc = { .name = "sram-a0000000", AS(CMA, WRITE_BACK),
			  POOL_DESC(REUSABLE_POOL), .policy_is_default = true,
			  .buffer_size = 0x4000 },
	}, {
		.name = "buffer-size of two cells, the whole pool",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = BYTES("\0\0\0\0\0\x10\0\0") },
		.backend = "cma",
		.desc = { .name = "sram-a0000000", AS(CMA, WRITE_BACK),
			  POOL_DESC(REUSABLE_POOL), .policy_is_default = true,
			  .buffer_size = 0x100000 },
	}, {
		.name = "buffer-size one byte larger than the pool",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = BYTES("\0\x10\0\1") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: buffer-size: 0x100001 is larger than its pool /reserved-memory/pool (0x100000); make it smaller, or the pool larger",
	}, {
		.name = "buffer-size larger than the pool in its upper cell",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = BYTES("\0\0\0\1\0\0\0\0") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: buffer-size: 0x100000000 is larger than its pool /reserved-memory/pool (0x100000); make it smaller, or the pool larger",
	}, {
		.name = "buffer-size zero",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = ONE_CELL("\0") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: buffer-size: 0 bytes; give a size, or remove it to allocate on request",
	}, {
		.name = "buffer-size of three cells",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = BYTES("\0\0\0\0\0\0\0\0\0\0\0\1") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: buffer-size: 12 bytes are not a size; give one or two cells",
	}, {
		.name = "buffer-size without a value",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = { .present = true } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: buffer-size: 0 bytes are not a size; give one or two cells",
	}, {
		.name = "buffer-size on ram",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .buffer_size = ONE_CELL("\1") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: buffer-size: set on memory-type \"ram\"; remove it, only \"cma\" has a buffer",
	},

	/* Catches a pool that nobody could use, or that is a user's or a partition's, too. */
	{
		.name = "pool",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .pool = true },
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .pool = true },
		.backend = "memremap",
	}, {
		.name = "pool of a buffer",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = ONE_CELL("\x40"), .pool = true },
		.desc = { .name = "sram-a0000000", AS(CMA, WRITE_BACK), POOL_DESC(REUSABLE_POOL),
			  .policy_is_default = true, .buffer_size = 0x40, .pool = true },
		.backend = "cma",
	}, {
		.name = "a pool in it",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .has_children = true, .has_pool = true },
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .has_pool = true },
		.backend = "memremap",
	}, {
		.name = "pool of registers",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .pool = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: pool: set on memory-type \"mmio\"; remove it, drivers allocate from \"ram\" or \"nvram\", or from a buffer",
	}, {
		.name = "pool of a pool",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE), .pool = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: pool: set on memory-type \"cma\"; remove it, drivers allocate from \"ram\" or \"nvram\", or from a buffer",
	}, {
		.name = "pool of rom",
		.node = { SRAM, TYPE("rom"), IN_SRAM, .pool = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: pool: set on read-only memory; remove it, who allocates wants to write",
	}, {
		.name = "pool with partitions",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .pool = true, .has_children = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: pool: set together with partitions; set it on one of them",
	},

	/* Catches cells in what is no memory, or more than there can be. */
	{
		.name = "nvmem-layout",
		.node = { SRAM, TYPE("rom"), IN_SRAM, .has_layout = true },
		.desc = { SRAM_DESC, AS(ROM, WRITE_COMBINE), .policy_is_default = true,
			  .read_only = true, .nvmem = true },
		.backend = "memremap",
	}, {
		.name = "nvmem-layout of the largest",
		.node = { SRAM, TYPE("ram"), AT(0x90000000, 0x7fffffff), .has_layout = true },
		.desc = { .name = "sram-90000000", .base = 0x90000000, .size = 0x7fffffff,
			  AS(RAM, WRITE_COMBINE), .policy_is_default = true, .nvmem = true },
		.backend = "memremap",
	}, {
		.name = "nvmem-layout of 2 GiB",
		.node = { SRAM, TYPE("ram"), AT(0x90000000, 0x80000000), .has_layout = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: nvmem-layout: set on 0x80000000 bytes; remove it, or make them less than 0x80000000",
	}, {
		.name = "nvmem-layout of registers",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .has_layout = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: nvmem-layout: set on memory-type \"mmio\"; remove it, there are cells in \"ram\", \"rom\" or \"nvram\" only",
	}, {
		.name = "nvmem-layout of a buffer",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = ONE_CELL("\x40"), .has_layout = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: nvmem-layout: set on memory-type \"cma\"; remove it, there are cells in \"ram\", \"rom\" or \"nvram\" only",
	},

	/* Catches a name that escapes /dev/extmem, breaks sysfs or overflows. */
	{
		.name = "label with every kind of character",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("A09.az_-Z") },
		.backend = "memremap",
		.desc = { .name = "A09.az_-Z", .base = 0x90000000, .size = 0x10000,
			  AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "label of 63 characters",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL(A63) },
		.backend = "memremap",
		.desc = { .name = A63, .base = 0x90000000, .size = 0x10000,
			  AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "label of 64 characters",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL(A64) },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"aaaaaaaaaaaaaaaa...\" has 64 characters; use at most 63",
	}, {
		.name = "label empty",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"\" is empty; give a name or remove it",
	}, {
		.name = "label ..",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("..") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"..\" begins with '.'; begin with a letter or a digit",
	}, {
		.name = "label that begins with a hyphen",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("-rf") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"-rf\" begins with '-'; begin with a letter or a digit",
	}, {
		.name = "label that begins with an underscore",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("_a") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"_a\" begins with '_'; begin with a letter or a digit",
	}, {
		.name = "label that is a hidden file",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL(".a") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \".a\" begins with '.'; begin with a letter or a digit",
	}, {
		/* Catches: a device that is called like an option, for its node is. */
		.name = "no label, and a node that is called like an option",
		.node = { .path = "/-rf@90000000", .name = "-rf", .numa_node = -1,
			  TYPE("ram"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/-rf@90000000: label: missing, and the node's name \"-rf\" begins with no letter or digit, as a device's does; add a label",
	}, {
		.name = "no label, and a node that is called like a hidden file",
		.node = { .path = "/.ssh@90000000", .name = ".ssh", .numa_node = -1,
			  TYPE("ram"), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/.ssh@90000000: label: missing, and the node's name \".ssh\" begins with no letter or digit, as a device's does; add a label",
	}, {
		.name = "a node that is called like an option, and has a label",
		.node = { .path = "/-rf@90000000", .name = "-rf", .numa_node = -1,
			  TYPE("ram"), LABEL("rf"), IN_SRAM },
		.backend = "memremap",
		.desc = { .name = "rf", .base = 0x90000000, .size = 0x10000,
			  AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		/* Catches: a value that takes the place of the remedy. */
		.name = "a long value",
		.node = { SRAM, TYPE("ram"), POLICY(A200), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" is not known; use \"uncached\", \"write-combine\", \"write-through\" or \"write-back\"",
	}, {
		.name = "two long values",
		.node = { SRAM, TYPE("ram"), POLICY(A200 "\0" A200), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" is a list; use \"uncached\", \"write-combine\", \"write-through\" or \"write-back\"",
	}, {
		.name = "a long label",
		.node = { SRAM, TYPE("ram"), LABEL(A200), IN_SRAM },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"aaaaaaaaaaaaaaaa...\" has 200 characters; use at most 63",
	}, {
		/* Catches: a message about a pool that there is none of. */
		.name = "a large buffer without a pool",
		.node = { SRAM, TYPE("cma"), IN_SRAM, .buffer_size = BYTES("\0\1\0\1") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: memory-type: \"cma\" needs a pool; point memory-region to a shared-dma-pool",
	}, {
		.name = "label with a slash",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("a/b") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"a/b\" has a '/'; use letters, digits, '.', '_' and '-'",
	}, {
		.name = "label with an exclamation mark",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("a!b") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"a!b\" has a '!'; use letters, digits, '.', '_' and '-'",
	}, {
		.name = "label with a space",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("a b") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"a b\" has a ' '; use letters, digits, '.', '_' and '-'",
	}, {
		.name = "label with the characters just outside the ranges",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("a@") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"a@\" has a '@'; use letters, digits, '.', '_' and '-'",
	}, {
		.name = "label a number",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .label = ONE_CELL("\1") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: 4 bytes that are not a string; use one name",
	}, {
		.name = "label a list",
		.node = { SRAM, TYPE("ram"), IN_SRAM, LABEL("a\0b") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: label: \"a\", \"b\" is a list; use one name",
	}, {
		.name = "without a label, the node and the CPU address",
		.node = { .path = "/bus/block-ram@3,0", .name = "block-ram", .numa_node = -1,
			  TYPE("ram"), .reg = { CELLS(12, 2, 1), .raw_base = 0x300000000ULL,
						.base = 0x4012345678ULL, .size = 8 } },
		.backend = "memremap",
		.desc = { .name = "block-ram-4012345678", .base = 0x4012345678ULL, .size = 8,
			  AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "a node name's odd characters are no device name's",
		.node = { .path = "/a,b+c@0", .name = "a,b+c", .numa_node = -1,
			  TYPE("ram"), IN_SRAM },
		.backend = "memremap",
		.desc = { .name = "a-b-c-90000000", .base = 0x90000000, .size = 0x10000,
			  AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "a node name that is too long for a label is cut",
		.node = { .path = "/" A64 "@0", .name = A64, .numa_node = -1,
			  TYPE("ram"), IN_SRAM },
		.backend = "memremap",
		.desc = { .name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-90000000",
			  .base = 0x90000000, .size = 0x10000,
			  AS(RAM, WRITE_COMBINE), .policy_is_default = true },
	}, {
		.name = "a path that is longer than a message",
		.node = { .path = "/" A64 A64 A64 A64 A64 A64, .name = "a", IN_SRAM },
		.err = -EINVAL,
		.message =
			A64
			": memory-type: missing; say what the memory is: \"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\"",
	},

	/* Catches a width that is guessed. */
	{
		.name = "reg-io-width 1",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .reg_io_width = ONE_CELL("\1") },
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(MMIO, UNCACHED), .policy_is_default = true,
			  .io_width = 1 },
	}, {
		.name = "reg-io-width 2",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .reg_io_width = ONE_CELL("\2") },
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(MMIO, UNCACHED), .policy_is_default = true,
			  .io_width = 2 },
	}, {
		.name = "reg-io-width 4",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .reg_io_width = ONE_CELL("\4") },
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(MMIO, UNCACHED), .policy_is_default = true,
			  .io_width = 4 },
	}, {
		.name = "reg-io-width 8",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .reg_io_width = ONE_CELL("\10") },
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(MMIO, UNCACHED), .policy_is_default = true,
			  .io_width = 8 },
	}, {
		.name = "reg-io-width 0",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .reg_io_width = ONE_CELL("\0") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 0 is not a width; use 1, 2, 4 or 8",
	}, {
		.name = "reg-io-width 3",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .reg_io_width = ONE_CELL("\3") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 3 is not a width; use 1, 2, 4 or 8",
	}, {
		.name = "reg-io-width 16",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .reg_io_width = ONE_CELL("\20") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 16 is not a width; use 1, 2, 4 or 8",
	}, {
		.name = "reg-io-width 260 is not 4",
		.node = { SRAM, TYPE("mmio"), IN_SRAM,
			  .reg_io_width = BYTES("\0\0\1\4") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 260 is not a width; use 1, 2, 4 or 8",
	}, {
		.name = "reg-io-width of two cells",
		.node = { SRAM, TYPE("mmio"), IN_SRAM,
			  .reg_io_width = BYTES("\0\0\0\0\0\0\0\4") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 8 bytes are not one cell; use <1>, <2>, <4> or <8>",
	},

	/* Catches an access that becomes two, and one that leaves its region. */
	{
		.name = "reg-io-width 8 on a CPU of 32 bits",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .reg_io_width = ONE_CELL("\10") },
		.machine = &narrow_machine,
		.err = -EOPNOTSUPP,
		.message =
			"/sram@90000000: reg-io-width: 8 bytes at once are more than this CPU can access; use 4 if the memory takes that, too",
	}, {
		.name = "reg-io-width 8 of uncached memory on a CPU of 32 bits",
		.node = { SRAM, TYPE("nvram"), POLICY("uncached"), IN_SRAM,
			  .reg_io_width = ONE_CELL("\10") },
		.machine = &narrow_machine,
		.err = -EOPNOTSUPP,
		.message =
			"/sram@90000000: reg-io-width: 8 bytes at once are more than this CPU can access; use 4 if the memory takes that, too",
	}, {
		.name = "reg-io-width 8 of merged accesses is no matter of the CPU",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .reg_io_width = ONE_CELL("\10") },
		.machine = &narrow_machine, .backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .io_width = 8 },
	}, {
		.name = "reg-io-width 8 of cached memory is none either",
		.node = { SRAM, TYPE("nvram"), IN_SRAM, .reg_io_width = ONE_CELL("\10") },
		.machine = &narrow_machine, .backend = "memremap",
		.desc = { SRAM_DESC, AS(NVRAM, WRITE_BACK), .policy_is_default = true,
			  .io_width = 8 },
	}, {
		.name = "reg-io-width 4 on a CPU of 32 bits",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .reg_io_width = ONE_CELL("\4") },
		.machine = &narrow_machine, .backend = "ioremap",
		.desc = { SRAM_DESC, AS(MMIO, UNCACHED), .policy_is_default = true,
			  .io_width = 4 },
	}, {
		.name = "a register of reg-io-width",
		.node = { SRAM, TYPE("mmio"), AT(0x90000004, 4),
			  .reg_io_width = ONE_CELL("\4") },
		.backend = "ioremap",
		.desc = { .name = "sram-90000004", .base = 0x90000004, .size = 4,
			  AS(MMIO, UNCACHED), .policy_is_default = true, .io_width = 4 },
	}, {
		.name = "an address that is no multiple of reg-io-width",
		.node = { SRAM, TYPE("mmio"), AT(0x90000002, 0x1000),
			  .reg_io_width = ONE_CELL("\4") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 4 does not divide both the address 0x90000002 and the size 0x1000; use 2, or make both multiples of it",
	}, {
		.name = "a size that is no multiple of reg-io-width",
		.node = { SRAM, TYPE("mmio"), AT(0x90000000, 0x1001),
			  .reg_io_width = ONE_CELL("\2") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 2 does not divide both the address 0x90000000 and the size 0x1001; use 1, or make both multiples of it",
	}, {
		.name = "reg-io-width of which half fits",
		.node = { SRAM, TYPE("mmio"), AT(0x90000000, 0x1004),
			  .reg_io_width = ONE_CELL("\10") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 8 does not divide both the address 0x90000000 and the size 0x1004; use 4, or make both multiples of it",
	}, {
		.name = "reg-io-width that does not fit memory whose accesses are merged",
		.node = { SRAM, TYPE("ram"), AT(0x90000000, 0xfff),
			  .reg_io_width = ONE_CELL("\2") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 2 does not divide both the address 0x90000000 and the size 0xfff; use 1, or make both multiples of it",
	}, {
		.name = "reg-io-width that does not fit a carve-out",
		.node = { SRAM, TYPE("ram"), .reg_io_width = ONE_CELL("\4"),
			  .carve_out = { .present = true, .count = 1, .no_map = true,
					 .path = "/reserved-memory/pool",
					 .base = 0xa0000000, .size = 0xffff2 } },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 4 does not divide both the address 0xa0000000 and the size 0xffff2; use 2, or make both multiples of it",
	}, {
		.name = "reg-io-width that fits the pool but not its buffer",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE),
			  .buffer_size = BYTES("\0\0\x10\1"),
			  .reg_io_width = ONE_CELL("\4") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 4 does not divide both the address 0xa0000000 and the size 0x1001; use 1, or make both multiples of it",
	}, {
		.name = "without reg-io-width, any place will do",
		.node = { SRAM, TYPE("mmio"), AT(0x90000001, 0x3) },
		.machine = &narrow_machine, .backend = "ioremap",
		.desc = { .name = "sram-90000001", .base = 0x90000001, .size = 3,
			  AS(MMIO, UNCACHED), .policy_is_default = true },
	}, {
		.name = "a simulated board is not let off reg-io-width",
		.node = { SRAM, TYPE("mmio"), AT(0x90000000, 0x1001),
			  .reg_io_width = ONE_CELL("\10") },
		.machine = &sim_machine,
		.err = -EINVAL,
		.message =
			"/sram@90000000: reg-io-width: 8 does not divide both the address 0x90000000 and the size 0x1001; use 1, or make both multiples of it",
	},

	/* Catches a byte order that is guessed. */
	{
		.name = "little-endian said aloud",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .little_endian = true },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .byte_order = EXTMEM_LITTLE_ENDIAN },
	}, {
		.name = "big-endian",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .big_endian = true },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .byte_order = EXTMEM_BIG_ENDIAN },
	}, {
		.name = "native-endian",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .native_endian = true },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .byte_order = EXTMEM_NATIVE_ENDIAN },
	}, {
		.name = "big- and little-endian",
		.node = { SRAM, TYPE("ram"), IN_SRAM,
			  .big_endian = true, .little_endian = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: big-endian: set together with little-endian; keep one of them",
	}, {
		.name = "big- and native-endian",
		.node = { SRAM, TYPE("ram"), IN_SRAM,
			  .big_endian = true, .native_endian = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: big-endian: set together with native-endian; keep one of them",
	}, {
		.name = "little- and native-endian",
		.node = { SRAM, TYPE("ram"), IN_SRAM,
			  .little_endian = true, .native_endian = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: little-endian: set together with native-endian; keep one of them",
	},

	/* Catches a fact that is dropped on the way. */
	{
		.name = "read-only, NUMA node, DMA-coherent and non-posted",
		.node = { .path = "/regs@90000000", .name = "regs", TYPE("mmio"), IN_SRAM,
			  .read_only = true, .numa_node = 3, .dma_coherent = true,
			  .nonposted = true },
		.backend = "ioremap",
		.desc = { .name = "regs-90000000", .base = 0x90000000, .size = 0x10000,
			  .type = EXTMEM_MMIO, .policy = EXTMEM_UNCACHED,
			  .policy_is_default = true, .read_only = true, .numa_node = 3,
			  .dma_coherent = true, .nonposted = true },
	}, {
		.name = "a DMA engine",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .engine = true },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .engine = true },
	}, {
		.name = "a DMA engine for registers",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .engine = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000: dma-names: \"memcpy\" is refused for memory-type \"mmio\", of which each access counts; remove it and dmas",
	}, {
		.name = "a DMA engine for one width",
		.node = { SRAM, TYPE("ram"), POLICY("uncached"), IN_SRAM, .engine = true,
			  .reg_io_width = ONE_CELL("\4") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: dma-names: \"memcpy\" is refused with reg-io-width, for a DMA engine has a width of its own; remove one of them",
	}, {
		.name = "memory that has to be switched on",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .power = "clocks" },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .power = "clocks" },
	}, {
		.name = "a carve-out with no-map that has to be switched on",
		.node = { SRAM, TYPE("ram"), RESERVED(.no_map = true), .power = "vdd-supply" },
		.backend = "memremap",
		.desc = { .name = "sram-a0000000", AS(RAM, WRITE_COMBINE),
			  POOL_DESC(NO_MAP), .policy_is_default = true,
			  .power = "vdd-supply" },
	}, {
		.name = "a mapped carve-out that has to be switched on",
		.node = { SRAM, TYPE("ram"), POLICY("write-back"), RESERVED(),
			  .power = "vdd-supply" },
		.ram = EXTMEM_ALL_RAM,
		.err = -EINVAL,
		.message =
			"/sram@90000000: vdd-supply: refused for memory that the kernel maps, and can touch while it is off; add no-map to /reserved-memory/pool",
	}, {
		.name = "a pool that has to be switched on",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE), .power = "power-domains" },
		.err = -EINVAL,
		.message =
			"/sram@90000000: power-domains: refused for memory-type \"cma\", which is the kernel's own memory and never off; remove it",
	}, {
		.name = "a foreign node is write-combined ram",
		.node = { SRAM, .adopted = true, IN_SRAM }, .backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .adopted = true },
	}, {
		.name = "a foreign node that says more",
		.node = { SRAM, .adopted = true, TYPE("nvram"), POLICY("uncached"), IN_SRAM },
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(NVRAM, UNCACHED), .adopted = true },
	}, {
		.name = "a foreign node with a pool is cma",
		.node = { SRAM, .adopted = true, RESERVED(REUSABLE) }, .backend = "cma",
		.desc = { .name = "sram-a0000000", AS(CMA, WRITE_BACK),
			  POOL_DESC(REUSABLE_POOL), .policy_is_default = true,
			  .adopted = true },
	},

	/*
	 * Catches a root who has any device's memory by of_id, though the kernel is locked
	 * down, and a board that has nothing any more.
	 */
	{
		.name = "a foreign node of a locked-down kernel",
		.node = { SRAM, .adopted = true, IN_SRAM }, .machine = &locked_machine,
		.err = -EPERM,
		.message =
			"/sram@90000000: compatible: no \"extmem-region\", and a kernel that is locked down takes no node by of_id or driver_override; add it in the device tree",
	}, {
		.name = "a foreign node that says more, of a locked-down kernel",
		.node = { SRAM, .adopted = true, TYPE("mmio"), IN_SRAM },
		.machine = &locked_machine,
		.err = -EPERM,
		.message =
			"/sram@90000000: compatible: no \"extmem-region\", and a kernel that is locked down takes no node by of_id or driver_override; add it in the device tree",
	}, {
		.name = "a node of a locked-down kernel",
		.node = { SRAM, TYPE("mmio"), IN_SRAM }, .machine = &locked_machine,
		.backend = "ioremap",
		.desc = { SRAM_DESC, AS(MMIO, UNCACHED), .policy_is_default = true },
	},

	/* Catches a policy that is turned into another in silence. */
	{
		.name = "no write-through: the nearest is write-combine",
		.node = { SRAM, TYPE("ram"), POLICY("write-through"), IN_SRAM },
		.machine = &no_wt_machine,
		.err = -EOPNOTSUPP,
		.message =
			"/sram@90000000: cache-policy: \"write-through\" has no mapping on this machine; the nearest that it has is \"write-combine\"",
	}, {
		.name = "neither write-through nor write-combine: the nearest is uncached",
		.node = { SRAM, TYPE("ram"), POLICY("write-through"), IN_SRAM },
		.machine = &plain_machine,
		.err = -EOPNOTSUPP,
		.message =
			"/sram@90000000: cache-policy: \"write-through\" has no mapping on this machine; the nearest that it has is \"uncached\"",
	}, {
		.name = "no write-combine, by default",
		.node = { SRAM, TYPE("rom"), IN_SRAM }, .machine = &plain_machine,
		.err = -EOPNOTSUPP,
		.message =
			"/sram@90000000: cache-policy: \"write-combine\" (the default) has no mapping on this machine; the nearest that it has is \"uncached\"",
	}, {
		.name = "nothing that is weak enough",
		.node = { SRAM, TYPE("mmio"), IN_SRAM }, .machine = &cached_machine,
		.err = -EOPNOTSUPP,
		.message =
			"/sram@90000000: cache-policy: \"uncached\" (the default) has no mapping on this machine; the nearest that it has is \"none\"",
	}, {
		.name = "no non-posted mapping",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .nonposted = true },
		.machine = &plain_machine,
		.err = -EOPNOTSUPP,
		.message =
			"/sram@90000000: nonposted-mmio: this machine has no non-posted mapping; remove it, from the bus too",
	}, {
		.name = "non-posted says nothing of memory that is cached",
		.node = { SRAM, TYPE("nvram"), IN_SRAM, .nonposted = true },
		.machine = &plain_machine, .backend = "memremap",
		.desc = { SRAM_DESC, AS(NVRAM, WRITE_BACK), .policy_is_default = true,
			  .nonposted = true },
	}, {
		.name = "a pool's policies are the DMA API's, not the machine's",
		.node = { SRAM, TYPE("cma"), POLICY("write-combine"), RESERVED(REUSABLE) },
		.machine = &plain_machine,
		POOL_CELL_DESC(REUSABLE_POOL, WRITE_COMBINE),
	},

	/* Catches an interrupt that has no name, another's, or one that is no file's. */
	{
		.name = "interrupts without names",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 32 },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .irqs = 32 },
	}, {
		.name = "interrupts with names",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 3, .wakeup = true,
			  .interrupt_names = TEXT("a\0two\0" A31) },
		.backend = "memremap",
		.desc = { SRAM_DESC, AS(RAM, WRITE_COMBINE), .policy_is_default = true,
			  .irqs = 3, .irq_names = "a", .wakeup = true },
	}, {
		.name = "more interrupts than a region can have",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 33 },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupts: 33 interrupts; a region has at most 32, make a node for the others",
	}, {
		.name = "interrupts of no controller",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = -EINVAL },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupts: fits no controller; give the node an interrupt-parent, and mind its #interrupt-cells",
	}, {
		.name = "fewer names than interrupts",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 2,
			  .interrupt_names = TEXT("a") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupt-names: 1 names of 2 interrupts; give one for each, or remove it",
	}, {
		.name = "names without interrupts",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupt_names = TEXT("a\0b") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupt-names: 2 names of 0 interrupts; give one for each, or remove it",
	}, {
		.name = "names that are numbers",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 1,
			  .interrupt_names = ONE_CELL("\1") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupt-names: 4 bytes that are not a string; use a name for each interrupt",
	}, {
		.name = "an empty name of an interrupt's",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 1,
			  .interrupt_names = TEXT("") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupt-names: \"\" is no name; use letters, digits, '.', '_' and '-', the first a letter or a digit, at most 31",
	}, {
		.name = "a name of an interrupt's that is no file's",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 2,
			  .interrupt_names = TEXT("a\0b/c") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupt-names: \"b/c\" is no name; use letters, digits, '.', '_' and '-', the first a letter or a digit, at most 31",
	}, {
		.name = "a name of an interrupt's that is hidden",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 1,
			  .interrupt_names = TEXT(".a") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupt-names: \".a\" is no name; use letters, digits, '.', '_' and '-', the first a letter or a digit, at most 31",
	}, {
		.name = "a name of an interrupt's that is too long",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 1,
			  .interrupt_names = TEXT(A31 "b") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupt-names: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\" is no name; use letters, digits, '.', '_' and '-', the first a letter or a digit, at most 31",
	}, {
		.name = "two interrupts of one name",
		.node = { SRAM, TYPE("ram"), IN_SRAM, .interrupts = 3,
			  .interrupt_names = TEXT("a\0b\0a") },
		.err = -EINVAL,
		.message =
			"/sram@90000000: interrupt-names: \"a\" is the name of two; give each its own",
	},

	/* Catches a simulated board that reaches for hardware, or is let off the rules. */
	{
		.name = "sim serves registers",
		.node = { SRAM, TYPE("mmio"), IN_SRAM, .nonposted = true },
		.machine = &sim_machine, .backend = "sim",
		.desc = { SRAM_DESC, AS(MMIO, UNCACHED), .policy_is_default = true,
			  .nonposted = true },
	}, {
		.name = "sim serves write-through",
		.node = { SRAM, TYPE("ram"), POLICY("write-through"), IN_SRAM },
		.machine = &sim_machine, .backend = "sim",
		.desc = { SRAM_DESC, AS(RAM, WRITE_THROUGH) },
	}, {
		.name = "sim serves pools",
		.node = { SRAM, TYPE("cma"), RESERVED(REUSABLE) },
		.machine = &sim_machine, .backend = "sim",
		.desc = { .name = "sram-a0000000", AS(CMA, WRITE_BACK),
			  POOL_DESC(REUSABLE_POOL), .policy_is_default = true },
	}, {
		.name = "sim refuses what the type refuses",
		.node = { SRAM, TYPE("mmio"), POLICY("write-back"), IN_SRAM },
		.machine = &sim_machine,
		.err = -EINVAL,
		.message =
			"/sram@90000000: cache-policy: \"write-back\" is refused for memory-type \"mmio\"; use \"uncached\"",
	},
};

/**
 * struct partition_case - a child of a region's node, and what is to come of it
 * @name: what the rules have to do
 * @parent: the region
 * @node: the child
 * @err: the errno of a refusal
 * @message: of a refusal, whole; NULL when the child is sound
 * @desc: what a sound one is; its node is that of @node
 */
struct partition_case {
	const char *name;
	const struct extmem_desc *parent;
	struct extmem_node node;
	int err;
	const char *message;
	struct extmem_desc desc;
};

static const struct extmem_desc plain_parent = {
	.node = "/sram@90000000", .name = "sram",
	.base = 0x90000000, .size = 0x10000, AS(RAM, WRITE_COMBINE),
};

static const struct extmem_desc parent_of_pool = {
	.node = "/sram@90000000", .name = "sram",
	.base = 0x90000000, .size = 0x10000, AS(RAM, WRITE_COMBINE), .has_pool = true,
	.nvmem = true,
};

/* One with all that a partition takes from its region. */
static const struct extmem_desc rich_parent = {
	.node = "/rom@90000000", .name = "rom", .base = 0x90000000, .size = 0x10000,
	.type = EXTMEM_ROM, .policy = EXTMEM_WRITE_BACK, .policy_is_default = true,
	.reserved_by = "/reserved-memory/pool", .reservation = EXTMEM_NO_MAP,
	.byte_order = EXTMEM_BIG_ENDIAN, .io_width = 2, .numa_node = 1,
	.read_only = true, .nonposted = true, .dma_coherent = true,
	.irqs = 2, .irq_names = "a\0b", .wakeup = true,	/* which it does not take */
};

/* The pool is larger than the buffer. */
static const struct extmem_desc buffer_parent = {
	.node = "/buffer", .name = "buffer", AS(CMA, WRITE_BACK),
	POOL_DESC(REUSABLE_POOL), .buffer_size = 0x4000,
};

static const struct extmem_desc pool_parent = {
	.node = "/pool", .name = "pool", AS(CMA, WRITE_BACK), POOL_DESC(REUSABLE_POOL),
};

static const struct extmem_desc long_parent = {
	.node = "/long", .name = A63, .base = 0x90000000, .size = 0x10000,
	AS(RAM, WRITE_COMBINE),
};

#define WINDOW	.path = "/sram@90000000/log@100", .name = "log", .numa_node = -1
#define WINDOW_AT(base_, size_) \
	.reg = { CELLS(8, 1, 1), .base = (base_), .size = (size_) }

static const struct partition_case partition_cases[] = {
	/* Catches names and offsets that are not counted from the region. */
	{
		.name = "with a label", .parent = &plain_parent,
		.node = { WINDOW, LABEL("boot"), WINDOW_AT(0x100, 0x200) },
		.desc = { .name = "sram.boot", .base = 0x100, .size = 0x200,
			  AS(RAM, WRITE_COMBINE) },
	}, {
		.name = "without a label, the node and the offset", .parent = &plain_parent,
		.node = { WINDOW, WINDOW_AT(0x100, 0x200) },
		.desc = { .name = "sram.log-100", .base = 0x100, .size = 0x200,
			  AS(RAM, WRITE_COMBINE) },
	}, {
		.name = "both names as long as can be", .parent = &long_parent,
		.node = { WINDOW, LABEL(A63), WINDOW_AT(0, 1) },
		.desc = { .name = A63 "." A63, .size = 1, AS(RAM, WRITE_COMBINE) },
	}, {
		.name = "read-only is its own", .parent = &plain_parent,
		.node = { WINDOW, LABEL("p"), WINDOW_AT(0, 0x200), .read_only = true },
		.desc = { .name = "sram.p", .size = 0x200, AS(RAM, WRITE_COMBINE),
			  .read_only = true },
	}, {
		.name = "pool is its own", .parent = &plain_parent,
		.node = { WINDOW, LABEL("p"), WINDOW_AT(0, 0x200), .pool = true },
		.desc = { .name = "sram.p", .size = 0x200, AS(RAM, WRITE_COMBINE),
			  .pool = true },
	}, {
		.name = "the pool beside it, and the cells, are not", .parent = &parent_of_pool,
		.node = { WINDOW, LABEL("p"), WINDOW_AT(0, 0x200) },
		.desc = { .name = "sram.p", .size = 0x200, AS(RAM, WRITE_COMBINE) },
	}, {
		.name = "pool of read-only memory", .parent = &rich_parent,
		.node = { WINDOW, LABEL("p"), WINDOW_AT(0, 0x200), .pool = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: pool: set on read-only memory; remove it, who allocates wants to write",
	},

	/* Catches a partition that can do what its region cannot. */
	{
		.name = "the rest is its region's, read-only too", .parent = &rich_parent,
		.node = { WINDOW, LABEL("p"), WINDOW_AT(0x1000, 0x1000) },
		.desc = { .name = "rom.p", .base = 0x1000, .size = 0x1000,
			  .type = EXTMEM_ROM, .policy = EXTMEM_WRITE_BACK,
			  .policy_is_default = true,
			  .reserved_by = "/reserved-memory/pool",
			  .reservation = EXTMEM_NO_MAP,
			  .byte_order = EXTMEM_BIG_ENDIAN, .io_width = 2,
			  .numa_node = 1, .read_only = true, .nonposted = true,
			  .dma_coherent = true },
	},

	/* Catches a unit of which a part is a neighbour's. */
	{
		.name = "offset that is no multiple of the region's reg-io-width",
		.parent = &rich_parent,
		.node = { WINDOW, WINDOW_AT(0x101, 0x100) },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: reg: offset 0x101 size 0x100 are not both multiples of 2, the reg-io-width of /rom@90000000; move or resize it",
	}, {
		.name = "size that is no multiple of the region's reg-io-width",
		.parent = &rich_parent,
		.node = { WINDOW, WINDOW_AT(0x100, 1) },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: reg: offset 0x100 size 0x1 are not both multiples of 2, the reg-io-width of /rom@90000000; move or resize it",
	}, {
		.name = "outside is told before reg-io-width", .parent = &rich_parent,
		.node = { WINDOW, WINDOW_AT(0xffff, 2) },
		.err = -ERANGE,
		.message =
			"/sram@90000000/log@100: reg: offset 0xffff size 0x2 lies outside the region (0x10000); make it fit",
	}, {
		.name = "one unit of the region's", .parent = &rich_parent,
		.node = { WINDOW, LABEL("p"), WINDOW_AT(0xfffe, 2) },
		.desc = { .name = "rom.p", .base = 0xfffe, .size = 2,
			  .type = EXTMEM_ROM, .policy = EXTMEM_WRITE_BACK,
			  .policy_is_default = true,
			  .reserved_by = "/reserved-memory/pool",
			  .reservation = EXTMEM_NO_MAP,
			  .byte_order = EXTMEM_BIG_ENDIAN, .io_width = 2,
			  .numa_node = 1, .read_only = true, .nonposted = true,
			  .dma_coherent = true },
	},

	/* The ends of the region. Catches a byte of somebody else's. */
	{
		.name = "the whole region", .parent = &plain_parent,
		.node = { WINDOW, LABEL("p"), WINDOW_AT(0, 0x10000) },
		.desc = { .name = "sram.p", .size = 0x10000, AS(RAM, WRITE_COMBINE) },
	}, {
		.name = "the last byte", .parent = &plain_parent,
		.node = { WINDOW, LABEL("p"), WINDOW_AT(0xffff, 1) },
		.desc = { .name = "sram.p", .base = 0xffff, .size = 1,
			  AS(RAM, WRITE_COMBINE) },
	}, {
		.name = "one byte too long", .parent = &plain_parent,
		.node = { WINDOW, WINDOW_AT(0, 0x10001) },
		.err = -ERANGE,
		.message =
			"/sram@90000000/log@100: reg: offset 0x0 size 0x10001 lies outside the region (0x10000); make it fit",
	}, {
		.name = "one byte over the end", .parent = &plain_parent,
		.node = { WINDOW, WINDOW_AT(0xffff, 2) },
		.err = -ERANGE,
		.message =
			"/sram@90000000/log@100: reg: offset 0xffff size 0x2 lies outside the region (0x10000); make it fit",
	}, {
		.name = "just behind the end", .parent = &plain_parent,
		.node = { WINDOW, WINDOW_AT(0x10000, 1) },
		.err = -ERANGE,
		.message =
			"/sram@90000000/log@100: reg: offset 0x10000 size 0x1 lies outside the region (0x10000); make it fit",
	}, {
		.name = "a CPU address for an offset", .parent = &plain_parent,
		.node = { WINDOW, WINDOW_AT(0x90000100, 0x100) },
		.err = -ERANGE,
		.message =
			"/sram@90000000/log@100: reg: offset 0x90000100 size 0x100 lies outside the region (0x10000); make it fit",
	}, {
		.name = "offset and size whose sum wraps into the region",
		.parent = &plain_parent,
		.node = { WINDOW, .reg = { CELLS(16, 2, 2), .base = 0x100, .size = ~0ULL } },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: reg: 0x100 + 0xffffffffffffffff wraps; make the size smaller",
	}, {
		.name = "zero-sized", .parent = &plain_parent,
		.node = { WINDOW, WINDOW_AT(0x100, 0) },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: reg: the size is 0; give the bytes of the memory",
	}, {
		.name = "cells that do not fit", .parent = &plain_parent,
		.node = { WINDOW, .reg = { CELLS(4, 1, 1) } },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: reg: 4 bytes do not fit the parent's #address-cells 1 and #size-cells 1; give one address and one size",
	}, {
		.name = "two ranges", .parent = &plain_parent,
		.node = { WINDOW, .reg = { CELLS(16, 1, 1), .size = 1 } },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: reg: 2 ranges; a region has one, make a node for each",
	},

	/* Catches partitions of what has no bytes, or not those. */
	{
		.name = "nested", .parent = &plain_parent,
		.node = { WINDOW, WINDOW_AT(0, 0x200), .has_children = true },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: reg: a partition with partitions; make them children of /sram@90000000",
	}, {
		.name = "of a pool", .parent = &pool_parent,
		.node = { WINDOW, WINDOW_AT(0, 0x200) },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: reg: a partition of a pool; give /pool a buffer-size",
	}, {
		.name = "of a buffer", .parent = &buffer_parent,
		.node = { WINDOW, LABEL("p"), WINDOW_AT(0x3fff, 1) },
		.desc = { .name = "buffer.p", .base = 0x3fff, .size = 1,
			  AS(CMA, WRITE_BACK), .reserved_by = "/reserved-memory/pool",
			  .reservation = EXTMEM_REUSABLE_POOL, .buffer_size = 0x4000 },
	}, {
		.name = "in the pool but outside the buffer", .parent = &buffer_parent,
		.node = { WINDOW, WINDOW_AT(0x3fff, 2) },
		.err = -ERANGE,
		.message =
			"/sram@90000000/log@100: reg: offset 0x3fff size 0x2 lies outside the region (0x4000); make it fit",
	},

	/* Catches a partition's label that is not looked at as a region's is. */
	{
		.name = "label ..", .parent = &plain_parent,
		.node = { WINDOW, LABEL(".."), WINDOW_AT(0, 1) },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: label: \"..\" begins with '.'; begin with a letter or a digit",
	}, {
		.name = "label of 64 characters", .parent = &plain_parent,
		.node = { WINDOW, LABEL(A64), WINDOW_AT(0, 1) },
		.err = -EINVAL,
		.message =
			"/sram@90000000/log@100: label: \"aaaaaaaaaaaaaaaa...\" has 64 characters; use at most 63",
	},
};

/**
 * struct pair_case - a region or partition, one that is there, and the verdict
 * @name: what the rules have to do
 * @judge: who decides; it knows the machine's page size, or needs none
 * @desc: the new one
 * @other: the one that is there
 * @err: the errno of a refusal
 * @message: of a refusal, whole; NULL when both can be there
 */
struct pair_case {
	const char *name;
	int (*judge)(const struct pair_case *c, struct extmem_verdict *verdict);
	struct extmem_desc desc;
	struct extmem_desc other;
	int err;
	const char *message;
};

static inline int judge_neighbours(const struct pair_case *c,
				   struct extmem_verdict *verdict)
{
	return extmem_rules_neighbours(&c->desc, &c->other, &any_machine, verdict);
}

/* 64 KiB pages share what 4 KiB pages do not. */
static inline int judge_neighbours_64k(const struct pair_case *c,
				       struct extmem_verdict *verdict)
{
	struct extmem_machine machine = any_machine;

	machine.page_size = 65536;
	return extmem_rules_neighbours(&c->desc, &c->other, &machine, verdict);
}

static inline int judge_siblings(const struct pair_case *c,
				 struct extmem_verdict *verdict)
{
	return extmem_rules_siblings(&c->desc, &c->other, verdict);
}

static inline int judge_same_name(const struct pair_case *c,
				  struct extmem_verdict *verdict)
{
	return extmem_rules_same_name(&c->desc, &c->other, verdict);
}

/* The new one, the one that is there, and that with a pool. */
#define NEW(policy_, base_, size_) \
	.desc = { .node = "/new", .name = "new", AS(RAM, policy_), \
		  .base = (base_), .size = (size_) }
#define OLD(policy_, base_, size_) \
	.other = { .node = "/old", .name = "old", AS(RAM, policy_), \
		   .base = (base_), .size = (size_) }
#define NEW_CMA(policy_) \
	.desc = { .node = "/new", .name = "new", AS(CMA, policy_), POOL_DESC(REUSABLE_POOL) }
#define OLD_CMA(policy_) \
	.other = { .node = "/old", .name = "old", AS(CMA, policy_), POOL_DESC(REUSABLE_POOL) }

static const struct pair_case pair_cases[] = {
	/* Two ranges in all positions. Catches < for <=, and one direction forgotten. */
	{
		.name = "the same range", .judge = judge_neighbours,
		NEW(UNCACHED, 0x90000000, 0x1000), OLD(UNCACHED, 0x90000000, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: reg: 0x90000000-0x90000fff overlaps /old (0x90000000-0x90000fff); move one of them",
	}, {
		.name = "by one byte, the new one above", .judge = judge_neighbours,
		NEW(UNCACHED, 0x90000fff, 0x1000), OLD(UNCACHED, 0x90000000, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: reg: 0x90000fff-0x90001ffe overlaps /old (0x90000000-0x90000fff); move one of them",
	}, {
		.name = "by one byte, the new one below", .judge = judge_neighbours,
		NEW(UNCACHED, 0x8ffff001, 0x1000), OLD(UNCACHED, 0x90000000, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: reg: 0x8ffff001-0x90000000 overlaps /old (0x90000000-0x90000fff); move one of them",
	}, {
		.name = "the new one inside", .judge = judge_neighbours,
		NEW(UNCACHED, 0x90000400, 4), OLD(UNCACHED, 0x90000000, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: reg: 0x90000400-0x90000403 overlaps /old (0x90000000-0x90000fff); move one of them",
	}, {
		.name = "the new one around", .judge = judge_neighbours,
		NEW(UNCACHED, 0x80000000, 0x20000000), OLD(UNCACHED, 0x90000000, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: reg: 0x80000000-0x9fffffff overlaps /old (0x90000000-0x90000fff); move one of them",
	}, {
		.name = "an overlap is told before a policy that differs",
		.judge = judge_neighbours,
		NEW(WRITE_BACK, 0x90000000, 0x1000), OLD(UNCACHED, 0x90000000, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: reg: 0x90000000-0x90000fff overlaps /old (0x90000000-0x90000fff); move one of them",
	}, {
		.name = "at the end of all addresses", .judge = judge_neighbours,
		NEW(UNCACHED, ~0ULL, 1), OLD(UNCACHED, 0xfffffffffffff000ULL, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: reg: 0xffffffffffffffff-0xffffffffffffffff overlaps /old (0xfffffffffffff000-0xffffffffffffffff); move one of them",
	}, {
		.name = "of two nodes with one carve-out", .judge = judge_neighbours,
		.desc = { .node = "/new", .name = "new", AS(RAM, WRITE_COMBINE),
			  POOL_DESC(NO_MAP) },
		.other = { .node = "/old", .name = "old", AS(RAM, WRITE_COMBINE),
			   POOL_DESC(NO_MAP) },
		.err = -EBUSY,
		.message =
			"/new: memory-region: 0xa0000000-0xa00fffff overlaps /old (0xa0000000-0xa00fffff); move one of them",
	}, {
		.name = "of memory and a pool", .judge = judge_neighbours,
		NEW(WRITE_BACK, 0xa0000000, 0x1000), OLD_CMA(WRITE_BACK),
		.err = -EBUSY,
		.message =
			"/new: reg: 0xa0000000-0xa0000fff overlaps /old (0xa0000000-0xa00fffff); move one of them",
	}, {
		.name = "of a pool and memory", .judge = judge_neighbours,
		NEW_CMA(WRITE_BACK), OLD(WRITE_BACK, 0xa0000000, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: memory-region: 0xa0000000-0xa00fffff overlaps /old (0xa0000000-0xa0000fff); move one of them",
	}, {
		.name = "two buffers of one pool", .judge = judge_neighbours,
		NEW_CMA(WRITE_BACK), OLD_CMA(UNCACHED),
	},

	/* Catches two attributes for one page, and good neighbours refused. */
	{
		.name = "adjacent, in pages of their own, policies differ",
		.judge = judge_neighbours,
		NEW(UNCACHED, 0x90001000, 0x1000), OLD(WRITE_BACK, 0x90000000, 0x1000),
	}, {
		.name = "adjacent from below, in pages of their own, policies differ",
		.judge = judge_neighbours,
		NEW(UNCACHED, 0x8ffff000, 0x1000), OLD(WRITE_BACK, 0x90000000, 0x1000),
	}, {
		.name = "adjacent in one page, one policy", .judge = judge_neighbours,
		NEW(UNCACHED, 0x90000800, 0x800), OLD(UNCACHED, 0x90000000, 0x800),
	}, {
		.name = "one page, policies differ", .judge = judge_neighbours,
		NEW(UNCACHED, 0x90000800, 0x800), OLD(WRITE_BACK, 0x90000000, 0x800),
		.err = -EBUSY,
		.message =
			"/new: cache-policy: \"uncached\" differs from \"write-back\" of /old, which shares a page with it; use one policy for both, or move one",
	}, {
		.name = "one page, policies differ, the new one below",
		.judge = judge_neighbours,
		NEW(WRITE_COMBINE, 0x90000000, 0x10), OLD(UNCACHED, 0x90000ff0, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: cache-policy: \"write-combine\" differs from \"uncached\" of /old, which shares a page with it; use one policy for both, or move one",
	}, {
		.name = "the last page of many is shared", .judge = judge_neighbours,
		NEW(UNCACHED, 0x90003801, 1), OLD(WRITE_BACK, 0x90000000, 0x3801),
		.err = -EBUSY,
		.message =
			"/new: cache-policy: \"uncached\" differs from \"write-back\" of /old, which shares a page with it; use one policy for both, or move one",
	}, {
		.name = "pages of 64 KiB share more", .judge = judge_neighbours_64k,
		NEW(UNCACHED, 0x90001000, 0x1000), OLD(WRITE_BACK, 0x90000000, 0x1000),
		.err = -EBUSY,
		.message =
			"/new: cache-policy: \"uncached\" differs from \"write-back\" of /old, which shares a page with it; use one policy for both, or move one",
	}, {
		.name = "pages of 64 KiB, side by side", .judge = judge_neighbours_64k,
		NEW(UNCACHED, 0x90010000, 0x1000), OLD(WRITE_BACK, 0x90000000, 0x10000),
	},

	/* Catches partitions that share a byte, and policies asked of them. */
	{
		.name = "siblings side by side", .judge = judge_siblings,
		NEW(UNCACHED, 0x100, 0x100), OLD(UNCACHED, 0, 0x100),
	}, {
		.name = "siblings side by side, the new one below", .judge = judge_siblings,
		NEW(UNCACHED, 0, 0x100), OLD(UNCACHED, 0x100, 0x100),
	}, {
		.name = "siblings that overlap by one byte", .judge = judge_siblings,
		NEW(UNCACHED, 0xff, 0x100), OLD(UNCACHED, 0, 0x100),
		.err = -EBUSY,
		.message =
			"/new: reg: offset 0xff size 0x100 overlaps /old (offset 0x0 size 0x100); move one of them",
	}, {
		.name = "siblings that overlap by one byte, the new one below",
		.judge = judge_siblings,
		NEW(UNCACHED, 0, 0x101), OLD(UNCACHED, 0x100, 0x100),
		.err = -EBUSY,
		.message =
			"/new: reg: offset 0x0 size 0x101 overlaps /old (offset 0x100 size 0x100); move one of them",
	}, {
		.name = "a sibling around", .judge = judge_siblings,
		NEW(UNCACHED, 0, 0x1000), OLD(UNCACHED, 0x100, 0x100),
		.err = -EBUSY,
		.message =
			"/new: reg: offset 0x0 size 0x1000 overlaps /old (offset 0x100 size 0x100); move one of them",
	},

	/* Catches the two nodes mixed up. */
	{
		.name = "one name for two", .judge = judge_same_name,
		NEW(UNCACHED, 0, 0x100), OLD(UNCACHED, 0x1000, 0x100),
		.err = -EEXIST,
		.message =
			"/new: label: \"new\" is the name of /old already; give one of them another label",
	},
};

static inline bool same_string(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* The first field in which two descriptions differ, but for the node; "" for none. */
static inline const char *desc_difference(const struct extmem_desc *a,
					  const struct extmem_desc *b)
{
	if (!same_string(a->reserved_by, b->reserved_by))
		return "reserved_by";
	if (strcmp(a->name, b->name))
		return "name";
	if (a->base != b->base)
		return "base";
	if (a->size != b->size)
		return "size";
	if (a->buffer_size != b->buffer_size)
		return "buffer_size";
	if (a->type != b->type)
		return "type";
	if (a->policy != b->policy)
		return "policy";
	if (a->policy_is_default != b->policy_is_default)
		return "policy_is_default";
	if (a->reservation != b->reservation)
		return "reservation";
	if (a->byte_order != b->byte_order)
		return "byte_order";
	if (a->io_width != b->io_width)
		return "io_width";
	if (a->numa_node != b->numa_node)
		return "numa_node";
	if (a->read_only != b->read_only)
		return "read_only";
	if (a->nonposted != b->nonposted)
		return "nonposted";
	if (a->dma_coherent != b->dma_coherent)
		return "dma_coherent";
	if (a->has_pool != b->has_pool)
		return "has_pool";
	if (a->nvmem != b->nvmem)
		return "nvmem";
	if (a->engine != b->engine)
		return "engine";
	if (!same_string(a->power, b->power))
		return "power";
	if (a->pool != b->pool)
		return "pool";
	if (a->irqs != b->irqs)
		return "irqs";
	if (!same_string(a->irq_names, b->irq_names))
		return "irq_names";
	if (a->wakeup != b->wakeup)
		return "wakeup";
	if (a->adopted != b->adopted)
		return "adopted";
	return "";
}

/**
 * struct pages_case - a region, where it is, and which pages its mappings can have
 * @name: what is special about it
 * @desc: the region
 * @place: what the kernel has there
 * @pages: those
 * @message: why there are none
 */
struct pages_case {
	const char *name;
	struct extmem_desc desc;
	struct extmem_place place;
	enum extmem_pages pages;
	const char *message;
};

/* A window, and a reservation. */
#define AT_WINDOW(policy_, base_, size_) \
	.desc = { .node = "/window@100000000", AS(RAM, policy_), \
		  .base = (base_), .size = (size_) }
#define CARVED(policy_, kind) \
	.desc = { .node = "/log", AS(RAM, policy_), POOL_DESC(kind) }
/* What the kernel has there. */
#define PLACE(...)	.place = { .page_size = 4096, .block = 0x200000, __VA_ARGS__ }
#define NONE	.pages = EXTMEM_NO_PAGES, .message

static const struct pages_case pages_cases[] = {
	/* Catches: a carve-out whose own pages are not used. */
	{ "carve-out", CARVED(WRITE_BACK, CARVE_OUT),
	  PLACE(.ram = EXTMEM_ALL_RAM, .has_memmap = true, .can_make = true),
	  .pages = EXTMEM_OWN_PAGES },
	{ "carve-out, and nothing can be made", CARVED(WRITE_BACK, CARVE_OUT),
	  PLACE(.ram = EXTMEM_ALL_RAM, .has_memmap = true),
	  .pages = EXTMEM_OWN_PAGES },
	/* Catches: one outside RAM that is taken for RAM. */
	{ "carve-out outside RAM", CARVED(WRITE_BACK, CARVE_OUT), PLACE(.can_make = true),
	  NONE =
		"/log: memory-region: no direct I/O: the 0x100000 bytes are not whole blocks of pages; begin and end at multiples of 0x200000"
	},
	{ "window", AT_WINDOW(WRITE_BACK, 0x100000000, 0x4000000), PLACE(.can_make = true),
	  .pages = EXTMEM_MADE_PAGES },
	{ "no-map outside RAM",
	  .desc = { .node = "/log", AS(RAM, WRITE_BACK), .reserved_by = "/reserved-memory/log",
		    .reservation = EXTMEM_NO_MAP, .base = 0xa0000000, .size = 0x200000 },
	  PLACE(.can_make = true), .pages = EXTMEM_MADE_PAGES },
	{ "rom",
	  .desc = { .node = "/rom", AS(ROM, WRITE_BACK), .read_only = true,
		    .base = 0xa0000000, .size = 0x200000 },
	  PLACE(.can_make = true), .pages = EXTMEM_MADE_PAGES },

	/* Catches: a page that is held while its memory is off. */
	{ "memory that has to be switched on",
	  .desc = { .node = "/sram", AS(RAM, WRITE_BACK), .power = "clocks",
		    .base = 0xa0000000, .size = 0x200000 },
	  PLACE(.can_make = true),
	  NONE =
		"/sram: clocks: no direct I/O: who holds pages of memory does not keep it on; use read() and write()"
	},

	/* Catches: a refusal that blames something else, or has no remedy. */
	{ "registers",
	  .desc = { .node = "/regs", AS(MMIO, UNCACHED), .base = 0xa0000000, .size = 4096 },
	  PLACE(.can_make = true),
	  NONE =
		"/regs: memory-type: no direct I/O: \"mmio\" is registers; use read() and write()"
	},
	{ "buffer",
	  .desc = { .node = "/video", AS(CMA, WRITE_BACK), POOL_DESC(REUSABLE_POOL) },
	  PLACE(.ram = EXTMEM_ALL_RAM, .has_memmap = true),
	  NONE =
		"/video: memory-type: no direct I/O: \"cma\" memory must not be held for long; use \"ram\" in a reservation without reusable"
	},
	{ "write-combine", AT_WINDOW(WRITE_COMBINE, 0x100000000, 0x4000000),
	  PLACE(.can_make = true),
	  NONE =
		"/window@100000000: cache-policy: no direct I/O: \"write-combine\" memory has no pages; use \"write-back\" if the hardware takes that"
	},
	{ "by default",
	  .desc = { .node = "/sram", AS(RAM, WRITE_COMBINE), .policy_is_default = true,
		    .base = 0xa0000000, .size = 0x200000 },
	  PLACE(.can_make = true),
	  NONE =
		"/sram: cache-policy: no direct I/O: \"write-combine\" (the default) memory has no pages; use \"write-back\" if the hardware takes that"
	},
	{ "not whole pages", AT_WINDOW(WRITE_BACK, 0x100000000, 0x4000100),
	  PLACE(.can_make = true),
	  NONE =
		"/window@100000000: reg: no direct I/O: the 0x4000100 bytes are not whole pages; begin and end at multiples of 0x1000"
	},
	{ "not whole blocks", AT_WINDOW(WRITE_BACK, 0x100001000, 0x4000000),
	  PLACE(.can_make = true),
	  NONE =
		"/window@100000000: reg: no direct I/O: the 0x4000000 bytes are not whole blocks of pages; begin and end at multiples of 0x200000"
	},
	{ "no-map", CARVED(WRITE_BACK, NO_MAP), PLACE(.has_memmap = true, .can_make = true),
	  NONE =
		"/log: memory-region: no direct I/O: the kernel does not map these 0x100000 bytes; drop no-map of /reserved-memory/pool"
	},
	{ "memory that nobody maps", AT_WINDOW(WRITE_BACK, 0x100000000, 0x4000000),
	  PLACE(.has_memmap = true, .can_make = true),
	  NONE =
		"/window@100000000: reg: no direct I/O: the kernel has these 0x4000000 bytes as memory that it does not map; use a reservation without no-map"
	},
	{ "a kernel that makes none", AT_WINDOW(WRITE_BACK, 0x100000000, 0x4000000), PLACE(),
	  NONE =
		"/window@100000000: reg: no direct I/O: this kernel makes no pages for these 0x4000000 bytes; use one with CONFIG_ZONE_DEVICE, or a reservation in its RAM without no-map"
	},
};

/**
 * struct outcome - what the rules made of a case
 * @ret: what they returned; 0 when nothing was wrong
 * @verdict: their verdict
 * @desc: their description
 * @backend: who serves it; NULL for nobody, or of a partition or a pair
 */
struct outcome {
	int ret;
	struct extmem_verdict verdict;
	struct extmem_desc desc;
	const char *backend;
};

static inline void judge_region(const struct region_case *c, struct outcome *got)
{
	const struct extmem_machine *machine = c->machine ?: &any_machine;

	memset(got, 0, sizeof(*got));
	got->ret = extmem_parse_region(&c->node, &got->desc, &got->verdict);
	if (!got->ret)
		got->ret = extmem_rules_judge(&got->desc, machine, c->ram,
					      &got->verdict);
	if (!got->ret)
		got->backend = extmem_rules_backend(&got->desc, machine);
}

/* Deeper than any tree is. */
#define DEEP	"/soc@0/bus@10000000/bridge@20000000/bus@30000000/bridge@40000000/bus@50000000" \
		"/bridge@60000000/bus@70000000/bridge@80000000/bus@90000000/bridge@a0000000" \
		"/bus@b0000000/bridge@c0000000/bus@d0000000/bridge@e0000000/bus@f0000000"

static inline const char *deep_path(const char *path, char *buf, size_t size)
{
	if (!path)
		return NULL;
	scnprintf(buf, size, "%s%s", DEEP, path);
	return buf;
}

/* Whether a message ends as another one does, which is of a tree that is less deep. */
static inline bool has_same_end(const char *message, const char *other)
{
	size_t length = strlen(message), other_length = strlen(other), i;

	for (i = 1; i <= 12 && i <= other_length; i++)
		if (i > length || message[length - i] != other[other_length - i])
			return false;
	return true;
}

/* As judge_region(), deep in a tree, and with a reservation that is, too. */
static inline void judge_deep_region(const struct region_case *c, struct outcome *got)
{
	static char path[512], reservation[512];
	static struct region_case deep;

	deep = *c;
	deep.node.path = deep_path(c->node.path, path, sizeof(path));
	deep.node.carve_out.path = deep_path(c->node.carve_out.path, reservation,
					     sizeof(reservation));
	judge_region(&deep, got);
}

static inline void judge_partition(const struct partition_case *c, struct outcome *got)
{
	memset(got, 0, sizeof(*got));
	got->ret = extmem_parse_partition(&c->node, c->parent,
					  c->parent->buffer_size ?: c->parent->size,
					  &got->desc, &got->verdict);
}

/* As judge_partition(), deep in a tree. */
static inline void judge_deep_partition(const struct partition_case *c, struct outcome *got)
{
	static char path[512], root[512];
	static struct partition_case deep;
	static struct extmem_desc parent;

	parent = *c->parent;
	parent.node = deep_path(c->parent->node, root, sizeof(root));
	deep = *c;
	deep.node.path = deep_path(c->node.path, path, sizeof(path));
	deep.parent = &parent;
	judge_partition(&deep, got);
}

static inline void judge_pair(const struct pair_case *c, struct outcome *got)
{
	memset(got, 0, sizeof(*got));
	got->ret = c->judge(c, &got->verdict);
}

/* As judge_pair(), both deep in a tree. */
static inline void judge_deep_pair(const struct pair_case *c, struct outcome *got)
{
	static char path[512], other[512];
	static struct pair_case deep;

	deep = *c;
	deep.desc.node = deep_path(c->desc.node, path, sizeof(path));
	deep.other.node = deep_path(c->other.node, other, sizeof(other));
	judge_pair(&deep, got);
}

static inline enum extmem_pages judge_pages(const struct pages_case *c, struct outcome *got)
{
	memset(got, 0, sizeof(*got));
	return extmem_rules_pages(&c->desc, &c->place, &got->verdict);
}

/* As judge_pages(), deep in a tree, and with a reservation that is, too. */
static inline void judge_deep_pages(const struct pages_case *c, struct outcome *got)
{
	static char path[512], reservation[512];
	static struct pages_case deep;

	deep = *c;
	deep.desc.node = deep_path(c->desc.node, path, sizeof(path));
	deep.desc.reserved_by = deep_path(c->desc.reserved_by, reservation,
					  sizeof(reservation));
	judge_pages(&deep, got);
}

#endif /* _EXTMEM_RULES_CASES_H */
