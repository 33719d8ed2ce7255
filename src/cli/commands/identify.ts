import type { Command } from 'commander';
import { cameraProbe } from '../../adapters/onvif/probe.ts';
import { type CameraIdentity, claimedProfiles } from '../../domain/identity.ts';
import { MAC_RULE_WORDS } from '../../domain/requirement-words.ts';
import { openOnvifCamera } from '../onvif-camera.ts';

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
    ['MAC', identity.mac === undefined ? undefined : `${identity.mac} (${MAC_RULE_WORDS[identity.macRule].en})`],
    ['ports', ports.join(', ') || undefined],
    ['claims', claimedProfiles(identity.scopes).join(', ') || undefined],
    ['clock', `${offset >= 0 ? '+' : ''}${(offset / 1000).toFixed(0)} s`],
  ];
  return rows
    .map(
      ([name, value]) =>
        `${name.padEnd(10)}${value ?? (name === 'MAC' ? `– (${MAC_RULE_WORDS[identity.macRule].en})` : '–')}\n`,
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
