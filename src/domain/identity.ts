// Who a camera is, by its own account: facts it reports, the rule that finds the right MAC, and recognising it again when
// DHCP gave it another address. Pure.

/** One network interface as the camera lists it. */
export interface NetworkInterface {
  readonly name: string;
  readonly isEnabled: boolean | undefined;
  /** As written: `28:57:BE:65:7D:D5`, `2857be657dd5`, `-`, ''. */
  readonly hardwareAddress: string;
  readonly ipv4: readonly string[];
}

export interface CameraIdentity {
  /** What the camera calls itself: host name, or the name scope. */
  readonly name: string | undefined;
  readonly make: string | undefined;
  readonly model: string | undefined;
  readonly firmware: string | undefined;
  readonly serial: string | undefined;
  readonly hardwareId: string | undefined;
  /** The address it was reached by. */
  readonly host: string;
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac: string | undefined;
  readonly macRule: MacRule;
  readonly ports: readonly { readonly protocol: string; readonly port: number; readonly isEnabled: boolean }[];
  /** What it says about itself (`onvif://www.onvif.org/Profile/Streaming`): its own claim. */
  readonly scopes: readonly string[];
}

/** Why a MAC was taken, or why none was. */
export const MAC_RULES = [
  'interface-with-our-address',
  'only-enabled-interface',
  'only-interface',
  'ambiguous',
  'none',
] as const;
export type MacRule = (typeof MAC_RULES)[number];

/** `aa:bb:cc:dd:ee:ff` from any spelling of 12 hex digits; undefined for anything else, and for addresses that name nobody. */
export const macText = (text: string): string | undefined => {
  const hex = text
    .trim()
    .toLowerCase()
    .replace(/[:.\-\s]/g, '');
  if (!/^[0-9a-f]{12}$/.test(hex) || /^(?:0{12}|f{12})$/.test(hex)) return undefined;
  // The lowest bit of the first byte marks a group address (IEEE 802): no interface has it.
  if (Number.parseInt(hex.slice(0, 2), 16) & 1) return undefined;
  return hex.match(/../g)?.join(':');
};

/**
 * The MAC of the interface we talk to: the enabled one that has the address we reach the camera by; else the only enabled
 * one with a MAC; else the only one. Several that fit: none, because a wrong MAC is worse than no MAC.
 * @param host the address the camera was reached by; behind NAT no interface has it
 */
export const macOf = (
  interfaces: readonly NetworkInterface[],
  host: string,
): { readonly mac: string | undefined; readonly rule: MacRule } => {
  const known = interfaces.flatMap((one) => {
    const mac = macText(one.hardwareAddress);
    return mac === undefined ? [] : [{ ...one, mac }];
  });
  const only = (rule: MacRule, some: typeof known): { mac: string; rule: MacRule } | undefined => {
    const macs = new Set(some.map((one) => one.mac));
    const [mac] = macs;
    return mac !== undefined && macs.size === 1 ? { mac, rule } : undefined;
  };
  const enabled = known.filter((one) => one.isEnabled !== false);
  return (
    only(
      'interface-with-our-address',
      enabled.filter((one) => one.ipv4.includes(host)),
    ) ??
    only('only-enabled-interface', enabled) ??
    only('only-interface', known) ?? { mac: undefined, rule: known.length > 0 ? 'ambiguous' : 'none' }
  );
};

/** Serials that firmwares ship by the thousand: they tell no camera from another. */
const isTellingSerial = (serial: string | undefined): serial is string =>
  serial !== undefined &&
  serial.length >= 4 &&
  !/^(?:0+|1+|f+|none|null|n\/?a|unknown|12345\d*|serial.*)$/i.test(serial);

export type Recognition = 'same' | 'another' | 'unsure';

/**
 * Whether `seen` is the camera we knew as `known`. A MAC decides; without one on both sides make, model and serial do.
 * `unsure` is not enough to follow a camera to a new address.
 */
export const recognise = (
  known: Pick<CameraIdentity, 'mac' | 'serial' | 'make' | 'model'>,
  seen: Pick<CameraIdentity, 'mac' | 'serial' | 'make' | 'model'>,
): Recognition => {
  if (known.mac !== undefined && seen.mac !== undefined) return known.mac === seen.mac ? 'same' : 'another';
  if (isTellingSerial(known.serial) && isTellingSerial(seen.serial)) {
    if (known.serial !== seen.serial) return 'another';
    return known.make === seen.make && known.model === seen.model ? 'same' : 'unsure';
  }
  if (known.model !== undefined && seen.model !== undefined && known.model !== seen.model) return 'another';
  return 'unsure';
};

/** Profiles the camera claims in its scopes; a claim, never a finding. */
export const claimedProfiles = (scopes: readonly string[]): readonly string[] => {
  const letters = scopes.flatMap((scope) => {
    const name = /\/Profile\/([A-Za-z]+)\s*$/.exec(scope)?.[1];
    if (name === undefined) return [];
    return [name === 'Streaming' ? 'S' : name.toUpperCase()];
  });
  return [...new Set(letters)].sort();
};

/** Value of a scope such as `onvif://www.onvif.org/name/Front%20door`. */
export const scopeValue = (scopes: readonly string[], name: string): string | undefined => {
  const prefix = `onvif://www.onvif.org/${name}/`;
  const found = scopes.find((scope) => scope.toLowerCase().startsWith(prefix))?.slice(prefix.length);
  if (found === undefined || found === '') return undefined;
  try {
    return decodeURIComponent(found);
  } catch {
    return found;
  }
};
