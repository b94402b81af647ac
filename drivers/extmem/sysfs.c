// SPDX-License-Identifier: GPL-2.0
/*
 * The facts of a region, one a file, and what an event of it says beside its name.
 */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>

#include "internal.h"

static ssize_t type_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  extmem_type_name(to_extmem_region(dev)->desc.type));
}
static DEVICE_ATTR_RO(type);

static ssize_t cache_policy_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  extmem_policy_name(to_extmem_region(dev)->desc.policy));
}
static DEVICE_ATTR_RO(cache_policy);

static const char *attr_name(enum extmem_effective attr)
{
	switch (attr) {
	case EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED:
		return "uncached-nonposted";
	case EXTMEM_EFFECTIVE_UNCACHED:
		return extmem_policy_name(EXTMEM_UNCACHED);
	case EXTMEM_EFFECTIVE_WRITE_COMBINE:
		return extmem_policy_name(EXTMEM_WRITE_COMBINE);
	case EXTMEM_EFFECTIVE_WRITE_THROUGH:
		return extmem_policy_name(EXTMEM_WRITE_THROUGH);
	case EXTMEM_EFFECTIVE_WRITE_BACK:
		return extmem_policy_name(EXTMEM_WRITE_BACK);
	default:
		return "unknown";
	}
}

static ssize_t show_effective(struct extmem_region *region, char *buf)
{
	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	return sysfs_emit(buf, "%s\n", attr_name(extmem_region_attr(region)));
}

/* What is mapped can be touched by the CPU unasked. */
static ssize_t cache_policy_effective_show(struct device *dev,
					   struct device_attribute *attr, char *buf)
{
	struct extmem_region *region = to_extmem_region(dev);
	ssize_t ret;

	ret = extmem_power_get(region);
	if (ret)
		return ret;
	ret = show_effective(region, buf);
	extmem_power_put(region);
	return ret;
}
static DEVICE_ATTR_RO(cache_policy_effective);

static ssize_t size_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%#llx\n", to_extmem_region(dev)->size);
}
static DEVICE_ATTR_RO(size);

static ssize_t backend_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct extmem_region *region = to_extmem_region(dev);

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	return sysfs_emit(buf, "%s\n", region->backend->name);
}
static DEVICE_ATTR_RO(backend);

static ssize_t access_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  extmem_is_writable(to_extmem_region(dev)) ? "rw" : "ro");
}
static DEVICE_ATTR_RO(access);

static ssize_t phys_addr_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%#llx\n", (u64)to_extmem_region(dev)->base);
}
static DEVICE_ATTR_ADMIN_RO(phys_addr);

static ssize_t numa_node_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", to_extmem_region(dev)->desc.numa_node);
}
static DEVICE_ATTR_RO(numa_node);

static ssize_t direct_io_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct extmem_region *region = to_extmem_region(dev);

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	return sysfs_emit(buf, "%s\n",
			  extmem_pages_expected(region) == EXTMEM_NO_PAGES ? "no" : "yes");
}
static DEVICE_ATTR_RO(direct_io);

static ssize_t open_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", atomic_read(&to_extmem_region(dev)->open_count));
}
static DEVICE_ATTR_RO(open_count);

/**
 * extmem_state_text() - whether a region can be used
 * @region: the region; the caller is outside its gate
 *
 * Return: what its file says.
 */
const char *extmem_state_text(struct extmem_region *region)
{
	static const char * const names[] = {
		[EXTMEM_STATE_READY] = "ready",
		[EXTMEM_STATE_REMOVED] = "removed",
		[EXTMEM_STATE_SUSPENDED] = "suspended",
		[EXTMEM_STATE_CONTENT_LOST] = "content-lost",
	};

	CLASS(extmem_gate, gate)(region);
	return names[gate.open ? extmem_power_state(region) : EXTMEM_STATE_REMOVED];
}

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", extmem_state_text(to_extmem_region(dev)));
}
static DEVICE_ATTR_RO(state);

