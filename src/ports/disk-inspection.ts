/** What an inspection of the files themselves can find; the catalogue's findings are `archive/doctor.ts`'s. */
export type DiskFindingKind =
  /** A half-written file that a crash left. */
  | 'stray-temporary'
  /** Everybody on the machine may read it. */
  | 'open-to-all'
  /** We may not read or write it. */
  | 'no-access'
  /** A photo was set aside because its bytes or facts were damaged. */
  | 'set-aside';

export interface DiskFinding {
  readonly kind: DiskFindingKind;
  /** As the owner sees it. */
  readonly path: string;
  /** True when `mend` can do something about it. */
  readonly isMendable: boolean;
}

/** Looks at the photo folder, the spool and the files beside them without believing any index. */
export interface DiskInspection {
  findings(): AsyncIterable<DiskFinding>;
  /** @returns false when it could not be mended */
  mend(finding: DiskFinding): Promise<boolean>;
}
