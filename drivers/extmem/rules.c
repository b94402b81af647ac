// SPDX-License-Identifier: GPL-2.0
/*
 * What goes together, and who serves it: DESIGN's table. Pure: compiled in user
 * space, too.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "rules.h"

static u64 last_of(const struct extmem_desc *desc)
{
	return desc->base + desc->size - 1;
}

static const char *place_prop(const struct extmem_desc *desc)
{
	return desc->reserved_by && strcmp(desc->reserved_by, desc->node) ?
	       "memory-region" : "reg";
}

static bool is_pool(const struct extmem_desc *desc)
{
	return desc->reservation == EXTMEM_REUSABLE_POOL ||
	       desc->reservation == EXTMEM_COHERENT_POOL;
}

static const char *given_or_default(const struct extmem_desc *desc)
{
	return desc->policy_is_default ? " (the default)" : "";
}

static int refuse_policy(const struct extmem_desc *desc, const char *what,
			 const char *remedy, struct extmem_verdict *v)
{
	return extmem_refuse(v, -EINVAL, desc->node, "cache-policy",
			     "\"%s\"%s is refused for %s; use %s",
			     extmem_policy_name(desc->policy),
			     given_or_default(desc), what, remedy);
}

static int judge_pool(const struct extmem_desc *desc, struct extmem_verdict *v)
{
	if (!desc->reserved_by)
		return extmem_refuse(v, -EINVAL, desc->node, "memory-type",
				     "\"cma\" needs a pool; point memory-region to a shared-dma-pool");
	if (!strcmp(desc->reserved_by, desc->node))
		return extmem_refuse(v, -EINVAL, desc->node, "memory-type",
				     "\"cma\" is refused for the pool itself; make a node outside /reserved-memory, and point its memory-region here");
	if (!is_pool(desc))
		return extmem_refuse(v, -EINVAL, desc->node, "memory-region",
				     "%s is no shared-dma-pool; give it that compatible, or use another memory-type",
				     extmem_short_path(desc->reserved_by));
	if (desc->reservation == EXTMEM_COHERENT_POOL)
		return desc->policy == EXTMEM_WRITE_COMBINE ? 0 :
		       refuse_policy(desc, "a pool with no-map",
				     "\"write-combine\"", v);
	if (desc->dma_coherent)
		return desc->policy == EXTMEM_WRITE_BACK ? 0 :
		       refuse_policy(desc, "a DMA-coherent device",
				     "\"write-back\"", v);
	return desc->policy != EXTMEM_WRITE_THROUGH ? 0 :
	       refuse_policy(desc, "a pool",
			     "\"uncached\", \"write-combine\" or \"write-back\"", v);
}

static int judge_ram(const struct extmem_desc *desc, enum extmem_overlap ram,
		     struct extmem_verdict *v)
{
	unsigned long long base = desc->base, last = last_of(desc);

	if (desc->type == EXTMEM_MMIO &&
	    (ram != EXTMEM_NO_RAM || desc->reservation != EXTMEM_NOT_RESERVED))
		return extmem_refuse(v, -EINVAL, desc->node, "memory-type",
				     "\"mmio\" is refused for %s at 0x%llx-0x%llx; use \"ram\"",
				     ram == EXTMEM_NO_RAM ? "the reservation" : "System RAM",
				     base, last);
	if (desc->reservation == EXTMEM_NOT_RESERVED && ram != EXTMEM_NO_RAM)
		return extmem_refuse(v, -EBUSY, desc->node, "reg",
				     "0x%llx-0x%llx is System RAM%s; reserve it under /reserved-memory and use memory-region",
				     base, last,
				     ram == EXTMEM_SOME_RAM ? " in part" : "");
	if (desc->reservation == EXTMEM_CARVE_OUT && ram == EXTMEM_SOME_RAM)
		return extmem_refuse(v, -EINVAL, desc->node, place_prop(desc),
				     "0x%llx-0x%llx is System RAM in part; put %s into RAM as a whole, or outside",
				     base, last, extmem_short_path(desc->reserved_by));
	if (desc->reservation == EXTMEM_CARVE_OUT && ram == EXTMEM_USED_RAM)
		return extmem_refuse(v, -EBUSY, desc->node, place_prop(desc),
				     "0x%llx-0x%llx is RAM that the kernel uses, for it did not reserve %s; see the boot log, give it a range that is free, and on x86 add memmap=0x%llx$0x%llx",
				     base, last, extmem_short_path(desc->reserved_by),
				     (unsigned long long)desc->size, base);
	if (desc->reservation == EXTMEM_CARVE_OUT && ram == EXTMEM_IMAGE_RAM)
		return extmem_refuse(v, -EBUSY, desc->node, place_prop(desc),
				     "0x%llx-0x%llx is in one piece with the kernel's own image; give %s a range that is free, with free RAM before and behind it, or add no-map to it",
				     base, last, extmem_short_path(desc->reserved_by));
	if (desc->reservation == EXTMEM_NO_MAP && ram != EXTMEM_NO_RAM)
		return extmem_refuse(v, -EBUSY, desc->node, place_prop(desc),
				     "0x%llx-0x%llx is System RAM though %s has no-map; see the boot log, and give it a range that is free",
				     base, last, extmem_short_path(desc->reserved_by));
	return 0;
}

/* The strongest policy that the machine has and that is weaker than the one asked for. */
static const char *nearest_policy(const struct extmem_desc *desc,
				  const struct extmem_machine *machine)
{
	int policy;

	for (policy = desc->policy; policy >= EXTMEM_UNCACHED; policy--)
		if (machine->policies & BIT(policy))
			return extmem_policy_name(policy);
	return "none";
}

