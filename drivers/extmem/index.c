// SPDX-License-Identifier: GPL-2.0
/*
 * The regions that are there, by name and by address: how a new one finds those
 * whose name it would take and those that it would touch.
 */
#include <linux/cleanup.h>
#include <linux/hashtable.h>
#include <linux/interval_tree.h>
#include <linux/stringhash.h>

#include "internal.h"

static DEFINE_MUTEX(index_lock);	/* guards both, and the lists of partitions */
static DEFINE_HASHTABLE(by_name, 8);
static struct rb_root_cached by_address = RB_ROOT_CACHED;

static u32 name_hash(const struct extmem_region *region)
{
	return full_name_hash(NULL, region->desc.name, strlen(region->desc.name));
}

static struct extmem_region *find_same_name(const struct extmem_region *region)
{
	struct extmem_region *other;

	lockdep_assert_held(&index_lock);
	hash_for_each_possible(by_name, other, by_name, name_hash(region))
		if (!strcmp(other->desc.name, region->desc.name))
			return other;
	return NULL;
}

static int check_neighbours(const struct extmem_region *region,
			    const struct extmem_machine *machine,
			    struct extmem_verdict *verdict)
{
	unsigned long first = region->by_address.start;
	unsigned long last = region->by_address.last;
	struct interval_tree_node *node;

	lockdep_assert_held(&index_lock);
	for (node = interval_tree_iter_first(&by_address, first, last); node;
	     node = interval_tree_iter_next(node, first, last)) {
		struct extmem_region *other =
			container_of(node, struct extmem_region, by_address);
		int ret = extmem_rules_neighbours(&region->desc, &other->desc,
						  machine, verdict);

		if (ret)
			return ret;
	}
	return 0;
}

static int check_siblings(const struct extmem_region *region,
			  struct extmem_verdict *verdict)
{
	const struct extmem_region *other;
	int ret = 0;

	lockdep_assert_held(&index_lock);
	list_for_each_entry(other, &region->root->partitions, sibling) {
		ret = extmem_rules_siblings(&region->desc, &other->desc, verdict);
		if (ret)
			break;
	}
	return ret;
}

/**
 * extmem_index_add() - let a region in, if those that are there allow it
 * @region: the region
 * @machine: for its page size
 * @verdict: filled when the answer is no
 *
 * Return: 0 or a negative errno.
 */
int extmem_index_add(struct extmem_region *region,
		     const struct extmem_machine *machine,
		     struct extmem_verdict *verdict)
{
	const struct extmem_desc *desc = &region->desc;
	struct extmem_region *same_name;
	int ret;

	region->by_address.start = PHYS_PFN(desc->base);
	region->by_address.last = PHYS_PFN(desc->base + desc->size - 1);

	guard(mutex)(&index_lock);
	if (extmem_is_partition(region))
		ret = check_siblings(region, verdict);
	else
		ret = check_neighbours(region, machine, verdict);
	if (ret)
		return ret;

	same_name = find_same_name(region);
	if (same_name)
		return extmem_rules_same_name(desc, &same_name->desc, verdict);

	hash_add(by_name, &region->by_name, name_hash(region));
	if (extmem_is_partition(region))
		list_add_tail(&region->sibling, &region->root->partitions);
	else
		interval_tree_insert(&region->by_address, &by_address);
	return 0;
}

/**
 * extmem_index_remove() - undo extmem_index_add()
 * @region: the region
 */
void extmem_index_remove(struct extmem_region *region)
{
	guard(mutex)(&index_lock);
	hash_del(&region->by_name);
	if (extmem_is_partition(region))
		list_del(&region->sibling);
	else
		interval_tree_remove(&region->by_address, &by_address);
}

/**
 * extmem_index_find() - the region or partition of a node
 * @node: full path of the node
 *
 * Return: the region, whose device is to be put, or NULL.
 */
struct extmem_region *extmem_index_find(const char *node)
{
	struct extmem_region *region;
	int bucket;

	guard(mutex)(&index_lock);
	hash_for_each(by_name, bucket, region, by_name) {
		if (strcmp(region->desc.node, node))
			continue;
		get_device(&region->dev);
		return region;
	}
	return NULL;
}
