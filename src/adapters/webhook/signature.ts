// Standard Webhooks, symmetric signatures (v1). Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.

import { createHmac } from 'node:crypto';
import type { Secret } from '../../domain/secret.ts';
import { WEBHOOK_SECRET_PREFIX } from '../../domain/webhook.ts';

/** The value of `webhook-signature`. @param timestamp whole seconds since 1970, as in `webhook-timestamp` */
export const signature = (secret: Secret, id: string, timestamp: number, body: string): string => {
  const key = Buffer.from(secret.reveal().slice(WEBHOOK_SECRET_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
};
