// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupts of a region: events that are counted, and the open files that listen.
 *
 * They are requested when the region comes, and off. The first file that listens to one
 * switches it on, the last one switches it off, so that a line that screams finds
 * somebody who has asked for it, or nobody at all. A level, whose cause only user space
 * can remove, is masked by the handler until a listener arms it again.
 *
 * The handler masks by the depth that disable_irq() counts, so that it needs no lock for
 * it: it says so in @masked afterwards, and who clears that undoes it, once.
 */
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/nospec.h>
#include <linux/pm_wakeup.h>
#include <linux/poll.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <uapi/linux/extmem.h>

#include "internal.h"
#include "trace.h"

/**
 * struct extmem_irq - an interrupt of a region
 * @root: the region
 * @number: Linux's, 0 while it is not requested
 * @is_level: it is masked when it has come
 * @wakes: it is armed to wake the machine, which is about to sleep
 * @masked: bit 0: the handler has disabled it
 * @lock: guards @count, and @listeners against the handler
 * @count: events
 * @listeners: the files; changed by who holds the lock of all interrupts, too
 * @attr: its file in sysfs, whose name is the interrupt's
 * @action: the region's name and its own, for /proc/interrupts
 */
struct extmem_irq {
	struct extmem_region *root;
	int number;
	bool is_level;
	bool wakes;
	unsigned long masked;
	spinlock_t lock;	/* guards what follows */
	u64 count;
	struct list_head listeners;
	struct device_attribute attr;
	char *action;
};

/**
 * struct extmem_irqs - the interrupts of a region
 * @lock: who begins or ends to listen
 * @count: how many
 * @attrs: the files in sysfs
 * @group: their directory
 * @groups: for the device
 * @irq: each
 */
struct extmem_irqs {
	struct mutex lock;	/* who begins or ends to listen */
	unsigned int count;
	struct attribute *attrs[EXTMEM_IRQS_MAX + 1];
	struct attribute_group group;
	const struct attribute_group *groups[2];
	struct extmem_irq irq[];
};

static irqreturn_t handle_event(int number, void *data)
{
	struct extmem_irq *irq = data;
	struct extmem_listener *listener;
	unsigned long flags;
	u64 count;

	if (irq->is_level) {
		disable_irq_nosync(number);
		set_bit(0, &irq->masked);
	}
	spin_lock_irqsave(&irq->lock, flags);
	count = ++irq->count;
	list_for_each_entry(listener, &irq->listeners, sibling)
		if (listener->eventfd)
			eventfd_signal(listener->eventfd);
	spin_unlock_irqrestore(&irq->lock, flags);
	trace_extmem_irq(irq->root, irq - irq->root->irqs->irq, count);
	pm_wakeup_event(irq->root->owner, 0);
	wake_up_interruptible_poll(&irq->root->wait, EPOLLPRI);
	return IRQ_HANDLED;
}

/* --- one who listens --- */

static void unmask(struct extmem_irq *irq)
{
	if (test_and_clear_bit(0, &irq->masked))
		enable_irq(irq->number);
}

/* Whether it is the first, who has switched the line on. */
static bool start_listening(struct extmem_irq *irq, struct extmem_listener *listener)
{
	bool is_first = list_empty(&irq->listeners);

	lockdep_assert_held(&irq->root->irqs->lock);
	spin_lock_irq(&irq->lock);
	listener->seen = irq->count;
	list_add_tail(&listener->sibling, &irq->listeners);
	spin_unlock_irq(&irq->lock);
	if (is_first)
		enable_irq(irq->number);
	return is_first;
}

static void stop_listening(struct extmem_irq *irq, struct extmem_listener *listener)
{
	struct eventfd_ctx *eventfd = NULL;

	lockdep_assert_held(&irq->root->irqs->lock);
	if (list_empty(&listener->sibling))
		return;
	spin_lock_irq(&irq->lock);
	list_del_init(&listener->sibling);
	swap(listener->eventfd, eventfd);
	spin_unlock_irq(&irq->lock);
	if (eventfd)
		eventfd_ctx_put(eventfd);
	if (!irq->number || !list_empty(&irq->listeners))
		return;
	/* In this order: it must not come in between. */
	disable_irq(irq->number);
	unmask(irq);
}

/* Only roots have interrupts. */
static struct extmem_irq *find_irq(const struct extmem_file *efile, unsigned int index)
{
	struct extmem_irqs *irqs = efile->region->irqs;

	if (!irqs)
		return ERR_PTR(-ENOTTY);
	if (index >= irqs->count)
		return ERR_PTR(-EINVAL);
	return &irqs->irq[array_index_nospec(index, irqs->count)];
}

