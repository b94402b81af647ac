// SPDX-License-Identifier: GPL-2.0
/*
 * What memory needs before it answers: a power domain, a supply, clocks, and its resets
 * deasserted, in this order. And who needs it on: whoever can touch it, from before he can
 * until he cannot any more.
 *
 * The first of them holds the platform device by runtime PM, and the last one lets it go.
 * They are counted here, for they outlive the driver's binding, which the count of runtime
 * PM does not. A region with nothing to switch has none of this.
 */
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/notifier.h>
#include <linux/of_clk.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/ratelimit.h>
#include <linux/regulator/consumer.h>
#include <linux/reset.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "internal.h"
#include "trace.h"

#define AUTOSUSPEND_MS	200	/* who comes again soon finds it on */

/**
 * struct extmem_power - what there is to switch for a region
 * @root: the region
 * @owner: its platform device; may have gone when @gone is set
 * @vdd: the supply, or NULL
 * @clocks: all of the node's
 * @clocks_count: of those
 * @resets: all of the node's
 * @resets_count: of those
 * @supply_nb: told when @vdd goes
 * @domain_nb: told when the power domain goes, and asked before
 * @has_domain_nb: it is told
 * @failed: which property is to blame when it cannot be switched on
 * @failures: how often that is said, so that another region's are heard, too
 * @is_asleep: switched off for the machine's sleep
 * @lock: guards what follows
 * @users: who needs it on; they have the device held
 * @view_users: those of them who keep addresses of the view
 * @gone: the region was removed
 */
struct extmem_power {
	struct extmem_region *root;
	struct device *owner;
	struct regulator *vdd;
	struct clk_bulk_data *clocks;
	int clocks_count;
	struct reset_control **resets;
	int resets_count;
	struct notifier_block supply_nb;
	struct notifier_block domain_nb;
	bool has_domain_nb;
	const char *failed;
	struct ratelimit_state failures;
	bool is_asleep;
	spinlock_t lock;	/* guards what follows */
	unsigned int users;
	unsigned int view_users;
	bool gone;
};

/* --- what goes off by itself, and what is lost then --- */

/* Registers have no content to lose. */
static bool forgets(const struct extmem_region *root)
{
	return root->desc.type == EXTMEM_RAM;
}

static int note_supply(struct notifier_block *nb, unsigned long events, void *unused)
{
	struct extmem_power *power = container_of(nb, struct extmem_power, supply_nb);

	if (events & (REGULATOR_EVENT_DISABLE | REGULATOR_EVENT_FORCE_DISABLE))
		WRITE_ONCE(power->root->content_lost, true);
	return NOTIFY_OK;
}

/*
 * When the machine goes to sleep, a domain goes off even if its devices are in use: not
 * if memory is that has to stay on.
 */
static int note_domain(struct notifier_block *nb, unsigned long event, void *unused)
{
	struct extmem_power *power = container_of(nb, struct extmem_power, domain_nb);
	struct extmem_region *root = power->root;

	if (event == GENPD_NOTIFY_PRE_OFF && !extmem_is_off(root))
		return notifier_from_errno(-EBUSY);
	if (event == GENPD_NOTIFY_OFF && forgets(root))
		WRITE_ONCE(root->content_lost, true);
	return NOTIFY_OK;
}

/* Others may keep a shared supply on: so it is asked, and not us, when it goes. */
static int watch_supply(struct extmem_power *power)
{
	int ret;

	if (!power->vdd || !forgets(power->root))
		return 0;
	power->supply_nb.notifier_call = note_supply;
	ret = regulator_register_notifier(power->vdd, &power->supply_nb);
	if (!ret)
		power->root->content_lost = regulator_is_enabled(power->vdd) == 0;
	return ret;
}

static int watch_domain(struct extmem_power *power)
{
	int ret;

	if (!power->owner->pm_domain)
		return 0;
	power->domain_nb.notifier_call = note_domain;
	ret = dev_pm_genpd_add_notifier(power->owner, &power->domain_nb);
	power->has_domain_nb = !ret;
	/* One of another kind tells nothing. */
	return ret == -ENODEV || ret == -EOPNOTSUPP ? 0 : ret;
}

static void unwatch(struct extmem_power *power)
{
	if (power->has_domain_nb)
		dev_pm_genpd_remove_notifier(power->owner);
	if (power->supply_nb.notifier_call)
		regulator_unregister_notifier(power->vdd, &power->supply_nb);
}

