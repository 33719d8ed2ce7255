// The error table: every trouble an owner can meet, with a stable code, its cause and its remedy, in English and Danish.
// `{name}` places are filled from the error's facts. docs/reference/errors.md is generated from here.

import { redact } from './secret.ts';

/** `retry`: it may pass by itself; `reconfigure`: only the owner can mend it, do not retry; `give-up`: it stays. */
export type Remedy = 'retry' | 'reconfigure' | 'give-up';

interface ErrorRow {
  readonly remedy: Remedy;
  /** Exit code of a command that ends with this error. */
  readonly exit: number;
  readonly en: string;
  readonly da: string;
}

/** Exit codes of every command. */
export const EXIT: Readonly<
  Record<
    'ok' | 'failure' | 'usage' | 'config' | 'unreachable' | 'refused' | 'storage' | 'later' | 'interrupted',
    number
  >
> = {
  ok: 0,
  failure: 1,
  usage: 2,
  config: 3,
  unreachable: 4,
  refused: 5,
  storage: 6,
  later: 75,
  interrupted: 130,
};

export type StillwatchErrorCode =
  | 'SW_CAM_AUTH'
  | 'SW_CAMERA_UNKNOWN'
  | 'SW_NOT_RUNNING'
  | 'SW_CAM_LOCKED'
  | 'SW_CAM_UNREACHABLE'
  | 'SW_CAM_HOST_UNKNOWN'
  | 'SW_CAM_RTSP_OFF'
  | 'SW_CAM_PORT_CLOSED'
  | 'SW_CAM_NO_PATH'
  | 'SW_CAM_STREAM_LIMIT'
  | 'SW_CAM_CODEC'
  | 'SW_CAM_NO_VIDEO'
  | 'SW_CAM_SILENT'
  | 'SW_CAM_LOST'
  | 'SW_CAM_STREAM_CHANGED'
  | 'SW_CAM_NO_KEY_FRAME'
  | 'SW_CAM_BUSY'
  | 'SW_CAM_PROTOCOL'
  | 'SW_ONVIF_OFF'
  | 'SW_ONVIF_REPLY'
  | 'SW_ONVIF_REFUSED'
  | 'SW_ONVIF_NO_SNAPSHOT'
  | 'SW_ONVIF_OTHER_HOST'
  | 'SW_ONVIF_EVENTS_SILENT'
  | 'SW_ONVIF_EVENTS_CRY'
  | 'SW_CAM_CLOCK'
  | 'SW_STILL_DAMAGED'
  | 'SW_STILL_BACKLOG'
  | 'SW_STILL_NOT_KEPT'
  | 'SW_SNAPSHOT_REFUSED'
  | 'SW_ADDRESS_REFUSED'
  | 'SW_STORE_FULL'
  | 'SW_STORE_WRITE'
  | 'SW_SPOOL_DAMAGED'
  | 'SW_PHOTO_LOST'
  | 'SW_CATALOG_NEWER'
  | 'SW_CATALOG_DAMAGED'
  | 'SW_LEDGER_DAMAGED'
  | 'SW_ACCOUNTS_DAMAGED'
  | 'SW_LOGIN_BUSY'
  | 'SW_LOGIN_REFUSED'
  | 'SW_LOGIN_WAIT'
  | 'SW_PASSWORD_WEAK'
  | 'SW_ACCOUNT_UNKNOWN'
  | 'SW_ACCOUNT_NAME'
  | 'SW_ACCOUNT_LAST_OWNER'
  | 'SW_SETUP_KEY'
  | 'SW_SETUP_DONE'
  | 'SW_BACKUP_PASSPHRASE'
  | 'SW_BACKUP_DAMAGED'
  | 'SW_BACKUP_UNKNOWN'
  | 'SW_BACKUP_PLACE'
  | 'SW_BACKUP_NEWER'
  | 'SW_RESTORE_OCCUPIED'
  | 'SW_RESTORE_RUNNING'
  | 'SW_UPLOAD_REFUSED'
  | 'SW_UPLOAD_CUT'
  | 'SW_UPLOAD_TOO_LARGE'
  | 'SW_UPLOAD_QUOTA'
  | 'SW_UPLOAD_BUDGET'
  | 'SW_INBOX_QUIET'
  | 'SW_INBOX_MAILBOX'
  | 'SW_FETCH_REFUSED'
  | 'SW_NOTIFY_UNREACHABLE'
  | 'SW_NOTIFY_REFUSED'
  | 'SW_NOTIFY_GONE'
  | 'SW_NOTIFY_GIVEN_UP'
  | 'SW_NOTIFY_TOO_MANY'
  | 'SW_NOTIFY_REMOVED'
  | 'SW_RECEIVER_UNKNOWN'
  | 'SW_RECEIVER_EXISTS'
  | 'SW_OUTBOX_DAMAGED'
  | 'SW_CAPTURE_DIED'
  | 'SW_REPORT_DIED'
  | 'SW_PHOTO_UNKNOWN'
  | 'SW_PROCESS_KILLED'
  | 'SW_CAMERA_UNWATCHED'
  | 'SW_CONFIG_MISSING'
  | 'SW_CONFIG_EMPTY'
  | 'SW_CONFIG_NUMBER'
  | 'SW_CONFIG_ADDRESS'
  | 'SW_CONFIG_STREAM'
  | 'SW_CONFIG_CHOICE'
  | 'SW_CONFIG_UNKNOWN_KEY'
  | 'SW_CONFIG_UNREADABLE'
  | 'SW_CONFIG_PROBLEMS'
  | 'SW_CONFIG_SYNTAX'
  | 'SW_CONFIG_VALUE'
  | 'SW_CONFIG_ABSENT'
  | 'SW_CONFIG_SECRET'
  | 'SW_CONFIG_CHANGED'
  | 'SW_CONFIG_FIXED'
  | 'SW_CAMERA_EXISTS'
  | 'SW_PORT_IN_USE'
  | 'SW_TLS_FILES'
  | 'SW_NODE_VERSION'
  | 'SW_DECODER_MISSING'
  | 'SW_FILE_UNREADABLE'
  | 'SW_UNEXPECTED';

