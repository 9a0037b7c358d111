/** A user's module: a file and what it is given. */

import { z } from 'zod';

export function userModule(description: string) {
  return z.strictObject({
    module: z
      .string()
      .regex(/\.[cm]?[jt]s$/, 'a .ts or .js file')
      .describe(description),
    params: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('Given to the function as they are; `$name` may stand anywhere in them.'),
  });
}
