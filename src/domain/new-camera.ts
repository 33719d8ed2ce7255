// What a camera that was just tried out is written down as. Pure.

import { type CameraId, cameraId, isCameraId } from './ids.ts';

/** `Tapo C100` → `tapo-c100`; another one when it is taken. */
export const suggestId = (words: readonly (string | undefined)[], taken: readonly string[]): CameraId => {
  const slug = words
    .filter((word) => word !== undefined)
    .join('-')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 36)
    .replace(/-+$/, '');
  const base = isCameraId(slug) ? slug : 'camera';
  for (let copy = 1; ; copy++) {
    const id = copy === 1 ? base : `${base}-${copy}`;
    if (!taken.includes(id)) return cameraId(id);
  }
};

/** `rtsp://192.0.2.5/stream1` as a path, where `address` says the rest: so a new address is one edit. */
export const streamText = (url: string, address: string): string => {
  const [, scheme, host = '', path = ''] = /^([a-z]+):\/\/([^/]*)\/?(.*)$/i.exec(url) ?? [];
  const same = (one: string): string => one.replace(/:554$/, '').toLowerCase();
  return scheme === 'rtsp' && same(host) === same(address) ? path : url;
};
