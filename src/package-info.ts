/** Where this package lies and which version it is, the same from the sources as from `dist`. */

import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);
// A package may import itself by name: this finds the root from src/*.ts as well as from dist/src/*.js.
const manifest: { readonly version: string } = require('nightsweep/package.json');

/** Absolute path of the folder that holds our package.json. */
export const packageRoot = dirname(require.resolve('nightsweep/package.json'));

/** Version of nightsweep, such as `0.1.0`. */
export const packageVersion = manifest.version;
