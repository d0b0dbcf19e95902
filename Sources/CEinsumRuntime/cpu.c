/* CPU detection: features from CPUID and XGETBV, caches from sysfs or the C library. */
#define _GNU_SOURCE
#include "einsum_runtime.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static es_cpu_info detected;
static char model_text[64];
static char feature_text[320];

static void add_feature(bool present, const char *name) {
  if (!present) return;
  size_t used = strlen(feature_text);
  snprintf(feature_text + used, sizeof feature_text - used, "%s%s", used ? " " : "", name);
}

#if defined(__x86_64__)

/* The register sets that the operating system saves on a context switch (XCR0). */
static uint64_t saved_register_sets(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

/* Asks the kernel for the registers of AMX's tiles, for all threads of this process: it saves them on request only. */
static bool request_tiles(void) {
#if defined(__linux__) && defined(SYS_arch_prctl)
  enum { REQUEST_STATE = 0x1023, TILE_DATA = 18 };
  return syscall(SYS_arch_prctl, REQUEST_STATE, TILE_DATA) == 0;
#else
  return false;
#endif
}

/* Of AMD's family 25 those that have AVX-512 are Zen 4. `signature` is EAX of leaf 1. */
static bool is_zen4(unsigned signature, bool has_avx512) {
  unsigned highest, b, c, d;
  const unsigned family = (signature >> 8 & 15) + (signature >> 20 & 255);
  return __get_cpuid(0, &highest, &b, &c, &d) && b == signature_AMD_ebx && family == 25 && has_avx512;
}

static void detect_features(void) {
  unsigned signature, b, c, d;
  if (!__get_cpuid(1, &signature, &b, &c, &d)) return;
  const bool fma = c >> 12 & 1, sse41 = c >> 19 & 1, f16c = c >> 29 & 1, osxsave = c >> 27 & 1;
  /* Bits 1 and 2: SSE and AVX state; bits 5 to 7: mask registers and the upper halves of 512-bit state. */
  const uint64_t saved = osxsave ? saved_register_sets() : 0;
  const bool avx = (c >> 28 & 1) && (saved & 0x06) == 0x06;

  unsigned subleaves = 0, leaf7 = 0, leaf7_c = 0, leaf7_d = 0, leaf7_1 = 0;
  if (__get_cpuid_count(7, 0, &subleaves, &leaf7, &leaf7_c, &leaf7_d) && subleaves >= 1) {
    __get_cpuid_count(7, 1, &leaf7_1, &b, &c, &d);
  }
  const bool avx2 = avx && (leaf7 >> 5 & 1), bmi2 = leaf7 >> 8 & 1;
  const bool saves512 = avx && (saved & 0xe0) == 0xe0;
  const bool f = saves512 && (leaf7 >> 16 & 1), dq = f && (leaf7 >> 17 & 1);
  const bool bw = f && (leaf7 >> 30 & 1), vl = f && (leaf7 >> 31 & 1);

  detected.has_avx2 = avx2 && fma && f16c && bmi2;
  detected.has_avx512 = detected.has_avx2 && f && dq && bw && vl;
  detected.is_zen4 = is_zen4(signature, detected.has_avx512);
  detected.has_avx512_vnni = detected.has_avx512 && (leaf7_c >> 11 & 1);
  detected.has_avx512_bf16 = detected.has_avx512 && (leaf7_1 >> 5 & 1);
  /* Bits 17 and 18: the tiles' configuration and data. */
  const bool amx = (leaf7_d >> 24 & 1) && (leaf7_d >> 22 & 1) && (saved & 0x60000) == 0x60000;
  detected.has_amx_bf16 = detected.has_avx512_bf16 && amx && request_tiles();

  add_feature(true, "sse2");
  add_feature(sse41, "sse4.1");
  add_feature(avx, "avx");
  add_feature(avx && f16c, "f16c");
  add_feature(avx && fma, "fma");
  add_feature(bmi2, "bmi2");
  add_feature(avx2, "avx2");
  add_feature(f, "avx512f");
  add_feature(dq, "avx512dq");
  add_feature(bw, "avx512bw");
  add_feature(vl, "avx512vl");
  add_feature(f && (leaf7_c >> 11 & 1), "avx512vnni");
  add_feature(f && (leaf7_1 >> 5 & 1), "avx512bf16");
  add_feature(f && (leaf7_d >> 23 & 1), "avx512fp16");
  add_feature(detected.has_amx_bf16, "amxbf16");
}

/* The brand string: 48 characters in three CPUID leaves, padded with spaces or zeros on either side. */
static void detect_model(void) {
  unsigned words[12], highest = __get_cpuid_max(0x80000000, NULL);
  if (highest >= 0x80000004) {
    for (unsigned i = 0; i < 3; i++) {
      unsigned *w = words + 4 * i;
      __get_cpuid(0x80000002 + i, &w[0], &w[1], &w[2], &w[3]);
    }
    char brand[sizeof words + 1] = {0};
    memcpy(brand, words, sizeof words);
    const char *start = brand + strspn(brand, " ");
    snprintf(model_text, sizeof model_text, "%s", start);
    for (size_t n = strlen(model_text); n > 0 && model_text[n - 1] == ' '; n--) model_text[n - 1] = 0;
  }
  if (!model_text[0]) snprintf(model_text, sizeof model_text, "x86-64");
}

#else

static void detect_features(void) {
#if defined(__aarch64__)
  add_feature(true, "neon");
#endif
}

static void detect_model(void) {
#if defined(__aarch64__)
  snprintf(model_text, sizeof model_text, "aarch64");
#else
  snprintf(model_text, sizeof model_text, "unknown");
#endif
}

#endif

/* Reads the first word of a sysfs file of the first CPU's cache number `index`. */
static bool read_cache_file(int index, const char *name, char *text, size_t capacity) {
  char path[96];
  snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s", index, name);
  FILE *file = fopen(path, "re");
  if (!file) return false;
  const bool found = fgets(text, (int)capacity, file) != NULL;
  fclose(file);
  return found;
}

/* The size of the data cache of a level according to sysfs, 0 if it does not say. */
static size_t sysfs_cache_bytes(int wanted_level) {
  for (int index = 0; index < 8; index++) {
    char text[32];
    int level = 0;
    size_t size = 0;
    char unit = 0;
    if (!read_cache_file(index, "level", text, sizeof text)) break;
    if (sscanf(text, "%d", &level) != 1 || level != wanted_level) continue;
    if (!read_cache_file(index, "type", text, sizeof text) || text[0] == 'I') continue;
    if (!read_cache_file(index, "size", text, sizeof text)) continue;
    if (sscanf(text, "%zu%c", &size, &unit) < 1) continue;
    return unit == 'K' ? size << 10 : unit == 'M' ? size << 20 : size;
  }
  return 0;
}

/* The size of the data cache that a core has of a level. On AMD the C library gives the L3 of all core complexes
   together (256 MiB on an EPYC where each has 32), so sysfs is asked first. */
static size_t cache_bytes(int level, int name, size_t otherwise) {
  const size_t size = sysfs_cache_bytes(level);
  if (size) return size;
  const long known = sysconf(name);
  return known > 0 ? (size_t)known : otherwise;
}

static int usable_cores(void) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}

static void detect(void) {
  detect_features();
  detect_model();
  detected.core_count = usable_cores();
  detected.l1d_bytes = cache_bytes(1, _SC_LEVEL1_DCACHE_SIZE, 32 << 10);
  detected.l2_bytes = cache_bytes(2, _SC_LEVEL2_CACHE_SIZE, 512 << 10);
  detected.l3_bytes = cache_bytes(3, _SC_LEVEL3_CACHE_SIZE, 0);
  detected.model = model_text;
  detected.features = feature_text;
}

es_cpu_info es_cpu(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, detect);
  return detected;
}
