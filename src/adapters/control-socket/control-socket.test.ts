import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { askControl, controlServer, fitsSocket, followControl } from './control-socket.ts';

const newFolder = temporaryFolders();

describe('the control socket', () => {
  it('answers each request once, for its own user only', async () => {
    const path = join(newFolder(), 'control');
    await using _ = await controlServer(path, async (request) => ({ said: request }));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const answers = await Promise.all([1, 2, 3].map((n) => askControl(path, { n })));
    expect(answers).toEqual([{ said: { n: 1 } }, { said: { n: 2 } }, { said: { n: 3 } }]);
  });

  it('nobody there is no error, and a dead socket is taken over', async () => {
    const path = join(newFolder(), 'control');
    expect(await askControl(path, {})).toBeUndefined();
    writeFileSync(path, '');
    expect(await askControl(path, {})).toBeUndefined();
    await using _ = await controlServer(path, async () => ({ ok: true }));
    expect(await askControl(path, {})).toEqual({ ok: true });
  });

  it('a second program finds the folder taken', async () => {
    const path = join(newFolder(), 'control');
    await using _ = await controlServer(path, async () => ({}));
    await expect(controlServer(path, async () => ({}))).rejects.toMatchObject({ code: 'SW_STORE_WRITE' });
  });

  it('what cannot be read or carried out is answered, and ends nothing', async () => {
    const path = join(newFolder(), 'control');
    await using _ = await controlServer(path, async () => Promise.reject(new Error('no')));
    expect(await askControl(path, {})).toMatchObject({ error: expect.stringContaining('no') as string });
    expect(await askControl(path, { long: 'x'.repeat(9000) }).catch(({ code }: { code: string }) => code)).toMatch(
      /^SW_/,
    );
    expect(await askControl(path, {})).toMatchObject({ error: expect.stringContaining('no') as string });
  });

  it('a program that hangs up without an answer is told', async () => {
    const path = join(newFolder(), 'control');
    const server = createServer((socket) => socket.destroy()).listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(askControl(path, {})).rejects.toMatchObject({ name: 'StillwatchError' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('goes on answering until the reader hangs up, and the answer is told', async () => {
    const path = join(newFolder(), 'control');
    let isToldGone = (): void => undefined;
    const toldGone = new Promise<void>((resolve) => {
      isToldGone = resolve;
    });
    await using _ = await controlServer(path, async (_request, gone) => {
      gone.addEventListener('abort', () => isToldGone());
      return (async function* () {
        for (let n = 0; !gone.aborted; n += 1) {
          yield { n };
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
    });
    const stop = new AbortController();
    const seen: unknown[] = [];
    for await (const value of (await followControl(path, {}, stop.signal)) ?? []) {
      seen.push(value);
      if (seen.length === 3) stop.abort();
      if (seen.length > 3) break;
    }
    expect(seen.slice(0, 3)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    await toldGone;
    expect(await followControl(join(newFolder(), 'control'), {}, stop.signal)).toBeUndefined();
  });

  it('ends what goes on when the program ends', async () => {
    const path = join(newFolder(), 'control');
    const server = await controlServer(path, async (_request, gone) =>
      (async function* () {
        yield { n: 0 };
        await new Promise((resolve) => gone.addEventListener('abort', resolve));
      })(),
    );
    const seen: unknown[] = [];
    for await (const value of (await followControl(path, {}, new AbortController().signal)) ?? []) {
      seen.push(value);
      void server[Symbol.asyncDispose]();
    }
    expect(seen).toEqual([{ n: 0 }]);
  });

  it('knows which paths are too long for a socket', () => {
    expect(fitsSocket(`/${'a'.repeat(99)}`)).toBe(true);
    expect(fitsSocket(`/${'å'.repeat(60)}`)).toBe(false);
  });
});
