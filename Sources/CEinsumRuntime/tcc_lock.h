/* The lock round each libtcc state, for forks. */
#ifndef ES_TCC_LOCK_H
#define ES_TCC_LOCK_H

void es_tcc_lock(void);
void es_tcc_unlock(void);

/* Sees to it that forks take the locks; see es_work_begin. Called before the first of them is taken. */
void es_fork_prepare(void);

#endif
