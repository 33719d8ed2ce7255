export interface PinnedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Stands between this program and an address that somebody else chose (SSRF). */
export interface AddressGuard {
  /**
   * Where to connect for this host: resolved now, and allowed, at least one. Connect to these and to nothing else, so that a
   * name which changes its mind in between gains nothing; ask again for every redirect.
   * @throws StillwatchError SW_ADDRESS_REFUSED, SW_CAM_HOST_UNKNOWN
   */
  pin(host: string): Promise<readonly PinnedAddress[]>;
}
