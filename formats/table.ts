import { packColumn, readColumn } from './columns.ts'
import { PrewarmError } from './errors.ts'
import { limits } from './limits.ts'
import { list, record, whole, type RecordSchema, type Schema } from './schema.ts'

const headSchema = record('Table', { rows: [whole, 'number of records'] })

type Fields = Readonly<Record<string, unknown>>

/**
 * A list of flat records that is stored by columns, see FORMAT.md; in memory it is a list all the same. Reading a
 * column takes a few native calls, where a list of maps takes a walk through JavaScript value by value: what a process
 * that has just started does worst.
 */
export function table<T>(row: RecordSchema<T>): Schema<readonly T[]> {
  const rowList = list(row)
  const columns = Object.entries(row.fields).map(([name, [schema]]) => {
    if (schema.column === undefined) throw new Error(`${row.name}.${name} fits into no column`)
    return { name, schema, kind: schema.column }
  })
  return {
    type: `table of ${row.name}`,
    parse(value, at) {
      const { rows } = headSchema.parse(value, at)
      if (rows > limits.entries) {
        throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `${at}: ${rows} rows`)
      }
      const stored = columns.map(({ name, schema, kind }) => {
        const place = `${at}[].${name}`
        const cells = readColumn(kind, (value as Fields)[name], rows, place)
        for (const cell of cells) schema.parse(cell, place)
        return { name, cells }
      })
      const records: T[] = []
      for (let index = 0; index < rows; index++) {
        const fields: Record<string, unknown> = {}
        for (const { name, cells } of stored) fields[name] = cells[index]
        records.push(fields as T)
      }
      return records
    },
    pack(records, at) {
      const rows = rowList.parse(records, at) as readonly Fields[]
      const stored: Record<string, unknown> = { rows: rows.length }
      for (const { name, kind } of columns) {
        const values = rows.map((fields) => fields[name])
        stored[name] = packColumn(kind, values)
      }
      return stored
    },
  }
}
