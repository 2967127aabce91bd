#ifndef ENGRAFT_CDICOM_H
#define ENGRAFT_CDICOM_H
#endif
