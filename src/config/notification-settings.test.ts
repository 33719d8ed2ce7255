import { describe, expect, it } from 'vitest';
import { NOTICE_TYPES } from '../domain/notice.ts';
import { USUAL_CAUSES, USUAL_TYPES } from '../domain/notification-rule.ts';
import { type LoadedConfig, loadConfig } from './load.ts';
import { problemText } from './problems.ts';
import { salvaged } from './salvage.ts';
import { sameSettings, settingsDiff } from './settings-diff.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const files: Readonly<Record<string, string>> = {
  's/house': `${SECRET}\n`,
  's/url': 'https://hooks.example/T0/canary\n',
  's/short': 'whsec_Y2FuYXJ5',
};
const load = (text: string): LoadedConfig =>
  loadConfig({
    yml: { text, file: 'stillwatch.yml' },
    env: { text: '', file: '.env', environment: {}, cwd: '/srv/site', systemZone: 'UTC' },
    readSecret: (file) => {
      const found = files[file];
      if (found === undefined) throw Object.assign(new Error('no'), { code: 'ENOENT' });
      return found;
    },
  });
const hook = (more: string, url = 'http://10.0.0.9/x'): string =>
  `notifications:\n  webhooks:\n    house:\n      url: ${url}\n      secret: {file: s/house}\n${more}`;
const receiver = (text: string) => load(text).settings?.notifications?.receivers[0];

describe('notifications in the document', () => {
  it('has sensible rules where nothing is said', () => {
    const { settings, problems } = load(hook(''));
    expect(problems).toEqual([]);
    expect(settings?.notifications).toMatchObject({ link: '', blindAfter: 60_000 });
    expect(receiver(hook(''))).toMatchObject({ name: 'house', rule: { types: USUAL_TYPES, causes: USUAL_CAUSES } });
    expect(load('').settings?.notifications).toBeUndefined();
  });

  it('reads a rule whole', () => {
    const text = `${hook(
      `      events: [${NOTICE_TYPES.join(', ')}]\n      cameras: [garden]\n      causes: [person]\n      hours: ["22:00-07:00"]\n      onlyLasting: true\n      allow: [127.0.0.1]\n`,
    )}  link: https://cam.example/\n  quietHours: "23:00-06:00"\n  blindAfter: 5m\n`;
    const { settings, problems } = load(text);
    expect(problems).toEqual([]);
    expect(settings?.notifications).toMatchObject({
      link: 'https://cam.example',
      quiet: { from: 1380, until: 360 },
      blindAfter: 300_000,
      receivers: [
        {
          rule: {
            types: NOTICE_TYPES,
            cameras: ['garden'],
            causes: ['person'],
            hours: [{ from: 1320, until: 420 }],
            onlyLasting: true,
          },
          webhook: { allow: ['127.0.0.1'] },
        },
      ],
    });
  });

  it('fetches address and secret from where they lie, and prints neither', () => {
    const found = receiver(hook('', '{file: s/url}'));
    expect(found?.webhook.url.reveal()).toBe('https://hooks.example/T0/canary');
    expect(found?.webhook.secret.reveal()).toBe(SECRET);
    expect(JSON.stringify(found)).not.toMatch(/canary|whsec/);
  });

  it.each([
    ['      event: [photo.taken]\n', 'SW_CONFIG_UNKNOWN_KEY', 'events'],
    ['      events: [photo.token]\n', 'SW_CONFIG_VALUE', 'photo.taken'],
    ['      events: []\n', 'SW_CONFIG_VALUE', 'list'],
    ['      hours: ["22-07"]\n', 'SW_CONFIG_VALUE', '22:00-07:00'],
    ['      cameras: [Garden!]\n', 'SW_CONFIG_VALUE', 'key of a camera'],
    ['  quietHour: "22:00-07:00"\n', 'SW_CONFIG_UNKNOWN_KEY', 'quietHours'],
    ['  link: cam.example\n', 'SW_CONFIG_VALUE', 'https://'],
  ])('%j is %s', (more, code, said) => {
    const { problems, settings } = load(hook(more));
    expect(settings).toBeUndefined();
    expect(problems.map((one) => one.code)).toEqual([code]);
    expect(problems.map((one) => problemText(one, 'en')).join()).toContain(said);
  });

  it('repeats no address that is wrong', () => {
    for (const url of ['htp://hooks.example/canary', 'https://u:canary@hooks.example/', 'canary', '[canary]']) {
      const { problems } = load(hook('', url));
      expect(problems.map((one) => [one.code, one.line])).toEqual([['SW_CONFIG_VALUE', 4]]);
      const said = problems.map((one) => problemText(one, 'da')).join();
      expect(said).not.toContain('canary');
      expect(said).toMatch(/en adresse med http:.*ikke det, der står der/);
    }
  });

  it('leaves out a receiver whose secret cannot be read, and nothing else', () => {
    for (const [place, detail] of [
      ['s/none', 'ENOENT'],
      ['s/short', 'not whsec_'],
    ]) {
      const text = `${hook('')}    barn:\n      url: http://10.0.0.8/\n      secret: {file: ${place}}\n`;
      const { settings, problems } = load(text);
      expect(settings?.notifications?.receivers.map(({ name }) => name)).toEqual(['house']);
      expect(problems.map((one) => [one.code, one.line])).toEqual([['SW_CONFIG_SECRET', 8]]);
      expect(problems.map((one) => problemText(one, 'en')).join()).toContain(detail);
      expect(problems.map((one) => problemText(one, 'en')).join()).not.toContain('canary');
    }
  });

  it('loses only the receiver with the mistake in safe mode', () => {
    const text = `${hook('')}    barn:\n      url: http://10.0.0.8/\n      secret: {file: s/house}\n      hours: [late]\n`;
    const rescued = salvaged(text, load)?.settings?.notifications;
    expect(rescued?.receivers.map(({ name }) => name)).toEqual(['house']);
  });

  it('changes without a restart, and knows when it did not change', () => {
    const [before, same, other] = [hook(''), hook(''), hook('      onlyLasting: true\n')].map(
      (text) => load(text).settings,
    );
    if (!before || !same || !other) throw new Error('not loaded');
    expect(sameSettings(before, same)).toBe(true);
    expect(settingsDiff(before, same).areNotificationsChanged).toBe(false);
    const diff = settingsDiff(before, other);
    expect([diff.areNotificationsChanged, diff.awaitsRestart, diff.changed]).toEqual([true, [], []]);
  });
});