export const ERROR_TABLE: Readonly<Record<StillwatchErrorCode, ErrorRow>> = {
  SW_CAM_AUTH: {
    remedy: 'reconfigure',
    exit: EXIT.refused,
    en: 'The camera refused this user or password. Tapo: use the camera account (app > camera > ⚙ > Advanced settings), not your TP-Link login. No automatic retry: many tries lock the camera for 30 minutes.',
    da: 'Kameraet afviste brugernavn eller adgangskode. Tapo: brug kamerakontoen (app > kamera > ⚙ > Avancerede indstillinger), ikke dit TP-Link-login. Ingen automatiske forsøg: mange forsøg låser kameraet i 30 minutter.',
  },
  SW_CAMERA_UNKNOWN: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: 'There is no camera called {camera}. The cameras here are: {known}.',
    da: 'Der er intet kamera, der hedder {camera}. Kameraerne her er: {known}.',
  },
  SW_NOT_RUNNING: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'No Stillwatch runs on the photos in {path}. Start it, or run this in the folder of the one that runs.',
    da: 'Ingen Stillwatch kører på billederne i {path}. Start den, eller kør dette i mappen for den, der kører.',
  },
  SW_CAM_LOCKED: {
    remedy: 'retry',
    exit: EXIT.refused,
    en: 'The camera refuses a password that worked before: it is probably locked after too many tries, or the password was changed. Next try in 31 minutes. Close other programs that use an old password, or enter the new one.',
    da: 'Kameraet afviser en adgangskode, der virkede før: det er nok låst efter for mange forsøg, eller koden er ændret. Næste forsøg om 31 minutter. Luk andre programmer, der bruger en gammel kode, eller indtast den nye.',
  },
  SW_CAM_UNREACHABLE: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: 'Nothing answers at {host}. Is the camera on, and has its address changed? Give it a fixed address in the router.',
    da: 'Intet svarer på {host}. Er kameraet tændt, og har det fået ny adresse? Giv det en fast adresse i routeren.',
  },
  SW_CAM_HOST_UNKNOWN: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: 'The name {host} is not known on this network. Check the spelling, or use the camera’s IP address.',
    da: 'Navnet {host} findes ikke på dette netværk. Tjek stavemåden, eller brug kameraets IP-adresse.',
  },
  SW_CAM_RTSP_OFF: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: 'The camera is there, but RTSP is switched off. Tapo: app > Me > Third-party services (older: Tapo Lab) > Compatibility > On, and create a camera account. Privacy mode must be off.',
    da: 'Kameraet svarer, men RTSP er slået fra. Tapo: app > Mig > Tredjepartstjenester (før: Tapo Lab) > Kompatibilitet > Til, og opret en kamerakonto. Privattilstand skal være slået fra.',
  },
  SW_CAM_PORT_CLOSED: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: '{host} is on, but port {port} is closed. Check the camera’s RTSP port. From a VPS: use a VPN or a small computer at the site; do not open the port to the internet.',
    da: '{host} er tændt, men port {port} er lukket. Tjek kameraets RTSP-port. Fra en VPS: brug VPN eller en lille computer på stedet; åbn ikke porten mod internettet.',
  },
  SW_CAM_NO_PATH: {
    remedy: 'reconfigure',
    exit: EXIT.unreachable,
    en: 'The camera knows no stream called {path}. Set RTSP_MAIN and RTSP_SUB to the paths in the camera’s manual (Tapo: stream1 and stream2).',
    da: 'Kameraet kender ingen videostrøm ved navn {path}. Sæt RTSP_MAIN og RTSP_SUB til stierne i kameraets manual (Tapo: stream1 og stream2).',
  },
  SW_CAM_STREAM_LIMIT: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'The camera gives no more streams (Tapo: two). Close the app and other viewers such as Home Assistant or go2rtc.',
    da: 'Kameraet giver ikke flere videostrømme (Tapo: to). Luk appen og andre visninger som Home Assistant eller go2rtc.',
  },
  SW_CAM_CODEC: {
    remedy: 'reconfigure',
    exit: EXIT.failure,
    en: 'The video is {codec}, which this build cannot decode. Set the camera’s stream to H.264 or H.265.',
    da: 'Videoen er {codec}, som denne udgave ikke kan afkode. Sæt kameraets videostrøm til H.264 eller H.265.',
  },
  SW_CAM_NO_VIDEO: {
    remedy: 'reconfigure',
    exit: EXIT.failure,
    en: 'The stream {path} has no video in it, only {media}. Check that the path is a video stream.',
    da: 'Strømmen {path} indeholder ingen video, kun {media}. Tjek at stien er en videostrøm.',
  },
  SW_CAM_SILENT: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: 'The camera accepted the connection but sent nothing for {seconds} s. It may be overloaded or in privacy mode; restarting the camera often helps.',
    da: 'Kameraet tog imod forbindelsen, men sendte intet i {seconds} s. Det kan være overbelastet eller i privattilstand; en genstart af kameraet hjælper ofte.',
  },
  SW_CAM_LOST: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: 'The connection to the camera was cut. It may be rebooting or the network was interrupted. Stillwatch reconnects by itself.',
    da: 'Forbindelsen til kameraet blev afbrudt. Det genstarter måske, eller nettet faldt ud. Stillwatch forbinder igen af sig selv.',
  },
  SW_CAM_STREAM_CHANGED: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'The stream changed its picture format ({change}). It is opened again with the new one.',
    da: 'Videostrømmen skiftede billedformat ({change}). Den åbnes igen med det nye.',
  },
  SW_CAM_NO_KEY_FRAME: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'No key frame came for {seconds} s, so no picture can be decoded. Set a shorter key-frame (I-frame) interval in the camera.',
    da: 'Der kom intet nøglebillede i {seconds} s, så intet billede kan afkodes. Sæt et kortere interval for nøglebilleder (I-frame) i kameraet.',
  },
  SW_CAM_BUSY: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'The camera answered that it is not ready ({status}). It is probably starting up; Stillwatch tries again.',
    da: 'Kameraet svarede, at det ikke er klar ({status}). Det er nok ved at starte; Stillwatch prøver igen.',
  },
  SW_CAM_PROTOCOL: {
    remedy: 'retry',
    exit: EXIT.failure,
    en: 'The camera’s answer could not be understood ({detail}). Check that {host}:{port} is the RTSP port.',
    da: 'Kameraets svar kunne ikke forstås ({detail}). Tjek at {host}:{port} er RTSP-porten.',
  },
  SW_ONVIF_OFF: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: 'Nothing speaks ONVIF at {host}:{port}. Switch ONVIF on in the camera (Hikvision and Reolink ship with it off; Hikvision also wants its own ONVIF user), and check the port: Tapo 2020, Reolink 8000, most others 80.',
    da: 'Intet taler ONVIF på {host}:{port}. Slå ONVIF til i kameraet (Hikvision og Reolink leveres med det slået fra; Hikvision vil også have en særskilt ONVIF-bruger), og tjek porten: Tapo 2020, Reolink 8000, de fleste andre 80.',
  },
  SW_ONVIF_REPLY: {
    remedy: 'retry',
    exit: EXIT.failure,
    en: 'The camera’s ONVIF answer to {call} cannot be used: {detail}. Stillwatch asks again later; updating the camera’s firmware often helps.',
    da: 'Kameraets ONVIF-svar på {call} kan ikke bruges: {detail}. Stillwatch spørger igen senere; nyere firmware i kameraet hjælper ofte.',
  },
  SW_ONVIF_REFUSED: {
    remedy: 'retry',
    exit: EXIT.refused,
    en: 'The camera said no to {call}: {reason}.',
    da: 'Kameraet sagde nej til {call}: {reason}.',
  },
  SW_ONVIF_NO_SNAPSHOT: {
    remedy: 'reconfigure',
    exit: EXIT.failure,
    en: 'The camera gives no usable snapshot address ({detail}). Photos are taken from the video stream instead.',
    da: 'Kameraet giver ingen brugbar adresse til øjebliksbilleder ({detail}). Billeder tages fra videostrømmen i stedet.',
  },
  SW_ONVIF_OTHER_HOST: {
    remedy: 'reconfigure',
    exit: EXIT.refused,
    en: 'The camera wants to send us to another machine ({host}). The password stays here: nothing was fetched.',
    da: 'Kameraet vil sende os til en anden maskine ({host}). Adgangskoden bliver her: der blev ikke hentet noget.',
  },
  SW_ONVIF_EVENTS_SILENT: {
    remedy: 'retry',
    exit: EXIT.failure,
    en: 'The camera says nothing of the motion we see. The subscription was renewed and built anew {rebuilds} times. Check that motion detection is on in the camera; restarting the camera often helps. Meanwhile Stillwatch looks for itself.',
    da: 'Kameraet siger intet om den bevægelse, vi ser. Abonnementet er fornyet og oprettet igen {rebuilds} gange. Tjek at bevægelsesregistrering er slået til i kameraet; en genstart af kameraet hjælper ofte. Imens ser Stillwatch selv efter.',
  },
  SW_ONVIF_EVENTS_CRY: {
    remedy: 'reconfigure',
    exit: EXIT.failure,
    en: 'The camera claims motion {share} % of the time, most of it unseen by us. Lower the sensitivity of its motion detection, or mask what always moves, or let Stillwatch alone decide (TRIGGERS=pixels).',
    da: 'Kameraet melder bevægelse {share} % af tiden, og det meste ser vi ikke. Skru ned for følsomheden i kameraets bevægelsesregistrering, eller udelad det, der altid bevæger sig, eller lad Stillwatch afgøre det alene (TRIGGERS=pixels).',
  },
  SW_CAM_CLOCK: {
    remedy: 'reconfigure',
    exit: EXIT.failure,
    en: 'The camera’s clock is {seconds} s off (more is fast, less is slow). Photos are filed by this machine’s clock, but a time written into the picture is wrong. `stillwatch clock {camera} --set` sets it.',
    da: 'Kameraets ur går {seconds} s forkert (mere er for hurtigt, mindre for langsomt). Billeder arkiveres efter denne maskines ur, men et klokkeslæt i selve billedet er forkert. `stillwatch clock {camera} --set` stiller det.',
  },
  SW_STILL_DAMAGED: {
    remedy: 'retry',
    exit: EXIT.failure,
    en: 'The picture came through damaged ({detail}) and was refused. Another is taken.',
    da: 'Billedet kom beskadiget igennem ({detail}) og blev afvist. Der tages et nyt.',
  },
  SW_STILL_BACKLOG: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'This photo was given up because {waiting} earlier ones were still waiting for the camera. Check the camera’s connection and how many viewers use it.',
    da: 'Dette billede blev opgivet, fordi {waiting} tidligere stadig ventede på kameraet. Tjek kameraets forbindelse, og hvor mange visninger der bruger det.',
  },
  SW_STILL_NOT_KEPT: {
    remedy: 'give-up',
    exit: EXIT.failure,
    en: 'The wanted moment is not in memory: {kept} of the stream are, and it was {ago} ago. Another way to have the photo is tried.',
    da: 'Det ønskede øjeblik er ikke i hukommelsen: {kept} af strømmen er, og det var for {ago} siden. Der prøves en anden vej til billedet.',
  },
  SW_SNAPSHOT_REFUSED: {
    remedy: 'reconfigure',
    exit: EXIT.refused,
    en: 'The snapshot address gave no picture ({detail}). Check the address in a browser; photos are taken from the video stream meanwhile.',
    da: 'Adressen til øjebliksbilleder gav intet billede ({detail}). Prøv adressen i en browser; imens tages billeder fra videostrømmen.',
  },
  SW_ADDRESS_REFUSED: {
    remedy: 'reconfigure',
    exit: EXIT.refused,
    en: '{host} leads to an address that requests are not sent to ({kind}): this machine itself and a cloud’s own services are neither cameras nor receivers. If it is meant: a snapshot may come from the host of the camera’s own stream, and an inbox or a webhook names what it allows under allow.',
    da: '{host} fører til en adresse, som der ikke sendes forespørgsler til ({kind}): denne maskine selv og en skys egne tjenester er hverken kameraer eller modtagere. Er det meningen: et øjebliksbillede må komme fra samme vært som kameraets egen videostrøm, og en indbakke eller en webhook nævner det tilladte under allow.',
  },
  SW_STORE_FULL: {
    remedy: 'retry',
    exit: EXIT.storage,
    en: 'No space left for photos in {path}. Free some space; watching goes on, and photos are kept again as soon as there is room.',
    da: 'Der er ikke mere plads til billeder i {path}. Frigør plads; overvågningen fortsætter, og billeder gemmes igen, så snart der er plads.',
  },
  SW_STORE_WRITE: {
    remedy: 'retry',
    exit: EXIT.storage,
    en: 'A photo could not be written to {path} ({detail}). Check the disk and the folder’s owner.',
    da: 'Et billede kunne ikke skrives i {path} ({detail}). Tjek disken og mappens ejer.',
  },
  SW_PHOTO_LOST: {
    remedy: 'give-up',
    exit: EXIT.storage,
    en: 'The photo {path} was kept, and is not whole any more ({detail}): the disk lost what it had said was written. It is shown no longer; a backup may have it. Replace the card or disk soon.',
    da: 'Billedet {path} var gemt og er ikke længere helt ({detail}): disken har mistet noget, som den havde meldt skrevet. Det vises ikke længere; en sikkerhedskopi har det måske. Skift snart kortet eller disken.',
  },
  SW_SPOOL_DAMAGED: {
    remedy: 'give-up',
    exit: EXIT.storage,
    en: 'A photo waiting in {path} is no longer what was written there ({detail}). It was set aside, not deleted. This is a sign of a failing disk or SD card: replace it soon.',
    da: 'Et billede, der ventede i {path}, er ikke længere det, der blev skrevet ({detail}). Det er lagt til side, ikke slettet. Det tyder på en disk eller et SD-kort, der er ved at gå i stykker: skift det snart.',
  },
  SW_CATALOG_NEWER: {
    remedy: 'reconfigure',
    exit: EXIT.storage,
    en: 'The catalogue {path} was written by a newer Stillwatch. Update Stillwatch; the photos themselves are untouched.',
    da: 'Kataloget {path} er skrevet af en nyere Stillwatch. Opdatér Stillwatch; selve billederne er urørte.',
  },
  SW_CATALOG_DAMAGED: {
    remedy: 'reconfigure',
    exit: EXIT.storage,
    en: 'The catalogue {path} cannot be read ({detail}). It is only an index: move it away and start again, and it is rebuilt from the photos.',
    da: 'Kataloget {path} kan ikke læses ({detail}). Det er kun et register: flyt det væk og start igen, så bygges det op fra billederne.',
  },
  SW_PHOTO_UNKNOWN: {
    remedy: 'give-up',
    exit: EXIT.failure,
    en: 'The catalogue knows no photo at {path}. Give its path inside the photo folder, for example 2026-11-23/14-32-07.jpg.',
    da: 'Kataloget kender intet billede på {path}. Angiv stien inde i billedmappen, for eksempel 2026-11-23/14-32-07.jpg.',
  },
  SW_LEDGER_DAMAGED: {
    remedy: 'reconfigure',
    exit: EXIT.storage,
    en: 'The ledger {path} cannot be read ({detail}). Move it away and start again: the photos are untouched, the account of past triggers is lost.',
    da: 'Regnskabet {path} kan ikke læses ({detail}). Flyt det væk og start igen: billederne er urørte, regnskabet over tidligere udløsninger er tabt.',
  },
  SW_BACKUP_PASSPHRASE: {
    remedy: 'reconfigure',
    exit: EXIT.refused,
    en: 'The passphrase of the backup {path} is missing or not the right one. Give it in a file with --passphrase-file, or in STILLWATCH_BACKUP_PASSPHRASE. Nobody can open the backup without it; the photos in it can be read all the same.',
    da: 'Kodeordet til sikkerhedskopien {path} mangler eller er forkert. Angiv det i en fil med --passphrase-file eller i STILLWATCH_BACKUP_PASSPHRASE. Ingen kan åbne sikkerhedskopien uden det; billederne i den kan læses alligevel.',
  },
  SW_BACKUP_DAMAGED: {
    remedy: 'give-up',
    exit: EXIT.storage,
    en: 'The backup {path} is damaged or cut off. Nothing of it was put in place. Take an earlier one from the same folder with --state.',
    da: 'Sikkerhedskopien {path} er beskadiget eller afbrudt. Intet af den er taget i brug. Tag en tidligere fra samme mappe med --state.',
  },
  SW_BACKUP_UNKNOWN: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: 'There is no backup of Stillwatch at {path}. Name the folder that stillwatch backup wrote to.',
    da: 'Der er ingen sikkerhedskopi fra Stillwatch på {path}. Angiv den mappe, som stillwatch backup skrev til.',
  },
  SW_BACKUP_PLACE: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: 'A backup may not lie at {path}: it is inside the photo folder, or holds it. Choose a folder outside, best on another disk.',
    da: 'En sikkerhedskopi må ikke ligge på {path}: stedet er inde i billedmappen eller rummer den. Vælg en mappe udenfor, helst på en anden disk.',
  },
  SW_BACKUP_NEWER: {
    remedy: 'reconfigure',
    exit: EXIT.storage,
    en: 'The backup {path} was made by a newer Stillwatch ({version}). Install that version or a later one to restore it.',
    da: 'Sikkerhedskopien {path} er lavet af en nyere Stillwatch ({version}). Installer den version eller en senere for at gendanne.',
  },
  SW_RESTORE_OCCUPIED: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: 'There is an installation at {path} already. Restore into an empty folder with --to, or over this one with --over: no photo is taken away by that, and settings, accounts and catalogue are kept beside the restored ones.',
    da: 'Der er allerede en installation på {path}. Gendan til en tom mappe med --to eller oven i denne med --over: intet billede forsvinder ved det, og indstillinger, konti og katalog bliver gemt ved siden af de gendannede.',
  },
  SW_RESTORE_RUNNING: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: 'Stillwatch is running on {path}. Stop it first, then restore.',
    da: 'Stillwatch kører på {path}. Stop det først, og gendan så.',
  },
  SW_UPLOAD_REFUSED: {
    remedy: 'give-up',
    exit: EXIT.failure,
    en: 'What the camera sent is not a picture that can be kept ({detail}). Set it to send JPEG pictures; if it does already, check its memory card and its connection.',
    da: 'Det, kameraet sendte, er ikke et billede, der kan gemmes ({detail}). Sæt det til at sende JPEG-billeder; gør det allerede det, så tjek hukommelseskort og forbindelse.',
  },
  SW_UPLOAD_CUT: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'The camera stopped in the middle of a picture ({detail}). It is taken as soon as the camera sends it again. If it happens often, its mobile signal is too weak, or its picture size too large for it.',
    da: 'Kameraet holdt op midt i et billede ({detail}). Det bliver taget ind, så snart kameraet sender det igen. Sker det tit, er mobilsignalet for svagt eller billedstørrelsen for stor til det.',
  },
  SW_UPLOAD_TOO_LARGE: {
    remedy: 'reconfigure',
    exit: EXIT.failure,
    en: 'The camera sent more than a picture may have ({detail}). Choose a smaller picture in the camera, or raise its limit here.',
    da: 'Kameraet sendte mere, end et billede må fylde ({detail}). Vælg et mindre billede i kameraet, eller hæv grænsen her.',
  },
  SW_UPLOAD_QUOTA: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'The camera sends more than it may ({detail}). Its pictures are refused until that is over; most cameras keep them and send them again. Raise its limit here if this is wanted.',
    da: 'Kameraet sender mere, end det må ({detail}). Billederne afvises, til det er ovre; de fleste kameraer gemmer dem og sender igen. Hæv grænsen her, hvis det er meningen.',
  },
  SW_UPLOAD_BUDGET: {
    remedy: 'reconfigure',
    exit: EXIT.failure,
    en: '{camera} has sent {used} MB this month, {share} % of its {budget} MB. Its pictures are still taken; the operator of its SIM card may charge for more. Choose smaller pictures or fewer in the camera.',
    da: '{camera} har sendt {used} MB denne måned, {share} % af sine {budget} MB. Billederne bliver stadig taget ind; teleselskabet kan kræve betaling for mere. Vælg mindre eller færre billeder i kameraet.',
  },
  SW_INBOX_QUIET: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: '{camera} has not been heard of since {since}, longer than it is usually silent. Check its battery, its mobile signal and its SIM card.',
    da: '{camera} har ikke ladet høre fra sig siden {since}, længere end det plejer at tie. Tjek batteri, mobilsignal og SIM-kort.',
  },
  SW_INBOX_MAILBOX: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: 'The mailbox at {host} cannot be read ({detail}). Check server, user, password and folder; many providers want an app password.',
    da: 'Postkassen på {host} kan ikke læses ({detail}). Tjek server, bruger, adgangskode og mappe; mange udbydere kræver en app-adgangskode.',
  },
  SW_FETCH_REFUSED: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: 'No picture could be fetched from {host} ({detail}). Check the address, the login and, with a pinned certificate, whether the camera got a new one.',
    da: 'Der kunne ikke hentes et billede fra {host} ({detail}). Tjek adressen, login og, med et fastlåst certifikat, om kameraet har fået et nyt.',
  },
  SW_NOTIFY_UNREACHABLE: {
    remedy: 'retry',
    exit: EXIT.unreachable,
    en: '{receiver} could not be told ({detail}). Check its address and whether it runs; what waits is tried again for a day.',
    da: '{receiver} kunne ikke få besked ({detail}). Tjek adressen, og om modtageren kører; det, der venter, prøves igen i et døgn.',
  },
  SW_NOTIFY_REFUSED: {
    remedy: 'retry',
    exit: EXIT.refused,
    en: '{receiver} did not take the notification ({detail}). Check its address and that it knows the same secret; what waits is tried again for a day.',
    da: '{receiver} tog ikke imod beskeden ({detail}). Tjek adressen, og at modtageren kender samme hemmelighed; det, der venter, prøves igen i et døgn.',
  },
  SW_NOTIFY_GONE: {
    remedy: 'reconfigure',
    exit: EXIT.refused,
    en: '{receiver} says that it wants nothing more (HTTP 410) and is not told any more. Take it out, give it its new address, or send a test when it is back.',
    da: '{receiver} siger, at den ikke vil have mere (HTTP 410), og får ikke besked længere. Tag den ud, giv den dens nye adresse, eller send en prøve, når den er tilbage.',
  },
  SW_NOTIFY_GIVEN_UP: {
    remedy: 'give-up',
    exit: EXIT.unreachable,
    en: '{receiver} was tried {tries} times within a day and was not told of {type}. The photos are kept all the same; what comes next is tried anew.',
    da: '{receiver} blev prøvet {tries} gange i løbet af et døgn og fik ikke besked om {type}. Billederne er gemt alligevel; det næste prøves forfra.',
  },
  SW_NOTIFY_TOO_MANY: {
    remedy: 'give-up',
    exit: EXIT.unreachable,
    en: 'More than {most} notifications wait for {receiver}: the oldest was given up. Mend the receiver, or tell it of less.',
    da: 'Der venter mere end {most} beskeder til {receiver}: den ældste er opgivet. Få modtageren i gang, eller giv den besked om mindre.',
  },
  SW_NOTIFY_REMOVED: {
    remedy: 'give-up',
    exit: EXIT.failure,
    en: '{receiver} is no longer in the configuration: what waited for it was given up.',
    da: '{receiver} står ikke længere i konfigurationen: det, der ventede på den, er opgivet.',
  },
  SW_RECEIVER_UNKNOWN: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: 'Nobody called {receiver} is told of anything. Receivers here: {known}.',
    da: 'Ingen ved navn {receiver} får besked. Modtagerne her er: {known}.',
  },
  SW_RECEIVER_EXISTS: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: 'There is a receiver called {receiver} already. Choose another name.',
    da: 'Der er allerede en modtager, der hedder {receiver}. Vælg et andet navn.',
  },
  SW_OUTBOX_DAMAGED: {
    remedy: 'reconfigure',
    exit: EXIT.storage,
    en: 'The outbox {path} cannot be read ({detail}). Move it away and start again: the photos are untouched, notifications that waited in it are lost.',
    da: 'Udbakken {path} kan ikke læses ({detail}). Flyt den væk og start igen: billederne er urørte, beskeder, der ventede i den, er tabt.',
  },
  SW_ACCOUNTS_DAMAGED: {
    remedy: 'reconfigure',
    exit: EXIT.storage,
    en: 'The accounts in {path} cannot be read ({detail}). Put the file back from a backup. If there is none, move it away and start again: a new set-up key is printed, and accounts, tokens and links must be made anew. Photos are untouched.',
    da: 'Kontiene i {path} kan ikke læses ({detail}). Læg filen tilbage fra en sikkerhedskopi. Er der ingen, så flyt den væk og start igen: en ny opsætningsnøgle vises, og konti, tokens og links skal laves på ny. Billederne er urørte.',
  },
  SW_LOGIN_BUSY: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'Too many logins are being checked at once. Try again in a few seconds.',
    da: 'For mange logins bliver tjekket på én gang. Prøv igen om nogle sekunder.',
  },
  SW_LOGIN_REFUSED: {
    remedy: 'reconfigure',
    exit: EXIT.refused,
    en: 'Name, password or code is wrong. A code works once; wait for the next one. Forgotten: the owner can set a new password, and on the machine itself: stillwatch users password <name>.',
    da: 'Navn, adgangskode eller engangskode er forkert. En engangskode virker én gang; vent på den næste. Glemt: ejeren kan sætte en ny adgangskode, og på selve maskinen: stillwatch users password <navn>.',
  },
  SW_LOGIN_WAIT: {
    remedy: 'retry',
    exit: EXIT.later,
    en: 'After several wrong logins the next one is heard in {seconds} s. Nobody is locked out for longer.',
    da: 'Efter flere forkerte logins bliver det næste hørt om {seconds} s. Ingen bliver lukket ude længere.',
  },
  SW_PASSWORD_WEAK: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: 'This password is too easy to guess ({fault}). Use {least} characters or more, for example four words that do not belong together; not a known one, a pattern, or the name of the account.',
    da: 'Adgangskoden er for let at gætte ({fault}). Brug {least} tegn eller flere, for eksempel fire ord, der ikke hører sammen; ikke en kendt, et mønster eller kontoens navn.',
  },
  SW_ACCOUNT_UNKNOWN: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: 'There is no account called {name}. stillwatch users lists them.',
    da: 'Der er ingen konto, der hedder {name}. stillwatch users viser dem.',
  },
  SW_ACCOUNT_NAME: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: '{name} cannot be the name of a new account: it is taken, or has other signs than letters, digits, spaces and . _ @ + -, or more than 40.',
    da: '{name} kan ikke være navnet på en ny konto: det er taget eller har andre tegn end bogstaver, tal, mellemrum og . _ @ + - eller flere end 40.',
  },
  SW_ACCOUNT_LAST_OWNER: {
    remedy: 'reconfigure',
    exit: EXIT.usage,
    en: '{name} is the only owner. Make another account an owner first.',
    da: '{name} er den eneste ejer. Gør først en anden konto til ejer.',
  },
  SW_SETUP_KEY: {
    remedy: 'reconfigure',
    exit: EXIT.refused,
    en: 'This set-up key is wrong or older than an hour. stillwatch setup-key, on the machine itself, prints a new one.',
    da: 'Opsætningsnøglen er forkert eller mere end en time gammel. stillwatch setup-key, på selve maskinen, viser en ny.',
  },
  SW_SETUP_DONE: {
    remedy: 'give-up',
    exit: EXIT.usage,
    en: 'This site has an owner already. Log in; an owner can add accounts.',
    da: 'Dette sted har allerede en ejer. Log ind; en ejer kan tilføje konti.',
  },
  SW_CAPTURE_DIED: {
    remedy: 'retry',
    exit: EXIT.failure,
    en: 'The capture process ended unexpectedly ({detail}). It is started again; photos already taken are safe.',
    da: 'Optageprocessen stoppede uventet ({detail}). Den startes igen; billeder, der er taget, er i behold.',
  },
  SW_REPORT_DIED: {
    remedy: 'retry',
    exit: EXIT.failure,
    en: 'The process that made the requirement report ended unexpectedly ({detail}). Watching goes on; make the report again.',
    da: 'Processen, der lavede kravrapporten, stoppede uventet ({detail}). Overvågningen fortsætter; lav rapporten igen.',
  },
  SW_CAMERA_UNWATCHED: {
    remedy: 'give-up',
    exit: EXIT.failure,
    en: 'The camera was taken out of the configuration while something was happening. No photo of it was taken.',
    da: 'Kameraet blev taget ud af konfigurationen, mens noget skete. Der blev ikke taget noget billede af det.',
  },
  SW_PROCESS_KILLED: {
    remedy: 'give-up',
    exit: EXIT.failure,
    en: 'Stillwatch was stopped or lost power while something was happening, and it was over when it came back. No photo of it exists.',
    da: 'Stillwatch blev stoppet eller mistede strømmen, mens noget skete, og det var forbi, da det kom igen. Der findes intet billede af det.',
  },
  SW_CONFIG_MISSING: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{key} is not set. Put it in {file}, for example: {key}={example}',
    da: '{key} er ikke sat. Skriv den i {file}, for eksempel: {key}={example}',
  },
  SW_CONFIG_EMPTY: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{key} is empty. Give it a value in {file}, for example: {key}={example}',
    da: '{key} er tom. Giv den en værdi i {file}, for eksempel: {key}={example}',
  },
  SW_CONFIG_NUMBER: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{key} must be a number from {least} to {most}, not “{value}”. For example: {key}={example}',
    da: '{key} skal være et tal fra {least} til {most}, ikke “{value}”. For eksempel: {key}={example}',
  },
  SW_CONFIG_ADDRESS: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{key} must be an address, with an RTSP port if it is not 554: without rtsp://, user or path. For example: {key}={example} or {key}={example}:8554',
    da: '{key} skal være en adresse, med RTSP-port hvis den ikke er 554: uden rtsp://, bruger eller sti. For eksempel: {key}={example} eller {key}={example}:8554',
  },
  SW_CONFIG_STREAM: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{key} must be the path of a stream, or a full URL that starts with rtsp:// or rtsps://. For example: {key}={example}',
    da: '{key} skal være stien til en videostrøm eller en hel URL, der begynder med rtsp:// eller rtsps://. For eksempel: {key}={example}',
  },
  // {choices} holds values and patterns, no words: both sentences say it.
  SW_CONFIG_CHOICE: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{key} must be {choices}, not “{value}”. For example: {key}={example}',
    da: '{key} skal være {choices}, ikke “{value}”. For eksempel: {key}={example}',
  },
  SW_CONFIG_UNKNOWN_KEY: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{file} line {line}: {key} is not a setting. Did you mean {suggestion}?',
    da: '{file} linje {line}: {key} er ikke en indstilling. Mente du {suggestion}?',
  },
  SW_CONFIG_UNREADABLE: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{file} cannot be read: {detail}.',
    da: '{file} kan ikke læses: {detail}.',
  },
  SW_CONFIG_PROBLEMS: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{file} is not in force. To mend: {count}.\n{problems}',
    da: '{file} er ikke i kraft. Skal rettes: {count}.\n{problems}',
  },
  SW_CONFIG_SYNTAX: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{file} line {line} cannot be read: {detail}.',
    da: '{file} linje {line} kan ikke læses: {detailDa}.',
  },
  SW_CONFIG_VALUE: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{file} line {line}: {key} must be {wanted}, not {value}.',
    da: '{file} linje {line}: {key} skal være {wantedDa}, ikke {valueDa}.',
  },
  SW_CONFIG_ABSENT: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{file} line {line}: {key} is not set, and is needed.',
    da: '{file} linje {line}: {key} er ikke sat, og den er nødvendig.',
  },
  SW_CONFIG_SECRET: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{file} line {line}: {key} lies in {place}, which cannot be read ({detail}). The camera or receiver it is for rests meanwhile.',
    da: '{file} linje {line}: {key} ligger i {place}, som ikke kan læses ({detail}). Kameraet eller modtageren, den er til, hviler imens.',
  },
  SW_CONFIG_CHANGED: {
    remedy: 'retry',
    exit: EXIT.later,
    en: '{file} was changed by somebody else meanwhile. Nothing was saved: look at it as it is now, and make your change again.',
    da: '{file} er ændret af en anden imens. Intet blev gemt: se den, som den er nu, og lav din ændring igen.',
  },
  SW_CONFIG_FIXED: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: '{key} is set by an environment variable, which wins over every change made here. Take the variable away where the program is started (pm2, systemd, the shell), then change it here.',
    da: '{key} er sat af en miljøvariabel, som vinder over enhver ændring her. Fjern variablen dér, hvor programmet startes (pm2, systemd, skallen), og lav så ændringen her.',
  },
  SW_CAMERA_EXISTS: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: 'There is a camera “{camera}” already. Choose another id.',
    da: 'Der er allerede et kamera “{camera}”. Vælg et andet id.',
  },
  SW_PORT_IN_USE: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: 'Port {port} is already in use. Is Stillwatch running already (pm2 status)? Otherwise set PORT to another number.',
    da: 'Port {port} er allerede i brug. Kører Stillwatch allerede (pm2 status)? Ellers sæt PORT til et andet tal.',
  },
  SW_TLS_FILES: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: 'The certificate and its key cannot be used ({files}): {detail}. Both must be readable for the program’s user and belong together.',
    da: 'Certifikatet og dets nøgle kan ikke bruges ({files}): {detail}. Programmets bruger skal kunne læse begge, og de skal høre sammen.',
  },
  SW_NODE_VERSION: {
    remedy: 'reconfigure',
    exit: EXIT.config,
    en: 'This needs Node.js 20.19 or newer; it runs on {version}.',
    da: 'Dette kræver Node.js 20.19 eller nyere; det kører på {version}.',
  },
  SW_DECODER_MISSING: {
    remedy: 'reconfigure',
    exit: EXIT.failure,
    en: 'The video decoder cannot be loaded on this system ({detail}). Stillwatch runs on 64-bit Linux with glibc (x64, arm64), macOS and Windows; run npm ci again without --omit=optional.',
    da: 'Videoafkoderen kan ikke indlæses på dette system ({detail}). Stillwatch kører på 64-bit Linux med glibc (x64, arm64), macOS og Windows; kør npm ci igen uden --omit=optional.',
  },
  SW_FILE_UNREADABLE: {
    remedy: 'give-up',
    exit: EXIT.failure,
    en: '{file} cannot be read as video ({detail}).',
    da: '{file} kan ikke læses som video ({detail}).',
  },
  SW_UNEXPECTED: {
    remedy: 'retry',
    exit: EXIT.failure,
    en: 'Something unexpected happened: {detail}. Please report it with the log around this line.',
    da: 'Noget uventet skete: {detail}. Meld det gerne med loggen omkring denne linje.',
  },
};

