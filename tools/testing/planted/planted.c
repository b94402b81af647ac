// SPDX-License-Identifier: GPL-2.0
/*
 * Faults on purpose, one of each kind that a kernel can report by itself. What judges the
 * log of a test must take each of them for a failure (scripts/lib/planted.sh). The name of
 * a fault, written to debugfs, plants it. For the tests of extmem alone: no other kernel
 * wants this module.
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kobject.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/platform_device.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/scatterlist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>

/* What the compiler does not know, or it would see the faults coming. */
static int four = 4;
static int sixty = 60;
static u8 two = 2;
static int table[4];
static int sink;

/* Catches: a judge to whom everything is a report. */
static noinline void planted_nothing(void)
{
	kfree(kmalloc(16, GFP_KERNEL));
}

/* KASAN */

static noinline void planted_slab_out_of_bounds(void)
{
	char *p = kmalloc(16, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	sink = READ_ONCE(p[16]);
	kfree(p);
}

static noinline void planted_use_after_free(void)
{
	char *p = kmalloc(16, GFP_KERNEL);
	char *again = p;

	OPTIMIZER_HIDE_VAR(again);
	kfree(p);
	sink = READ_ONCE(again[4]);
}

static noinline void planted_double_free(void)
{
	char *p = kmalloc(16, GFP_KERNEL);
	char *again = p;

	OPTIMIZER_HIDE_VAR(again);
	kfree(p);
	kfree(again);
}

static noinline void planted_vmalloc_out_of_bounds(void)
{
	char *p = vmalloc(3000);

	OPTIMIZER_HIDE_VAR(p);
	sink = READ_ONCE(p[3008]);
	vfree(p);
}

static noinline void planted_stack_out_of_bounds(void)
{
	char bytes[16] = "";
	char *p = bytes;

	OPTIMIZER_HIDE_VAR(p);
	sink = READ_ONCE(p[16]);
}

/* UBSAN */

static noinline void planted_index(void)
{
	sink = table[READ_ONCE(four)];
}

static noinline void planted_shift(void)
{
	sink = 1 << READ_ONCE(sixty);
}

static noinline void planted_bool(void)
{
	sink = READ_ONCE(*(bool *)&two);
}

/* Lockdep; it reports once a boot, and then it is off. */

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(lock);

static noinline void planted_circular_locks(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static noinline void planted_recursive_locks(void)
{
	struct mutex *mutex = kcalloc(2, sizeof(*mutex), GFP_KERNEL);
	int i;

	if (!mutex)
		return;
	for (i = 0; i < 2; i++)
		mutex_init(&mutex[i]);
	for (i = 0; i < 2; i++)
		mutex_lock(&mutex[i]);
	for (i = 0; i < 2; i++)
		mutex_unlock(&mutex[i]);
	kfree(mutex);
}

static DECLARE_COMPLETION(has_run);

static void from_softirq(struct timer_list *timer)
{
	spin_lock(&lock);
	spin_unlock(&lock);
	complete(&has_run);
}

static DEFINE_TIMER(softirq, from_softirq);

static noinline void planted_inconsistent_lock(void)
{
	mod_timer(&softirq, jiffies);
	wait_for_completion(&has_run);
	spin_lock(&lock);
	spin_unlock(&lock);
}

static struct lock_class_key map_key;
static struct lockdep_map map __maybe_unused;	/* without lockdep */

static noinline void planted_unlock(void)
{
	lockdep_init_map(&map, "planted", &map_key, 0);
	lock_map_release(&map);
}

/* RCU */

static void __rcu *nowhere;

static noinline void planted_rcu_dereference(void)
{
	WRITE_ONCE(sink, !rcu_dereference(nowhere));
}

/* The scheduler */

static noinline void planted_sleep(void)
{
	spin_lock(&lock);
	might_sleep();
	spin_unlock(&lock);
}

static noinline void planted_schedule(void)
{
	preempt_disable();
	schedule();
	preempt_enable();
}

static noinline void planted_hung_task(void)
{
	schedule_timeout_uninterruptible(4 * HZ);
}

/* Objects with a life */

struct with_timer {
	struct timer_list timer;
	struct work_struct work;
	struct rcu_head rcu;
};

static void timer_nothing(struct timer_list *timer)
{
}

static noinline void planted_timer(void)
{
	struct with_timer *object = kzalloc(sizeof(*object), GFP_KERNEL);

	if (!object)
		return;
	timer_setup(&object->timer, timer_nothing, 0);
	mod_timer(&object->timer, jiffies + 1000 * HZ);
	kfree(object);
}

static void work_nothing(struct work_struct *work)
{
}

static noinline void planted_work(void)
{
	struct with_timer *object = kzalloc(sizeof(*object), GFP_KERNEL);

	if (!object)
		return;
	/* Else the worker may come in between, and end. */
	sched_set_fifo(current);
	INIT_WORK(&object->work, work_nothing);
	schedule_work(&object->work);
	INIT_WORK(&object->work, work_nothing);
	sched_set_normal(current, 0);
	flush_work(&object->work);
	kfree(object);
}

static void rcu_nothing(struct rcu_head *head)
{
}

/* It stays: after the report, RCU leaks what it was given. */
static noinline void planted_rcu_head(void)
{
	static struct with_timer *object;

	object = kzalloc(sizeof(*object), GFP_KERNEL);
	if (!object)
		return;
	call_rcu(&object->rcu, rcu_nothing);
	call_rcu(&object->rcu, rcu_nothing);
}

static noinline void planted_leak(void)
{
	int i;

	/* A stack or a register may still have the last of them. */
	for (i = 0; i < 16; i++) {
		char *p = kmalloc(1000, GFP_KERNEL);

		OPTIMIZER_HIDE_VAR(p);
	}
}

static noinline void planted_underflow(void)
{
	refcount_t count = REFCOUNT_INIT(1);

	refcount_dec(&count);
	WRITE_ONCE(sink, refcount_dec_and_test(&count));
}

static noinline void planted_saturation(void)
{
	refcount_t count = REFCOUNT_INIT(INT_MAX);

	refcount_inc(&count);
}

static noinline void planted_list_del(void)
{
	struct list_head one, other, *p = &one;

	INIT_LIST_HEAD(&one);
	INIT_LIST_HEAD(&other);
	OPTIMIZER_HIDE_VAR(p);
	p->next = &other;
	list_del(&one);
}

static noinline void planted_duplicate(void)
{
	struct kobject *one = kobject_create_and_add("planted", kernel_kobj);
	struct kobject *other = kobject_create_and_add("planted", kernel_kobj);

	kobject_put(other);
	kobject_put(one);
}

static noinline void planted_no_release(void)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return;
	device_initialize(dev);
	dev_set_name(dev, "planted");
	put_device(dev);
	kfree(dev);
}

static RAW_NOTIFIER_HEAD(chain);

static noinline void planted_notifier(void)
{
	struct notifier_block block = { .notifier_call = (notifier_fn_t)table };

	raw_notifier_chain_register(&chain, &block);
	raw_notifier_call_chain(&chain, 0, NULL);
}

/* Pages */

static noinline __no_sanitize_address void late_write(char *p)
{
	p[100] = 1;
}

static noinline void planted_write_to_free_page(void)
{
	static struct page *pages[512];
	char *p = (char *)__get_free_page(GFP_KERNEL);
	int i;

	if (!p)
		return;
	free_page((unsigned long)p);
	late_write(p);
	/* Who gets it next finds out. */
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = alloc_page(GFP_KERNEL);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if (pages[i])
			__free_page(pages[i]);
}

static noinline void planted_virt_to_phys(void)
{
	char *p = vmalloc(PAGE_SIZE);

	WRITE_ONCE(sink, virt_to_phys(p));
	vfree(p);
}

static noinline void planted_dma_unmap(void)
{
	struct platform_device *pdev = platform_device_register_simple("planted", -1, NULL, 0);

	if (IS_ERR(pdev))
		return;
	if (!dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32)))
		dma_unmap_page_attrs(&pdev->dev, 0x1000, 64, DMA_TO_DEVICE, DMA_ATTR_SKIP_CPU_SYNC);
	platform_device_unregister(pdev);
}

