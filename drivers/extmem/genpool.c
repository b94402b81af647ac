// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that other drivers allocate from by a gen_pool, as they do from that of a
 * mmio-sram: of_gen_pool_get() finds it by the phandle in their node.
 *
 * Such drivers do not know when the region goes. So nothing more is given out then, and
 * unbind waits for what they have. The memory is on as long as the pool is there.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/genalloc.h>
#include <linux/log2.h>

#include "internal.h"

#define GRANULARITY	32	/* as of mmio-sram */

/**
 * struct extmem_genpool - a pool that was handed out
 * @region: the region or partition
 * @pool: the pool
 * @range: that nobody else can claim
 */
struct extmem_genpool {
	struct extmem_region *region;
	struct gen_pool *pool;
	struct extmem_range range;
};

static void unclaim(void *data)
{
	struct extmem_genpool *genpool = data;

	extmem_range_release(genpool->region, &genpool->range);
}

static void switch_off(void *data)
{
	struct extmem_region *region = data;

	extmem_power_fix_view(region, -1);
	extmem_power_put(region);
}

/* For who has a part of it, which stays where it is. */
static int switch_on(struct extmem_region *region)
{
	int ret = extmem_power_get(region);

	if (ret)
		return ret;
	extmem_power_fix_view(region, 1);
	return devm_add_action_or_reset(region->owner, switch_off, region);
}

static unsigned long give_nothing(unsigned long *map, unsigned long size,
				  unsigned long start, unsigned int nr, void *data,
				  struct gen_pool *pool, unsigned long start_addr)
{
	return size;
}

static size_t in_use(struct gen_pool *pool)
{
	return gen_pool_size(pool) - gen_pool_avail(pool);
}

/* To destroy a pool of which somebody has a part is a BUG(). */
static void wait_until_free(void *data)
{
	struct extmem_genpool *genpool = data;
	const struct extmem_region *region = genpool->region;
	struct gen_pool *pool = genpool->pool;

	gen_pool_set_algo(pool, give_nothing, NULL);
	synchronize_rcu();	/* who is allocating still, has done so */
	if (!in_use(pool))
		return;
	dev_notice(region->owner,
		   "%s: waiting for 0x%zx bytes of its pool that drivers have: unbind those that refer to it\n",
		   region->desc.node, in_use(pool));
	while (in_use(pool))
		msleep(20);
}

static int fill(struct gen_pool *pool, struct extmem_region *region)
{
	struct iosys_map map;
	int ret;

	ret = extmem_region_view(region, &map);
	if (ret)
		return ret;
	/* Its users take all addresses for the same, as those of mmio-sram. */
	return gen_pool_add_virt(pool, (unsigned long)map.vaddr, region->base, region->size,
				 region->desc.numa_node);
}

static int hand_out(struct extmem_region *region, const char *name)
{
	struct device *owner = region->owner;
	struct extmem_genpool *genpool;
	int ret;

	genpool = devm_kzalloc(owner, sizeof(*genpool), GFP_KERNEL);
	if (!genpool)
		return -ENOMEM;
	genpool->region = region;
	ret = extmem_range_claim(region, 0, region->size, "a pool", &genpool->range);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(owner, unclaim, genpool);
	if (ret)
		return ret;
	ret = switch_on(region);
	if (ret)
		return ret;
	genpool->pool = devm_gen_pool_create(owner, ilog2(GRANULARITY),
					     region->desc.numa_node, name);
	if (IS_ERR(genpool->pool))
		return PTR_ERR(genpool->pool);
	ret = fill(genpool->pool, region);
	if (ret)
		return ret;
	return devm_add_action_or_reset(owner, wait_until_free, genpool);
}

/**
 * extmem_genpool_add() - let other drivers allocate from a region
 * @region: the region or partition, which is being probed, and whose pool goes with it
 * @name: what of_gen_pool_get() looks for among those of the device; NULL for the
 *	device's only one
 *
 * The log says so when it fails. The region is there all the same.
 */
void extmem_genpool_add(struct extmem_region *region, const char *name)
{
	int ret = hand_out(region, name);

	if (ret)
		dev_err(region->owner,
			"%s: pool: drivers cannot allocate from it: %pe; make it smaller, or bind it again when there is memory\n",
			region->desc.node, ERR_PTR(ret));
}
