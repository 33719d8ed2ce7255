// An owner at the API of the running program: a camera is tried out, added, changed, and taken out, the file broken and
// mended; the other camera's connection is the same one all the time.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Secret } from '../src/domain/secret.ts';
import { type SimulatedCamera, simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';
import { claim, owner } from './support/owner.ts';
import { eventually, startProgram } from './support/program.ts';

const PASSWORD = 'canary-live-5e';

const still = (): Promise<SimulatedCamera> =>
  simulatedCamera({
    streams: { main: testClip({ width: 1280, height: 720, moving: [0, 0] }), sub: testClip({ moving: [0, 0] }) },
    credentials: { user: 'admin', password: new Secret(PASSWORD) },
  });

it('touches one camera only, whatever becomes of its settings', async () => {
  await using shed = await still();
  await using garden = await still();
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-live-'));
  const file = join(folder, 'stillwatch.yml');
  await writeFile(join(folder, 'shed-password'), `${PASSWORD}\n`, { mode: 0o600 });
  await writeFile(
    file,
    `cameras:\n  shed: # mine\n    address: 127.0.0.1:${shed.port}\n    user: admin\n    password: {file: shed-password}\n`,
  );
  {
    await using program = await startProgram({ folder, env: {} });
    const ask = owner(program, await claim(program));
    const sees = async (...ids: readonly string[]): Promise<true> =>
      eventually(`${ids.join(', ')} seen`, async () => {
        const { body } = await ask('GET', '/cameras');
        const items = body['items'] as readonly { id: string; state: string }[];
        const seen = items.filter(({ state }) => state === 'seeing').map(({ id }) => id);
        return ids.every((id) => seen.includes(id)) && items.length === ids.length ? true : undefined;
      });
    await sees('shed');
    /** Connections that the shed's own troubles do not explain. */
    const opened = (): number => shed.stats().connections - (program.printed().match(/shed BLIND/g)?.length ?? 0);
    const before = opened();

    const wish = { address: `127.0.0.1:${garden.port}`, user: 'admin', password: PASSWORD, isOwnMachineAllowed: true };
    const begun = await ask('POST', '/trials', wish);
    expect(begun.status).toBe(202);
    const trial = await eventually('the trial is over', async () => {
      const { body } = await ask('GET', `/trials/${String(begun.body['id'])}`);
      return body['state'] === 'running' ? undefined : body;
    });
    expect(trial).toMatchObject({ state: 'good', trouble: null });
    const added = await ask('POST', '/cameras', { trial: trial['id'], id: 'garden', name: 'Garden' });
    expect(added.status).toBe(201);
    await sees('shed', 'garden');
    await eventually('its first photo', async () => {
      const { body } = await ask('GET', '/stills?camera=garden');
      return (body['items'] as readonly unknown[]).length > 0 ? true : undefined;
    });

    // A name is only shown otherwise; a calm period is for the watcher, which is begun anew.
    const connections = garden.stats().connections;
    const renamed = await ask('PATCH', '/cameras/garden/settings', { name: 'The garden' }, added.etag);
    expect(renamed.status).toBe(200);
    expect(garden.stats().connections).toBe(connections);
    const changed = await ask('PATCH', '/cameras/garden/settings', { calmPeriod: '3s' }, renamed.etag);
    expect(changed.status).toBe(200);
    await eventually('the garden opened anew', () => (garden.stats().connections > connections ? true : undefined));
    await sees('shed', 'garden');

    const good = await readFile(file, 'utf8');
    expect(good).toContain('# mine');
    await writeFile(file, good.replace('  shed:', '   shed:'));
    const broken = await eventually('the mistake is seen', async () => {
      const answer = await ask('GET', '/config');
      return answer.body['isInForce'] === false ? answer : undefined;
    });
    await sees('shed', 'garden');
    expect((await ask('PUT', '/config', { text: good }, broken.etag)).body['isInForce']).toBe(true);

    expect((await ask('DELETE', '/cameras/garden')).status).toBe(204);
    await eventually('the garden is let go', () => (garden.sessions() === 0 ? true : undefined));
    await sees('shed');
    expect(opened()).toBe(before);
    expect(program.printed() + (await readFile(file, 'utf8'))).not.toContain(PASSWORD);
    expect(await program.stop()).toBe(0);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});
