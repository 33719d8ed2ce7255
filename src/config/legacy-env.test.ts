import { describe, expect, it } from 'vitest';
import { StillwatchError } from '../domain/errors.ts';
import { ENV_KEYS, type EnvInput, settingsFromEnv } from './legacy-env.ts';
import type { Settings } from './settings.ts';

const SEED = 'CAMERA_IP=192.168.1.50\nUSRNAME=admin\nPASSWORD=canary-7f3\nCALM_PERIOD=10\nPORT=10000\n';

const input = (text: string | undefined, environment: Record<string, string> = {}): EnvInput => ({
  text,
  file: '.env',
  environment,
  cwd: '/srv/site',
  systemZone: 'Europe/Copenhagen',
});
const settings = (text: string, environment: Record<string, string> = {}): Settings =>
  settingsFromEnv(input(text, environment));
const failure = (text: string | undefined, environment: Record<string, string> = {}): StillwatchError => {
  try {
    settingsFromEnv(input(text, environment));
  } catch (thrown) {
    if (thrown instanceof StillwatchError) return thrown;
    throw thrown;
  }
  throw new Error('no error');
};
const without = (key: string): string =>
  SEED.split('\n')
    .filter((line) => !line.startsWith(`${key}=`))
    .join('\n');
const replaced = (key: string, value: string): string => `${without(key)}${key}=${value}\n`;

describe('the seed’s five lines', () => {
  it('make one camera whose photos lie at the root', () => {
    const { cameras, rootCamera, snapshotsDir, zone, web } = settings(SEED);
    const [camera] = cameras;
    expect(cameras).toHaveLength(1);
    expect(camera?.id).toBe('tapo');
    expect(rootCamera).toBe('tapo');
    expect(camera?.streams.main.url).toBe('rtsp://192.168.1.50/stream1');
    expect(camera?.streams.sub.url).toBe('rtsp://192.168.1.50/stream2');
    expect(camera?.streams.sub.credentials?.user).toBe('admin');
    expect(camera?.streams.sub.credentials?.password.reveal()).toBe('canary-7f3');
    expect(camera?.rules).toEqual({ calmPeriod: 10_000, longestEpisode: 300_000 });
    expect(snapshotsDir).toBe('/srv/site/snapshots');
    expect(zone).toBe('Europe/Copenhagen');
    expect(web).toEqual({ port: 10_000, bind: '0.0.0.0', isPublic: false, loginToView: false, trustProxy: [] });
  });

  it('have defaults where the seed has them', () => {
    const bare = settings('CAMERA_IP=cam.local\nUSRNAME=u\nPASSWORD=p');
    expect(bare.cameras[0]?.rules.calmPeriod).toBe(10_000);
    expect(bare.web.port).toBe(10_000);
  });

  it('yield to the environment', () => {
    expect(settings(SEED, { PORT: '8080' }).web.port).toBe(8080);
    expect(settings(SEED, { PATH: '/bin', EDITOR: 'vi' }).web.port).toBe(10_000);
  });

  it('print no password, whatever prints them', () => {
    const all = settings(SEED);
    expect(JSON.stringify(all)).not.toContain('canary');
    expect(String(all.cameras[0]?.streams.main.credentials?.password)).toBe('•••');
  });
});

describe('CAMERA_IP', () => {
  it.each([
    ['192.168.1.50:8554', 'rtsp://192.168.1.50:8554/stream2'],
    ['cam-7.example.org', 'rtsp://cam-7.example.org/stream2'],
    ['cam.local:554', 'rtsp://cam.local:554/stream2'],
    ['[fe80::1]:8554', 'rtsp://[fe80::1]:8554/stream2'],
    ['fe80::1', 'rtsp://[fe80::1]/stream2'],
  ])('%s is an address', (value, url) => {
    expect(settings(replaced('CAMERA_IP', value)).cameras[0]?.streams.sub.url).toBe(url);
  });

  it.each([
    'rtsp://192.168.1.50',
    'admin:canary@192.168.1.50',
    '192.168.1',
    '192.168.1.500',
    '192.168.1.50:0',
    '192.168.1.50:70000',
    '192.168.1.50/stream1',
    'two words',
    ':8554',
    '-cam',
  ])('%s is refused, and not repeated', (value) => {
    const error = failure(replaced('CAMERA_IP', value));
    expect(error.code).toBe('SW_CONFIG_ADDRESS');
    expect(error.exit).toBe(3);
    expect(error.message).toContain('CAMERA_IP');
    expect(error.message).not.toContain('canary');
  });
});

