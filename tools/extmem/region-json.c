// SPDX-License-Identifier: GPL-2.0
/*
 * A region as list and info print it for machines: all that sysfs says.
 */
#include <json-c/json.h>
#include <stdlib.h>

#include "extmem.h"

/* A number that sysfs has in any base, or null. */
static struct json_object *json_number(const struct extmem_region *region, const char *fact)
{
	const char *value = extmem_region_fact(region, fact);

	return value ? json_object_new_int64(strtoll(value, NULL, 0)) : NULL;
}

static void add_text(struct json_object *object, const struct extmem_region *region,
		     const char *fact)
{
	json_object_object_add(object, fact, json_string(extmem_region_fact(region, fact)));
}

static struct json_object *json_pool(const struct extmem_region *region)
{
	struct json_object *pool;

	if (!extmem_region_is_pool(region))
		return NULL;
	pool = json_object_new_object();
	json_object_object_add(pool, "in_use", json_number(region, "pool_in_use"));
	json_object_object_add(pool, "high_water", json_number(region, "pool_high_water"));
	json_object_object_add(pool, "allocations", json_number(region, "pool_allocations"));
	json_object_object_add(pool, "failures", json_number(region, "pool_failures"));
	return pool;
}

static struct json_object *json_dma(const struct extmem_region *region)
{
	struct json_object *dma;

	if (!extmem_region_fact(region, "dma_channel"))
		return NULL;
	dma = json_object_new_object();
	json_object_object_add(dma, "channel",
			       json_string(extmem_region_fact(region, "dma_channel")));
	json_object_object_add(dma, "bytes", json_number(region, "dma_bytes"));
	return dma;
}

struct json_object *json_region(const struct extmem_region *region)
{
	const struct extmem_region *parent = extmem_region_parent(region);
	uint64_t address = extmem_region_address(region);
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "name", json_string(extmem_region_name(region)));
	json_object_object_add(object, "parent",
			       json_string(parent ? extmem_region_name(parent) : NULL));
	json_object_object_add(object, "size", json_bytes(extmem_region_size(region)));
	json_object_object_add(object, "phys_addr",
			       address == EXTMEM_PHYS_ADDR_NONE ? NULL : json_bytes(address));
	add_text(object, region, "type");
	add_text(object, region, "cache_policy");
	add_text(object, region, "cache_policy_effective");
	add_text(object, region, "backend");
	add_text(object, region, "access");
	add_text(object, region, "direct_io");
	add_text(object, region, "state");
	json_object_object_add(object, "numa_node", json_number(region, "numa_node"));
	json_object_object_add(object, "open_count", json_number(region, "open_count"));
	json_object_object_add(object, "pool", json_pool(region));
	json_object_object_add(object, "dma", json_dma(region));
	return object;
}
