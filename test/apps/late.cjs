exports.loadedAt = process.uptime()
