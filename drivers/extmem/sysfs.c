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

static ssize_t cache_policy_effective_show(struct device *dev,
					   struct device_attribute *attr, char *buf)
{
	struct extmem_region *region = to_extmem_region(dev);

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	return sysfs_emit(buf, "%s\n", attr_name(extmem_region_attr(region)));
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
			  to_extmem_region(dev)->desc.read_only ? "ro" : "rw");
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

static ssize_t open_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", atomic_read(&to_extmem_region(dev)->open_count));
}
static DEVICE_ATTR_RO(open_count);

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	CLASS(extmem_gate, gate)(to_extmem_region(dev));
	return sysfs_emit(buf, "%s\n", gate.open ? "ready" : "removed");
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

const struct attribute_group *extmem_region_groups[] = {
	&extmem_region_group,
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
