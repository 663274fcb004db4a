exports.early = 1
exports.seen = require('./cycle-b.cjs').sawOfA
exports.late = 2
