import { z } from 'zod'
import { depotOf } from './depots.js'

const depot = z
  .string()
  .regex(/^[A-Z]{2}\d$/)
  .refine((code) => depotOf(code) !== undefined, 'no such depot')

const parcel = z.strictObject({
  grams: z.int().min(1).max(30_000),
  /** Longest side first. */
  sizeMm: z.tuple([z.int(), z.int(), z.int()]).refine((sides) => Math.max(...sides) <= 1200),
  isFragile: z.boolean().default(false),
})

/** What somebody wants to send. */
export const consignment = z
  .strictObject({
    from: depot,
    to: depot,
    service: z.enum(['economy', 'standard', 'express']).default('standard'),
    parcels: z.array(parcel).min(1).max(20),
  })
  .refine(({ from, to }) => from !== to, { error: 'it is there already', path: ['to'] })
