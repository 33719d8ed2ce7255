// The words of the requirement report, in English and Danish: what is required, how it stands, what to do.

import type { ClaimKind } from './camera-message.ts';
import type { MacRule } from './identity.ts';
import type { RequirementId, RequirementState, Words } from './requirement.ts';

export const STATE_WORDS: Readonly<Record<RequirementState, Words>> = {
  proven: { en: 'proven', da: 'bevist' },
  refused: { en: 'refused', da: 'afvist' },
  'not-offered': { en: 'not offered', da: 'tilbydes ikke' },
  'not-tested': { en: 'not tested', da: 'ikke prøvet' },
  'cannot-be-asked': { en: 'cannot be asked', da: 'kan ikke spørges' },
};

interface RequirementWords {
  readonly title: Words;
  /** What to do or buy while it is not proven. */
  readonly advice: Words;
}

const sheet = (en: string, da: string): RequirementWords => ({
  title: { en, da },
  advice: {
    en: 'Read it in the data sheet; no camera tells it over the network.',
    da: 'Læs det i databladet; intet kamera fortæller det over netværket.',
  },
});

const profile = (letter: string, en: string, da: string): RequirementWords => ({
  title: { en: `ONVIF profile ${letter}: ${en}`, da: `ONVIF-profil ${letter}: ${da}` },
  advice: {
    en: 'This is the camera’s own claim. Look the exact model and firmware up in the list at onvif.org.',
    da: 'Det er kameraets egen påstand. Slå den nøjagtige model og firmware op i listen på onvif.org.',
  },
});

export const REQUIREMENT_WORDS: Readonly<Record<RequirementId, RequirementWords>> = {
  identity: {
    title: { en: 'Tells make, model and serial number', da: 'Oplyser fabrikat, model og serienummer' },
    advice: {
      en: 'Give the camera account operator rights; some firmwares tell only administrators.',
      da: 'Giv kamerakontoen operatørrettigheder; nogle fortæller det kun til administratorer.',
    },
  },
  mac: {
    title: { en: 'Tells its MAC address', da: 'Oplyser sin MAC-adresse' },
    advice: {
      en: 'Without it the camera is recognised by serial number. Give it a fixed address in the router.',
      da: 'Uden den kendes kameraet på serienummeret. Giv det en fast adresse i routeren.',
    },
  },
  'profile-s': profile('S', 'video and snapshots', 'video og øjebliksbilleder'),
  'profile-t': profile('T', 'newer video, metadata, events', 'nyere video, metadata, hændelser'),
  'profile-g': profile('G', 'recording in the camera', 'optagelse i kameraet'),
  'profile-m': profile('M', 'metadata and events of analytics', 'metadata og hændelser fra analyse'),
  resolution: {
    title: { en: 'At least 4 MP (2560x1440)', da: 'Mindst 4 MP (2560x1440)' },
    advice: {
      en: 'Set the main stream to the sensor’s full size in the camera; a 2 MP camera cannot meet this.',
      da: 'Sæt hovedstrømmen til sensorens fulde størrelse i kameraet; et 2 MP-kamera kan ikke opfylde dette.',
    },
  },
  'two-streams': {
    title: { en: 'A low-res and a full-res stream', da: 'En strøm i lav og en i fuld opløsning' },
    advice: {
      en: 'Enable the sub stream in the camera, and allow two viewers at once.',
      da: 'Slå understrømmen til i kameraet, og tillad to seere ad gangen.',
    },
  },
  snapshot: {
    title: { en: 'Snapshot on demand', da: 'Øjebliksbillede efter ønske' },
    advice: {
      en: 'Photos are taken from the full-res stream instead; nothing is lost but a second.',
      da: 'Billeder tages i stedet fra strømmen i fuld opløsning; det koster kun et sekund.',
    },
  },
  'snapshot-https': {
    title: { en: 'Snapshot over HTTPS', da: 'Øjebliksbillede over HTTPS' },
    advice: {
      en: 'Switch HTTPS on in the camera’s network settings.',
      da: 'Slå HTTPS til i kameraets netværksindstillinger.',
    },
  },
  events: {
    title: { en: 'Motion events', da: 'Bevægelseshændelser' },
    advice: {
      en: 'Switch motion detection on in the camera, then run the report again and walk through the picture.',
      da: 'Slå bevægelsesregistrering til i kameraet, kør rapporten igen, og gå gennem billedet.',
    },
  },
  classes: {
    title: { en: 'Tells persons, vehicles and animals apart', da: 'Skelner personer, køretøjer og dyr' },
    advice: {
      en: 'Switch the camera’s person or vehicle detection on; older models do not have it.',
      da: 'Slå kameraets person- eller køretøjsgenkendelse til; ældre modeller har den ikke.',
    },
  },
  push: {
    title: { en: 'Sends events by itself (push)', da: 'Sender selv hændelser (push)' },
    advice: {
      en: 'Not needed: Stillwatch asks the camera instead.',
      da: 'Ikke nødvendigt: Stillwatch spørger kameraet i stedet.',
    },
  },
  metadata: {
    title: { en: 'Metadata stream', da: 'Metadatastrøm' },
    advice: {
      en: 'Adding metadata to a profile changes the camera; do it in its own pages if you want it.',
      da: 'At tilføje metadata til en profil ændrer kameraet; gør det på kameraets egne sider, hvis du ønsker det.',
    },
  },
  'edge-storage': {
    title: { en: 'Records in the camera (profile G)', da: 'Optager i kameraet (profil G)' },
    advice: {
      en: 'Put a memory card in and switch recording on.',
      da: 'Sæt et hukommelseskort i, og slå optagelse til.',
    },
  },
  ptz: {
    title: { en: 'Pan, tilt, zoom presets', da: 'Faste positioner (PTZ)' },
    advice: { en: 'Only motorised cameras have it.', da: 'Kun motoriserede kameraer har det.' },
  },
  imaging: {
    title: { en: 'Picture settings (WDR, infrared filter)', da: 'Billedindstillinger (WDR, infrarødt filter)' },
    advice: { en: 'Set them in the camera’s own pages.', da: 'Sæt dem på kameraets egne sider.' },
  },
  clock: {
    title: { en: 'Clock within two seconds', da: 'Ur inden for to sekunder' },
    advice: {
      en: 'Set an NTP server in the camera. Stillwatch names photos by its own clock, not the camera’s.',
      da: 'Sæt en NTP-server i kameraet. Stillwatch navngiver billeder efter sit eget ur, ikke kameraets.',
    },
  },
  tls: {
    title: { en: 'Encrypted connection (TLS)', da: 'Krypteret forbindelse (TLS)' },
    advice: {
      en: 'Switch HTTPS on, or keep the camera on a network of its own.',
      da: 'Slå HTTPS til, eller hold kameraet på sit eget netværk.',
    },
  },
  sensor: sheet('Sensor of 1/2.8" or larger', 'Sensor på 1/2,8" eller større'),
  infrared: sheet('Infrared light for 30 m', 'Infrarødt lys til 30 m'),
  weather: sheet('IP66 or IP67', 'IP66 eller IP67'),
  vandal: sheet('IK10', 'IK10'),
  poe: sheet('Power over Ethernet', 'Strøm over netværkskablet (PoE)'),
  gigabit: sheet('Gigabit network', 'Gigabit-netværk'),
  temperature: sheet('-30 to +60 °C', '−30 til +60 °C'),
  sim: sheet('SIM card', 'SIM-kort'),
};