/**
 * extmem_power_state() - whether a region can be used, and has what was written to it
 * @region: the region or partition, whose gate is open
 *
 * Return: its state.
 */
enum extmem_state extmem_power_state(const struct extmem_region *region)
{
	if (READ_ONCE(region->root->content_lost))
		return EXTMEM_STATE_CONTENT_LOST;
	return extmem_is_off(region) ? EXTMEM_STATE_SUSPENDED : EXTMEM_STATE_READY;
}

/* --- what there is to switch --- */

static int wait_for(struct extmem_power *power, const char *property)
{
	return dev_err_probe(power->owner, -EPROBE_DEFER,
			     "%s: %s: waiting for who provides it; enable its driver\n",
			     power->root->desc.node, property);
}

static int refuse(struct extmem_power *power, const char *property, int error,
		  struct extmem_verdict *verdict)
{
	if (error == -EPROBE_DEFER)
		return wait_for(power, property);
	if (error == -ENOMEM)
		return error;
	return extmem_refuse(verdict, error, power->root->desc.node, property,
			     "is not to be had from who provides it (error %d); mind its cells, and who else uses it",
			     error);
}

static int find_supply(struct extmem_power *power, struct extmem_verdict *verdict)
{
	struct regulator *vdd = regulator_get_optional(power->owner, "vdd");

	if (vdd == ERR_PTR(-ENODEV))
		return 0;
	if (IS_ERR(vdd))
		return refuse(power, "vdd-supply", PTR_ERR(vdd), verdict);
	power->vdd = vdd;
	return 0;
}

/* One by one: clk_bulk_get_all() calls it an error when it has to wait. */
static int find_clocks(struct extmem_power *power, struct extmem_verdict *verdict)
{
	int i, count = of_clk_get_parent_count(power->owner->of_node);

	if (!count)
		return 0;
	power->clocks = kcalloc(count, sizeof(*power->clocks), GFP_KERNEL);
	if (!power->clocks)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct clk *clock = of_clk_get(power->owner->of_node, i);

		if (IS_ERR(clock))
			return refuse(power, "clocks", PTR_ERR(clock), verdict);
		power->clocks[i].clk = clock;
		power->clocks_count++;
	}
	return 0;
}

/* Shared, for two regions may be behind one. */
static int find_resets(struct extmem_power *power, struct extmem_verdict *verdict)
{
	int i, count = reset_control_get_count(power->owner);

	if (count <= 0)
		return 0;
	power->resets = kcalloc(count, sizeof(*power->resets), GFP_KERNEL);
	if (!power->resets)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct reset_control *reset =
			of_reset_control_get_shared_by_index(power->owner->of_node, i);

		if (IS_ERR(reset))
			return refuse(power, "resets", PTR_ERR(reset), verdict);
		power->resets[i] = reset;
		power->resets_count++;
	}
	return 0;
}

static int find_all(struct extmem_power *power, struct extmem_verdict *verdict)
{
	int ret;

	ret = find_supply(power, verdict);
	if (!ret)
		ret = find_clocks(power, verdict);
	if (!ret)
		ret = find_resets(power, verdict);
	if (!ret)
		ret = watch_supply(power);
	return ret ?: watch_domain(power);
}

static void forget_all(struct extmem_power *power)
{
	unwatch(power);
	while (power->resets_count)
		reset_control_put(power->resets[--power->resets_count]);
	kfree(power->resets);
	clk_bulk_put(power->clocks_count, power->clocks);
	kfree(power->clocks);
	if (power->vdd)
		regulator_put(power->vdd);
}

/* Without runtime PM, it is on as long as the driver is bound. */
static int start(struct extmem_power *power)
{
	struct device *owner = power->owner;

	if (!IS_ENABLED(CONFIG_PM))
		return extmem_power_switch_on(power->root);
	power->root->off = true;
	dev_set_drvdata(owner, power->root);	/* for the callbacks */
	pm_runtime_set_autosuspend_delay(owner, AUTOSUSPEND_MS);
	pm_runtime_use_autosuspend(owner);
	pm_runtime_enable(owner);
	return 0;
}

/**
 * extmem_power_find() - have what there is to switch for a region, if there is anything
 * @region: the region; no partition; nobody uses it yet
 * @verdict: filled when something cannot be had
 *
 * Nothing is switched before somebody needs it.
 *
 * Return: 0, -EPROBE_DEFER while a provider is not there, or another negative errno.
 */
