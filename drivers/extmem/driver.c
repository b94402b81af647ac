// SPDX-License-Identifier: GPL-2.0
/*
 * The platform driver: from a DT node to a region, and back.
 */
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "internal.h"

static bool simulate;
module_param(simulate, bool, 0444);
MODULE_PARM_DESC(simulate, "back every region with ordinary pages, for a board that is not there");

static const struct of_device_id extmem_of_match[] = {
	{ .compatible = EXTMEM_COMPATIBLE },
	{ }
};
MODULE_DEVICE_TABLE(of, extmem_of_match);

static char of_id[sizeof(extmem_of_match->compatible)];
module_param_string(of_id, of_id, sizeof(of_id), 0444);
MODULE_PARM_DESC(of_id, "compatible string of foreign nodes to take as write-combined ram");

static u64 last_address(void)
{
	u64 last = min_t(u64, iomem_resource.end, PHYS_ADDR_MAX);

#ifdef PHYS_MASK
	last = min_t(u64, last, PHYS_MASK);
#endif
	return last;
}

static void describe_machine(struct extmem_machine *machine)
{
	*machine = (struct extmem_machine){
		.policies = extmem_attr_policies(),
		.nonposted = extmem_attr_nonposted(),
		.io_width = sizeof(long),
		.page_size = PAGE_SIZE,
		.last_address = last_address(),
	};
	if (!simulate)
		return;
	machine->simulated = true;
	machine->policies = ~0;
	machine->nonposted = true;
	machine->last_address = PHYS_ADDR_MAX;
}

static int add_size(struct resource *res, void *bytes)
{
	*(u64 *)bytes += resource_size(res);
	return 0;
}

/*
 * x86 reads /reserved-memory, and reserves nothing of it: what is reserved there all the
 * same is the kernel's own.
 */
static bool is_kept_from_kernel(const struct extmem_desc *desc)
{
	return !IS_ENABLED(CONFIG_X86) && extmem_pages_are_reserved(desc->base, desc->size);
}

/* region_intersects() overlooks that a part of the range may be a hole. */
static enum extmem_overlap system_ram_in(const struct extmem_desc *desc)
{
	u64 bytes = 0;

	walk_iomem_res_desc(IORES_DESC_NONE, IORESOURCE_SYSTEM_RAM, desc->base,
			    desc->base + desc->size - 1, &bytes, add_size);
	if (!bytes)
		return EXTMEM_NO_RAM;
	if (bytes != desc->size)
		return EXTMEM_SOME_RAM;
	if (desc->reservation == EXTMEM_CARVE_OUT && !is_kept_from_kernel(desc))
		return EXTMEM_USED_RAM;
	if (desc->reservation == EXTMEM_CARVE_OUT &&
	    extmem_pages_join_image(desc->base, desc->size))
		return EXTMEM_IMAGE_RAM;
	return EXTMEM_ALL_RAM;
}

static int judge(const struct extmem_node *node,
		 const struct extmem_machine *machine, struct extmem_desc *desc,
		 struct extmem_verdict *verdict)
{
	enum extmem_overlap ram = EXTMEM_NO_RAM;
	int ret = extmem_parse_region(node, desc, verdict);

	if (ret)
		return ret;
	if (!machine->simulated)
		ram = system_ram_in(desc);
	return extmem_rules_judge(desc, machine, ram, verdict);
}

/*
 * Who waits for a backend. The device is compared, and never looked into: a device
 * that goes while it waits leaves an entry that does no harm.
 */
struct waiting {
	struct list_head list;
	const struct device *dev;
};

static LIST_HEAD(waiting);
static DEFINE_MUTEX(waiting_lock);	/* guards it */

static int start_waiting(const struct device *dev)
{
	struct waiting *entry = kzalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return -ENOMEM;
	entry->dev = dev;
	guard(mutex)(&waiting_lock);
	list_add_tail(&entry->list, &waiting);
	return 0;
}

