/** Turns the amounts of a definition into numbers of rows. Pure. */

import { SweepError } from '../../../src/errors.ts';
import { PARTS, type Part } from '../../../src/metrics.ts';
import type { Amount } from '../../../src/definition/resolved.ts';
import { counted } from '../../../src/counted.ts';

export type Sizes = Readonly<Record<Part, number>>;

/**
 * Rows of each part. A fraction of the rows is rounded up for test, then validation (up for both together, so that
 * they never crowd out train), and down for train: what scikit-learn's `train_test_split` does with two parts. `rest`
 * is what the others leave. Amounts may leave rows unused.
 * @throws SweepError 'data' when a part would be empty or the parts exceed the rows
 */
export function partSizes(amounts: Readonly<Record<Part, Amount>>, rows: number): Sizes {
  const test = isFraction(amounts.test) ? amounts.test : 0;
  const heldOut = test + (isFraction(amounts.validation) ? amounts.validation : 0);
  const byFraction: Sizes = {
    test: roundUp(test * rows),
    validation: roundUp(heldOut * rows) - roundUp(test * rows),
    train: isFraction(amounts.train) ? roundDown(amounts.train * rows) : 0,
  };
  const sizes = { train: 0, validation: 0, test: 0 };
  for (const part of PARTS) {
    const amount = amounts[part];
    if (amount !== 'rest') sizes[part] = isFraction(amount) ? byFraction[part] : amount;
  }
  const taken = sizes.train + sizes.validation + sizes.test;
  for (const part of PARTS) if (amounts[part] === 'rest') sizes[part] = Math.max(0, rows - taken);

  if (taken > rows) {
    const shares = PARTS.filter((part) => sizes[part] > 0).map((part) => `${part} ${sizes[part]}`);
    const found = shares.length === 1 ? shares[0] : `${shares.join(' + ')} = ${taken}`;
    const message = `the parts must have no more rows than the data, ${rows}, found ${found}`;
    throw new SweepError('data', { path: 'data.split', message });
  }
  const empty = PARTS.filter((part) => sizes[part] === 0 && (part === 'train' || amounts[part] !== 0));
  if (empty.length === 0) return sizes;
  throw new SweepError(
    'data',
    empty.map((part) => ({
      path: `data.split.${part}`,
      message: `must be at least one row, found ${amounts[part] === 'rest' ? 'none left' : amounts[part]} of ${counted(rows, 'row')}`,
    })),
  );
}

function isFraction(amount: Amount): amount is number {
  return amount !== 'rest' && amount < 1;
}

/** Rounding that forgives the last bits of a product: 0.07 of 100 rows is 7, though the product is above it. */
const FORGIVEN = 1e-9;

function roundUp(value: number): number {
  return Math.ceil(value - FORGIVEN);
}

function roundDown(value: number): number {
  return Math.floor(value + FORGIVEN);
}