/* By the interrupt, and not by what the user has said, which is checked above. */
static struct extmem_listener *listener_of(const struct extmem_file *efile,
					   const struct extmem_irq *irq)
{
	return efile->listeners ? &efile->listeners[irq - efile->region->irqs->irq] : NULL;
}

static struct extmem_listener *make_listeners(struct extmem_file *efile)
{
	unsigned int i, count = efile->region->irqs->count;
	struct extmem_listener *listeners = efile->listeners;

	lockdep_assert_held(&efile->region->irqs->lock);
	if (listeners)
		return listeners;
	listeners = kcalloc(count, sizeof(*listeners), GFP_KERNEL_ACCOUNT);
	if (!listeners)
		return NULL;
	for (i = 0; i < count; i++)
		INIT_LIST_HEAD(&listeners[i].sibling);
	smp_store_release(&efile->listeners, listeners);	/* for who takes no lock */
	return listeners;
}

/**
 * extmem_irq_arm() - have a file listen to an interrupt, and let that through
 * @efile: the file; the caller is outside the gate
 * @index: which
 * @eventfd: NULL, or who is to be told from now on; becomes who was until now
 *
 * Return: 0, -ENOTTY, -EINVAL, -ENOMEM or -ENODEV.
 */
int extmem_irq_arm(struct extmem_file *efile, unsigned int index,
		   struct eventfd_ctx **eventfd)
{
	struct extmem_irq *irq = find_irq(efile, index);
	struct extmem_listener *listener;

	if (IS_ERR(irq))
		return PTR_ERR(irq);
	CLASS(extmem_gate, gate)(efile->region);
	if (!gate.open)
		return -ENODEV;
	guard(mutex)(&efile->region->irqs->lock);
	if (!make_listeners(efile))
		return -ENOMEM;
	listener = listener_of(efile, irq);
	if (eventfd) {
		spin_lock_irq(&irq->lock);
		swap(listener->eventfd, *eventfd);
		spin_unlock_irq(&irq->lock);
	}
	/* What comes of switching it on is masked already, and stays so. */
	if (!list_empty(&listener->sibling) || !start_listening(irq, listener))
		unmask(irq);
	return 0;
}

/**
 * extmem_irq_disarm() - have a file listen to an interrupt no more
 * @efile: the file; the caller is outside the gate
 * @index: which
 *
 * Return: 0, if it did not listen, too; -ENOTTY, -EINVAL or -ENODEV.
 */
int extmem_irq_disarm(struct extmem_file *efile, unsigned int index)
{
	struct extmem_irq *irq = find_irq(efile, index);
	struct extmem_listener *listener;

	if (IS_ERR(irq))
		return PTR_ERR(irq);
	CLASS(extmem_gate, gate)(efile->region);
	if (!gate.open)
		return -ENODEV;
	guard(mutex)(&efile->region->irqs->lock);
	listener = listener_of(efile, irq);
	if (listener)
		stop_listening(irq, listener);
	return 0;
}

/* What it is told, it is not told again. */
static void tell(struct extmem_irq *irq, struct extmem_listener *listener,
		 struct extmem_irq_read *read)
{
	read->state = 0;
	read->events = 0;
	if (irq->is_level)
		read->state |= EXTMEM_IRQ_LEVEL;
	spin_lock_irq(&irq->lock);
	if (test_bit(0, &irq->masked))
		read->state |= EXTMEM_IRQ_MASKED;
	read->count = irq->count;
	if (listener && !list_empty(&listener->sibling)) {
		read->state |= EXTMEM_IRQ_ARMED;
		read->events = irq->count - listener->seen;
		listener->seen = irq->count;
	}
	spin_unlock_irq(&irq->lock);
}

/**
 * extmem_irq_read() - tell a file what came of an interrupt
 * @efile: the file; the caller is outside the gate
 * @read: its index; filled
 *
 * Return: 0, -ENOTTY, -EINVAL or -ENODEV.
 */
int extmem_irq_read(struct extmem_file *efile, struct extmem_irq_read *read)
{
	struct extmem_irq *irq = find_irq(efile, read->index);

	if (IS_ERR(irq))
		return PTR_ERR(irq);
	CLASS(extmem_gate, gate)(efile->region);
	if (!gate.open)
		return -ENODEV;
	guard(mutex)(&efile->region->irqs->lock);
	strscpy_pad(read->name, irq->attr.attr.name, sizeof(read->name));
	tell(irq, listener_of(efile, irq), read);
	return 0;
}

