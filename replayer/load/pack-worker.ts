/** The thread that writes a load pack once the service is open. */
import { workerData } from 'node:worker_threads'
import { claimPack } from '../../runtime/load-pack/file.ts'
import type { PackOrder } from '../../runtime/load-pack/order.ts'
import { writeLoadPack } from '../../runtime/load-pack/write.ts'

const order = workerData as PackOrder
const release = claimPack(order.place)
try {
  if (release !== undefined) writeLoadPack(order)
} finally {
  release?.()
}
