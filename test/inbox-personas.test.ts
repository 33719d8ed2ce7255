// Each camera of the SIM table as a persona (fixtures/): what it is documented to send is sent to a running Stillwatch, and its
// page in the guide says plainly what it can and cannot do.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testJpeg } from '../src/testing/jpegs.ts';
import { type InboxSite, inboxPorts, keyOf, pictureHash, startInbox, storedPhotos } from './support/inbox.ts';
import { eventually } from './support/program.ts';

interface Delivery {
  readonly way: 'mail' | 'ftp' | 'http';
  readonly file?: string;
  readonly name?: string;
  /** null: words only, which are noted. */
  readonly expect: {
    readonly day: string;
    readonly time: string;
    readonly make?: string;
    readonly model?: string;
  } | null;
}
interface Persona {
  readonly id: string;
  readonly title: string;
  readonly page: string;
  readonly origin: readonly string[];
  readonly can: readonly string[];
  readonly cannot: readonly string[];
  readonly deliveries: readonly Delivery[];
}

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const GUIDE = fileURLToPath(new URL('../docs/guide/cameras/', import.meta.url));
const personas = readdirSync(FIXTURES, { withFileTypes: true })
  // Other fixtures stand beside the cameras.
  .filter((entry) => entry.isDirectory() && existsSync(join(FIXTURES, entry.name, 'persona.json')))
  .map(({ name }) => JSON.parse(readFileSync(join(FIXTURES, name, 'persona.json'), 'utf8')) as Persona);

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-personas-'));
const photosDir = join(folder, 'snapshots');
let site: InboxSite;
let seed = 9000;
beforeAll(async () => {
  site = await startInbox(photosDir, await inboxPorts(), { cameras: personas.length, burstWait: 300 });
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

const run = (program: string, args: readonly string[]): void => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', cwd: folder });
  expect(status, `${stdout}${stderr}`).toBe(0);
};

const read = (persona: Persona, file = ''): string => readFileSync(join(FIXTURES, persona.id, file), 'utf8');

const send = async (persona: Persona, camera: string, delivery: Delivery, picture: Uint8Array): Promise<void> => {
  const { ports } = site;
  const jpeg = join(folder, 'picture.jpg');
  await writeFile(jpeg, picture);
  const login = ['--user', `${camera}:${keyOf(camera)}`];
  if (delivery.way === 'ftp') {
    run('curl', ['-sS', ...login, '--ftp-create-dirs', '-T', jpeg, `ftp://127.0.0.1:${ports.ftp}/${delivery.name}`]);
  } else if (delivery.way === 'http') {
    const words = join(FIXTURES, persona.id, delivery.file ?? '');
    const url = `http://127.0.0.1:${ports.http}/upload`;
    const parts = delivery.expect
      ? ['-F', `event=@${words};type=application/xml`, '-F', `picture=@${jpeg};filename=${delivery.name}`]
      : ['-H', 'Content-Type: application/xml', '--data-binary', `@${words}`];
    run('curl', ['-sS', '--fail', ...login, ...parts, url]);
  } else {
    const base64 = (
      Buffer.from(picture)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n');
    const message = join(folder, 'message.eml');
    await writeFile(message, read(persona, delivery.file).replaceAll('\n', '\r\n').replace('{picture}', base64));
    const address = ['--mail-from', `${camera}@cameras.example`, '--mail-rcpt', 'photos@stillwatch.example'];
    run('curl', ['-sS', '--fail', `smtp://127.0.0.1:${ports.mail}`, ...login, ...address, '--upload-file', message]);
  }
};

const report = async (camera: string): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await fetch(`http://127.0.0.1:${site.ports.web}/inbox`, { headers: { accept: 'application/json' } });
  const { items } = (await answer.json()) as {
    readonly items: readonly { readonly id: string; readonly report: Readonly<Record<string, unknown>> }[];
  };
  return items.find(({ id }) => id === camera)?.report ?? {};
};

describe.each(personas.map((persona, at) => [persona.title, persona, `cam-${at}`] as const))(
  '%s',
  (_, persona, camera) => {
    it('is described in the guide, what it cannot do too', () => {
      const page = readFileSync(join(GUIDE, persona.page), 'utf8');
      expect(page.split('\n')[0]).toContain(persona.title.replace(/^Reolink |^KEEN /, ''));
      for (const line of [...persona.can, ...persona.cannot]) expect(page, line).toContain(line);
      expect(persona.origin.length).toBeGreaterThan(0);
    });

    it.runIf(persona.deliveries.length > 0)('delivers as it is documented to', async () => {
      for (const delivery of persona.deliveries) {
        const picture = await testJpeg(seed++, { width: 160, height: 120 });
        await send(persona, camera, delivery, picture);
        if (!delivery.expect) continue;
        const { day, time, make, model } = delivery.expect;
        const photo = await eventually('its picture is a photo', async () =>
          (await storedPhotos(photosDir)).find((each) => each.picture === pictureHash(picture)),
        );
        expect(photo.facts).toMatchObject({ camera, upload: { way: delivery.way, time } });
        expect(photo.path).toContain(`/${day}/`);
        expect(await report(camera)).toMatchObject({ ...(make ? { make } : {}), ...(model ? { model } : {}) });
      }
    });
  },
);
