#include "kernels.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static _Atomic int level_in_force = -1;

static int level_of_processor(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return 2;
    if (__builtin_cpu_supports("x86-64-v3")) return 1;
#endif
    return 0;
}

int ck_level(void) {
    int level = atomic_load_explicit(&level_in_force, memory_order_relaxed);
    if (level >= 0) return level;
    level = level_of_processor();
    const char *wish = getenv("ENGRAFT_SIMD");
    if (wish) {
        int wanted = !strcmp(wish, "scalar") ? 0 : !strcmp(wish, "v3") ? 1 : 2;
        if (wanted < level) level = wanted;
    }
    atomic_store_explicit(&level_in_force, level, memory_order_relaxed);
    return level;
}

int ck_force_level(int level) {
    int highest = level_of_processor();
    if (level > highest) level = highest;
    if (level < 0) level = 0;
    atomic_store_explicit(&level_in_force, level, memory_order_relaxed);
    return level;
}
