// pm2's process file: pm2 start deploy/ecosystem.config.cjs
const { resolve } = require('node:path');

module.exports = {
  apps: [
    {
      name: 'motion-capture',
      script: 'dist/motion-capture.js',
      cwd: resolve(__dirname, '..'),
      log_date_format: 'YYYY-MM-DD HH:mm:ss',
      max_memory_restart: '512M',
      // A photo in flight gets five seconds and the cameras' sessions are closed before pm2 may kill.
      kill_timeout: 12_000,
    },
  ],
};