export type Language = 'en' | 'da';
/** Facts that fill the table's `{places}`; never credentials. */
export type ErrorFacts = Readonly<Record<string, string | number>>;

export const isErrorCode = (code: string): code is StillwatchErrorCode => Object.hasOwn(ERROR_TABLE, code);

/** The table's sentence for `code`, with its places filled; a place without a fact becomes `?`. */
export const errorText = (code: StillwatchErrorCode, facts: ErrorFacts, language: Language): string =>
  ERROR_TABLE[code][language].replace(/\{(\w+)\}/g, (_, name: string) => redact(String(facts[name] ?? '?')));

/** Every error that may reach an owner. `message` is the English sentence; `where` gives coordinates ("garden/sub run 3"). */
export class StillwatchError extends Error {
  readonly code: StillwatchErrorCode;
  readonly facts: ErrorFacts;
  readonly where: string | undefined;

  constructor(code: StillwatchErrorCode, facts: ErrorFacts = {}, options: { cause?: unknown; where?: string } = {}) {
    const at = options.where ? `${redact(options.where)}: ` : '';
    super(
      `${code} ${at}${errorText(code, facts, 'en')}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'StillwatchError';
    this.code = code;
    this.facts = facts;
    this.where = options.where;
  }

  get remedy(): Remedy {
    return ERROR_TABLE[this.code].remedy;
  }

  get exit(): number {
    return ERROR_TABLE[this.code].exit;
  }

  text(language: Language): string {
    return errorText(this.code, this.facts, language);
  }
}

/** Any thrown value as a StillwatchError; what is not one already becomes SW_UNEXPECTED, without secrets. */
export const toStillwatchError = (thrown: unknown): StillwatchError => {
  if (thrown instanceof StillwatchError) return thrown;
  const detail = redact(thrown instanceof Error ? thrown.message : String(thrown));
  return new StillwatchError('SW_UNEXPECTED', { detail }, { cause: thrown });
};
