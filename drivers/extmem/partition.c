// SPDX-License-Identifier: GPL-2.0
/*
 * Partitions out of the children of a region's node: those that are there when the region
 * comes, and those that an overlay adds or removes while it is there. The caller has the
 * lock of the region's platform device, which keeps the region, and its partitions as they
 * are.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/of.h>
#include <linux/string.h>

#include "internal.h"

static int add_parsed(struct extmem_region *root, struct device_node *np,
		      const struct extmem_desc *desc, const struct extmem_machine *machine,
		      struct extmem_verdict *verdict)
{
	int ret;

	/* Then users may write to the region, and have it mapped already. */
	if (desc->pool && !root->desc.has_pool)
		return extmem_refuse(verdict, -EBUSY, desc->node, "pool",
				     "its region is there already, and users may write to it; unbind %s and bind it again",
				     dev_name(root->owner));
	ret = extmem_partition_add(root, desc, machine, verdict);
	if (!ret && desc->pool)
		extmem_genpool_add(list_last_entry(&root->partitions, struct extmem_region,
						   sibling),
				   extmem_of_pool_name(np));
	return ret;
}

static int add(struct extmem_region *root, struct device_node *np,
	       const struct extmem_machine *machine, struct extmem_verdict *verdict)
{
	struct extmem_node node;
	struct extmem_desc desc;
	int ret;

	ret = extmem_of_read_partition(np, &node);
	if (!ret)
		ret = extmem_parse_partition(&node, &root->desc, root->size, &desc, verdict);
	if (!ret)
		ret = add_parsed(root, np, &desc, machine, verdict);
	extmem_of_free(&node);
	return ret;
}

/**
 * extmem_partition_comes() - make a partition of a node
 * @root: the region
 * @np: the node, a child of the region's, which was taken
 * @machine: for its page size
 *
 * The log says so when it is refused, which does not take the region with it. The
 * description and the verdict have no room beside the region's on a 32-bit stack.
 */
noinline_for_stack void extmem_partition_comes(struct extmem_region *root,
					       struct device_node *np,
					       const struct extmem_machine *machine)
{
	struct extmem_verdict verdict = {};
	int ret;

	ret = add(root, np, machine, &verdict);
	if (verdict.err)
		dev_err(root->owner, "%s\n", verdict.message);
	else if (ret)
		dev_err(root->owner, "%pOF: partition failed: %pe\n", np, ERR_PTR(ret));
}

/**
 * extmem_partitions_find() - make partitions of what is in the node of a region
 * @root: the region, which is being probed
 * @machine: for its page size
 */
void extmem_partitions_find(struct extmem_region *root,
			    const struct extmem_machine *machine)
{
	struct device_node *child;

	for_each_available_child_of_node(root->owner->of_node, child) {
		if (!extmem_of_is_partition(child))
			continue;
		extmem_of_take(child);	/* which it may be since the region was there before */
		extmem_partition_comes(root, child, machine);
	}
}

/* Of one region's, the names differ. */
static struct extmem_region *find(const struct extmem_region *root,
				  const struct device_node *np)
{
	struct extmem_region *partition;

	list_for_each_entry(partition, &root->partitions, sibling)
		if (!strcmp(kbasename(partition->desc.node), of_node_full_name(np)))
			return partition;
	return NULL;
}

/**
 * extmem_partition_leaves() - close the partition whose node has gone
 * @root: the region
 * @np: the node
 *
 * Return: the partition, for extmem_partition_remove() when no driver has it any more,
 * and to be put; NULL if there is none, or if it stays.
 */
struct extmem_region *extmem_partition_leaves(struct extmem_region *root,
					      struct device_node *np)
{
	struct extmem_region *partition = find(root, np);

	if (!partition)
		return NULL;
	if (partition->desc.pool) {
		dev_warn(root->owner,
			 "%s: pool: it stays until its region goes, for its drivers cannot be told; unbind them, and then %s\n",
			 partition->desc.node, dev_name(root->owner));
		return NULL;
	}
	extmem_partition_close(partition);
	get_device(&partition->dev);
	return partition;
}
