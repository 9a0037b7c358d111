/** `check-law.ts LAW SEED`: checks a law in a process of its own. */

import { LAWS } from './laws.ts';
import { loadBackend } from '../../workers/backend/backend.ts';

const [law, seed] = process.argv.slice(2);
await loadBackend('native');
LAWS[law as keyof typeof LAWS](Number(seed));
