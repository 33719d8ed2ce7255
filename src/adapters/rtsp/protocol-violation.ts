// Input that breaks a protocol rule or one of our bounds. Becomes SW_CAM_PROTOCOL with `message` as the detail.

export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
}

/** At most 60 characters of foreign text, printable ASCII only: what a camera sent may stand in an error, tamed. */
export const excerpt = (text: string): string => {
  const tame = text.slice(0, 60).replace(/[^\x20-\x7e]/g, '·');
  return text.length > 60 ? `${tame}…` : tame;
};
