// The `notifications` part of a checked document as the settings receivers are told by. A receiver whose secret cannot be read is
// left out and told of; the others are not touched by it.

import type { ErrorFacts, StillwatchErrorCode } from '../domain/errors.ts';
import { isPlainHttpUrl } from '../domain/http-address.ts';
import { cameraId } from '../domain/ids.ts';
import { type NotificationRule, parseDayHours } from '../domain/notification-rule.ts';
import type { NotificationSettings, Receiver } from '../domain/receiver.ts';
import { Secret } from '../domain/secret.ts';
import { ms } from '../domain/units.ts';
import { isWebhookSecret } from '../domain/webhook.ts';
import type { ConfigPath } from '../ports/config-document.ts';
import type { ReadSecret } from './inbox-settings.ts';
import type { NotificationsConfig, WebhookConfig } from './schema/notifications.ts';
import { durationMs, type SecretPlace } from './schema/words.ts';

interface Mistake {
  readonly code: StillwatchErrorCode;
  readonly path: ConfigPath;
  readonly facts: ErrorFacts;
}

const ruleOf = ({ events, cameras, causes, hours, onlyLasting }: WebhookConfig): NotificationRule => ({
  types: events,
  causes,
  ...(cameras ? { cameras: cameras.map(cameraId) } : {}),
  ...(hours ? { hours: hours.flatMap((text) => parseDayHours(text) ?? []) } : {}),
  ...(onlyLasting ? { onlyLasting } : {}),
});

export const notificationSettings = (
  config: NotificationsConfig,
  read: ReadSecret,
): { readonly notifications: NotificationSettings; readonly mistakes: readonly Mistake[] } => {
  const mistakes: Mistake[] = [];
  /** What lies there, if it is what is wanted; else the mistake is noted, without what was found. */
  const fetched = (
    place: SecretPlace,
    path: ConfigPath,
    isFit: (text: string) => boolean,
    detail: string,
  ): Secret | undefined => {
    const secret = read(place);
    if (secret instanceof Secret && isFit(secret.reveal())) return secret;
    const [kind = '', where = ''] = Object.entries(place)[0] ?? [];
    const facts = { place: `${kind} ${where}`, detail: secret instanceof Secret ? detail : secret.detail };
    mistakes.push({ code: 'SW_CONFIG_SECRET', path, facts });
    return undefined;
  };
  const receivers = Object.entries(config.webhooks).flatMap(([name, webhook]): readonly Receiver[] => {
    if (!webhook.enabled) return [];
    const path: ConfigPath = ['notifications', 'webhooks', name];
    const { url, secret: place, allow = [] } = webhook;
    const address =
      typeof url === 'string'
        ? new Secret(url)
        : fetched(url, [...path, 'url'], isPlainHttpUrl, 'no address with http:// or https://');
    const secret = fetched(place, [...path, 'secret'], isWebhookSecret, 'not whsec_ and base64 of 24 to 64 bytes');
    return address && secret ? [{ name, rule: ruleOf(webhook), webhook: { url: address, secret, allow } }] : [];
  });
  const quiet = config.quietHours === undefined ? undefined : parseDayHours(config.quietHours);
  return {
    notifications: {
      link: config.link?.replace(/\/+$/, '') ?? '',
      ...(quiet ? { quiet } : {}),
      blindAfter: ms(durationMs(config.blindAfter) ?? 0),
      receivers,
    },
    mistakes,
  };
};
