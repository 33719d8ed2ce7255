// Where kept films lie. By itself, so that a site without an inbox loads none of its clients.

import { join } from 'node:path';
import { fsClipStore } from '../../../adapters/inbox-fs/inbox-fs.ts';
import type { ClipStore } from '../../../ports/inbox.ts';

/** @param data the state folder beside the photos */
export const clipStoreOf = (data: string): ClipStore => fsClipStore(join(data, 'clips'));
