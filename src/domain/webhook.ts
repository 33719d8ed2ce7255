// A webhook: an address of somebody else's that is told, in the form of Standard Webhooks. The address is a secret as much as the
// key is: many services know their callers by nothing else.

import type { Secret } from './secret.ts';

export interface WebhookAddress {
  /** http: or https: */
  readonly url: Secret;
  /** `whsec_…` */
  readonly secret: Secret;
  /** Hosts and blocks that may be reached although requests are not sent there otherwise. */
  readonly allow: readonly string[];
}

export const WEBHOOK_SECRET_PREFIX = 'whsec_';
/** Source: the specification, "between 24 bytes (192 bits) and 64 bytes (512 bits)". */
const [LEAST_BYTES, MOST_BYTES] = [24, 64];
const SECRET = /^whsec_([A-Za-z0-9+/]+)(={0,2})$/;

export const isWebhookSecret = (text: string): boolean => {
  const [, digits = '', padding = ''] = SECRET.exec(text) ?? [];
  const bytes = Math.floor((digits.length * 3) / 4);
  return (digits.length + padding.length) % 4 === 0 && bytes >= LEAST_BYTES && bytes <= MOST_BYTES;
};

/** What may be shown of it: scheme, host and port. */
export const webhookOrigin = ({ url }: WebhookAddress): string => new URL(url.reveal()).origin;
