/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which ingresses are ours, and whose annotations they carry. Kubernetes' rules: spec.ingressClassName names an
 * IngressClass, whose controller we answer to or not; the older annotation kubernetes.io/ingress.class names a class
 * as well; with neither, the default class decides.
 *
 * People also translate a single Ingress without its IngressClass: when the input has no class at all, names that
 * are usual with a controller are taken for it; others need --ingress-class.
 */
#include "translation.h"

/* A class as far as ingresses name it; its IngressClass need not exist. */
struct class
{
	const struct sdi_ingressclass *object; /* NULL: there is only its name */
	struct sdi_str name;
	bool ours;
	bool usual;  /* no object, but a name that is usual with a controller */
	bool listed; /* among --ingress-class */
	bool told;
	int dialect;
};

struct classes {
	struct sdi_translation *t;
	struct sdi_map by_name;
	bool none;              /* not one IngressClass in the store */
	struct class *fallback; /* the default class, NULL: none */
};

/* Names usual with a controller. Others' names are here so that they are left alone. */
static const struct {
	const char *name, *controller;
} usual_classes[] = {
	{ "nginx", "k8s.io/ingress-nginx" },
	{ "external", "k8s.io/ingress-nginx" },
	{ "internal", "k8s.io/ingress-nginx" },
	{ "public", "k8s.io/ingress-nginx" },
	{ "private", "k8s.io/ingress-nginx" },
	{ "haproxy", "haproxy.org/ingress-controller/haproxy" },
	{ "haproxy-external", "haproxy.org/ingress-controller/haproxy-external" },
	{ "haproxy-internal", "haproxy.org/ingress-controller/haproxy-internal" },
	{ "alb", "ingress.k8s.aws/alb" },
	{ "azure/application-gateway", "azure/application-gateway" },
	{ "contour", "projectcontour.io/projectcontour/contour" },
	{ "gce", "k8s.io/ingress-gce" },
	{ "istio", "istio.io/ingress-controller" },
	{ "kong", "ingress-controllers.konghq.com/kong" },
	{ "traefik", "traefik.io/ingress-controller" },
};

static bool is_among(const struct sdi_strs *list, struct sdi_str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (sdi_str_eq(list->p[i], s))
			return true;
	return false;
}

static bool answers_to(const struct sdi_settings *settings, struct sdi_str controller)
{
	if (settings->controller.n)
		return is_among(&settings->controller, controller);
	return sdi_dialect_of_controller(controller) >= 0;
}

static const char *usual_controller(struct sdi_str name)
{
	for (size_t i = 0; i < sizeof(usual_classes) / sizeof(usual_classes[0]); i++)
		if (sdi_str_is(name, usual_classes[i].name))
			return usual_classes[i].controller;
	return NULL;
}

static void judge(const struct sdi_settings *settings, struct class *class)
{
	bool may = !settings->ingress_class.n;
	class->listed = is_among(&settings->ingress_class, class->name);
	if (class->object) {
		class->dialect = sdi_dialect_of_controller(class->object->controller);
		class->ours = (may || class->listed) && answers_to(settings, class->object->controller);
		return;
	}
	const char *controller = usual_controller(class->name);
	class->usual = controller != NULL;
	class->dialect = controller ? sdi_dialect_of_controller(sdi_str_c(controller)) : -1;
	if (class->listed)
		class->ours = true;
	else
		class->ours = controller && may && answers_to(settings, sdi_str_c(controller));
}

static struct class *class_named(struct classes *classes, struct sdi_str name)
{
	struct sdi_translation *t = classes->t;
	void **slot = sdi_map_put(&classes->by_name, name);
	if (!*slot) {
		struct class *class = sdi_arena_new(&t->scratch, struct class);
		class->name = name;
		class->object = (const struct sdi_ingressclass *)sdi_store_find(t->store, SDI_KIND_INGRESSCLASS,
		                                                                SDI_STR(""), name);
		judge(t->settings, class);
		*slot = class;
	}
	return *slot;
}

/* Several defaults: the newest, then by name, as the API server's admission does. */
static void read_classes(struct classes *classes)
{
	struct sdi_translation *t = classes->t;
	const struct sdi_object *newest = NULL;
	const struct sdi_object *object;
	for (size_t i = 0; (object = sdi_store_get(t->store, SDI_KIND_INGRESSCLASS, i)); i++) {
		const struct sdi_ingressclass *class = (const struct sdi_ingressclass *)object;
		if (class->is_default && (!newest || object->created_s > newest->created_s))
			newest = object;
	}
	classes->none = sdi_store_get(t->store, SDI_KIND_INGRESSCLASS, 0) == NULL;
	classes->fallback = newest ? class_named(classes, newest->name) : NULL;
}

static void say_other(struct sdi_translation *t, const char *field, struct sdi_str name)
{
	sdi_diag_add(&t->diag, SDI_REASON_OTHER_CLASS, field,
	             "class \"%s\" is not among those served here; this Ingress is left alone",
	             sdi_show(&t->diag, name));
}

/* What a class of ours gives cause to say, once and not for each ingress. */
static void say_of_class(struct sdi_translation *t, struct class *class, const char *field)
{
	if (class->told)
		return;
	class->told = true;
	if (class->object && class->object->has_parameters) {
		struct sdi_subject ingress = t->diag.subject;
		sdi_diag_about(t, &class->object->object);
		sdi_diag_add(&t->diag, SDI_REASON_CLASS_PARAMETERS, "spec.parameters",
		             "parameters of a class are not supported; its Ingresses are served without them");
		t->diag.subject = ingress;
	}
	if (class->object || class->listed || class->dialect < 0)
		return;
	sdi_diag_add(
		&t->diag, SDI_REASON_CLASS_ASSUMED, field,
		"class \"%s\" is not in the input; it is taken for one of %s, as usual. Add its IngressClass to be "
		"certain",
		sdi_show(&t->diag, class->name), sdi_dialect_get((enum sdi_dialect_id) class->dialect)->name);
}

