// The dependency table: one row per layer, one source for the machine's check and for the diagram in docs/design/architecture.md.
// `may` lists the layers a layer may import; `packages` the third-party packages it may name; `node` whether it may touch the platform.
module.exports = {
  domain: { may: [], packages: [], node: false },
  motion: { may: ['domain'], packages: [], node: false },
  ports: { may: ['domain'], packages: [], node: false },
  watch: { may: ['domain', 'motion', 'ports'], packages: [], node: false },
  archive: { may: ['domain', 'ports'], packages: [], node: false },
  web: {
    may: ['domain', 'ports', 'archive'],
    packages: ['fastify', 'zod', '@fontsource-variable/atkinson-hyperlegible-next'],
    node: true,
  },
  config: { may: ['domain', 'ports'], packages: ['zod', 'yaml'], node: true },
  adapters: { may: ['domain', 'ports'], packages: [], node: true },
  simulator: { may: ['domain'], packages: ['node-av', 'sharp', 'saxes'], node: true },
  cli: {
    may: ['domain', 'motion', 'ports', 'watch', 'archive', 'web', 'config', 'adapters', 'simulator'],
    packages: ['commander', '@clack/prompts'],
    node: true,
  },
};

// Each adapter's one third-party package.
module.exports.adapterPackages = {
  av: ['node-av'],
  rtsp: [],
  onvif: ['saxes', 'undici'],
  'catalog-sql': ['better-sqlite3', 'kysely'],
  'ledger-sql': ['better-sqlite3'],
  thumbnail: ['sharp'],
  log: ['pino'],
  'spool-fs': [],
  'store-fs': [],
  'disk-inspection': [],
  'backup-state': ['tar-stream'],
  'sqlite-copy': ['better-sqlite3'],
  zip: ['yazl'],
  'photo-folder': [],
  'disk-space': [],
  'favourites-fs': [],
  'identities-fs': [],
  'corrections-fs': [],
  metrics: [],
  'systemd-notify': [],
  'http-still': ['undici'],
  'inbox-ftp': [],
  'inbox-fs': [],
  'inbox-mail': ['imapflow', 'mailparser', 'smtp-server'],
  'self-signed': ['@peculiar/x509'],
  'upload-pictures': ['sharp'],
  'address-guard': [],
  system: [],
};
