// Decodes one film in a process of its own: what a stranger's camera sent may end a native decoder, and nothing else with it.
// Arguments: the film, and the folder its stills are written to. Says `{ stills: [ms, …] }` or `{ error: code }` to its parent.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clipStills } from '../adapters/av/clip-stills.ts';
import { toStillwatchError } from '../domain/errors.ts';

const [film = '', folder = ''] = process.argv.slice(2);

try {
  const stills = await clipStills(film);
  for (const [index, { jpeg }] of stills.entries()) await writeFile(join(folder, `${index}.jpg`), jpeg);
  process.send?.({ stills: stills.map(({ at }) => at) });
} catch (thrown) {
  process.send?.({ error: toStillwatchError(thrown).code });
}
process.disconnect?.();
