// SPDX-License-Identifier: GPL-2.0
/*
 * A DMA engine without hardware: see the header.
 */
#include <kunit/device.h>
#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_dma.h>
#include <linux/slab.h>

#include "fake_engine.h"

struct fake_tx {
	struct dma_async_tx_descriptor tx;
	struct list_head list;
	dma_addr_t dst;
	dma_addr_t src;
	size_t size;
};

static struct fake_engine *fake_of(struct dma_chan *chan)
{
	return container_of(chan, struct fake_engine, chan);
}

/* Bus addresses are CPU addresses here. */
static void copy(dma_addr_t dst, dma_addr_t src, size_t size)
{
	while (size) {
		size_t room = min(PAGE_SIZE - offset_in_page(dst), PAGE_SIZE - offset_in_page(src));
		size_t part = min(size, room);
		u8 *to = kmap_local_page(pfn_to_page(PHYS_PFN(dst)));
		u8 *from = kmap_local_page(pfn_to_page(PHYS_PFN(src)));

		memcpy(to + offset_in_page(dst), from + offset_in_page(src), part);
		kunmap_local(from);
		kunmap_local(to);
		dst += part;
		src += part;
		size -= part;
	}
}

static struct fake_tx *next_tx(struct fake_engine *fake)
{
	struct fake_tx *tx = NULL;

	spin_lock_irq(&fake->lock);
	if (!list_empty(&fake->issued) && !fake->held) {
		tx = fake->backwards ? list_last_entry(&fake->issued, struct fake_tx, list) :
				       list_first_entry(&fake->issued, struct fake_tx, list);
		list_del(&tx->list);
	}
	spin_unlock_irq(&fake->lock);
	return tx;
}

static void run(struct work_struct *work)
{
	struct fake_engine *fake = container_of(work, struct fake_engine, work);
	struct dmaengine_result result = {};
	struct fake_tx *tx;

	while ((tx = next_tx(fake))) {
		result.result = fake->bad ? DMA_TRANS_ABORTED : DMA_TRANS_NOERROR;
		if (!fake->bad) {
			if (fake->instead)
				fake->instead(fake->data);
			else
				copy(tx->dst, tx->src, tx->size);
			fake->copied++;
		}
		tx->tx.callback_result(tx->tx.callback_param, &result);
		kfree(tx);
	}
}

static dma_cookie_t submit(struct dma_async_tx_descriptor *desc)
{
	struct fake_tx *tx = container_of(desc, struct fake_tx, tx);
	struct fake_engine *fake = fake_of(desc->chan);

	if (fake->no_submit) {
		kfree(tx);
		return -ENOMEM;
	}
	spin_lock_irq(&fake->lock);
	tx->tx.cookie = ++fake->chan.cookie;
	list_add_tail(&tx->list, &fake->submitted);
	spin_unlock_irq(&fake->lock);
	return tx->tx.cookie;
}

static struct dma_async_tx_descriptor *prep(struct dma_chan *chan, dma_addr_t dst,
					    dma_addr_t src, size_t size, unsigned long flags)
{
	struct fake_engine *fake = fake_of(chan);
	struct fake_tx *tx;

	fake->prepared++;
	if (fake->no_descriptor)
		return NULL;
	tx = kzalloc(sizeof(*tx), GFP_NOWAIT);
	if (!tx)
		return NULL;
	dma_async_tx_descriptor_init(&tx->tx, chan);
	tx->tx.tx_submit = submit;
	tx->dst = dst;
	tx->src = src;
	tx->size = size;
	return &tx->tx;
}

static void issue(struct dma_chan *chan)
{
	struct fake_engine *fake = fake_of(chan);
	unsigned long flags;

	spin_lock_irqsave(&fake->lock, flags);
	list_splice_tail_init(&fake->submitted, &fake->issued);
	spin_unlock_irqrestore(&fake->lock, flags);
	schedule_work(&fake->work);
}

static int terminate(struct dma_chan *chan)
{
	struct fake_engine *fake = fake_of(chan);
	struct fake_tx *tx, *next;
	LIST_HEAD(gone);

	spin_lock_irq(&fake->lock);
	list_splice_init(&fake->submitted, &gone);
	list_splice_init(&fake->issued, &gone);
	spin_unlock_irq(&fake->lock);
	if (!list_empty(&gone))
		fake->terminated++;
	list_for_each_entry_safe(tx, next, &gone, list)
		kfree(tx);
	return 0;
}

