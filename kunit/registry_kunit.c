// SPDX-License-Identifier: GPL-2.0
/*
 * The registry of backends: who can serve, and what happens to who waits for one.
 */
#include <kunit/test.h>

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>

#include "fake_backend.h"
#include "fixture.h"

static void expect_refusal(struct kunit *test, struct extmem_backend *backend, int error)
{
	int ret = extmem_backend_register(backend);

	KUNIT_EXPECT_EQ(test, ret, error);
	if (!ret)
		extmem_backend_unregister(backend);
}

/* Catches: two backends of one name, of which the second is never found. */
static void registry_refuses_a_taken_name(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct extmem_backend again = fake->backend;

	test_register(test, &fake->backend, NULL);
	expect_refusal(test, &again, -EEXIST);
}

/* Catches: a name that stays taken when its backend has gone. */
static void registry_forgets_the_unregistered(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);

	test_register(test, &fake->backend, NULL);
	test_unregister(test, &fake->backend);
	test_register(test, &fake->backend, NULL);
}

enum missing { MISSING_NAME, MISSING_OPS, MISSING_ATTACH, MISSING_DETACH, MISSING_MAP,
	       MISSING_UNMAP };

static const struct missing_case {
	enum missing what;
	const char *name;
} missing_cases[] = {
	{ MISSING_NAME, "name" },
	{ MISSING_OPS, "ops" },
	{ MISSING_ATTACH, "attach" },
	{ MISSING_DETACH, "detach" },
	{ MISSING_MAP, "map" },
	{ MISSING_UNMAP, "unmap" },
};

KUNIT_ARRAY_PARAM_DESC(missing, missing_cases, name);

/* Catches: a member that is missing at registration, and called through NULL later. */
static void registry_refuses_missing_members(struct kunit *test)
{
	const struct missing_case *param = test->param_value;
	struct fake_backend *fake = fake_backend_new(test);
	struct extmem_backend_ops ops = *fake->backend.ops;
	struct extmem_backend backend = fake->backend;

	backend.ops = &ops;
	switch (param->what) {
	case MISSING_NAME:
		backend.name = NULL;
		break;
	case MISSING_OPS:
		backend.ops = NULL;
		break;
	case MISSING_ATTACH:
		ops.attach = NULL;
		break;
	case MISSING_DETACH:
		ops.detach = NULL;
		break;
	case MISSING_MAP:
		ops.map = NULL;
		break;
	case MISSING_UNMAP:
		ops.unmap = NULL;
		break;
	}
	expect_refusal(test, &backend, -EINVAL);
}

/* Catches: a missing backend that is an error, or a line for each who asks. */
static void registry_says_once_what_is_missing(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct device *dev = test_owner(test);
	u64 start = test_log_start();
	int i;

	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, -EPROBE_DEFER,
				PTR_ERR(extmem_backend_get(dev, FAKE_NAME, NULL)));
	KUNIT_EXPECT_EQ(test, 1,
			test_log_count(start, "extmem-test-owner: waiting for the backend \""
				       FAKE_NAME "\"; load the module extmem-" FAKE_NAME));

	/* It came, and it went: that is news again. */
	test_register(test, &fake->backend, NULL);
	test_unregister(test, &fake->backend);
	KUNIT_EXPECT_EQ(test, -EPROBE_DEFER,
			PTR_ERR(extmem_backend_get(dev, FAKE_NAME, NULL)));
	KUNIT_EXPECT_EQ(test, 2, test_log_count(start, "waiting for the backend \"" FAKE_NAME));
	test_register(test, &fake->backend, NULL);
}

/* Catches: a node's unknown compatible that keeps it from the backend of its table. */
static void registry_finds_by_name(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct device *dev = test_owner(test);
	struct extmem_backend *backend;

	test_register(test, &fake->backend, NULL);
	backend = extmem_backend_get(dev, FAKE_NAME, "nobody,knows-it");
	KUNIT_ASSERT_PTR_EQ(test, backend, &fake->backend);
	extmem_backend_put(backend);
}

/*
 * Catches: a vendor's backend that never serves since rules.c names another, and
 * names that are compared in part.
 */
static void registry_prefers_the_vendors(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct device *dev = test_owner(test);
	struct extmem_backend *vendors, *backend;

	vendors = kunit_kzalloc(test, sizeof(*vendors), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, vendors);
	vendors->name = FAKE_NAME "-vendor";
	vendors->compatible = "vendor,memory";
	vendors->ops = fake->backend.ops;
	test_register(test, &fake->backend, NULL);
	test_register(test, vendors, NULL);

	backend = extmem_backend_get(dev, FAKE_NAME, "vendor,memory");
	KUNIT_EXPECT_PTR_EQ(test, backend, vendors);
	extmem_backend_put(backend);
	backend = extmem_backend_get(dev, FAKE_NAME, "vendor,other");
	KUNIT_EXPECT_PTR_EQ(test, backend, &fake->backend);
	extmem_backend_put(backend);
	backend = extmem_backend_get(dev, FAKE_NAME, NULL);
	KUNIT_EXPECT_PTR_EQ(test, backend, &fake->backend);
	extmem_backend_put(backend);
	backend = extmem_backend_get(dev, FAKE_NAME "-vendor", NULL);
	KUNIT_EXPECT_PTR_EQ(test, backend, vendors);
	extmem_backend_put(backend);
}

