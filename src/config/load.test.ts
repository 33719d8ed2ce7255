import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LoadedConfig, loadConfig } from './load.ts';
import { editYaml, readYaml } from './yaml-text.ts';

const load = (text: string, env = '', environment: Record<string, string> = {}): LoadedConfig =>
  loadConfig({
    yml: { text, file: 'stillwatch.yml' },
    env: { text: env, file: '.env', environment, cwd: '/srv/site', systemZone: 'UTC' },
    readSecret: (file) => {
      if (file === 'secrets/garden') return 'canary-7f3\n';
      throw Object.assign(new Error('no'), { code: 'ENOENT' });
    },
  });
const GARDEN = 'cameras:\n  garden:\n    address: 10.0.0.5\n    user: admin\n    password: {file: secrets/garden}\n';

describe('the document', () => {
  it('makes cameras with their secrets fetched', () => {
    const camera = load(GARDEN).settings?.cameras[0];
    expect(camera?.streams.sub.credentials?.password.reveal()).toBe('canary-7f3');
    expect(camera?.rules.calmPeriod).toBe(10_000);
  });

  it.each([
    [`${GARDEN}    calmPeriode: 3s\n`, 'SW_CONFIG_UNKNOWN_KEY', 6],
    [`${GARDEN}    calmPeriod: ten\n`, 'SW_CONFIG_VALUE', 6],
    [`${GARDEN}    calmPeriod:\n`, 'SW_CONFIG_VALUE', 6],
    [`${GARDEN}web:\n  port: 0\n`, 'SW_CONFIG_VALUE', 7],
    ['cameras:\n  garden: {}\n', 'SW_CONFIG_ABSENT', 2],
    ['web: [\n', 'SW_CONFIG_SYNTAX', 2],
    [
      `inbox:\n  cameras:\n    nvr: {key: {env: A}}\n    yard:\n      recognise: {through: nvrr}\n`,
      'SW_CONFIG_VALUE',
      5,
    ],
    ['inbox:\n  cameras:\n    yard: {recognise: {through: yard}}\n', 'SW_CONFIG_VALUE', 3],
  ])('%j is %s in line %i', (text, code, line) => {
    const { problems, settings } = load(text);
    expect(settings).toBeUndefined();
    expect(problems.map((one) => [one.code, one.line])).toContainEqual([code, line]);
  });

  it('believes certificates and sends passwords in the clear only as the owner wrote it', () => {
    const onvif = (keys: string) => load(`${GARDEN}    onvif: {${keys}}\n`).settings?.cameras[0]?.onvif;
    const print = 'AB:'.repeat(32).slice(0, -1);
    expect(onvif('')).toEqual({});
    expect(onvif('certificate: system, plainBasic: true')).toEqual({ certificate: 'system', plainBasic: true });
    expect(onvif(`certificate: "${print}"`)).toEqual({ certificate: { sha256: 'ab'.repeat(32) } });
    expect(load(`${GARDEN}    onvif: {certificate: none}\n`).problems.map(({ code }) => code)).toEqual([
      'SW_CONFIG_VALUE',
    ]);
  });

  it('loses only the camera whose secret cannot be read', () => {
    const { settings, problems } = load(`${GARDEN}  gone:\n    address: a\n    user: u\n    password: {file: none}\n`);
    expect(settings?.cameras.map(({ id }) => id)).toEqual(['garden']);
    expect(problems.map((one) => [one.code, one.camera])).toEqual([['SW_CONFIG_SECRET', 'gone']]);
  });

  it('lies between environment and .env', () => {
    const env = 'CAMERA_IP=1.2.3.4\nUSRNAME=u\nPASSWORD=p\nPORT=1\n';
    expect(load('', env).settings?.web.port).toBe(1);
    expect(load('web: {port: 2}', env).settings?.web.port).toBe(2);
    expect(load('web: {port: 2}', env, { PORT: '3' }).settings?.web.port).toBe(3);
  });

  it('never throws, whatever the file holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('ab: \n-[]{}#&*!|>\'"%@`,?0.~\t')) }),
        (text) => void load(text),
      ),
      {
        numRuns: 3000,
      },
    );
  });
});

it('keeps comments when it is edited', () => {
  const text = '# mine\nweb:\n  port: 1 # here\n';
  expect(editYaml(text, [{ path: ['web', 'port'], value: 2 }])).toBe('# mine\nweb:\n  port: 2 # here\n');
  const more = editYaml(text, [{ path: ['cameras', 'a', 'address'], value: 'h' }]);
  expect(more).toContain('# mine');
  expect(more).toContain('# here');
  expect(readYaml(more).value).toEqual({ web: { port: 1 }, cameras: { a: { address: 'h' } } });
});