static bool stop_waiting(const struct device *dev)
{
	struct waiting *entry;

	guard(mutex)(&waiting_lock);
	list_for_each_entry(entry, &waiting, list) {
		if (entry->dev == dev) {
			list_del(&entry->list);
			kfree(entry);
			return true;
		}
	}
	return false;
}

static void forget_waiting(void)
{
	struct waiting *entry, *next;

	list_for_each_entry_safe(entry, next, &waiting, list)
		kfree(entry);
}

static void put_backend(void *backend)
{
	extmem_backend_put(backend);
}

static void remove_region(void *region)
{
	extmem_region_remove(region);
}

static int add_region(struct device *dev, const struct extmem_desc *desc,
		      const struct extmem_machine *machine,
		      struct extmem_verdict *verdict)
{
	const char *compatible = extmem_of_compatible(dev->of_node);
	struct extmem_backend *backend;
	struct extmem_region *region;
	int ret;

	if (machine->simulated)
		compatible = NULL;
	backend = extmem_backend_get(dev, extmem_rules_backend(desc, machine),
				     compatible);
	if (IS_ERR(backend))
		return start_waiting(dev) ?: PTR_ERR(backend);
	ret = devm_add_action_or_reset(dev, put_backend, backend);
	if (ret)
		return ret;
	region = extmem_region_add(dev, desc, machine, backend, verdict);
	if (IS_ERR(region))
		return PTR_ERR(region);
	ret = devm_add_action_or_reset(dev, remove_region, region);
	if (ret)
		return ret;
	platform_set_drvdata(to_platform_device(dev), region);
	if (desc->pool)
		extmem_genpool_add(region, NULL);
	if (desc->nvmem)
		extmem_nvmem_add(region);
	extmem_partitions_find(region, machine);
	return 0;
}

/* As of /dev/mem. Asked only when it matters, for a refusal is logged. */
static bool is_locked_down(const struct extmem_node *node)
{
	return node->adopted && !simulate && security_locked_down(LOCKDOWN_DEV_MEM);
}

/* By driver_override or its name, any device comes here. */
static int refuse_without_node(struct device *dev)
{
	dev_err(dev,
		"driver_override: the device has no node in the device tree that says what its memory is; take driver_override back, and describe the memory in a node\n");
	return -ENODEV;
}

static int extmem_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct extmem_verdict verdict = {};
	struct extmem_machine machine;
	struct extmem_node node;
	struct extmem_desc desc;
	int ret;

	if (!dev->of_node)
		return refuse_without_node(dev);
	stop_waiting(dev);
	if (dev->pm_domain && !devres_open_group(dev, extmem_probe, GFP_KERNEL))
		return -ENOMEM;
	describe_machine(&machine);
	ret = extmem_of_read(dev->of_node, simulate, &node);
	if (!ret) {
		machine.locked_down = is_locked_down(&node);
		ret = judge(&node, &machine, &desc, &verdict);
	}
	if (!ret)
		ret = add_region(dev, &desc, &machine, &verdict);
	extmem_of_free(&node);
	if (!verdict.err)
		return ret;
	dev_err(dev, "%s\n", verdict.message);
	return -ENODEV;	/* all is said: the driver core adds a line to other errors */
}

/* The power domain is detached before devres is released, and the region needs it. */
static void extmem_remove(struct platform_device *pdev)
{
	if (pdev->dev.pm_domain)
		devres_release_group(&pdev->dev, extmem_probe);
}

/* What is to wake the machine stays on. */
static int extmem_suspend(struct device *dev)
{
	struct extmem_region *root = dev_get_drvdata(dev);

	if (!extmem_irqs_suspend(root))
		return extmem_power_suspend(root);
	device_set_wakeup_path(dev);
	return 0;
}

static int extmem_resume(struct device *dev)
{
	struct extmem_region *root = dev_get_drvdata(dev);
	int ret = extmem_power_resume(root);

	extmem_irqs_resume(root);
	return ret;
}

static int extmem_runtime_suspend(struct device *dev)
{
	struct extmem_region *root = dev_get_drvdata(dev);
	int ret = extmem_region_withdraw(root);

	if (!ret)
		extmem_power_switch_off(root);
	return ret;
}

