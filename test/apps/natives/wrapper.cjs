// The function around this very module.
module.exports = arguments.callee
