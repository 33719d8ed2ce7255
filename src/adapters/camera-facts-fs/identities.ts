// Who each camera said it is: what a camera is recognised by when its address changes. Losing the file costs nothing but that;
// it is written anew at the next connect.

import type { CameraIdentity, MacRule } from '../../domain/identity.ts';
import { type ByCamera, byCamera, fieldsOf, textOf } from './by-camera.ts';

const MAC_RULES: readonly MacRule[] = [
  'interface-with-our-address',
  'only-enabled-interface',
  'only-interface',
  'ambiguous',
  'none',
];

const readIdentity = (said: unknown): CameraIdentity | undefined => {
  const fields = fieldsOf(said);
  const host = textOf(fields?.['host']);
  const macRule = MAC_RULES.find((rule) => rule === fields?.['macRule']);
  if (!fields || host === undefined || macRule === undefined) return undefined;
  const scopes = Array.isArray(fields['scopes']) ? fields['scopes'].filter((one) => typeof one === 'string') : [];
  return {
    name: textOf(fields['name']),
    make: textOf(fields['make']),
    model: textOf(fields['model']),
    firmware: textOf(fields['firmware']),
    serial: textOf(fields['serial']),
    hardwareId: textOf(fields['hardwareId']),
    host,
    mac: textOf(fields['mac']),
    macRule,
    // Which ports were open then says nothing of today.
    ports: [],
    scopes,
  };
};

/** @param file its folder must exist */
export const fsIdentities = (file: string): ByCamera<CameraIdentity> => {
  const kept = byCamera(file, readIdentity);
  return { ...kept, put: (camera, identity) => kept.put(camera, { ...identity, ports: [] }) };
};