/* KCSAN */

static int raced;

static noinline void planted_race(void)
{
	raced++;
}

static int race(void *other)
{
	unsigned long end = jiffies + 3 * HZ;

	while (time_before(jiffies, end)) {
		planted_race();
		cond_resched();
	}
	complete(other);
	return 0;
}

static void start_race(void)
{
	DECLARE_COMPLETION_ONSTACK(done);

	if (!IS_ERR(kthread_run(race, &done, "planted-1")))
		wait_for_completion(&done);
}

static noinline void race_in_two(void)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *task = kthread_run(race, &done, "planted-2");

	start_race();
	if (!IS_ERR(task))
		wait_for_completion(&done);
}

/* The plain ones */

static noinline void planted_warn(void)
{
	WARN(1, "planted");
}

/* A BUG() that is there with DEBUG_SG only. */
static noinline __noclone bool has_page(struct scatterlist *sg)
{
	return sg_page(sg);
}

/* Not by itself: the call of panic() comes last, and returns to who is behind it. */
static noinline void planted_scatterlist(void)
{
	struct scatterlist sg = { .page_link = SG_CHAIN };

	WRITE_ONCE(sink, !has_page(&sg));
}

static noinline __no_sanitize_address void planted_oops(void)
{
	char *p = NULL;

	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(*p, 1);
}