describe('other streams', () => {
  it('takes a path, with or without its first slash', () => {
    const text = `${SEED}RTSP_MAIN=/Streaming/Channels/101\nRTSP_SUB=cam/realmonitor?channel=1&subtype=1\n`;
    expect(settings(text).cameras[0]?.streams.main.url).toBe('rtsp://192.168.1.50/Streaming/Channels/101');
    expect(settings(text).cameras[0]?.streams.sub.url).toBe('rtsp://192.168.1.50/cam/realmonitor?channel=1&subtype=1');
  });

  it('takes full URLs, with credentials of their own, and then needs nothing else', () => {
    const text = 'RTSP_MAIN=rtsp://u:p%40ss@10.0.0.7:8554/main\nRTSP_SUB=rtsps://10.0.0.7/sub\n';
    const { main, sub } = settings(text).cameras[0]?.streams ?? {};
    expect(main?.url).toBe('rtsp://10.0.0.7:8554/main');
    expect(main?.credentials?.password.reveal()).toBe('p@ss');
    expect(sub?.url).toBe('rtsps://10.0.0.7/sub');
    expect(sub?.credentials).toBeUndefined();
  });

  it.each(['http://10.0.0.7/video', 'rtsp://', 'rtsp://u:%zz@host/x', 'a b'])('refuses %s', (value) => {
    expect(failure(`${SEED}RTSP_MAIN=${value}\n`).code).toBe('SW_CONFIG_STREAM');
  });
});

describe('mistakes', () => {
  it.each(['CAMERA_IP', 'USRNAME', 'PASSWORD'])('%s missing is named', (key) => {
    const error = failure(without(key));
    expect(error.code).toBe('SW_CONFIG_MISSING');
    expect(error.exit).toBe(3);
    expect(error.text('en')).toContain(key);
    expect(error.text('da')).toContain(key);
  });

  it.each(Object.keys(ENV_KEYS))('%s empty is named', (key) => {
    const error = failure(replaced(key, ''));
    expect(error.code).toBe('SW_CONFIG_EMPTY');
    expect(error.exit).toBe(3);
    expect(error.message).toContain(`${key}=`);
  });

  it.each([
    ['CALM_PERIOD', 'ten'],
    ['CALM_PERIOD', '0'],
    ['CALM_PERIOD', '-5'],
    ['CALM_PERIOD', '1e3'],
    ['CALM_PERIOD', '99999'],
    ['PORT', '80.5'],
    ['PORT', '70000'],
    ['PORT', '0x50'],
    ['LONGEST_EPISODE', '1'],
  ])('%s=%s is refused with its bounds', (key, value) => {
    const error = failure(replaced(key, value));
    expect(error.code).toBe('SW_CONFIG_NUMBER');
    expect(error.message).toContain(key);
    expect(error.message).toMatch(/from [\d.]+ to \d+/);
  });

  it.each([
    ['TIME_ZONE', 'Europe/Copenhagn'],
    ['STILLWATCH_LANG', 'de'],
    ['PUBLIC_VIEW', 'yes'],
    ['BIND', 'everywhere'],
  ])('%s=%s is not one of the choices', (key, value) => {
    expect(failure(replaced(key, value)).code).toBe('SW_CONFIG_CHOICE');
  });

  it.each([
    ['CAMERA_PI', 'CAMERA_IP'],
    ['USERNAME', 'USRNAME'],
    ['PASWORD', 'PASSWORD'],
    ['CALMPERIOD', 'CALM_PERIOD'],
    ['calm_period', 'CALM_PERIOD'],
    ['RTSP_MIAN', 'RTSP_MAIN'],
  ])('%s: did you mean %s?', (typed, meant) => {
    const error = failure(`# comment\n${SEED}${typed}=x\n`);
    expect(error.code).toBe('SW_CONFIG_UNKNOWN_KEY');
    expect(error.facts).toMatchObject({ key: typed, suggestion: meant, line: 7, file: '.env' });
  });

  it('leaves other programs’ keys alone', () => {
    expect(settings(`${SEED}TZ=UTC\nNODE_ENV=production\nPM2_HOME=/x\n`).web.port).toBe(10_000);
  });
});

describe('keep rules', () => {
  const keep = (lines: string) => settings(`${SEED}${lines}\n`).keep;

  it('are the disk’s free space alone when none is written, and leave another program’s photos alone', () => {
    expect(settings(SEED).keep).toEqual({ each: {}, cameras: {}, free: undefined, includesFound: false });
  });

  it.each([
    ['KEEP_DAYS=30', { each: { age: 30 * 86_400_000 } }],
    ['KEEP_PHOTOS=500', { each: { stills: 500 } }],
    ['KEEP_GB=1.5', { bytes: 1.5e9 }],
    ['KEEP_FREE=10', { free: 1e10 }],
    ['KEEP_FREE=0', { free: 0 }],
  ])('%s', (line, rules) => {
    expect(keep(line)).toMatchObject({ ...rules, includesFound: true });
  });

  it.each(['KEEP_DAYS=0', 'KEEP_DAYS=forever', 'KEEP_GB=0', 'KEEP_PHOTOS=1.5', 'KEEP_FREE=-1', 'KEEP_FREE=5%'])(
    '%s is refused',
    (line) => {
      expect(failure(`${SEED}${line}\n`).code).toBe('SW_CONFIG_NUMBER');
    },
  );

  it('names the line of a key that no pattern could hold', () => {
    const error = failure(`${SEED}CALM_PERIO[D=10\n`);
    expect(error.code).toBe('SW_CONFIG_UNKNOWN_KEY');
    expect(error.text('en')).toContain('CALM_PERIO[D');
  });
});
