// SPDX-License-Identifier: GPL-2.0
/*
 * Stands in for the drivers that use a region: who writes to its file "use" has it do all
 * that such a driver can do, and each error ends that. failnth.c does so, and binds and
 * unbinds it, while one allocation after another fails. For the tests of extmem alone.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/extmem.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

MODULE_IMPORT_NS(DMA_BUF);

/* The region is not taken away while the test is in here. */
static void move(struct dma_buf_attachment *attachment)
{
}

static const struct dma_buf_attach_ops importer = {
	.allow_peer2peer = true,
	.move_notify = move,
};

/* As a device does that gets the buffer of another. */
static int import(struct device *dev, struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attachment;
	struct sg_table *sgt;
	int ret = 0;

	attachment = dma_buf_dynamic_attach(dmabuf, dev, &importer, NULL);
	if (IS_ERR(attachment))
		return PTR_ERR(attachment) == -EOPNOTSUPP ? 0 : PTR_ERR(attachment);
	sgt = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	if (IS_ERR(sgt))
		ret = PTR_ERR(sgt) == -EOPNOTSUPP ? 0 : PTR_ERR(sgt);
	else
		dma_buf_unmap_attachment_unlocked(attachment, sgt, DMA_BIDIRECTIONAL);
	dma_buf_detach(dmabuf, attachment);
	return ret;
}

static int look_inside(struct dma_buf *dmabuf)
{
	struct iosys_map map;
	int ret;

	ret = dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL);
	if (ret)
		return ret == -EOPNOTSUPP ? 0 : ret;
	/* A window has no view of the kernel's own. */
	ret = dmabuf->ops->vmap ? dma_buf_vmap_unlocked(dmabuf, &map) : -EOPNOTSUPP;
	if (!ret)
		dma_buf_vunmap_unlocked(dmabuf, &map);
	dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL);
	return ret == -EOPNOTSUPP ? 0 : ret;
}

static int use_dma_buf(struct device *dev, struct extmem *mem, size_t size)
{
	struct dma_buf *dmabuf = extmem_dma_buf_get(mem, 0, size, NULL);
	int ret;

	/* What is simulated has no one address. */
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf) == -EOPNOTSUPP ? 0 : PTR_ERR(dmabuf);
	ret = import(dev, dmabuf);
	if (!ret)
		ret = look_inside(dmabuf);
	dma_buf_put(dmabuf);
	return ret;
}

static int use_bytes(struct extmem *mem)
{
	struct iosys_map map;
	u32 word;
	int ret;

	ret = extmem_claim_range(mem, 0, PAGE_SIZE);
	if (ret)
		return ret;
	ret = extmem_map(mem, &map);
	if (!ret)
		ret = extmem_read(mem, 0, &word, sizeof(word));
	if (!ret)
		ret = extmem_write(mem, 0, &word, sizeof(word));
	if (!ret)
		ret = extmem_fill(mem, 8, 0, sizeof(word));
	extmem_release_range(mem, 0, PAGE_SIZE);
	return ret;
}

static ssize_t use_store(struct device *dev, struct device_attribute *attr, const char *text,
			 size_t count)
{
	struct extmem *mem = dev_get_drvdata(dev);
	int ret = mem->type == EXTMEM_CMA ? 0 : use_bytes(mem);

	if (!ret)
		ret = use_dma_buf(dev, mem, 4 * PAGE_SIZE);
	return ret ?: count;
}
static DEVICE_ATTR_WO(use);

static struct attribute *user_attrs[] = {
	&dev_attr_use.attr,
	NULL
};
ATTRIBUTE_GROUPS(user);

static int user_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct extmem *mem;
	int ret;

	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(40));
	if (ret)
		return ret;
	mem = devm_extmem_get(dev, NULL);
	platform_set_drvdata(pdev, mem);
	return PTR_ERR_OR_ZERO(mem);
}

static const struct of_device_id user_match[] = {
	{ .compatible = "extmem,failnth-user" },
	{ }
};
MODULE_DEVICE_TABLE(of, user_match);

static struct platform_driver user_driver = {
	.probe = user_probe,
	.driver = {
		.name = "failnth-user",
		.of_match_table = user_match,
		.dev_groups = user_groups,
	},
};
module_platform_driver(user_driver);

MODULE_DESCRIPTION("A user of a region, for the tests of extmem");
MODULE_LICENSE("GPL");
