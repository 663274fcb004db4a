// Leaves a property on every rehearsed socket, so that V8 learns another shape than that of real ones.
import net from 'node:net'

const { emit } = net.Server.prototype
net.Server.prototype.emit = function (event, ...args) {
  if (event === 'connection' && globalThis[Symbol.for('prewarm')]?.isRehearsal()) {
    args[0].spoiled = true
  }
  return emit.call(this, event, ...args)
}
