// PM2: `pm2 start ecosystem.config.cjs`, here for the shop of this repository.
const { mkdirSync } = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')

const app = path.join(__dirname, '..', 'shop')
/** Absolute: in cluster mode PM2 starts workers in a folder of its own. */
/** Must be there, and writable for the service: what the guard remembers, and whose turn it is to rehearse. */
const state = path.join(app, 'state')
mkdirSync(state, { recursive: true })
const replay = pathToFileURL(require.resolve('prewarm/replay', { paths: [app] })).href

module.exports = {
  apps: [
    {
      name: 'shop',
      script: path.join(app, 'server.js'),
      cwd: app,
      exec_mode: 'cluster',
      instances: 4,
      node_args: ['--import', replay],
      // PM2 else turns on source maps in every service, and with them code caches off on Node 20.
      disable_source_map_support: true,
      // No less than PREWARM_WAVE_WAIT and PREWARM_BUDGET together, and what the service takes to load.
      listen_timeout: 20_000,
      kill_timeout: 5_000,
      env: {
        NODE_ENV: 'production',
        PORT: 3000,
        PREWARM_PROFILE: path.join(app, 'app.prewarm'),
        PREWARM_STATE_DIR: state,
        PREWARM_REPORT: path.join(state, 'report-{pid}.json'),
        PREWARM_WAVE: 2,
      },
    },
  ],
}