static void synchronize(struct dma_chan *chan)
{
	flush_work(&fake_of(chan)->work);
}

static enum dma_status status(struct dma_chan *chan, dma_cookie_t cookie,
			      struct dma_tx_state *state)
{
	return DMA_IN_PROGRESS;	/* nobody asks */
}

static bool take_any(struct dma_chan *chan, void *param)
{
	return true;
}

static void end(void *data)
{
	struct fake_engine *fake = data;

	fake->held = false;
	flush_work(&fake->work);
	dma_async_device_unregister(&fake->device);
	KUNIT_EXPECT_TRUE_MSG(fake->test, list_empty(&fake->submitted), "left submitted");
	KUNIT_EXPECT_TRUE_MSG(fake->test, list_empty(&fake->issued), "left issued");
}

static void set_up_dma(struct kunit *test, struct device *dev)
{
	dev->dma_mask = kunit_kzalloc(test, sizeof(*dev->dma_mask), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dev->dma_mask);
	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)))
		kunit_skip(test, "no DMA on this machine");
}

/**
 * fake_engine_new() - an engine that goes with the test
 * @test: the test, which must make its regions afterwards
 * @owner: the device that asks for a channel "memcpy", and is given this one
 * @lack: what is wrong with it
 *
 * Return: the fake.
 */
struct fake_engine *fake_engine_new(struct kunit *test, struct device *owner,
				    enum fake_engine_lack lack)
{
	struct fake_engine *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	struct dma_device *device;

	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->test = test;
	spin_lock_init(&fake->lock);
	INIT_LIST_HEAD(&fake->submitted);
	INIT_LIST_HEAD(&fake->issued);
	INIT_WORK(&fake->work, run);
	fake->dev = kunit_device_register(test, "extmem-test-engine");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, fake->dev);
	set_up_dma(test, fake->dev);

	device = &fake->device;
	device->dev = fake->dev;
	INIT_LIST_HEAD(&device->channels);
	fake->chan.device = device;
	list_add(&fake->chan.device_node, &device->channels);
	dma_cap_set(DMA_PRIVATE, device->cap_mask);
	dma_cap_set(DMA_SLAVE, device->cap_mask);
	if (lack != FAKE_ENGINE_NO_MEMCPY)
		dma_cap_set(DMA_MEMCPY, device->cap_mask);
	device->device_prep_dma_memcpy = prep;
	device->device_issue_pending = issue;
	device->device_tx_status = status;
	if (lack != FAKE_ENGINE_NO_STOP)
		device->device_terminate_all = terminate;
	device->device_synchronize = synchronize;
	fake->map = (struct dma_slave_map) {
		.devname = dev_name(owner), .slave = "memcpy",
	};
	device->filter.map = &fake->map;
	device->filter.mapcnt = 1;
	device->filter.fn = take_any;
	KUNIT_ASSERT_EQ(test, 0, dma_async_device_register(device));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, end, fake));
	return fake;
}

static bool is_its_own(struct dma_chan *chan, void *param)
{
	struct fake_engine *fake = param;

	return chan == &fake->chan;
}

static struct dma_chan *find_channel(struct of_phandle_args *spec, struct of_dma *controller)
{
	struct fake_engine *fake = controller->of_dma_data;

	return __dma_request_channel(&fake->device.cap_mask, is_its_own, fake, NULL);
}

static void serve_no_more(void *data)
{
	struct device_node *np = data;

	of_dma_controller_free(np);
	of_node_put(np);
}

/**
 * fake_engine_serve() - have those who name a node in "dmas" find the channel, too
 * @test: the test, which must bind its regions afterwards
 * @fake: the engine
 * @node: the name of the node
 */
void fake_engine_serve(struct kunit *test, struct fake_engine *fake, const char *node)
{
	struct device_node *np = of_find_node_by_name(NULL, node);

	KUNIT_ASSERT_NOT_NULL(test, np);
	KUNIT_ASSERT_EQ(test, 0, of_dma_controller_register(np, find_channel, fake));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, serve_no_more, np));
}

/* Does what it was held up with. */
void fake_engine_go_on(struct fake_engine *fake)
{
	fake->held = false;
	schedule_work(&fake->work);
}

struct device *fake_engine_device(struct fake_engine *fake)
{
	return fake->dev;
}
