import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';
import { isWebhookSecret, webhookOrigin } from './webhook.ts';

const of = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

describe('a webhook', () => {
  it.each([
    [of(24), true],
    [of(25), true],
    [of(32), true],
    [of(64), true],
    [of(23), false],
    [of(65), false],
    [of(32).slice(6), false],
    ['whsec_', false],
    [`${of(32)}=`, false],
    [`whsec_${'ø'.repeat(32)}`, false],
    [` ${of(32)}`, false],
  ])('secret %s: %s', (text, isOne) => {
    expect(isWebhookSecret(text)).toBe(isOne);
  });

  it('shows nothing of its address but where it is', () => {
    const url = new Secret('https://hooks.example:8443/services/T0/B0/canary?token=canary#canary');
    expect(webhookOrigin({ url, secret: new Secret(of(32)), allow: [] })).toBe('https://hooks.example:8443');
  });
});
