// SPDX-License-Identifier: GPL-2.0
/*
 * An example: a driver that uses a region. Acme's boards count how often they were
 * started, in a few bytes of battery-backed memory:
 *
 *	boot-counter {
 *		compatible = "acme,boot-counter";
 *		extmem = <&counter_ram>;
 *	};
 *
 *	# cat /sys/bus/platform/devices/boot-counter/boots
 *	17
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/extmem.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sysfs.h>

#define MAGIC 0x626f6f74	/* the battery was never empty since */

struct boot_record {
	__le32 magic;
	__le32 boots;
};

static ssize_t boots_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct extmem *mem = dev_get_drvdata(dev);
	struct boot_record record;
	int ret = extmem_read(mem, 0, &record, sizeof(record));

	return ret ?: sysfs_emit(buf, "%u\n", le32_to_cpu(record.boots));
}
static DEVICE_ATTR_RO(boots);

static struct attribute *boot_counter_attrs[] = {
	&dev_attr_boots.attr,
	NULL
};
ATTRIBUTE_GROUPS(boot_counter);

static int count(struct extmem *mem)
{
	struct boot_record record;
	int ret = extmem_read(mem, 0, &record, sizeof(record));

	if (ret)
		return ret;
	if (record.magic != cpu_to_le32(MAGIC))
		record = (struct boot_record){ .magic = cpu_to_le32(MAGIC) };
	le32_add_cpu(&record.boots, 1);
	return extmem_write(mem, 0, &record, sizeof(record));
}

static int boot_counter_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct extmem *mem = devm_extmem_get(dev, NULL);
	int ret;

	/* What is wrong, the log says already. */
	if (IS_ERR(mem))
		return PTR_ERR(mem);
	ret = extmem_claim_range(mem, 0, sizeof(struct boot_record));
	if (ret)
		return ret;
	platform_set_drvdata(pdev, mem);
	return count(mem);
}

static const struct of_device_id boot_counter_match[] = {
	{ .compatible = "acme,boot-counter" },
	{ }
};
MODULE_DEVICE_TABLE(of, boot_counter_match);

static struct platform_driver boot_counter_driver = {
	.probe = boot_counter_probe,
	.driver = {
		.name = "acme-boot-counter",
		.of_match_table = boot_counter_match,
		.dev_groups = boot_counter_groups,
	},
};
module_platform_driver(boot_counter_driver);

MODULE_DESCRIPTION("extmem: how often a board of Acme's was started");
MODULE_LICENSE("GPL");
