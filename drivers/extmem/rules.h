/* SPDX-License-Identifier: GPL-2.0 */
/*
 * parse.c and rules.c: from what a DT node says to a verdict, as pure functions
 * of plain data. No kernel object, no allocation, no I/O.
 */
#ifndef _EXTMEM_RULES_H
#define _EXTMEM_RULES_H

#include <linux/extmem-desc.h>
#include <linux/types.h>

/**
 * struct extmem_verdict - what comes of a description
 * @err: 0, or the negative errno of a refusal
 * @message: of a refusal: the node, the property, the value and the remedy
 */
struct extmem_verdict {
	int err;
	char message[384];
};

/**
 * struct extmem_prop - the bytes of a property
 * @present: the node has it
 * @value: its bytes
 * @len: their number
 */
struct extmem_prop {
	bool present;
	const void *value;
	int len;
};

/**
 * struct extmem_reg - a node's reg
 * @present: the node has it
 * @len: its length in bytes
 * @addr_cells: of the parent
 * @size_cells: of the parent
 * @raw_base: the address before its translation
 * @untranslated: a bus on the way up has no range for it
 * @base: CPU address; of a partition, its offset
 * @size: bytes
 */
struct extmem_reg {
	bool present;
	int len;
	int addr_cells;
	int size_cells;
	u64 raw_base;
	bool untranslated;
	u64 base;
	u64 size;
};

/**
 * enum extmem_target - where a memory-region leads
 * @EXTMEM_TARGET_RESERVED: to a reservation
 * @EXTMEM_TARGET_NONE: nowhere
 * @EXTMEM_TARGET_ELSEWHERE: to a node that is no child of /reserved-memory
 * @EXTMEM_TARGET_DISABLED: to a disabled one
 * @EXTMEM_TARGET_LOST: to one that could not be reserved at boot
 */
enum extmem_target {
	EXTMEM_TARGET_RESERVED,
	EXTMEM_TARGET_NONE,
	EXTMEM_TARGET_ELSEWHERE,
	EXTMEM_TARGET_DISABLED,
	EXTMEM_TARGET_LOST,
};

/**
 * struct extmem_carve_out - the reservation that a node is, or names
 * @present: the node has a memory-region
 * @is_self: the node is itself a child of /reserved-memory
 * @count: how many phandles the memory-region has
 * @phandle: the first
 * @target: where it leads
 * @path: full path of the reservation
 * @base: CPU address
 * @size: bytes
 * @no_map: it has no-map
 * @reusable: it has reusable
 * @shared_dma_pool: it is compatible to "shared-dma-pool"
 */
struct extmem_carve_out {
	bool present;
	bool is_self;
	int count;
	u32 phandle;
	enum extmem_target target;
	const char *path;
	u64 base;
	u64 size;
	bool no_map;
	bool reusable;
	bool shared_dma_pool;
};

/**
 * struct extmem_node - what a DT node says, not yet judged
 * @path: full path
 * @name: node name without its unit address
 * @alias: what /aliases calls it, or NULL
 * @adopted: a foreign node, taken by extmem.of_id or driver_override
 * @memory_type: as it stands
 * @cache_policy: as it stands
 * @label: as it stands
 * @buffer_size: as it stands
 * @reg_io_width: as it stands
 * @reg: where the memory is, and
 * @carve_out: where else it may be
 * @read_only: flag
 * @big_endian: flag
 * @little_endian: flag
 * @native_endian: flag
 * @nonposted: flag, inherited from the bus
 * @dma_coherent: flag, inherited from the bus
 * @engine: "memcpy" is among its dma-names
 * @power: which property says that it does not answer by itself, or NULL
 * @pool: flag
 * @has_children: a child of it has a reg
 * @interrupts: how many it has, or -EINVAL if they fit no controller
 * @interrupt_names: as they stand
 * @wakeup: flag
 * @has_pool: a child of it that has a reg is a pool
 * @has_layout: a child of it is a nvmem-layout
 * @numa_node: -1 for none
 */
