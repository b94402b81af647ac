// SPDX-License-Identifier: GPL-2.0
/*
 * For the guest tests: /sys/kernel/debug/extmem-views makes the kernel's view of
 * each region and tells where it is, so that what sysfs says of its attribute can be
 * compared with the kernel's own page-table dump. Not a suite: it is there while
 * user space runs.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>

#include "internal.h"

static unsigned long address_of(const struct iosys_map *view)
{
	return view->is_iomem ? (unsigned long)view->vaddr_iomem :
				(unsigned long)view->vaddr;
}

static int show_view(struct device *dev, void *data)
{
	struct extmem_region *region = to_extmem_region(dev);
	struct seq_file *seq = data;
	struct iosys_map view;
	int ret;

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return 0;
	ret = extmem_region_view(region, &view);
	if (ret)
		seq_printf(seq, "%s %pe\n", dev_name(dev), ERR_PTR(ret));
	else
		seq_printf(seq, "%s 0x%lx 0x%llx\n", dev_name(dev),
			   address_of(&view), region->size);
	return 0;
}

static int extmem_views_show(struct seq_file *seq, void *unused)
{
	return class_for_each_device(&extmem_class, NULL, seq, show_view);
}
DEFINE_SHOW_ATTRIBUTE(extmem_views);

static int __init extmem_views_init(void)
{
	debugfs_create_file("extmem-views", 0400, NULL, NULL, &extmem_views_fops);
	return 0;
}
late_initcall(extmem_views_init);
