/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  // The folders above have lock files of their own.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  images: { unoptimized: true },
  poweredByHeader: false,
}
