// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/extmem/summary: all regions at a glance, each with its partitions.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/seq_file.h>

#include "internal.h"

#define NAME_WIDTH	28

static struct dentry *extmem_debugfs;

static void show_region(struct seq_file *s, struct extmem_region *region)
{
	int indent = extmem_is_partition(region) ? 2 : 0;

	seq_printf(s, "%*s%-*s %#12llx %-6s %-13s %-12s %5d %5d %9llu %7llu %14llu %14llu\n",
		   indent, "", NAME_WIDTH - indent, dev_name(&region->dev), region->size,
		   extmem_type_name(region->desc.type),
		   extmem_policy_name(region->desc.policy), extmem_state_text(region),
		   atomic_read(&region->open_count), atomic_read(&region->mappings),
		   extmem_stats_sum(region, EXTMEM_FAULTS),
		   extmem_stats_sum(region, EXTMEM_HUGE_FAULTS),
		   extmem_stats_sum(region, EXTMEM_BYTES_READ),
		   extmem_stats_sum(region, EXTMEM_BYTES_WRITTEN));
}

/* Beside partitions, a region has other children. */
static int show_partition(struct device *dev, void *s)
{
	if (dev->class == &extmem_class)
		show_region(s, to_extmem_region(dev));
	return 0;
}

static int show_tree(struct device *dev, void *s)
{
	struct extmem_region *region = to_extmem_region(dev);

	if (extmem_is_partition(region))
		return 0;
	show_region(s, region);
	return device_for_each_child(dev, s, show_partition);
}

static int summary_show(struct seq_file *s, void *unused)
{
	seq_printf(s, "%-*s %12s %-6s %-13s %-12s %5s %5s %9s %7s %14s %14s\n", NAME_WIDTH,
		   "region", "size", "type", "policy", "state", "open", "maps", "faults",
		   "huge", "read", "written");
	return class_for_each_device(&extmem_class, NULL, s, show_tree);
}
DEFINE_SHOW_ATTRIBUTE(summary);

void extmem_debugfs_init(void)
{
	extmem_debugfs = debugfs_create_dir("extmem", NULL);
	debugfs_create_file("summary", 0444, extmem_debugfs, NULL, &summary_fops);
}

void extmem_debugfs_exit(void)
{
	debugfs_remove(extmem_debugfs);
}