static const struct {
	const char *name;
	void (*plant)(void);
} faults[] = {
	{ "nothing", planted_nothing },
	{ "slab-out-of-bounds", planted_slab_out_of_bounds },
	{ "use-after-free", planted_use_after_free },
	{ "double-free", planted_double_free },
	{ "vmalloc-out-of-bounds", planted_vmalloc_out_of_bounds },
	{ "stack-out-of-bounds", planted_stack_out_of_bounds },
	{ "index", planted_index },
	{ "shift", planted_shift },
	{ "bool", planted_bool },
	{ "circular-locks", planted_circular_locks },
	{ "recursive-locks", planted_recursive_locks },
	{ "inconsistent-lock", planted_inconsistent_lock },
	{ "unlock", planted_unlock },
	{ "rcu-dereference", planted_rcu_dereference },
	{ "sleep", planted_sleep },
	{ "schedule", planted_schedule },
	{ "hung-task", planted_hung_task },
	{ "timer", planted_timer },
	{ "work", planted_work },
	{ "rcu-head", planted_rcu_head },
	{ "leak", planted_leak },
	{ "underflow", planted_underflow },
	{ "saturation", planted_saturation },
	{ "list-del", planted_list_del },
	{ "duplicate", planted_duplicate },
	{ "no-release", planted_no_release },
	{ "notifier", planted_notifier },
	{ "write-to-free-page", planted_write_to_free_page },
	{ "virt-to-phys", planted_virt_to_phys },
	{ "dma-unmap", planted_dma_unmap },
	{ "race", race_in_two },
	{ "warn", planted_warn },
	{ "scatterlist", planted_scatterlist },
	{ "oops", planted_oops },
};

static ssize_t plant(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	char name[32] = "";
	int i;

	if (size >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, from, size))
		return -EFAULT;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!sysfs_streq(name, faults[i].name))
			continue;
		faults[i].plant();
		return size;
	}
	return -EINVAL;
}

static const struct file_operations plant_fops = {
	.owner = THIS_MODULE,
	.write = plant,
};

static struct dentry *file;

static int __init planted_init(void)
{
	file = debugfs_create_file("planted", 0200, NULL, NULL, &plant_fops);
	return PTR_ERR_OR_ZERO(file);
}
module_init(planted_init);

static void __exit planted_exit(void)
{
	debugfs_remove(file);
}
module_exit(planted_exit);

MODULE_DESCRIPTION("Faults on purpose, for the tests of extmem");
MODULE_LICENSE("GPL");
