/** The form that everything with kinds shares: `kind`, or `{ name: kind, ...arguments }`. */

import { z } from 'zod';

/** One kind with its arguments. */
export function kind<const Name extends string, Shape extends z.core.$ZodLooseShape = {}>(name: Name, shape?: Shape) {
  return z.strictObject({ name: z.literal(name), ...(shape ?? ({} as Shape)) });
}

type Long = z.ZodDiscriminatedUnion<readonly z.ZodObject<{ name: z.ZodLiteral<string> }, z.core.$strict>[]>;

/** Also takes the bare name of every kind that has no required argument. The output is the long form with its defaults. */
export function orBareName<Union extends Long>(long: Union) {
  const bare = long.options.map((option) => option.shape.name.value).filter((name) => long.safeParse({ name }).success);
  return z.union([z.enum(bare).transform((name): z.output<Union> => long.parse({ name })), long]);
}

/** `none`, in the output null. */
export const off = z.literal('none').transform(() => null);

/** Left out or `none`: not there at all. 0: there, without effect. */
export function strength(description: string) {
  return z
    .union([z.number().min(0), off])
    .prefault('none')
    .describe(description);
}

/** Dropout decides by a byte of random bits per unit, of which it cannot keep less than one value of 256. */
const LARGEST_RATE = 0.996;

/** A probability of dropping; otherwise like `strength`. */
export function rate(description: string) {
  return z
    .union([z.number().min(0).max(LARGEST_RATE), off])
    .prefault('none')
    .describe(description);
}

export const positiveInteger = z.int().min(1);
