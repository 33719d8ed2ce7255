// One message's way into the inbox, whether it was sent here or fetched from a mailbox.

import type { DeliveryOutcome } from '../../domain/delivery.ts';
import type { CameraId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxDoor } from '../../ports/inbox.ts';
import { readMessage } from './message.ts';

export interface MailDelivery {
  readonly camera: CameraId;
  readonly way: 'mail' | 'imap';
  readonly raw: Uint8Array;
}

/** Resolves when everything in it is durable or refused. @throws StillwatchError when it is to be tried again */
export const deliverMessage = async (
  { camera, way, raw }: MailDelivery,
  { door, clock }: { readonly door: InboxDoor; readonly clock: Clock },
): Promise<readonly DeliveryOutcome[]> => {
  const { text, pictures } = await readMessage(raw);
  const receivedAt = clock.now().wall;
  if (pictures.length === 0) {
    return [await door.deliver({ camera, way, text, bytes: new Uint8Array(0), receivedAt })];
  }
  const outcomes: DeliveryOutcome[] = [];
  for (const { name, bytes } of pictures) {
    outcomes.push(
      await door.deliver({ camera, way, text, bytes, receivedAt, ...(name === undefined ? {} : { name }) }),
    );
  }
  return outcomes;
};