static int judge_mapping(const struct extmem_desc *desc,
			 const struct extmem_machine *machine,
			 enum extmem_overlap ram, struct extmem_verdict *v)
{
	if (desc->reservation == EXTMEM_CARVE_OUT && ram != EXTMEM_NO_RAM) {
		if (desc->policy == EXTMEM_WRITE_BACK)
			return 0;
		return extmem_refuse(v, -EINVAL, desc->node, "cache-policy",
				     "\"%s\"%s is refused for a carve-out that the kernel maps; add no-map to %s, or use \"write-back\"",
				     extmem_policy_name(desc->policy),
				     given_or_default(desc), extmem_short_path(desc->reserved_by));
	}
	if (!(machine->policies & BIT(desc->policy)))
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, "cache-policy",
				     "\"%s\"%s has no mapping on this machine; the nearest that it has is \"%s\"",
				     extmem_policy_name(desc->policy),
				     given_or_default(desc),
				     nearest_policy(desc, machine));
	if (desc->nonposted && desc->policy == EXTMEM_UNCACHED && !machine->nonposted)
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, "nonposted-mmio",
				     "this machine has no non-posted mapping; remove it, from the bus too");
	return 0;
}

static int judge_memory(const struct extmem_desc *desc,
			const struct extmem_machine *machine,
			enum extmem_overlap ram, struct extmem_verdict *v)
{
	int ret;

	if (desc->type == EXTMEM_CMA)
		return judge_pool(desc, v);
	if (is_pool(desc))
		return extmem_refuse(v, -EINVAL, desc->node, "memory-type",
				     "\"%s\" is refused for the shared-dma-pool %s; use \"cma\"",
				     extmem_type_name(desc->type),
				     extmem_short_path(desc->reserved_by));
	if (desc->type == EXTMEM_MMIO && desc->policy != EXTMEM_UNCACHED)
		return refuse_policy(desc, "memory-type \"mmio\"", "\"uncached\"", v);
	ret = judge_ram(desc, ram, v);
	if (ret)
		return ret;
	return judge_mapping(desc, machine, ram, v);
}

/*
 * With other policies than uncached the width is between the memory and its bus, which
 * makes such accesses of whatever the CPU merges or caches.
 */
static int judge_width(const struct extmem_desc *desc,
		       const struct extmem_machine *machine,
		       struct extmem_verdict *v)
{
	unsigned long long base = desc->base, size = desc->buffer_size ?: desc->size;
	unsigned long long fits = (base | size) & -(base | size);

	if (desc->policy == EXTMEM_UNCACHED && desc->io_width > machine->io_width)
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, "reg-io-width",
				     "%u bytes at once are more than this CPU can access; use %u if the memory takes that, too",
				     desc->io_width, machine->io_width);
	if (desc->io_width > fits)
		return extmem_refuse(v, -EINVAL, desc->node, "reg-io-width",
				     "%u does not divide both the address 0x%llx and the size 0x%llx; use %llu, or make both multiples of it",
				     desc->io_width, base, size, fits);
	return 0;
}

static int judge_engine(const struct extmem_desc *desc, struct extmem_verdict *v)
{
	if (!desc->engine)
		return 0;
	if (desc->type == EXTMEM_MMIO)
		return extmem_refuse(v, -EINVAL, desc->node, "dma-names",
				     "\"memcpy\" is refused for memory-type \"mmio\", of which each access counts; remove it and dmas");
	if (desc->io_width && desc->policy == EXTMEM_UNCACHED)
		return extmem_refuse(v, -EINVAL, desc->node, "dma-names",
				     "\"memcpy\" is refused with reg-io-width, for a DMA engine has a width of its own; remove one of them");
	return 0;
}

