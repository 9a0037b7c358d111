/** The network of a program whose model a module makes, made once per thread. */

import { canonicalJson } from '../../../src/definition/hash.ts';
import type { ModelModule } from '../../../src/module-types.ts';
import type { Ops } from '../../backend/ops/ops.ts';
import { loadModule } from '../../modules/load.ts';
import type { Network } from '../network.ts';
import type { Program } from '../program.ts';
import { moduleNetwork } from './network.ts';

/** A sweep over a model's params has a network for each; those that are used are used in turn. */
const KEPT = 24;

/** By program, the least recently used first. */
const networks = new Map<string, Network>();

/** Undefined for a program of layers. Errors: `SweepError` of code `definition` with what is wrong with the module. */
export async function loadNetwork(program: Program, ops: Ops): Promise<Network | undefined> {
  if (!program.module) return undefined;
  const key = canonicalJson(program);
  let network = networks.get(key);
  networks.delete(key);
  network ??= moduleNetwork(program, ops, (await loadModule(program.module)) as ModelModule);
  networks.set(key, network);
  if (networks.size > KEPT) networks.delete(networks.keys().next().value!);
  return network;
}
