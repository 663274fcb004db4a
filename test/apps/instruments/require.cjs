// `--require`, without anything of prewarm in it.
require('./tracing.cjs').trace(
  (sampler) => sampler,
  () => false,
)