/* What the kernel maps for itself, it also touches when it likes. */
static int judge_power(const struct extmem_desc *desc, enum extmem_overlap ram,
		       struct extmem_verdict *v)
{
	if (!desc->power)
		return 0;
	if (desc->type == EXTMEM_CMA)
		return extmem_refuse(v, -EINVAL, desc->node, desc->power,
				     "refused for memory-type \"cma\", which is the kernel's own memory and never off; remove it");
	if (desc->reservation == EXTMEM_CARVE_OUT && ram != EXTMEM_NO_RAM)
		return extmem_refuse(v, -EINVAL, desc->node, desc->power,
				     "refused for memory that the kernel maps, and can touch while it is off; add no-map to %s",
				     extmem_short_path(desc->reserved_by));
	return 0;
}

/* The device tree is to be trusted, and root is not: what of_id says is his word. */
static int judge_adoption(const struct extmem_desc *desc,
			  const struct extmem_machine *machine, struct extmem_verdict *v)
{
	if (!desc->adopted || !machine->locked_down)
		return 0;
	return extmem_refuse(v, -EPERM, desc->node, "compatible",
			     "no \"extmem-region\", and a kernel that is locked down takes no node by of_id or driver_override; add it in the device tree");
}

/**
 * extmem_rules_judge() - is the description sound on this machine?
 * @desc: the description
 * @machine: what it can do
 * @ram: how much of the range is System RAM
 * @verdict: filled when the answer is no
 *
 * Return: 0 or a negative errno.
 */
int extmem_rules_judge(const struct extmem_desc *desc,
		       const struct extmem_machine *machine,
		       enum extmem_overlap ram, struct extmem_verdict *verdict)
{
	int ret;

	if (last_of(desc) > machine->last_address)
		return extmem_refuse(verdict, -ERANGE, desc->node, place_prop(desc),
				     "0x%llx-0x%llx is beyond the last address of this machine (0x%llx); move it",
				     (unsigned long long)desc->base,
				     (unsigned long long)last_of(desc),
				     (unsigned long long)machine->last_address);
	ret = judge_adoption(desc, machine, verdict);
	if (ret)
		return ret;
	ret = judge_memory(desc, machine, ram, verdict);
	if (ret)
		return ret;
	ret = judge_engine(desc, verdict);
	if (ret)
		return ret;
	ret = judge_power(desc, ram, verdict);
	if (ret)
		return ret;
	return judge_width(desc, machine, verdict);
}

/**
 * extmem_rules_neighbours() - can two regions be there at once?
 * @desc: the new one
 * @other: the one that is there
 * @machine: for its page size
 * @verdict: filled when the answer is no
 *
 * Return: 0 or a negative errno.
 */
int extmem_rules_neighbours(const struct extmem_desc *desc,
			    const struct extmem_desc *other,
			    const struct extmem_machine *machine,
			    struct extmem_verdict *verdict)
{
	u64 page_mask = ~(machine->page_size - 1);

	if (desc->type == EXTMEM_CMA && other->type == EXTMEM_CMA)
		return 0;
	if (desc->base <= last_of(other) && other->base <= last_of(desc))
		return extmem_refuse(verdict, -EBUSY, desc->node, place_prop(desc),
				     "0x%llx-0x%llx overlaps %s (0x%llx-0x%llx); move one of them",
				     (unsigned long long)desc->base,
				     (unsigned long long)last_of(desc),
				     extmem_short_path(other->node),
				     (unsigned long long)other->base,
				     (unsigned long long)last_of(other));
	if (desc->policy == other->policy ||
	    (desc->base & page_mask) > (last_of(other) & page_mask) ||
	    (other->base & page_mask) > (last_of(desc) & page_mask))
		return 0;
	return extmem_refuse(verdict, -EBUSY, desc->node, "cache-policy",
			     "\"%s\" differs from \"%s\" of %s, which shares a page with it; use one policy for both, or move one",
			     extmem_policy_name(desc->policy),
			     extmem_policy_name(other->policy), extmem_short_path(other->node));
}

/**
 * extmem_rules_siblings() - can two partitions of a region be there at once?
 * @desc: the new one; its base is an offset
 * @other: the one that is there
 * @verdict: filled when the answer is no
 *
 * Return: 0 or a negative errno.
 */
int extmem_rules_siblings(const struct extmem_desc *desc,
			  const struct extmem_desc *other,
			  struct extmem_verdict *verdict)
{
	if (desc->base > last_of(other) || other->base > last_of(desc))
		return 0;
	return extmem_refuse(verdict, -EBUSY, desc->node, "reg",
			     "offset 0x%llx size 0x%llx overlaps %s (offset 0x%llx size 0x%llx); move one of them",
			     (unsigned long long)desc->base,
			     (unsigned long long)desc->size, extmem_short_path(other->node),
			     (unsigned long long)other->base,
			     (unsigned long long)other->size);
}

