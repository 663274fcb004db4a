import type net from 'node:net'

const requestEvents = ['request', 'stream', 'checkContinue']

/** What servers call when they are asked for something. */
export function requestListeners(servers: readonly net.Server[]): unknown[] {
  return servers.flatMap((server) => requestEvents.flatMap((event) => server.listeners(event)))
}
