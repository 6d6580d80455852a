/* SPDX-License-Identifier: BSD-3-Clause */
/* The floor of the benchmark: parses FILE as a whole with jansson and frees it, or reads it as libyaml events, and
 * nothing else. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static int json(FILE *file)
{
	json_t *root = json_loadf(file, 0, NULL);
	if (!root)
		return 1;
	json_decref(root);
	return 0;
}

static int yaml(FILE *file)
{
	yaml_parser_t parser;
	yaml_event_t event;
	int last;
	if (!yaml_parser_initialize(&parser))
		return 1;
	yaml_parser_set_input_file(&parser, file);
	do {
		if (!yaml_parser_parse(&parser, &event))
			return 1;
		last = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	} while (!last);
	yaml_parser_delete(&parser);
	return 0;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
	if (!file) {
		fprintf(stderr, "usage: floor json|yaml FILE\n");
		return 2;
	}
	return strcmp(argv[1], "json") == 0 ? json(file) : yaml(file);
}
