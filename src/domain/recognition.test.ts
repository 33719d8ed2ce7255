import { describe, expect, it } from 'vitest';
import { cameraId } from './ids.ts';
import { INBOX_LIMITS, type InboxCamera, type RecognitionRule } from './inbox.ts';
import { type Clues, recognised } from './recognition.ts';

const NVR = cameraId('nvr');
const YARD = cameraId('yard');
const yard = (recognise: RecognitionRule): InboxCamera => ({
  id: YARD,
  name: 'Yard',
  limits: INBOX_LIMITS,
  recognise: { through: NVR, ...recognise },
});
const clues = (given: Partial<Clues>): Clues => ({
  name: undefined,
  addresses: [],
  exif: { serial: undefined, model: undefined },
  report: {},
  ...given,
});

describe('whose picture it is within one account', () => {
  it.each([
    ['its folder', { path: 'yard' }, { name: '/yard/a.jpg' }, YARD],
    ['its folder within others', { path: '/Yard/' }, { name: 'ftp\\in\\yard\\2026\\a.jpg' }, YARD],
    ['how its files begin', { path: 'yard' }, { name: 'Yard_01_20261123143207.jpg' }, YARD],
    ['not a folder that begins alike', { path: 'yard' }, { name: '/yardage/a.jpg' }, NVR],
    ['not one that ends alike', { path: 'yard' }, { name: '/backyard/a.jpg' }, NVR],
    ['signs in a folder are signs', { path: 'a.c+' }, { name: '/abc/x.jpg' }, NVR],
    ['the address it writes from', { mail: 'Yard@Example.org' }, { addresses: ['yard@example.org'] }, YARD],
    ['not another address', { mail: 'yard@example.org' }, { addresses: ['x@example.org'] }, NVR],
    ['its serial number', { exif: 'sn-123' }, { exif: { serial: 'SN-123', model: undefined } }, YARD],
    ['its model', { exif: 'HC-801A' }, { exif: { serial: undefined, model: 'HC-801A' } }, YARD],
    ['its IMEI', { exif: '356938035643809' }, { report: { imei: '356938035643809' } }, YARD],
    ['nothing that was said', {}, { name: '/yard/a.jpg' }, NVR],
  ] as const)('%s', (_, rule, given, camera) => {
    expect(recognised(NVR, clues(given), [yard(rule)])).toBe(camera);
  });

  it('never takes another account’s pictures', () => {
    expect(recognised(cameraId('forest'), clues({ name: 'yard/a.jpg' }), [yard({ path: 'yard' })])).toBe('forest');
  });
});
