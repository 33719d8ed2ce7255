import { addressGuard } from '../adapters/address-guard/address-guard.ts';
import type { Receiver } from '../domain/receiver.ts';
import type { NotificationChannel } from '../ports/notification-channel.ts';
import { version } from './version.ts';

/** The way to a receiver. The HTTP client is loaded when something is sent: most sites tell nobody. */
export const webhookChannel = ({ webhook: address }: Receiver): NotificationChannel => ({
  async send(notice, at, signal) {
    const { webhook } = await import('../adapters/webhook/webhook.ts');
    const guard = addressGuard({ allow: address.allow });
    return webhook({ address, guard, agent: `Stillwatch/${version}` }).send(notice, at, signal);
  },
});
