/**
 * What a thread begins with: it gets the worker and its backend ready before there is a cohort. This file itself never fails to
 * load, since a pool replaces threads whose file does, for ever; what went wrong the first cohort tells.
 */

void import('./cohort-worker.ts').then(({ load }) => load()).catch(() => {});
