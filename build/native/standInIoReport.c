/*
 * A stand-in for libIOReport and the part of CoreFoundation that the lab calls, for tests on any computer. Counters
 * follow a script: each reading adds one step to each channel, or, where STAND_IN_TIMED is set, each 100 ms do so
 * evenly, which makes them watts. Every call of IOReport, and the number of objects
 * that were never released, go to the file that STAND_IN_LOG names.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum kind { STRING, DICTIONARY, ARRAY, CHANNEL, SUBSCRIPTION, SAMPLES };

struct object {
  enum kind kind;
  int references;
  const char *text;
  int64_t value;
  struct object *list;
};

struct channel {
  const char *group, *name, *unit;
  int64_t step;
};

static const struct channel script[] = {
    {"Energy Model", "DIE_0_CPU Energy", "mJ", 100},
    {"Energy Model", "DIE_1_CPU Energy", "mJ     ", 50},
    {"Energy Model", "ECPU", "mJ", 40},
    {"Energy Model", "DIE_0_CPU Energy SRAM", "mJ", 9},
    {"Energy Model", "GPU Energy", "nJ", 2000000},
    {"Energy Model", "GPU SRAM", "mJ", 7},
    {"Energy Model", "ANE0", "uJ", 3000},
    {"Energy Model", "DRAM0", "mJ", 4},
    {"Energy Model", "DRAM1", "furlong", 4},
};
#define CHANNELS (int)(sizeof script / sizeof *script)

static int live, readings;

static void note(const char *text) {
  const char *path = getenv("STAND_IN_LOG");
  FILE *file = path ? fopen(path, "a") : NULL;
  if (!file) return;
  fprintf(file, "%s\n", text);
  fclose(file);
}

__attribute__((destructor)) static void tell(void) {
  char text[32];
  snprintf(text, sizeof text, "live %d", live);
  note(text);
}

static struct object *make(enum kind kind) {
  struct object *made = calloc(1, sizeof *made);
  made->kind = kind;
  made->references = 1;
  live++;
  return made;
}

/* Owned by the library, so never counted: what a "Get" function gives. */
static struct object *borrowed(const char *text) {
  static struct object strings[64];
  static int used;
  for (int i = 0; i < used; i++)
    if (strings[i].text == text) return &strings[i];
  strings[used] = (struct object){.kind = STRING, .references = 1, .text = text};
  return &strings[used++];
}

void *CFStringCreateWithCString(void *allocator, const char *text, uint32_t encoding) {
  (void)allocator;
  if (encoding != 0x08000100) return NULL;
  struct object *made = make(STRING);
  made->text = strdup(text);
  return made;
}

bool CFStringGetCString(struct object *string, char *buffer, long size, uint32_t encoding) {
  if (encoding != 0x08000100 || (long)strlen(string->text) >= size) return false;
  strcpy(buffer, string->text);
  return true;
}

void *CFDictionaryCreateMutableCopy(void *allocator, long capacity, struct object *from) {
  (void)allocator, (void)capacity;
  struct object *made = make(DICTIONARY);
  made->list = from->list;
  return made;
}

void *CFDictionaryGetValue(struct object *dictionary, struct object *key) {
  return strcmp(key->text, "IOReportChannels") == 0 ? dictionary->list : NULL;
}

long CFArrayGetCount(struct object *array) {
  (void)array;
  return CHANNELS;
}

void *CFArrayGetValueAtIndex(struct object *array, long index) { return &array->list[index]; }

void CFRelease(struct object *object) {
  if (--object->references > 0) return;
  live--;
  free(object);
}

void *IOReportCopyChannelsInGroup(struct object *group, void *subgroup, uint64_t a, uint64_t b, uint64_t c) {
  (void)a, (void)b, (void)c;
  note("channels");
  if (subgroup || strcmp(group->text, "Energy Model") != 0) return NULL;
  return getenv("STAND_IN_EMPTY") ? NULL : make(DICTIONARY);
}

void *IOReportCreateSubscription(void *a, struct object *channels, void **subscribed, uint64_t b, void *c) {
  (void)a, (void)b, (void)c;
  note("subscription");
  *subscribed = channels;
  return make(SUBSCRIPTION);
}

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void *IOReportCreateSamples(struct object *subscription, struct object *channels, void *options) {
  (void)options;
  if (subscription->kind != SUBSCRIPTION || channels->kind != DICTIONARY) return NULL;
  note("samples");
  struct object *made = make(SAMPLES);
  made->value = getenv("STAND_IN_TIMED") ? milliseconds() : ++readings;
  return made;
}

static int64_t step(int64_t from, int64_t to, int64_t each) {
  return getenv("STAND_IN_TIMED") ? (to - from) * each / 100 : (to - from) * each;
}

#ifndef WITHOUT_DELTA
void *IOReportCreateSamplesDelta(struct object *before, struct object *after, void *options) {
  (void)options;
  note("delta");
  static struct object items[CHANNELS], array;
  for (int i = 0; i < CHANNELS; i++)
    items[i] = (struct object){.kind = CHANNEL, .text = script[i].name,
                               .value = step(before->value, after->value, script[i].step)};
  array = (struct object){.kind = ARRAY, .list = items};
  struct object *made = make(DICTIONARY);
  made->list = &array;
  return made;
}
#endif

static const struct channel *of(struct object *item) {
  for (int i = 0; i < CHANNELS; i++)
    if (script[i].name == item->text) return &script[i];
  abort();
}

void *IOReportChannelGetGroup(struct object *item) { return borrowed(of(item)->group); }
void *IOReportChannelGetChannelName(struct object *item) { return borrowed(of(item)->name); }
void *IOReportChannelGetUnitLabel(struct object *item) { return borrowed(of(item)->unit); }
int64_t IOReportSimpleGetIntegerValue(struct object *item, int32_t index) {
  (void)index;
  return item->value;
}