static bool has_news(struct extmem_irq *irq, const struct extmem_listener *listener)
{
	bool yes;

	spin_lock_irq(&irq->lock);
	yes = !list_empty(&listener->sibling) && listener->seen != irq->count;
	spin_unlock_irq(&irq->lock);
	return yes;
}

/**
 * extmem_irqs_have_news() - are there events of which a file was not told?
 * @efile: the file
 */
bool extmem_irqs_have_news(struct extmem_file *efile)
{
	struct extmem_irqs *irqs = efile->region->irqs;
	struct extmem_listener *listeners;
	unsigned int i;

	listeners = smp_load_acquire(&efile->listeners); /* before they are looked at */
	for (i = 0; listeners && i < irqs->count; i++)
		if (has_news(&irqs->irq[i], &listeners[i]))
			return true;
	return false;
}

/**
 * extmem_irqs_leave() - have a file that is being closed listen to nothing
 * @efile: the file
 */
void extmem_irqs_leave(struct extmem_file *efile)
{
	struct extmem_irqs *irqs = efile->region->irqs;
	unsigned int i;

	if (!efile->listeners)
		return;
	scoped_guard(mutex, &irqs->lock)
		for (i = 0; i < irqs->count; i++)
			stop_listening(&irqs->irq[i], &efile->listeners[i]);
	kfree(efile->listeners);
}

/* --- the region's life --- */

static ssize_t count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct extmem_irq *irq = container_of(attr, struct extmem_irq, attr);
	u64 count;

	spin_lock_irq(&irq->lock);
	count = irq->count;
	spin_unlock_irq(&irq->lock);
	return sysfs_emit(buf, "%llu\n", count);
}

/* "sram:alarm", of which the file in sysfs is called "alarm". */
static int name_irq(struct extmem_irqs *irqs, unsigned int index, const char *name)
{
	struct extmem_irq *irq = &irqs->irq[index];
	const char *region = irq->root->desc.name;

	irq->action = name ? kasprintf(GFP_KERNEL, "%s:%s", region, name) :
			     kasprintf(GFP_KERNEL, "%s:%u", region, index);
	if (!irq->action)
		return -ENOMEM;
	sysfs_attr_init(&irq->attr.attr);
	irq->attr.attr.name = irq->action + strlen(region) + 1;
	irq->attr.attr.mode = 0444;
	irq->attr.show = count_show;
	irqs->attrs[index] = &irq->attr.attr;
	return 0;
}

static int request(struct extmem_irq *irq, unsigned int index, struct extmem_verdict *verdict)
{
	struct extmem_region *root = irq->root;
	int ret, number = fwnode_irq_get(dev_fwnode(root->owner), index);

	if (number == -EPROBE_DEFER)
		return dev_err_probe(root->owner, number,
				     "%s: interrupts: number %u has no controller yet; enable the driver of its interrupt-parent\n",
				     root->desc.node, index);
	if (number <= 0)
		return extmem_refuse(verdict, number ?: -EINVAL, root->desc.node, "interrupts",
				     "number %u is not to be had from its controller (error %d); mind its #interrupt-cells, and what else the line is used for",
				     index, number);
	/* Sharing is refused for us to say, not for the kernel. */
	ret = request_any_context_irq(number, handle_event,
				      IRQF_NO_AUTOEN | IRQF_PROBE_SHARED, irq->action, irq);
	if (ret == -EBUSY)
		return extmem_refuse(verdict, ret, root->desc.node, "interrupts",
				     "number %u is taken already; line %d of /proc/interrupts says by whom: disable that driver or node, or remove it here",
				     index, number);
	if (ret == -ENOMEM)
		return ret;
	if (ret < 0)
		return extmem_refuse(verdict, ret, root->desc.node, "interrupts",
				     "number %u is refused by its controller (error %d); give it another kind of trigger, or remove it",
				     index, ret);
	irq->number = number;
	/* Where nobody says, it may be one. */
	irq->is_level = !(irq_get_trigger_type(number) & IRQ_TYPE_EDGE_BOTH);
	return 0;
}

static int get_irq(struct extmem_region *region, unsigned int index, const char *name,
		   struct extmem_verdict *verdict)
{
	struct extmem_irq *irq = &region->irqs->irq[index];
	int ret;

	ret = name_irq(region->irqs, index, name);
	return ret ?: request(irq, index, verdict);
}

static struct extmem_irqs *make_irqs(struct extmem_region *region)
{
	unsigned int i, count = region->desc.irqs;
	struct extmem_irqs *irqs = kzalloc(struct_size(irqs, irq, count), GFP_KERNEL);

