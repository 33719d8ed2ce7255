import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { simulatedOnvif } from '../../simulator/onvif/camera.ts';
import { PERSONAS } from '../../simulator/onvif/persona.ts';
import { captureCommand } from './capture.ts';
import { explainDocument } from './explain-event.ts';

describe('stillwatch capture', () => {
  it('writes a bundle that tells nothing of whose it is, and that explain-event reads', async () => {
    const camera = await simulatedOnvif({
      persona: 'reolink',
      second: 20,
      account: { user: 'gardener', password: 'geheim-7' },
    });
    const folder = await mkdtemp(join(tmpdir(), 'stillwatch-capture-'));
    try {
      process.env['STILLWATCH_USER'] = 'gardener';
      process.env['STILLWATCH_PASSWORD'] = 'geheim-7';
      const program = new Command().exitOverride();
      captureCommand(program);
      await program.parseAsync([
        'node',
        'x',
        'capture',
        `127.0.0.1:${camera.port}`,
        '--out',
        folder,
        '--listen',
        '1',
        '--with-snapshot',
      ]);

      const [bundle = ''] = await readdir(folder);
      expect(bundle).toMatch(/^reolink-rlc-811a-[0-9a-f]{6}$/);
      const files = await readdir(join(folder, bundle));
      const operations = files.map((file) => /-(\w+)(?:-\d+)?\.xml$/.exec(file)?.[1]);
      expect(operations).toEqual(
        expect.arrayContaining(['GetDeviceInformation', 'GetNetworkInterfaces', 'GetEventProperties', 'PullMessages']),
      );
      expect(files).toEqual(expect.arrayContaining(['about.json', 'snapshot.jpg']));
      let messages = 0;
      for (const file of files.filter((one) => one !== 'snapshot.jpg')) {
        const text = await readFile(join(folder, bundle, file), 'utf8');
        expect(text, file).not.toMatch(
          new RegExp(`gardener|geheim|${PERSONAS.reolink.serial}|${PERSONAS.reolink.mac}`, 'i'),
        );
        if (file.includes('PullMessages')) messages += explainDocument(Buffer.from(text)).messages.length;
      }
      expect(messages).toBeGreaterThan(0);
    } finally {
      delete process.env['STILLWATCH_USER'];
      delete process.env['STILLWATCH_PASSWORD'];
      await camera[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
