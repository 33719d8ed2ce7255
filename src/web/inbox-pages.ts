import type { Contact } from '../domain/contact.ts';
import type { CameraId } from '../domain/ids.ts';
import type { InboxSettings } from '../domain/inbox.ts';
import type { ClipStore } from '../ports/inbox.ts';

/** What these pages are given; undefined in `WebDeps`: nobody delivers here. */
export interface InboxPages {
  readonly settings: InboxSettings;
  readonly contactOf: (camera: CameraId) => Contact;
  readonly films: Pick<ClipStore, 'list' | 'open'>;
}
