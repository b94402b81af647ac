/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A DMA engine without hardware: it copies in a work item, and fails, waits and reorders
 * on demand.
 */
#ifndef _EXTMEM_FAKE_ENGINE_H
#define _EXTMEM_FAKE_ENGINE_H

#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct kunit;

/**
 * struct fake_engine - the one fake of a test
 * @no_descriptor: it has none
 * @no_submit: it takes none
 * @bad: what it does it says it could not do, and does not do
 * @backwards: what comes last is done first
 * @held: it does nothing
 * @instead: what it does in place of each copy, with @data, or NULL
 * @data: of the test's
 * @prepared: descriptors that it was asked for
 * @copied: descriptors that it has done
 * @terminated: how often it was stopped with something to do
 */
struct fake_engine {
	bool no_descriptor;
	bool no_submit;
	bool bad;
	bool backwards;
	bool held;
	void (*instead)(void *data);
	void *data;
	unsigned int prepared;
	unsigned int copied;
	unsigned int terminated;

	/* private: */
	struct kunit *test;
	struct device *dev;
	struct dma_device device;
	struct dma_chan chan;
	struct dma_slave_map map;
	spinlock_t lock;	/* guards the lists */
	struct list_head submitted;
	struct list_head issued;
	struct work_struct work;
};

/* What a channel that is of no use lacks. */
enum fake_engine_lack {
	FAKE_ENGINE_WHOLE,
	FAKE_ENGINE_NO_MEMCPY,
	FAKE_ENGINE_NO_STOP,
};

struct fake_engine *fake_engine_new(struct kunit *test, struct device *owner,
				    enum fake_engine_lack lack);
void fake_engine_serve(struct kunit *test, struct fake_engine *fake, const char *node);
void fake_engine_go_on(struct fake_engine *fake);
struct device *fake_engine_device(struct fake_engine *fake);

#endif /* _EXTMEM_FAKE_ENGINE_H */
