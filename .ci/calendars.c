/* Holds calendar files against the restrictions of RFC 5546 with libical.
   cc calendars.c -lical; ./a.out FILE... prints what is wrong. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static char *whole(const char *path) {
	FILE *f = fopen(path, "rb");
	if (!f) return NULL;
	fseek(f, 0, SEEK_END);
	long n = ftell(f);
	rewind(f);
	char *text = calloc(1, n + 1);
	if (fread(text, 1, n, f) != (size_t)n) return NULL;
	fclose(f);
	return text;
}

int main(int argc, char **argv) {
	int bad = 0;
	for (int i = 1; i < argc; i++) {
		char *text = whole(argv[i]);
		icalcomponent *c = text ? icalparser_parse_string(text) : NULL;
		int wrong = !c || icalcomponent_count_errors(c) > 0 || !icalrestriction_check(c) || icalcomponent_count_errors(c) > 0;
		printf("%s: %s\n", argv[i], wrong ? "WRONG" : "good");
		if (wrong && c) puts(icalcomponent_as_ical_string(c));
		bad += wrong;
	}
	return bad > 0;
}