static const char field_class[] = "spec.ingressClassName";
static const char annotation_class[] = "kubernetes.io/ingress.class";

/* Whether the class that an ingress names makes it ours. */
static bool takes_named(struct classes *classes, struct class *class, bool by_field, struct sdi_pick *pick)
{
	struct sdi_translation *t = classes->t;
	const char *field = by_field ? field_class : annotation_class;
	bool known_by_name = class->listed || class->usual;
	if (!class->object && (by_field ? !classes->none || !known_by_name : classes->none && !known_by_name)) {
		sdi_diag_add(
			&t->diag, SDI_REASON_CLASS_NOT_FOUND, field,
			"there is no IngressClass \"%s\", so nobody knows whose it is; this Ingress is not served. Add "
			"the class to the input%s",
			sdi_show(&t->diag, class->name), classes->none ? ", or serve it with --ingress-class" : "");
		return false;
	}
	if (!class->ours) {
		say_other(t, field, class->name);
		return false;
	}
	say_of_class(t, class, field);
	pick->dialect = class->dialect;
	pick->all_prefixes = !class->object || class->dialect < 0;
	return true;
}

static bool takes_classless(struct classes *classes, struct sdi_pick *pick)
{
	struct sdi_translation *t = classes->t;
	const struct sdi_settings *settings = t->settings;
	struct class *class = classes->fallback;
	if (class && class->ours)
		return takes_named(classes, class, true, pick);
	if (settings->watch_without_class || (!class && !settings->ingress_class.n)) {
		pick->dialect = -1;
		pick->all_prefixes = true;
		return true;
	}
	if (class)
		say_other(t, field_class, class->name);
	else
		sdi_diag_add(
			&t->diag, SDI_REASON_OTHER_CLASS, field_class,
			"this Ingress names no class and there is no default class; it is left alone. Name one of the "
			"classes served, or serve such objects with --watch-ingress-without-class");
	return false;
}

static bool takes(struct classes *classes, struct sdi_pick *pick)
{
	struct sdi_translation *t = classes->t;
	const struct sdi_ingress *ingress = pick->ingress;
	const struct sdi_str *annotation = sdi_object_annotation(&ingress->object, sdi_str_c(annotation_class));
	bool by_field = ingress->has_class && ingress->class_name.n;
	bool by_annotation = annotation && annotation->n;
	if (!by_field && !by_annotation)
		return takes_classless(classes, pick);
	struct sdi_str name = by_field ? ingress->class_name : *annotation;
	if (!takes_named(classes, class_named(classes, name), by_field, pick))
		return false;
	if (by_field && by_annotation && !sdi_str_eq(name, *annotation))
		sdi_diag_add(&t->diag, SDI_REASON_CLASS_CONFLICT, annotation_class,
		             "the annotation says \"%s\", spec.ingressClassName \"%s\"; the field holds. Remove the "
		             "annotation",
		             sdi_show(&t->diag, *annotation), sdi_show(&t->diag, name));
	return true;
}

static int by_age(const void *a, const void *b)
{
	const struct sdi_object *x = &((const struct sdi_pick *)a)->ingress->object;
	const struct sdi_object *y = &((const struct sdi_pick *)b)->ingress->object;
	if (x->created_s != y->created_s)
		return x->created_s < y->created_s ? -1 : 1;
	int c = sdi_str_cmp(x->ns, y->ns);
	return c ? c : sdi_str_cmp(x->name, y->name);
}

/* Whether the operator does not want it, rules or not, as ingress-nginx has it. */
static bool is_catch_all(struct sdi_translation *t, const struct sdi_ingress *ingress)
{
	if (!t->settings->disable_catch_all || !ingress->default_backend)
		return false;
	sdi_diag_add(&t->diag, SDI_REASON_CATCH_ALL_REFUSED, "spec.defaultBackend",
	             "disable-catch-all is set, so nothing of this Ingress is served; take defaultBackend out of it");
	return true;
}

void sdi_pick_ingresses(struct sdi_translation *t)
{
	struct classes classes = { .t = t, .by_name = { .arena = &t->scratch } };
	read_classes(&classes);
	const struct sdi_object *object;
	size_t n = 0;
	while (sdi_store_get(t->store, SDI_KIND_INGRESS, n))
		n++;
	sdi_vec_reserve(&t->picks, n, &t->scratch);
	for (size_t i = 0; (object = sdi_store_get(t->store, SDI_KIND_INGRESS, i)); i++) {
		struct sdi_pick pick = { .ingress = (const struct sdi_ingress *)object };
		if (t->settings->namespaces.n && !is_among(&t->settings->namespaces, object->ns))
			continue;
		sdi_arena_clear(&t->show);
		sdi_diag_about(t, object);
		if (takes(&classes, &pick) && !is_catch_all(t, pick.ingress))
			*sdi_vec_push(&t->picks, &t->scratch) = pick;
	}
	if (t->picks.n)
		qsort(t->picks.p, t->picks.n, sizeof(*t->picks.p), by_age);
	for (size_t i = 0; i < t->picks.n; i++) {
		struct sdi_pick *pick = &t->picks.p[i];
		pick->age = i;
		pick->ns = sdi_arena_copy(t->arena, pick->ingress->object.ns);
		pick->name = sdi_arena_copy(t->arena, pick->ingress->object.name);
	}
}
