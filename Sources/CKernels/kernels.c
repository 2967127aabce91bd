#include "kernels.h"
int ck_level(void) { return 0; }
int ck_force_level(int level) { (void)level; return 0; }
