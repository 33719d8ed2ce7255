import { readFileSync } from 'node:fs';

/** The root of the package, beside `src` and `dist`. */
export const packageRoot: URL = new URL('../../', import.meta.url);

/** The version in package.json. */
export const version: string = (
  JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string }
).version;