static int extmem_runtime_resume(struct device *dev)
{
	struct extmem_region *root = dev_get_drvdata(dev);
	int ret = extmem_power_switch_on(root);

	if (!ret)
		extmem_region_readmit(root);
	return ret;
}

static const struct dev_pm_ops extmem_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(extmem_suspend, extmem_resume)
	RUNTIME_PM_OPS(extmem_runtime_suspend, extmem_runtime_resume, NULL)
};

static struct platform_driver extmem_driver = {
	.probe = extmem_probe,
	.remove = extmem_remove,
	.driver = {
		.pm = pm_ptr(&extmem_pm_ops),
		.name = EXTMEM_COMPATIBLE,
		.of_match_table = extmem_of_match,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,	/* it may load a module */
	},
};

static int retry_if_waiting(struct device *dev, void *unused)
{
	if (stop_waiting(dev) && device_attach(dev) < 0)
		dev_dbg(dev, "went while it was about to be retried\n");
	return 0;
}

/*
 * The driver core retries on its own only when some device was bound, and
 * driver_attach() would retry what was refused, too.
 */
static void retry_waiting(struct work_struct *work)
{
	extmem_backend_start_loading();
	bus_for_each_dev(&platform_bus_type, NULL, NULL, retry_if_waiting);
}

static DECLARE_WORK(retry_work, retry_waiting);

static void schedule_retry(void)
{
	schedule_work(&retry_work);
}

#if IS_ENABLED(CONFIG_EXTMEM_KUNIT_TEST)
/* A retry holds each device for a moment, which a test must not meet. */
void extmem_driver_settle(void)
{
	flush_work(&retry_work);
	wait_for_device_probe();
}
#endif

/* --- partitions that come and go while their region is there --- */

/* Of a device, if it is bound to us. */
static struct extmem_region *region_of(struct device *owner)
{
	device_lock_assert(owner);
	return owner->driver == &extmem_driver.driver ? dev_get_drvdata(owner) : NULL;
}

static void add_partition(struct device *owner, struct device_node *np)
{
	struct extmem_machine machine;
	struct extmem_region *root;
	bool is_new;

	describe_machine(&machine);
	device_lock(owner);
	root = region_of(owner);
	is_new = root && extmem_of_is_partition(np) && extmem_of_take(np);
	if (is_new)
		extmem_partition_comes(root, np, &machine);
	device_unlock(owner);
	if (is_new)
		extmem_consumers_retry(np);
}

static void remove_partition(struct device *owner, struct device_node *np)
{
	struct extmem_region *root, *partition = NULL;

	device_lock(owner);
	root = region_of(owner);
	if (root)
		partition = extmem_partition_leaves(root, np);
	device_unlock(owner);
	if (!partition)
		return;
	extmem_consumers_unbind(partition);
	device_lock(owner);
	/* Meanwhile it may have gone with its region. */
	if (region_of(owner) == partition->root)
		extmem_partition_remove(partition);
	device_unlock(owner);
	put_device(&partition->dev);
}

static void change_partition(struct device *owner, struct device_node *np, int change)
{
	if (change == OF_RECONFIG_CHANGE_ADD) {
		add_partition(owner, np);
	} else {
		remove_partition(owner, np);
		extmem_of_release(np);
	}
}

/*
 * The devices of regions are added and removed by the kernel. A region that goes takes its
 * partitions with it, and its node has nothing in it any more that tells what it was.
 */
static int change_of_tree(struct notifier_block *block, unsigned long action, void *data)
{
	struct of_reconfig_data *reconfig = data;
	int change = of_reconfig_get_state_change(action, reconfig);
	struct device_node *np = reconfig->dn, *root;
	struct platform_device *owner = NULL;

	if (change == OF_RECONFIG_NO_CHANGE)
		return NOTIFY_DONE;
	root = extmem_of_parent_of(np);
	if (root)
		owner = of_find_device_by_node(root);
	if (owner) {
		change_partition(&owner->dev, np, change);
		put_device(&owner->dev);
	}
	of_node_put(root);
	return NOTIFY_OK;
}

