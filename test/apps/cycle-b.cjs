exports.sawOfA = Object.keys(require('./cycle-a.cjs'))