static struct attribute *extmem_region_attrs[] = {
	&dev_attr_type.attr,
	&dev_attr_cache_policy.attr,
	&dev_attr_cache_policy_effective.attr,
	&dev_attr_size.attr,
	&dev_attr_backend.attr,
	&dev_attr_access.attr,
	&dev_attr_phys_addr.attr,
	&dev_attr_numa_node.attr,
	&dev_attr_direct_io.attr,
	&dev_attr_open_count.attr,
	&dev_attr_state.attr,
	NULL
};

static umode_t extmem_region_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct extmem_region *region = to_extmem_region(kobj_to_dev(kobj));

	if (attr == &dev_attr_phys_addr.attr && region->base == EXTMEM_NO_ADDRESS)
		return 0;
	return attr->mode;
}

static const struct attribute_group extmem_region_group = {
	.is_visible = extmem_region_visible,
	.attrs = extmem_region_attrs,
};

static ssize_t pool_in_use_show(struct device *dev, struct device_attribute *attr,
				char *buf)
{
	return sysfs_emit(buf, "%llu\n", extmem_pool_use_of(to_extmem_region(dev)).bytes);
}
static DEVICE_ATTR_RO(pool_in_use);

static ssize_t pool_high_water_show(struct device *dev, struct device_attribute *attr,
				    char *buf)
{
	return sysfs_emit(buf, "%llu\n", extmem_pool_use_of(to_extmem_region(dev)).most_bytes);
}
static DEVICE_ATTR_RO(pool_high_water);

static ssize_t pool_allocations_show(struct device *dev, struct device_attribute *attr,
				     char *buf)
{
	return sysfs_emit(buf, "%llu\n", extmem_pool_use_of(to_extmem_region(dev)).allocations);
}
static DEVICE_ATTR_RO(pool_allocations);

static ssize_t pool_failures_show(struct device *dev, struct device_attribute *attr,
				  char *buf)
{
	return sysfs_emit(buf, "%llu\n", extmem_pool_use_of(to_extmem_region(dev)).failures);
}
static DEVICE_ATTR_RO(pool_failures);

static struct attribute *extmem_pool_attrs[] = {
	&dev_attr_pool_in_use.attr,
	&dev_attr_pool_high_water.attr,
	&dev_attr_pool_allocations.attr,
	&dev_attr_pool_failures.attr,
	NULL
};

static umode_t extmem_pool_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	return extmem_has_memory(to_extmem_region(kobj_to_dev(kobj))) ? 0 : attr->mode;
}

static const struct attribute_group extmem_pool_group = {
	.is_visible = extmem_pool_visible,
	.attrs = extmem_pool_attrs,
};

static ssize_t dma_channel_show(struct device *dev, struct device_attribute *attr,
				char *buf)
{
	struct extmem_region *region = to_extmem_region(dev);

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	return sysfs_emit(buf, "%s\n", extmem_engine_name(region));
}
static DEVICE_ATTR_RO(dma_channel);

static ssize_t dma_bytes_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", extmem_engine_bytes(to_extmem_region(dev)));
}
static DEVICE_ATTR_RO(dma_bytes);

static struct attribute *extmem_engine_attrs[] = {
	&dev_attr_dma_channel.attr,
	&dev_attr_dma_bytes.attr,
	NULL
};

static umode_t extmem_engine_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	return to_extmem_region(kobj_to_dev(kobj))->root->engine ? attr->mode : 0;
}

static const struct attribute_group extmem_engine_group = {
	.is_visible = extmem_engine_visible,
	.attrs = extmem_engine_attrs,
};

const struct attribute_group *extmem_region_groups[] = {
	&extmem_region_group,
	&extmem_pool_group,
	&extmem_engine_group,
	NULL
};

/**
 * extmem_region_uevent() - tell user space the short name that a region can have, too
 * @dev: the region's device
 * @env: the variables of the event
 *
 * Told when the region goes, too, though its node may be gone by then: the alias is
 * the one that was there when the region came.
 *
 * Return: 0 or -ENOMEM.
 */
int extmem_region_uevent(const struct device *dev, struct kobj_uevent_env *env)
{
	const char *alias = container_of(dev, struct extmem_region, dev)->desc.alias;

	return alias ? add_uevent_var(env, "EXTMEM_ALIAS=%s", alias) : 0;
}
