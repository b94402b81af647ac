// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/extmem/<name>: who has a region open.
 */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/idr.h>

#include "internal.h"

static dev_t extmem_devt;
static DEFINE_IDA(extmem_minors);

/* The cdev holds the region's device, and the open file holds the cdev. */
static int extmem_open(struct inode *inode, struct file *file)
{
	struct extmem_region *region =
		container_of(inode->i_cdev, struct extmem_region, cdev);

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	file->private_data = region;
	atomic_inc(&region->open_count);
	return 0;
}

static int extmem_release(struct inode *inode, struct file *file)
{
	struct extmem_region *region = file->private_data;

	atomic_dec(&region->open_count);
	return 0;
}

static loff_t extmem_llseek(struct file *file, loff_t offset, int whence)
{
	struct extmem_region *region = file->private_data;

	if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END)
		return -EINVAL;
	return fixed_size_llseek(file, offset, whence, region->size);
}

static const struct file_operations extmem_fops = {
	.owner = THIS_MODULE,
	.open = extmem_open,
	.release = extmem_release,
	.llseek = extmem_llseek,
};

/**
 * extmem_chardev_add() - add a region's device together with its char device
 * @region: the region, not yet added
 *
 * Return: 0 or a negative errno.
 */
int extmem_chardev_add(struct extmem_region *region)
{
	int minor, ret;

	minor = ida_alloc_max(&extmem_minors, MINORMASK, GFP_KERNEL);
	if (minor < 0)
		return minor;
	region->dev.devt = MKDEV(MAJOR(extmem_devt), minor);
	cdev_init(&region->cdev, &extmem_fops);
	region->cdev.owner = THIS_MODULE;
	ret = cdev_device_add(&region->cdev, &region->dev);
	if (ret)
		ida_free(&extmem_minors, minor);
	return ret;
}

/**
 * extmem_chardev_remove() - undo extmem_chardev_add()
 * @region: the region
 */
void extmem_chardev_remove(struct extmem_region *region)
{
	cdev_device_del(&region->cdev, &region->dev);
	ida_free(&extmem_minors, MINOR(region->dev.devt));
}

int extmem_chardev_init(void)
{
	return alloc_chrdev_region(&extmem_devt, 0, MINORMASK + 1, "extmem");
}

void extmem_chardev_exit(void)
{
	unregister_chrdev_region(extmem_devt, MINORMASK + 1);
}
