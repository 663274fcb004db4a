/** The environment of the caller, as far as a measured process may have it. */

/** Without what the caller has set for its own processes. */
export function plainEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(NODE_OPTIONS|NODE_COMPILE_CACHE|NODE_DISABLE_COMPILE_CACHE|PREWARM_)/.test(name),
    ),
  )
}
