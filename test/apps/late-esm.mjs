export const loadedAt = process.uptime()