#ifdef CONFIG_MODULES
static struct module *test_module(struct kunit *test)
{
	struct module *module = kunit_kzalloc(test, sizeof(*module), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, module);
	strscpy(module->name, "extmem-test-module");
	module->state = MODULE_STATE_LIVE;
#ifdef CONFIG_MODULE_UNLOAD
	atomic_set(&module->refcnt, 1);
#endif
	return module;
}

/* Catches: a backend given out while its module is on its way out. */
static void registry_leaves_a_going_module_alone(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct module *module = test_module(test);
	struct device *dev = test_owner(test);
	struct extmem_backend *backend;

	test_register(test, &fake->backend, module);
	module->state = MODULE_STATE_GOING;
	KUNIT_EXPECT_EQ(test, -EPROBE_DEFER,
			PTR_ERR(extmem_backend_get(dev, FAKE_NAME, NULL)));
	module->state = MODULE_STATE_LIVE;
	backend = extmem_backend_get(dev, FAKE_NAME, NULL);
	KUNIT_ASSERT_PTR_EQ(test, backend, &fake->backend);
	extmem_backend_put(backend);
}
#else
static void registry_leaves_a_going_module_alone(struct kunit *test)
{
	kunit_skip(test, "this kernel has no modules");
}
#endif

static bool comes(const char *name)
{
	int tries = 250;

	while (!test_region_is_there(name) && tries--)
		msleep(20);
	return test_region_is_there(name);
}

/* Catches: a region of a run-time overlay that does not come, or does not go. */
static void registry_serves_an_overlay(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct kunit other;

	fake->backend.compatible = OVERLAY_COMPATIBLE;
	test_register(test, &fake->backend, NULL);
	kunit_init_test(&other, "other", NULL);
	test_apply_overlay(&other);
	KUNIT_EXPECT_TRUE(test, comes(OVERLAY_PARTITION));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(OVERLAY_REGION));
	KUNIT_EXPECT_EQ(test, fake->attached, 1);

	kunit_cleanup(&other);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(OVERLAY_REGION));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(OVERLAY_PARTITION));
	fake_backend_expect(test, fake, "attach,detach,");
}

#ifdef CONFIG_MODULE_UNLOAD
/* Catches: rmmod of a backend under its region, and one that is busy for ever. */
static void registry_holds_the_module_of_a_region(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct module *module = test_module(test);
	struct kunit other;

	fake->backend.compatible = OVERLAY_COMPATIBLE;
	test_register(test, &fake->backend, module);
	kunit_init_test(&other, "other", NULL);
	test_apply_overlay(&other);
	KUNIT_EXPECT_TRUE(test, comes(OVERLAY_REGION));
	KUNIT_EXPECT_EQ(test, atomic_read(&module->refcnt), 2);
	kunit_cleanup(&other);
	KUNIT_EXPECT_EQ(test, atomic_read(&module->refcnt), 1);
}

/* Catches: a reference that is kept when the region could not be made. */
static void registry_lets_the_module_of_a_failure_go(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct module *module = test_module(test);

	fake->backend.compatible = OVERLAY_COMPATIBLE;
	fake->attach_error = -EBUSY;
	test_register(test, &fake->backend, module);
	test_apply_overlay(test);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(OVERLAY_REGION));
	fake_backend_expect(test, fake, "attach,");
	KUNIT_EXPECT_EQ(test, atomic_read(&module->refcnt), 1);
}
#else
static void registry_holds_the_module_of_a_region(struct kunit *test)
{
	kunit_skip(test, "modules have no count: needs CONFIG_MODULE_UNLOAD");
}

static void registry_lets_the_module_of_a_failure_go(struct kunit *test)
{
	kunit_skip(test, "modules have no count: needs CONFIG_MODULE_UNLOAD");
}
#endif

static void bring_back(void *backend)
{
	struct extmem_backend *back = backend;

	if (__extmem_backend_register(back, back->module))
		pr_err("extmem: the backend %s did not come back\n", back->name);
}

/* Catches: a region that waits for ever for a backend that has come meanwhile. */
static void registry_retries_who_waits(struct kunit *test)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct device *dev = test_owner(test);
	struct extmem_backend *missing = test_backend(test, dev, OVERLAY_BACKEND);
	u64 start = test_log_start();

	extmem_backend_unregister(missing);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, bring_back, missing));
	test_apply_overlay(test);
	msleep(50);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(OVERLAY_REGION));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, "waiting for the backend \""
						OVERLAY_BACKEND "\""));

	fake->backend.name = OVERLAY_BACKEND;
	test_register(test, &fake->backend, NULL);
	KUNIT_EXPECT_TRUE(test, comes(OVERLAY_REGION));
	KUNIT_EXPECT_EQ(test, fake->attached, 1);
}

static struct kunit_case registry_cases[] = {
	KUNIT_CASE(registry_refuses_a_taken_name),
	KUNIT_CASE(registry_forgets_the_unregistered),
	KUNIT_CASE_PARAM(registry_refuses_missing_members, missing_gen_params),
	KUNIT_CASE(registry_says_once_what_is_missing),
	KUNIT_CASE(registry_finds_by_name),
	KUNIT_CASE(registry_prefers_the_vendors),
	KUNIT_CASE(registry_leaves_a_going_module_alone),
	KUNIT_CASE(registry_serves_an_overlay),
	KUNIT_CASE(registry_holds_the_module_of_a_region),
	KUNIT_CASE(registry_lets_the_module_of_a_failure_go),
	KUNIT_CASE(registry_retries_who_waits),
	{}
};

static struct kunit_suite registry_suite = {
	.name = "extmem_registry",
	.test_cases = registry_cases,
};

kunit_test_suite(registry_suite);
