import { describe, expect, it } from 'vitest';
import { STREAM_PATHS, streamPaths } from './stream-paths.ts';

describe('stream paths', () => {
  it.each([
    [undefined, 'TP-Link'],
    ['', 'TP-Link'],
    ['HIKVISION', 'Hikvision'],
    ['Tapo', 'TP-Link'],
    ['Amcrest', 'Dahua'],
    ['Dahua Technology Co.', 'Dahua'],
    ['AXIS', 'Axis'],
    ['Nobody', 'TP-Link'],
  ])('of %s begin with those of %s, and none is left out', (make, first) => {
    const paths = streamPaths(make);
    expect(paths[0]?.make).toBe(first);
    expect(new Set(paths)).toEqual(new Set(STREAM_PATHS));
  });
});