int extmem_power_find(struct extmem_region *region, struct extmem_verdict *verdict)
{
	struct extmem_power *power;
	int ret;

	if (!region->desc.power)
		return 0;
	power = kzalloc(sizeof(*power), GFP_KERNEL);
	if (!power)
		return -ENOMEM;
	power->root = region;
	power->owner = region->owner;
	spin_lock_init(&power->lock);
	ratelimit_state_init(&power->failures, DEFAULT_RATELIMIT_INTERVAL,
			     DEFAULT_RATELIMIT_BURST);
	region->power = power;
	ret = find_all(power, verdict);
	if (!ret)
		ret = start(power);
	if (!ret)
		return 0;
	forget_all(power);
	extmem_power_free(region);
	return ret;
}

/**
 * extmem_power_end() - switch a region off for good
 * @root: the region, which nobody touches any more; some may have it on still
 */
void extmem_power_end(struct extmem_region *root)
{
	struct extmem_power *power = root->power;
	bool is_held;

	if (!power)
		return;
	spin_lock(&power->lock);
	power->gone = true;
	is_held = power->users;
	spin_unlock(&power->lock);
	pm_runtime_disable(power->owner);
	if (!extmem_is_off(root))
		extmem_power_switch_off(root);
	pm_runtime_set_suspended(power->owner);
	pm_runtime_dont_use_autosuspend(power->owner);
	if (is_held)
		pm_runtime_put_noidle(power->owner);
	forget_all(power);
}

/**
 * extmem_power_free() - free what extmem_power_find() made
 * @root: the region, which nobody holds
 */
void extmem_power_free(struct extmem_region *root)
{
	kfree(root->power);
	root->power = NULL;
}

/* --- on and off --- */

static void assert_resets(struct extmem_power *power, int count)
{
	while (count--)
		reset_control_assert(power->resets[count]);
}

/* One that fails counts as deasserted, too, and would not be tried again. */
static int deassert_resets(struct extmem_power *power)
{
	int i, ret;

	for (i = 0; i < power->resets_count; i++) {
		ret = reset_control_deassert(power->resets[i]);
		if (ret) {
			assert_resets(power, i + 1);
			return ret;
		}
	}
	return 0;
}

static int switch_on(struct extmem_power *power)
{
	int ret;

	power->failed = "vdd-supply";
	ret = power->vdd ? regulator_enable(power->vdd) : 0;
	if (ret)
		return ret;
	power->failed = "clocks";
	ret = clk_bulk_prepare_enable(power->clocks_count, power->clocks);
	if (ret)
		goto err_supply;
	power->failed = "resets";
	ret = deassert_resets(power);
	if (ret)
		goto err_clocks;
	return 0;

err_clocks:
	clk_bulk_disable_unprepare(power->clocks_count, power->clocks);
err_supply:
	if (power->vdd)
		regulator_disable(power->vdd);
	return ret;
}

/**
 * extmem_power_switch_on() - make memory answer
 * @root: the region, whose power domain is on
 *
 * Return: 0, or a negative errno with all as it was.
 */
int extmem_power_switch_on(struct extmem_region *root)
{
	int ret = switch_on(root->power);

	trace_extmem_power(root, true, ret);
	return ret;
}

/**
 * extmem_power_switch_off() - undo extmem_power_switch_on()
 * @root: the region, which nobody can touch
 */
void extmem_power_switch_off(struct extmem_region *root)
{
	struct extmem_power *power = root->power;

	if (power->owner->pm_domain && !power->has_domain_nb && forgets(root))
		WRITE_ONCE(root->content_lost, true);
	assert_resets(power, power->resets_count);
	clk_bulk_disable_unprepare(power->clocks_count, power->clocks);
	if (power->vdd)
		regulator_disable(power->vdd);
	trace_extmem_power(root, false, 0);
}

static void say_failure(struct extmem_power *power, int error)
{
	if (__ratelimit(&power->failures))
		dev_err(power->owner,
			"%s: %s: the memory cannot be switched on: %pe; see what its driver says, and try again\n",
			power->root->desc.node, power->failed, ERR_PTR(error));
}

/**
 * extmem_power_suspend() - switch a region off for the machine's sleep
 * @root: the region
 *
 * Where that cannot be, it stays on, which does no harm.
 *
 * Return: 0.
 */
