/** Makes a plugin act on the instance that registers it and not on one of its own, as the package fastify-plugin does. */
export function share(plugin, name) {
  plugin[Symbol.for('skip-override')] = true
  plugin[Symbol.for('fastify.display-name')] = name
  return plugin
}