static struct notifier_block tree_changes = {
	.notifier_call = change_of_tree,
};

static int watch_tree(void)
{
	if (!IS_ENABLED(CONFIG_OF_DYNAMIC))
		return 0;
	return of_reconfig_notifier_register(&tree_changes);
}

/*
 * The kernel makes devices of the children of /reserved-memory only when they are
 * on its own list.
 */
struct own_device {
	struct list_head list;
	struct platform_device *pdev;
};

static LIST_HEAD(own_devices);

static void add_own_device(struct device_node *np)
{
	struct own_device *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (!own)
		return;
	own->pdev = of_platform_device_create(np, NULL, NULL);
	if (!own->pdev) {
		kfree(own);
		return;
	}
	list_add(&own->list, &own_devices);
}

static void add_reserved_memory(void)
{
	struct device_node *parent = of_find_node_by_path("/reserved-memory");
	struct device_node *child;

	for_each_available_child_of_node(parent, child)
		if (of_match_node(extmem_driver.driver.of_match_table, child))
			add_own_device(child);
	of_node_put(parent);
}

static void remove_reserved_memory(void)
{
	struct own_device *own, *next;

	list_for_each_entry_safe(own, next, &own_devices, list) {
		of_platform_device_destroy(&own->pdev->dev, NULL);
		kfree(own);
	}
}

/*
 * A match table with the compatible string that of_id gives in it. An empty entry in
 * the device table would have the module loaded for each and every node.
 */
static int __init adopt_foreign_nodes(void)
{
	const struct of_device_id *match;

	if (!*of_id)
		return 0;
	match = kcalloc(ARRAY_SIZE(extmem_of_match) + 1, sizeof(*match), GFP_KERNEL);
	if (!match)
		return -ENOMEM;
	strscpy((char *)match[0].compatible, EXTMEM_COMPATIBLE,
		sizeof(match[0].compatible));
	strscpy((char *)match[1].compatible, of_id, sizeof(match[1].compatible));
	extmem_driver.driver.of_match_table = match;
	return 0;
}

static void forget_foreign_nodes(void)
{
	if (*of_id)
		kfree(extmem_driver.driver.of_match_table);
}

static int __init extmem_init(void)
{
	int ret;

	ret = adopt_foreign_nodes();
	if (ret)
		return ret;
	ret = class_register(&extmem_class);
	if (ret)
		goto err_match;
	ret = extmem_mapping_init();
	if (ret)
		goto err_class;
	ret = extmem_chardev_init();
	if (ret)
		goto err_mapping;
	extmem_of_init(extmem_driver.driver.of_match_table);
	ret = watch_tree();
	if (ret)
		goto err_of;
	ret = platform_driver_register(&extmem_driver);
	if (ret)
		goto err_watch;
	extmem_debugfs_init();
	extmem_backend_set_retry(schedule_retry);
	add_reserved_memory();
	if (IS_MODULE(CONFIG_EXTMEM))
		schedule_retry();	/* with the modules of backends */
	return 0;

err_watch:
	of_reconfig_notifier_unregister(&tree_changes);
err_of:
	extmem_of_exit();
	extmem_chardev_exit();
err_mapping:
	extmem_mapping_exit();
err_class:
	class_unregister(&extmem_class);
err_match:
	forget_foreign_nodes();
	return ret;
}
module_init(extmem_init);

static void __exit extmem_exit(void)
{
	extmem_backend_set_retry(NULL);
	cancel_work_sync(&retry_work);
	remove_reserved_memory();
	extmem_debugfs_exit();
	platform_driver_unregister(&extmem_driver);
	of_reconfig_notifier_unregister(&tree_changes);
	forget_waiting();
	extmem_of_exit();
	extmem_chardev_exit();
	extmem_mapping_exit();
	class_unregister(&extmem_class);
	forget_foreign_nodes();
}
module_exit(extmem_exit);

MODULE_DESCRIPTION("Regions of memory that are not System RAM, described in DT");
MODULE_LICENSE("GPL");
