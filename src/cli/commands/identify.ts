import type { Command } from 'commander';
import { cameraProbe } from '../../adapters/onvif/probe.ts';
import { type CameraIdentity, claimedProfiles } from '../../domain/identity.ts';
import { openOnvifCamera } from './onvif-camera.ts';

const MAC_RULES: Readonly<Record<CameraIdentity['macRule'], string>> = {
  'interface-with-our-address': 'of the interface that has this address',
  'only-enabled-interface': 'of its only enabled interface',
  'only-interface': 'of its only interface',
  ambiguous: 'several interfaces fit, so none is taken',
  none: 'the camera lists none',
};

/** Lines of the answer; offset of the camera's clock in milliseconds. */
export const identityText = (identity: CameraIdentity, offset: number): string => {
  const ports = identity.ports.filter(({ isEnabled }) => isEnabled).map(({ protocol, port }) => `${protocol} ${port}`);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['name', identity.name],
    ['make', identity.make],
    ['model', identity.model],
    ['firmware', identity.firmware],
    ['serial', identity.serial],
    ['hardware', identity.hardwareId],
    ['address', identity.host],
    ['MAC', identity.mac === undefined ? undefined : `${identity.mac} (${MAC_RULES[identity.macRule]})`],
    ['ports', ports.join(', ') || undefined],
    ['claims', claimedProfiles(identity.scopes).join(', ') || undefined],
    ['clock', `${offset >= 0 ? '+' : ''}${(offset / 1000).toFixed(0)} s`],
  ];
  return rows
    .map(
      ([name, value]) =>
        `${name.padEnd(10)}${value ?? (name === 'MAC' ? `– (${MAC_RULES[identity.macRule]})` : '–')}\n`,
    )
    .join('');
};

export const identifyCommand = (program: Command): void => {
  program
    .command('identify')
    .description('ask a camera who it is: make, model, serial number, MAC address, ports')
    .argument('[camera]', 'name of a configured camera, or an address (STILLWATCH_USER and STILLWATCH_PASSWORD log in)')
    .option('--json', 'print JSON')
    .action(async (camera: string | undefined, options: { readonly json?: boolean }) => {
      const { signal } = new AbortController();
      await using client = await openOnvifCamera(camera, signal);
      const identity = await cameraProbe(client).identify(signal);
      const { offset } = await client.measureClock(signal);
      const text = options.json
        ? `${JSON.stringify({ ...identity, clockOffsetMs: offset }, undefined, 2)}\n`
        : identityText(identity, offset);
      process.stdout.write(text);
    });
};