/**
 * extmem_rules_same_name() - refuse a name that is taken
 * @desc: the new one
 * @other: the one that has the name
 * @verdict: filled
 *
 * Return: -EEXIST.
 */
int extmem_rules_same_name(const struct extmem_desc *desc,
			   const struct extmem_desc *other,
			   struct extmem_verdict *verdict)
{
	return extmem_refuse(verdict, -EEXIST, desc->node, "label",
			     "\"%s\" is the name of %s already; give one of them another label",
			     desc->name, extmem_short_path(other->node));
}

/*
 * Whatever the DT can be blamed for. It is said when a user opens the region, so no address
 * is told.
 */
static int judge_direct_io(const struct extmem_desc *desc,
			   const struct extmem_place *place, struct extmem_verdict *v)
{
	u64 ends = desc->base | desc->size;

	if (desc->type == EXTMEM_MMIO)
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, "memory-type",
				     "no direct I/O: \"mmio\" is registers; use read() and write()");
	if (desc->type == EXTMEM_CMA)
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, "memory-type",
				     "no direct I/O: \"cma\" memory must not be held for long; use \"ram\" in a reservation without reusable");
	if (desc->policy != EXTMEM_WRITE_BACK)
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, "cache-policy",
				     "no direct I/O: \"%s\"%s memory has no pages; use \"write-back\" if the hardware takes that",
				     extmem_policy_name(desc->policy), given_or_default(desc));
	if (desc->power)
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, desc->power,
				     "no direct I/O: who holds pages of memory does not keep it on; use read() and write()");
	if (ends & (place->page_size - 1))
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, place_prop(desc),
				     "no direct I/O: the 0x%llx bytes are not whole pages; begin and end at multiples of 0x%llx",
				     (unsigned long long)desc->size,
				     (unsigned long long)place->page_size);
	return 0;
}

/* Of memory that is not System RAM. */
static int judge_made_pages(const struct extmem_desc *desc,
			    const struct extmem_place *place, struct extmem_verdict *v)
{
	unsigned long long size = desc->size;

	if (place->has_memmap && desc->reservation == EXTMEM_NO_MAP)
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, place_prop(desc),
				     "no direct I/O: the kernel does not map these 0x%llx bytes; drop no-map of %s",
				     size, extmem_short_path(desc->reserved_by));
	if (place->has_memmap)
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, place_prop(desc),
				     "no direct I/O: the kernel has these 0x%llx bytes as memory that it does not map; use a reservation without no-map",
				     size);
	if (!place->can_make)
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, place_prop(desc),
				     "no direct I/O: this kernel makes no pages for these 0x%llx bytes; use one with CONFIG_ZONE_DEVICE, or a reservation in its RAM without no-map",
				     size);
	if ((desc->base | desc->size) & (place->block - 1))
		return extmem_refuse(v, -EOPNOTSUPP, desc->node, place_prop(desc),
				     "no direct I/O: the 0x%llx bytes are not whole blocks of pages; begin and end at multiples of 0x%llx",
				     size, (unsigned long long)place->block);
	return 0;
}

/**
 * extmem_rules_pages() - which pages can a region's mappings have?
 * @desc: the region, which was found sound
 * @place: what the kernel has there
 * @verdict: filled when the answer is none
 *
 * Who gets at memory through a user's mapping, be it a disk, a socket or a ring, holds
 * its pages. Where there are none, he is refused.
 *
 * Return: which.
 */
enum extmem_pages extmem_rules_pages(const struct extmem_desc *desc,
				     const struct extmem_place *place,
				     struct extmem_verdict *verdict)
{
	if (judge_direct_io(desc, place, verdict))
		return EXTMEM_NO_PAGES;
	if (desc->reservation == EXTMEM_CARVE_OUT && place->ram == EXTMEM_ALL_RAM)
		return EXTMEM_OWN_PAGES;
	return judge_made_pages(desc, place, verdict) ? EXTMEM_NO_PAGES :
							EXTMEM_MADE_PAGES;
}

/**
 * extmem_rules_backend() - who serves a region that was found sound
 * @desc: the description
 * @machine: what it can do
 *
 * Return: the name of the backend.
 */
const char *extmem_rules_backend(const struct extmem_desc *desc,
				 const struct extmem_machine *machine)
{
	if (machine->simulated)
		return "sim";
	if (desc->type == EXTMEM_CMA)
		return "cma";
	return desc->policy == EXTMEM_UNCACHED ? "ioremap" : "memremap";
}