	if (!irqs)
		return NULL;
	irqs->count = count;
	mutex_init(&irqs->lock);
	for (i = 0; i < count; i++) {
		irqs->irq[i].root = region;
		spin_lock_init(&irqs->irq[i].lock);
		INIT_LIST_HEAD(&irqs->irq[i].listeners);
	}
	irqs->group.name = "interrupts";
	irqs->group.attrs = irqs->attrs;
	irqs->groups[0] = &irqs->group;
	return irqs;
}

/**
 * extmem_irqs_get() - have a region's interrupts, if it has any
 * @region: the region; no partition; not yet added
 * @names: theirs, each with its NUL, or NULL
 * @verdict: filled when one cannot be had
 *
 * Return: 0, -EPROBE_DEFER while a controller is not there, or another negative errno;
 * extmem_irqs_put() then, too.
 */
int extmem_irqs_get(struct extmem_region *region, const char *names,
		    struct extmem_verdict *verdict)
{
	unsigned int i;
	int ret = 0;

	if (!region->desc.irqs)
		return 0;
	region->irqs = make_irqs(region);
	if (!region->irqs)
		return -ENOMEM;
	for (i = 0; i < region->irqs->count && !ret; i++) {
		ret = get_irq(region, i, names, verdict);
		if (names)
			names += strlen(names) + 1;
	}
	if (!ret && region->desc.wakeup)
		ret = device_init_wakeup(region->owner, true);
	region->dev.groups = region->irqs->groups;
	return ret;
}

/* The files stay, and are told of the end by other means. */
static void forget_listeners(struct extmem_irq *irq)
{
	struct extmem_listener *listener, *next;

	list_for_each_entry_safe(listener, next, &irq->listeners, sibling)
		stop_listening(irq, listener);
}

/**
 * extmem_irqs_put() - give the interrupts back
 * @root: the region, whose gate is closed and has nobody inside
 *
 * Afterwards none comes any more, and no eventfd is signalled.
 */
void extmem_irqs_put(struct extmem_region *root)
{
	struct extmem_irqs *irqs = root->irqs;
	unsigned int i;

	if (!irqs)
		return;
	guard(mutex)(&irqs->lock);
	for (i = 0; i < irqs->count; i++) {
		struct extmem_irq *irq = &irqs->irq[i];

		if (irq->number)
			free_irq(irq->number, irq);
		irq->number = 0;
		forget_listeners(irq);
	}
	if (root->desc.wakeup)
		device_init_wakeup(root->owner, false);
}

/**
 * extmem_irqs_free() - free what extmem_irqs_get() made
 * @root: the region, which nobody holds
 */
void extmem_irqs_free(struct extmem_region *root)
{
	struct extmem_irqs *irqs = root->irqs;
	unsigned int i;

	if (!irqs)
		return;
	for (i = 0; i < irqs->count; i++)
		kfree(irqs->irq[i].action);
	mutex_destroy(&irqs->lock);
	kfree(irqs);
}

/* --- the machine's sleep --- */

/**
 * extmem_irqs_suspend() - have those that somebody listens to wake the machine
 * @root: the region; user space is frozen
 *
 * Return: whether there are any.
 */
bool extmem_irqs_suspend(struct extmem_region *root)
{
	struct extmem_irqs *irqs = root->irqs;
	bool wakes = false;
	unsigned int i;

	if (!irqs || !device_may_wakeup(root->owner))
		return false;
	guard(mutex)(&irqs->lock);
	for (i = 0; i < irqs->count; i++) {
		struct extmem_irq *irq = &irqs->irq[i];
		int ret;

		if (list_empty(&irq->listeners))
			continue;
		ret = enable_irq_wake(irq->number);
		irq->wakes = !ret;
		wakes |= irq->wakes;
		if (ret)
			dev_warn(root->owner,
				 "%s: wakeup-source: interrupt number %u cannot wake this machine: %pe; remove wakeup-source\n",
				 root->desc.node, i, ERR_PTR(ret));
	}
	return wakes;
}

/**
 * extmem_irqs_resume() - undo extmem_irqs_suspend()
 * @root: the region
 */
void extmem_irqs_resume(struct extmem_region *root)
{
	struct extmem_irqs *irqs = root->irqs;
	unsigned int i;

	if (!irqs)
		return;
	guard(mutex)(&irqs->lock);
	for (i = 0; i < irqs->count; i++) {
		if (irqs->irq[i].wakes)
			disable_irq_wake(irqs->irq[i].number);
		irqs->irq[i].wakes = false;
	}
}
