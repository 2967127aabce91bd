#ifndef ENGRAFT_CPNG_H
#define ENGRAFT_CPNG_H
#endif