int extmem_power_suspend(struct extmem_region *root)
{
	if (root->power)
		root->power->is_asleep = !pm_runtime_force_suspend(root->power->owner);
	return 0;
}

/**
 * extmem_power_resume() - undo extmem_power_suspend()
 * @root: the region
 *
 * Return: 0, or why it could not be switched on; it is not touched then.
 */
int extmem_power_resume(struct extmem_region *root)
{
	struct extmem_power *power = root->power;
	int ret;

	if (!power || !power->is_asleep)
		return 0;
	power->is_asleep = false;
	power->failed = "power-domains";
	ret = pm_runtime_force_resume(power->owner);
	if (ret)
		say_failure(power, ret);
	return ret;
}

/* --- who needs it on --- */

static bool join_others(struct extmem_power *power)
{
	bool joined;

	spin_lock(&power->lock);
	joined = power->users && !power->gone && !extmem_is_off(power->root);
	power->users += joined;
	spin_unlock(&power->lock);
	return joined;
}

/* Only while it is tried: who outlives the region must not keep its device and node. */
static struct device *hold_owner(struct extmem_power *power)
{
	struct device *owner;

	spin_lock(&power->lock);
	owner = power->gone ? NULL : get_device(power->owner);
	spin_unlock(&power->lock);
	return owner;
}

/* The device is held for all by one. */
static int join_first(struct extmem_power *power)
{
	bool gone, is_first;

	spin_lock(&power->lock);
	gone = power->gone;
	is_first = !gone && !power->users++;
	spin_unlock(&power->lock);
	if (!is_first)
		pm_runtime_put_noidle(power->owner);
	return gone ? -ENODEV : 0;
}

static int why_not(struct extmem_power *power, int error)
{
	bool gone;

	spin_lock(&power->lock);
	gone = power->gone;
	spin_unlock(&power->lock);
	if (gone)
		return -ENODEV;
	if (error == -EACCES)	/* no runtime PM now */
		return -EBUSY;
	pm_runtime_set_suspended(power->owner);	/* else it would not be tried again */
	say_failure(power, error);
	return error;
}

/**
 * extmem_power_join() - what extmem_power_get() does
 * @root: the region
 *
 * Return: as there.
 */
int extmem_power_join(struct extmem_region *root)
{
	struct extmem_power *power = root->power;
	struct device *owner;
	int ret;

	if (join_others(power))
		return 0;
	owner = hold_owner(power);
	if (!owner)
		return -ENODEV;
	power->failed = "power-domains";
	ret = pm_runtime_resume_and_get(owner);
	ret = ret < 0 ? why_not(power, ret) : join_first(power);
	put_device(owner);
	return ret;
}

/**
 * extmem_power_share() - extmem_power_get(), for one more who is as the caller
 * @region: the region or partition, which the caller has on; may be removed by now
 */
void extmem_power_share(struct extmem_region *region)
{
	struct extmem_power *power = region->root->power;

	if (!power)
		return;
	spin_lock(&power->lock);
	power->users++;
	spin_unlock(&power->lock);
}

/**
 * extmem_power_leave() - what extmem_power_put() does
 * @root: the region
 */
void extmem_power_leave(struct extmem_region *root)
{
	struct extmem_power *power = root->power;

	spin_lock(&power->lock);
	if (!--power->users && !power->gone) {
		pm_runtime_mark_last_busy(power->owner);
		pm_runtime_put_autosuspend(power->owner);
	}
	spin_unlock(&power->lock);
}

/**
 * extmem_power_fix_view() - count who keeps addresses of a region's view
 * @region: the region or partition, which he has on
 * @users: 1 when there is one more, -1 when there is one less
 */
void extmem_power_fix_view(struct extmem_region *region, int users)
{
	struct extmem_power *power = region->root->power;

	if (!power)
		return;
	spin_lock(&power->lock);
	power->view_users += users;
	spin_unlock(&power->lock);
}

/**
 * extmem_power_view_is_fixed() - whether somebody keeps addresses of a region's view
 * @root: the region
 *
 * Return: whether somebody does.
 */
bool extmem_power_view_is_fixed(struct extmem_region *root)
{
	bool is_fixed;

	spin_lock(&root->power->lock);
	is_fixed = root->power->view_users;
	spin_unlock(&root->power->lock);
	return is_fixed;
}
