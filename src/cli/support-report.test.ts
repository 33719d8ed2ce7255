import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownSettings, withoutSecrets } from './support-report.ts';

describe('the support report', () => {
  it('names every setting, and shows the harmless ones', () => {
    const shown = shownSettings({ CAMERA_IP: '192.168.1.50', PASSWORD: 'canary', CALM_PERIOD: '10', PORT: undefined });
    expect(shown).toEqual({ CAMERA_IP: '(set, 12 characters)', PASSWORD: '(set, 6 characters)', CALM_PERIOD: '10' });
  });

  it.each([
    ['in an address', 'rtsp://admin:canary@cam/stream1'],
    ['in a query', '/snapshot?user=admin&password=canary'],
    ['in plain words', 'tried canary twice'],
    ['as Basic login', `Authorization: Basic ${Buffer.from('admin:canary').toString('base64')}`],
    ['in JSON', '{"password":"canary"}'],
  ])('says no password %s', (_, line) => {
    expect(withoutSecrets(line, ['canary', 'admin', 'admin:canary'])).not.toMatch(/canary|YWRtaW46Y2FuYXJ5/);
  });

  it('says no address of the owner’s network', () => {
    const line = 'camera 192.168.1.50 (aa:bb:cc:dd:ee:ff) refused; listening on 127.0.0.1';
    expect(withoutSecrets(line, [])).toBe('camera x.x.x.x (xx:xx:xx:xx:xx:xx) refused; listening on 127.0.0.1');
  });

  it('says no secret, whatever it is and however it is spelled', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!'•••x.x'.includes(secret) && secret.trim() !== '');
        for (const text of [secret, encodeURIComponent(secret), JSON.stringify(secret)]) {
          const clean = withoutSecrets(`${before}\n${text}\n${after}`, [secret]);
          const line = clean.split('\n').slice(before.split('\n').length)[0] ?? '';
          expect(line.includes(secret)).toBe(false);
        }
      }),
    );
  });
});
