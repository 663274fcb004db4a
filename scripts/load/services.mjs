/** What is started: the samples that serve, and services of others, each from npm in a folder of its own below `.services/`. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { entryOf, environmentOf, prepareSample, samples } from '../samples.mjs'
import { root, run } from '../shop.mjs'

/**
 * @typedef {object} Start
 * @property {string} cwd
 * @property {readonly string[]} command the entry and its arguments
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * @typedef {object} Place
 * @property {string} folder for what the service keeps
 * @property {{ host: string, port: number, name: string, url: string } | undefined} database empty before the first start
 */

/**
 * @typedef {object} Service
 * @property {string} name
 * @property {string} [version] absent: it is a sample
 * @property {boolean} [needsDatabase] a PostgreSQL database of its own
 * @property {string} [onlyNamed] why it is measured only when it is named
 * @property {Readonly<Record<string, string>>} [without] Node lines that it does not run on, and why
 * @property {() => Promise<void>} install
 * @property {(place: Place) => Promise<Start> | Start} start
 */

/** Of npm; versions are exact, so that figures can be compared. */
const foreign = [
  {
    name: 'verdaccio',
    version: '6.8.0',
    entry: 'node_modules/verdaccio/bin/verdaccio',
    overrides: { 'node-fetch': '2.7.0' },
    arguments({ folder }) {
      const config = path.join(folder, 'verdaccio.yaml')
      writeFileSync(config, verdaccioConfig)
      return ['--listen', '127.0.0.1:0', '--config', config]
    },
  },
  {
    name: 'node-red',
    version: '4.1.15',
    entry: 'node_modules/node-red/red.js',
    arguments: ({ folder }) => ['-p', '0', '-u', folder],
  },
  {
    name: 'postgraphile',
    version: '4.14.1',
    entry: 'node_modules/postgraphile/cli.js',
    needsDatabase: true,
    arguments: ({ database }) => ['-c', database.url, '-p', '0'],
  },
  {
    name: 'unleash-server',
    version: '7.5.1',
    entry: 'node_modules/unleash-server/dist/server.js',
    needsDatabase: true,
    environment: ({ database }) => ({
      DATABASE_HOST: database.host,
      DATABASE_PORT: `${database.port}`,
      DATABASE_NAME: database.name,
      DATABASE_USERNAME: 'shop',
      DATABASE_PASSWORD: 'none',
      DATABASE_SSL: 'false',
      PORT: '0',
      CHECK_VERSION: 'false',
      LOG_LEVEL: 'error',
    }),
  },
  {
    name: 'parse-server',
    version: '9.10.0',
    entry: 'node_modules/parse-server/bin/parse-server',
    needsDatabase: true,
    without: { 26: 'its engines end with Node 24' },
    arguments: ({ database }) => [
      ...['--appId', 'load', '--masterKey', 'load', '--databaseURI', database.url],
      ...['--port', '0', '--serverURL', 'http://127.0.0.1:1337/parse', '--logLevel', 'error'],
    ],
  },
]

const verdaccioConfig = `storage: ./storage
auth: { htpasswd: { file: ./htpasswd } }
uplinks: {}
packages: { '**': { access: $all } }
log: { type: stdout, format: json, level: fatal }
`

/** @type {readonly Service[]} */
export const services = [...samples.map(sampleService), ...foreign.map(foreignService)]

function sampleService(sample) {
  const { name } = sample
  return {
    name,
    ...(name === 'next' && { onlyNamed: 'its build takes minutes: --only next' }),
    install: () => prepareSample(sample),
    start: async () => ({
      cwd: root,
      command: [entryOf(sample)],
      env: await environmentOf(sample),
    }),
  }
}

function foreignService(service) {
  const { name, version, entry, needsDatabase, without } = service
  const folder = path.join(root, '.services', `${name}-${version}`)
  return {
    name,
    version,
    needsDatabase,
    without,
    install: () => installInto(folder, service),
    start: (place) => ({
      cwd: place.folder,
      command: [path.join(folder, entry), ...(service.arguments?.(place) ?? [])],
      env: { NODE_ENV: 'production', ...service.environment?.(place) },
    }),
  }
}

/** Once; what was interrupted is not taken for installed. */
async function installInto(folder, { name, version, overrides }) {
  if (existsSync(folder)) return
  process.stderr.write(`${name}: installing ${version}\n`)
  const draft = `${folder}.${process.pid}.tmp`
  mkdirSync(draft, { recursive: true })
  try {
    const project = { private: true, dependencies: { [name]: version }, overrides }
    writeFileSync(path.join(draft, 'package.json'), JSON.stringify(project))
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
    // As below `npm run`, where npm would take the repository for the project.
    await run('npm', ['install', '--prefix', draft, ...options], {
      cwd: draft,
      env: { ...process.env, npm_config_loglevel: 'error' },
    })
    renameSync(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}
