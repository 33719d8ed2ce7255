// Standard Webhooks, symmetric signatures (v1). Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.

import { createHmac, randomBytes } from 'node:crypto';
import type { Secret } from '../../domain/secret.ts';
import { WEBHOOK_SECRET_PREFIX } from '../../domain/webhook.ts';

/** Within the 24 to 64 bytes the specification allows; what HMAC-SHA256 makes the most of. */
const SECRET_BYTES = 32;

export const newWebhookSecret = (): string => `${WEBHOOK_SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/** The value of `webhook-signature`. @param timestamp whole seconds since 1970, as in `webhook-timestamp` */
export const signature = (secret: Secret, id: string, timestamp: number, body: string): string => {
  const key = Buffer.from(secret.reveal().slice(WEBHOOK_SECRET_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
};
