#define _GNU_SOURCE
#include "code_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page_bytes(void) {
  const long bytes = sysconf(_SC_PAGESIZE);
  return bytes > 0 ? (size_t)bytes : 4096;
}

bool es_code_memory_map(es_code_memory *memory, size_t bytes) {
  const size_t page = page_bytes();
  if (bytes == 0 || bytes > SIZE_MAX / 2) return false;
  memory->bytes = (bytes + page - 1) / page * page;
  memory->base = mmap(NULL, memory->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory->base != MAP_FAILED;
}

void es_code_memory_unmap(const es_code_memory *memory) {
  munmap(memory->base, memory->bytes);
}

static bool write_fully(int file, const char *bytes, size_t count) {
  while (count > 0) {
    const ssize_t written = write(file, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    count -= (size_t)written;
  }
  return true;
}

/* Replaces the mapping by an executable one of a memory file with the same bytes. */
static bool replace_by_memory_file(const es_code_memory *memory) {
  const int file = memfd_create("einsumc-kernel", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return false;
  const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  bool replaced = false;
  if (write_fully(file, memory->base, memory->bytes) && fcntl(file, F_ADD_SEALS, seals) == 0) {
    const int flags = MAP_PRIVATE | MAP_FIXED;
    replaced = mmap(memory->base, memory->bytes, PROT_READ | PROT_EXEC, flags, file, 0) != MAP_FAILED;
  }
  close(file);
  return replaced;
}

bool es_code_memory_seal(const es_code_memory *memory) {
  if (mprotect(memory->base, memory->bytes, PROT_READ | PROT_EXEC) != 0 && !replace_by_memory_file(memory)) {
    return false;
  }
  __builtin___clear_cache((char *)memory->base, (char *)memory->base + memory->bytes);
  return true;
}

bool es_code_memory_may_be_writable_code(void) {
  es_code_memory probe;
  if (!es_code_memory_map(&probe, 1)) return false;
  const bool allowed = mprotect(probe.base, probe.bytes, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;
  es_code_memory_unmap(&probe);
  return allowed;
}
