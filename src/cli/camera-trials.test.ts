import { expect, it } from 'vitest';
import { systemClock } from '../adapters/system/clock.ts';
import type { CameraTrials } from '../ports/camera-trial.ts';
import { cameraTrials } from './camera-trials.ts';

const trials: CameraTrials = cameraTrials({
  clock: systemClock(),
  zone: 'UTC',
  cameras: () => [],
  spool: { accept: () => Promise.reject(new TypeError('nothing is kept here')) },
  onAccepted: () => undefined,
});

const codeOf = async (address: string, isOwnMachineAllowed: boolean, more: object = {}): Promise<unknown> => {
  const stop = new AbortController();
  const run = trials.run({ address, credentials: undefined, ...more }, isOwnMachineAllowed, stop.signal);
  // The first step is never reached: the address is judged before anything is sent.
  return run.next().then(
    () => 'tried',
    (thrown: unknown) => (thrown as { code?: unknown }).code,
  );
};

it.each([
  ['127.0.0.1:8554', {}],
  ['localhost', {}],
  ['[::1]:554', {}],
  ['0.0.0.0', {}],
  ['[::ffff:127.0.0.1]', {}],
  ['169.254.169.254', {}],
  ['192.0.2.5', { main: 'rtsp://127.0.0.1:22/x' }],
  ['192.0.2.5', { onvif: 'http://169.254.169.254/latest/meta-data' }],
])('nothing is sent to %s %j unless the owner says so', async (address, more) => {
  expect(await codeOf(address, false, more)).toBe('SW_ADDRESS_REFUSED');
});

it.each(['169.254.169.254', '100.100.100.200', '[fd00:ec2::254]', '0.0.0.0'])(
  'nothing is sent to %s even then',
  async (address) => {
    expect(await codeOf(address, true)).toBe('SW_ADDRESS_REFUSED');
  },
);
