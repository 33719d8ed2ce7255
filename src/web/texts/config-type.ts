// Texts of the editor of stillwatch.yml.

export interface ConfigTexts {
  readonly title: string;
  readonly intro: string;
  readonly text: string;
  readonly inForce: string;
  readonly notInForce: string;
  readonly awaits: (keys: string) => string;
  readonly problems: (count: number) => string;
  readonly line: (line: number) => string;
  readonly noProblem: string;
  readonly touches: (cameras: string) => string;
  readonly takesOut: (cameras: string) => string;
  readonly touchesNone: string;
  readonly save: string;
  readonly readAgain: string;
  readonly saved: string;
}
