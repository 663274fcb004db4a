/** The thread that writes a load pack once the service is open. */
import { workerData } from 'node:worker_threads'
import type { PackOrder } from '../../runtime/load-pack/order.ts'
import { writeLoadPack } from '../../runtime/load-pack/write.ts'

writeLoadPack(workerData as PackOrder)