/** Why a MAC was taken, or why none was. */
export const MAC_RULE_WORDS: Readonly<Record<MacRule, Words>> = {
  'interface-with-our-address': {
    en: 'of the interface that has this address',
    da: 'for det netkort, der har denne adresse',
  },
  'only-enabled-interface': { en: 'of its only enabled interface', da: 'for dets eneste netkort i brug' },
  'only-interface': { en: 'of its only interface', da: 'for dets eneste netkort' },
  ambiguous: { en: 'several interfaces fit, so none is taken', da: 'flere netkort passer, så ingen er valgt' },
  none: { en: 'the camera lists none', da: 'kameraet oplyser ingen' },
};

/** What a camera tells apart, as the report says it. */
export const CLAIM_WORDS: Readonly<Record<ClaimKind, Words>> = {
  motion: { en: 'motion', da: 'bevægelse' },
  person: { en: 'person', da: 'person' },
  vehicle: { en: 'vehicle', da: 'køretøj' },
  animal: { en: 'animal', da: 'dyr' },
  face: { en: 'face', da: 'ansigt' },
  line: { en: 'line crossed', da: 'linje krydset' },
  zone: { en: 'zone', da: 'zone' },
  pir: { en: 'heat sensor', da: 'varmesensor' },
  package: { en: 'package', da: 'pakke' },
  doorbell: { en: 'doorbell', da: 'dørklokke' },
  tamper: { en: 'tampering', da: 'sabotage' },
  input: { en: 'input', da: 'indgang' },
  other: { en: 'other', da: 'andet' },
};
