import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../testing/temporary-folder.ts';
import { type ConfigFile, openConfigFile } from './config-file.ts';
import { ConfigTrouble } from './problems.ts';

const newFolder = temporaryFolders();
const open = (yml: string, env?: string): ConfigFile => {
  const folder = newFolder();
  writeFileSync(join(folder, 'stillwatch.yml'), yml);
  if (env !== undefined) writeFileSync(join(folder, '.env'), env);
  return openConfigFile(folder, {}, 'salvaged');
};
const GOOD = '  shed:\n    address: 192.0.2.6\n';

describe('a document with mistakes, and none that was good before', () => {
  it.each<readonly [string, string, readonly string[], number]>([
    // A key that means nothing is left out, and its camera watched all the same.
    ['an unknown key', `cameras:\n  gate:\n    address: 192.0.2.5\n    calmPeriode: 3s\n${GOOD}`, ['gate', 'shed'], 4],
    [
      'a value that is none',
      `cameras:\n  gate:\n    address: 192.0.2.5\n    calmPeriod: soon\n${GOOD}`,
      ['gate', 'shed'],
      4,
    ],
    ['a camera without an address', `cameras:\n  gate:\n    calmPeriod: 3s\n${GOOD}`, ['shed'], 2],
    ['a camera whose key is none', `cameras:\n  Gate Two:\n    address: 192.0.2.5\n${GOOD}`, ['shed'], 2],
    ['a section that is unknown', `cams: {}\ncameras:\n${GOOD}`, ['shed'], 1],
  ])('watches the cameras that are fine: %s', (_, yml, cameras, line) => {
    const config = open(yml);
    expect(config.settings.cameras.map(({ id }) => id)).toEqual(cameras);
    expect(config.read()).toMatchObject({ isInForce: false, text: yml, problems: [{ line }] });
    expect(config.settings.web.loginToView).toBe(false);
  });

  it('a text that cannot be read to its end still says where photos lie and where the pages are; everybody logs in', () => {
    const config = open('store:\n  folder: /srv/photos\nweb:\n  port: 8080\n  publicView: true\ncameras: [\n');
    expect(config.settings).toMatchObject({
      cameras: [],
      snapshotsDir: '/srv/photos',
      web: { port: 8080, isPublic: false, loginToView: true },
    });
    expect(config.read().problems[0]).toMatchObject({ code: 'SW_CONFIG_SYNTAX' });
  });

  it('with a mistake in who may look, nobody looks without a login', () => {
    const config = open(`web:\n  publicView: yes please\ncameras:\n${GOOD}`);
    expect(config.settings.web).toMatchObject({ isPublic: false, loginToView: true });
    expect(config.settings.cameras).toHaveLength(1);
  });

  it('the camera of `.env` is watched whatever the document holds', () => {
    const config = open('cameras: [\n', 'CAMERA_IP=192.0.2.8\nUSRNAME=admin\nPASSWORD=canary\n');
    expect(config.settings.cameras.map(({ id }) => id)).toEqual(['tapo']);
  });

  it('once it is mended it is in force', async () => {
    const config = open(`cameras:\n  gate:\n    calmPeriod: 3s\n${GOOD}`);
    const { revision } = config.read();
    await config.write(`cameras:\n  gate:\n    address: 192.0.2.5\n${GOOD}`, revision);
    expect(config.read()).toMatchObject({ isInForce: true, problems: [] });
    expect(config.settings.cameras.map(({ id }) => id)).toEqual(['gate', 'shed']);
  });

  it('commands are refused: they would act on half a document', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'stillwatch.yml'), `cams: {}\ncameras:\n${GOOD}`);
    expect(() => openConfigFile(folder, {})).toThrow(ConfigTrouble);
  });
});