struct extmem_node {
	const char *path;
	const char *name;
	const char *alias;
	bool adopted;
	struct extmem_prop memory_type;
	struct extmem_prop cache_policy;
	struct extmem_prop label;
	struct extmem_prop buffer_size;
	struct extmem_prop reg_io_width;
	struct extmem_reg reg;
	struct extmem_carve_out carve_out;
	bool read_only;
	bool big_endian;
	bool little_endian;
	bool native_endian;
	bool nonposted;
	bool dma_coherent;
	bool engine;
	const char *power;
	bool pool;
	bool has_children;
	int interrupts;
	struct extmem_prop interrupt_names;
	bool wakeup;
	bool has_pool;
	bool has_layout;
	int numa_node;
};

/**
 * struct extmem_machine - what this machine can do
 * @policies: BIT(policy) of each policy that it has a mapping for
 * @nonposted: it has a mapping with non-posted writes
 * @simulated: nothing is real: the sim backend serves every region
 * @locked_down: root may not get at memory that is not his
 * @io_width: bytes of the widest access that it makes at once
 * @page_size: of the CPU
 * @last_address: the highest that the CPU can put out
 */
struct extmem_machine {
	unsigned int policies;
	bool nonposted;
	bool simulated;
	bool locked_down;
	u8 io_width;
	u64 page_size;
	u64 last_address;
};

/**
 * enum extmem_overlap - how much of a range is System RAM
 * @EXTMEM_NO_RAM: nothing
 * @EXTMEM_ALL_RAM: all
 * @EXTMEM_SOME_RAM: a part
 * @EXTMEM_USED_RAM: all, and the kernel gives of it to whoever asks
 * @EXTMEM_IMAGE_RAM: all, and it may be of the kernel's own image
 */
enum extmem_overlap {
	EXTMEM_NO_RAM,
	EXTMEM_ALL_RAM,
	EXTMEM_SOME_RAM,
	EXTMEM_USED_RAM,
	EXTMEM_IMAGE_RAM,
};

/**
 * enum extmem_pages - which struct pages a region's memory has
 * @EXTMEM_NO_PAGES: none that anybody but the CPU could be given
 * @EXTMEM_OWN_PAGES: such as System RAM has
 * @EXTMEM_MADE_PAGES: such as are made for it
 */
enum extmem_pages {
	EXTMEM_NO_PAGES,
	EXTMEM_OWN_PAGES,
	EXTMEM_MADE_PAGES,
};

/**
 * struct extmem_place - what the kernel has where a region is
 * @page_size: of the CPU
 * @block: pages are made for as many bytes, or a multiple
 * @ram: how much of it is System RAM
 * @has_memmap: a part of it has struct pages
 * @can_make: this kernel can make such as it lacks
 */
struct extmem_place {
	u64 page_size;
	u64 block;
	enum extmem_overlap ram;
	bool has_memmap;
	bool can_make;
};

const char *extmem_type_name(enum extmem_type type);
const char *extmem_policy_name(enum extmem_policy policy);

/* parse.c: from the node to a description */
bool extmem_is_name(const char *name);
int extmem_parse_region(const struct extmem_node *node, struct extmem_desc *desc,
			struct extmem_verdict *verdict);
int extmem_parse_partition(const struct extmem_node *node,
			   const struct extmem_desc *parent, u64 parent_size,
			   struct extmem_desc *desc,
			   struct extmem_verdict *verdict);

/* rules.c: from the description to a verdict */
int extmem_rules_judge(const struct extmem_desc *desc,
		       const struct extmem_machine *machine,
		       enum extmem_overlap ram, struct extmem_verdict *verdict);
int extmem_rules_neighbours(const struct extmem_desc *desc,
			    const struct extmem_desc *other,
			    const struct extmem_machine *machine,
			    struct extmem_verdict *verdict);
int extmem_rules_siblings(const struct extmem_desc *desc,
			  const struct extmem_desc *other,
			  struct extmem_verdict *verdict);
int extmem_rules_same_name(const struct extmem_desc *desc,
			   const struct extmem_desc *other,
			   struct extmem_verdict *verdict);
enum extmem_pages extmem_rules_pages(const struct extmem_desc *desc,
				     const struct extmem_place *place,
				     struct extmem_verdict *verdict);
const char *extmem_rules_backend(const struct extmem_desc *desc,
				 const struct extmem_machine *machine);

const char *extmem_short_path(const char *path);
int extmem_refuse(struct extmem_verdict *verdict, int err, const char *node,
		  const char *prop, const char *fmt, ...) __printf(5, 6);

#endif /* _EXTMEM_RULES_H */
